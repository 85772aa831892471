"""The fake's milestones: https://docs.github.com/en/rest/issues/milestones."""

from datetime import datetime

from starlette.responses import Response

from connectors.github.fake_call import Call, invalid, json_answer, not_found
from connectors.github.fake_state import Milestone, Repository
from connectors.kit.fake import moved

FAR = "9999"


async def list_milestones(call: Call) -> Response:
    repository, state = call.repository(), call.query("state", "open")
    found = [one for one in repository.milestones if state in {"all", one.state}]
    if call.query("sort") == "completeness":
        found.sort(key=lambda one: _closed_share(repository, one))
    else:
        found.sort(key=lambda one: one.due_on or FAR)
    if call.query("direction", "asc") == "desc":
        found.reverse()
    return call.page([call.render.full_milestone(repository, one) for one in found])


async def get_milestone(call: Call) -> Response:
    return json_answer(call.render.full_milestone(*_milestone(call)))


async def create_milestone(call: Call) -> Response:
    repository = call.repository()
    title, when = call.text("title", "Milestone"), call.world.clock.now()
    _require_free(repository, title)
    repository.last_milestone += 1
    made = Milestone(
        id=call.state.new_id(),
        number=repository.last_milestone,
        title=title,
        description=call.optional("description"),
        due_on=_due(call),
        creator=call.user.login,
        created_at=when,
        updated_at=when,
    )
    _set_state(call, made, when)
    repository.milestones.append(made)
    call.world.log(call.actor, "milestone.created", repository.full_name, {"milestone": title})
    shown = call.render.full_milestone(repository, made)
    return json_answer(shown, 201, {"Location": str(shown["url"])})


async def update_milestone(call: Call) -> Response:
    repository, one = _milestone(call)
    before = one.model_dump(mode="json")
    title = call.optional("title")
    if title is not None and title != one.title:
        _require_free(repository, title)
        one.title = title
    if "description" in call.body:
        one.description = call.optional("description")
    if "due_on" in call.body:
        one.due_on = _due(call)
    one.updated_at = call.world.clock.now()
    _set_state(call, one, one.updated_at)
    call.world.log(call.actor, "milestone.updated", repository.full_name, moved(before, one.model_dump(mode="json")))
    return json_answer(call.render.full_milestone(repository, one))


async def delete_milestone(call: Call) -> Response:
    """Its issues go on without one."""
    repository, one = _milestone(call)
    repository.milestones.remove(one)
    for issue in repository.issues.values():
        if issue.milestone == one.number:
            issue.milestone = None
            call.world.touch(repository, issue)
    call.world.log(call.actor, "milestone.deleted", repository.full_name, {"milestone": one.title})
    return Response(status_code=204)


async def list_labels(call: Call) -> Response:
    repository, one = _milestone(call)
    used = [name for issue in repository.issues.values() if issue.milestone == one.number for name in issue.labels]
    return call.page([call.render.label(repository, call.world.label(repository, name)) for name in dict.fromkeys(used)])


def _milestone(call: Call) -> tuple[Repository, Milestone]:
    repository, number = call.repository(), call.number("milestone")
    found = next((one for one in repository.milestones if one.number == number), None)
    if found is None:
        raise not_found()
    return repository, found


def _require_free(repository: Repository, title: str) -> None:
    if any(one.title == title for one in repository.milestones):
        raise invalid("Milestone", "title", "already_exists")


def _due(call: Call) -> str | None:
    """GitHub keeps the day, at seven or eight in the morning of universal time."""
    text = call.optional("due_on")
    if text is None:
        return None
    try:
        return f"{datetime.fromisoformat(text).date().isoformat()}T08:00:00Z"
    except ValueError as error:
        raise invalid("Milestone", "due_on") from error


def _set_state(call: Call, one: Milestone, when: datetime) -> None:
    state = call.optional("state")
    if state is None or state == one.state:
        return
    if state not in {"open", "closed"}:
        raise invalid("Milestone", "state", value=state)
    one.state, one.closed_at = state, when if state == "closed" else None


def _closed_share(repository: Repository, one: Milestone) -> float:
    within = [issue.state for issue in repository.issues.values() if issue.milestone == one.number]
    return within.count("closed") / len(within) if within else 0.0
