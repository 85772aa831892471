"""The fake's comments, labels, assignees, events and lock of an issue: https://docs.github.com/en/rest/issues."""

from datetime import datetime

from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, invalid, json_answer, not_found
from connectors.github.fake_issues import BODY_LIMIT, assignable, reassign, relabel
from connectors.github.fake_render import Json
from connectors.github.fake_state import Comment, Issue, Repository
from connectors.github.mapping import stamp
from connectors.github.text import received
from connectors.kit.fake import moved

LOCK_REASONS = ("off-topic", "too heated", "resolved", "spam")


async def list_comments(call: Call) -> Response:
    repository, issue = call.issue()
    since = call.query("since")
    found = [one for one in issue.comments if not since or stamp(one.updated_at) >= since]
    return call.page([call.render.comment(repository, issue, one) for one in found])


async def list_repository_comments(call: Call) -> Response:
    repository, since = call.repository(), call.query("since")
    found = [(one, issue) for issue in repository.issues.values() for one in issue.comments if not since or stamp(one.updated_at) >= since]
    found.sort(key=_updated if call.query("sort") == "updated" else _created)
    if call.query("direction", "asc") == "desc":
        found.reverse()
    return call.page([call.render.comment(repository, issue, one) for one, issue in found])


async def create_comment(call: Call) -> Response:
    repository, issue = call.issue()
    when = call.world.clock.now()
    one = Comment(id=call.state.new_id(), body=_body(call), user=call.user.login, created_at=when, updated_at=when)
    issue.comments.append(one)
    call.world.touch(repository, issue)
    told: Json = {"comment": one.id, "marker": received(one.body)[1], **moved({}, {"body": one.body})}
    call.world.log(call.actor, "comment.created", f"{repository.full_name}#{issue.number}", told)
    shown = call.render.comment(repository, issue, one)
    call.world.comment_event(call.actor, repository, issue, "created", {"comment": shown})
    return json_answer(shown, 201, {"Location": str(shown["url"])})


async def get_comment(call: Call) -> Response:
    return json_answer(call.render.comment(*comment_of(call)))


async def update_comment(call: Call) -> Response:
    """GitHub moves the comment's own time, and not always that of the issue."""
    repository, issue, one = comment_of(call)
    _require_own(call, repository, one)
    before, one.body = one.body, _body(call)
    one.updated_at = call.world.clock.now()
    call.world.index(repository, issue.number, issue)
    told: Json = {"comment": one.id, **moved({"body": before}, {"body": one.body})}
    call.world.log(call.actor, "comment.updated", f"{repository.full_name}#{issue.number}", told)
    shown = call.render.comment(repository, issue, one)
    call.world.comment_event(call.actor, repository, issue, "edited", {"comment": shown, "changes": {"body": {"from": before}}})
    return json_answer(shown)


async def delete_comment(call: Call) -> Response:
    repository, issue, one = comment_of(call)
    _require_own(call, repository, one)
    shown = call.render.comment(repository, issue, one)
    issue.comments.remove(one)
    call.world.touch(repository, issue)
    told: Json = {"comment": one.id, **moved({"body": one.body}, {"body": None})}
    call.world.log(call.actor, "comment.deleted", f"{repository.full_name}#{issue.number}", told)
    call.world.comment_event(call.actor, repository, issue, "deleted", {"comment": shown})
    return Response(status_code=204)


async def list_labels(call: Call) -> Response:
    return call.page(_labels(call, *call.issue()))


async def add_labels(call: Call) -> Response:
    repository, issue = call.issue()
    relabel(call, repository, issue, [*issue.labels, *call.names("labels")])
    return json_answer([*_labels(call, repository, issue)])


async def set_labels(call: Call) -> Response:
    repository, issue = call.issue()
    relabel(call, repository, issue, call.names("labels") if call.body else [])
    return json_answer([*_labels(call, repository, issue)])


async def clear_labels(call: Call) -> Response:
    relabel(call, *call.issue(), [])
    return Response(status_code=204)


async def remove_label(call: Call) -> Response:
    repository, issue = call.issue()
    name = call.path("name").lower()
    if name not in [one.lower() for one in issue.labels]:
        raise Problem(404, "Label does not exist")
    relabel(call, repository, issue, [one for one in issue.labels if one.lower() != name])
    return json_answer([*_labels(call, repository, issue)])


async def add_assignees(call: Call) -> Response:
    repository, issue = call.issue()
    wanted = [*issue.assignees, *assignable(call, repository, call.names("assignees"))]
    reassign(call, repository, issue, list(dict.fromkeys(wanted))[:10])
    return json_answer(call.render.issue(repository, issue), 201)


async def remove_assignees(call: Call) -> Response:
    repository, issue = call.issue()
    gone = {one.lower() for one in call.names("assignees")}
    reassign(call, repository, issue, [one for one in issue.assignees if one.lower() not in gone])
    return json_answer(call.render.issue(repository, issue))


async def list_events(call: Call) -> Response:
    repository, issue = call.issue()
    return call.page([call.render.event(repository, one) for one in issue.events])


async def list_repository_events(call: Call) -> Response:
    """The newest first, each with its issue."""
    return call.page([shown for _, shown in _repository_events(call)])


async def get_event(call: Call) -> Response:
    identity = call.number("event")
    found = next((shown for number, shown in _repository_events(call) if number == identity), None)
    if found is None:
        raise not_found()
    return json_answer(found)


def _repository_events(call: Call) -> list[tuple[int, Json]]:
    repository = call.repository()
    found = [(one, issue) for issue in repository.issues.values() for one in issue.events]
    found.sort(key=lambda entry: entry[0].id, reverse=True)
    return [(one.id, {**call.render.event(repository, one), "issue": call.render.issue(repository, issue)}) for one, issue in found]


async def timeline(call: Call) -> Response:
    """Events and comments in the order in which they happened."""
    repository, issue = call.issue()
    events: list[tuple[datetime, Json]] = [(one.created_at, call.render.event(repository, one)) for one in issue.events]
    for one in issue.comments:
        shown = call.render.comment(repository, issue, one)
        events.append((one.created_at, {**shown, "event": "commented", "actor": shown["user"]}))
    return call.page([shown for _, shown in sorted(events, key=_first)])


async def lock(call: Call) -> Response:
    repository, issue = call.issue()
    issue.locked = call.request.method == "PUT"
    reason = call.optional("lock_reason")
    if reason is not None and reason not in LOCK_REASONS:
        raise invalid("Issue", "lock_reason", value=reason)
    issue.lock_reason = reason if issue.locked else None
    call.world.touch(repository, issue)
    call.world.log(call.actor, "issue.updated", f"{repository.full_name}#{issue.number}", {"given": ["lock"]})
    action = "locked" if issue.locked else "unlocked"
    call.world.event(call.actor, issue, action, {"lock_reason": issue.lock_reason})
    call.world.issue_event(call.actor, repository, issue, action)
    return Response(status_code=204)


def comment_of(call: Call) -> tuple[Repository, Issue, Comment]:
    """The comment that the path names; 404 if there is none."""
    repository, identity = call.repository(), call.number("comment")
    for issue in repository.issues.values():
        for one in issue.comments:
            if one.id == identity:
                return repository, issue, one
    raise not_found()


def _require_own(call: Call, repository: Repository, one: Comment) -> None:
    if one.user != call.user.login and not repository.may(call.user.login, "write"):
        raise Problem(403, "Must have admin rights to Repository.")


def _body(call: Call) -> str:
    if "body" not in call.body:
        raise Problem(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    body = call.text("body", "IssueComment")
    if not body.strip():
        raise invalid("IssueComment", "data", "unprocessable", "Body cannot be blank")
    if len(body) > BODY_LIMIT:
        raise invalid("IssueComment", "data", "unprocessable", f"Body is too long (maximum is {BODY_LIMIT} characters)")
    return body


def _labels(call: Call, repository: Repository, issue: Issue) -> list[Json]:
    return [call.render.label(repository, call.world.label(repository, name)) for name in issue.labels]


def _updated(entry: tuple[Comment, Issue]) -> tuple[datetime, int]:
    return entry[0].updated_at, entry[0].id


def _created(entry: tuple[Comment, Issue]) -> tuple[datetime, int]:
    return entry[0].created_at, entry[0].id


def _first(entry: tuple[datetime, Json]) -> datetime:
    return entry[0]
