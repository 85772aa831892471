"""The fake's sub-issues and dependencies: https://docs.github.com/en/rest/issues/sub-issues."""

from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, json_answer, not_found
from connectors.github.fake_render import Json
from connectors.github.fake_state import Issue, Repository

MOST_SUB_ISSUES = 100
_TAKEN = (
    "An error occured while adding the sub-issue to the parent issue. "
    "Issue may not contain duplicate sub-issues and Sub issue may only have one parent"
)


async def list_sub_issues(call: Call) -> Response:
    return call.page(_shown(call, call.issue()[1].sub_issues))


async def get_parent(call: Call) -> Response:
    found = call.state.parent(call.issue()[1].id)
    if found is None:
        raise not_found()
    return json_answer(call.render.issue(*found))


async def add_sub_issue(call: Call) -> Response:
    """The parent, as the answer; a sub-issue is told by its id and not by its number."""
    repository, issue = _writable(call)
    child_repository, child = _other(call, "sub_issue_id")
    before = call.state.parent(child.id)
    if child.id == issue.id or child_repository.owner != repository.owner:
        raise Problem(422, "Validation Failed", ["The provided sub-issue does not belong to the owner, or is the issue itself"])
    if before is not None and not (call.body.get("replace_parent") and before[1] is not issue):
        raise Problem(422, _TAKEN)
    if len(issue.sub_issues) >= MOST_SUB_ISSUES:
        raise Problem(422, f"An issue may have at most {MOST_SUB_ISSUES} sub-issues")
    if before is not None:
        _part(call, before, (child_repository, child))
    issue.sub_issues.append(child.id)
    _tell(call, (repository, issue), (child_repository, child), "added")
    return json_answer(call.render.issue(repository, issue), 201)


async def remove_sub_issue(call: Call) -> Response:
    repository, issue = _writable(call)
    child_repository, child = _other(call, "sub_issue_id")
    if child.id not in issue.sub_issues:
        raise not_found()
    _part(call, (repository, issue), (child_repository, child))
    return json_answer(call.render.issue(repository, issue))


async def reorder_sub_issue(call: Call) -> Response:
    repository, issue = _writable(call)
    _, child = _other(call, "sub_issue_id")
    place = "after_id" if "after_id" in call.body else "before_id"
    _, neighbour = _other(call, place)
    if not {child.id, neighbour.id} <= set(issue.sub_issues) or child.id == neighbour.id:
        raise Problem(422, "Validation Failed", ["The issues are no different sub-issues of this issue"])
    issue.sub_issues.remove(child.id)
    issue.sub_issues.insert(issue.sub_issues.index(neighbour.id) + (place == "after_id"), child.id)
    return json_answer(call.render.issue(repository, issue))


async def list_blocked_by(call: Call) -> Response:
    return call.page(_shown(call, call.issue()[1].blocked_by))


async def list_blocking(call: Call) -> Response:
    identity = call.issue()[1].id
    every = [(one, issue) for one in call.state.repositories for issue in one.issues.values()]
    return call.page([call.render.issue(one, issue) for one, issue in every if identity in issue.blocked_by])


async def add_blocked_by(call: Call) -> Response:
    repository, issue = _writable(call)
    _, other = _other(call, "issue_id")
    if other.id == issue.id or other.id in issue.blocked_by:
        raise Problem(422, "Validation Failed", ["Target issue has already been taken, or is the issue itself"])
    issue.blocked_by.append(other.id)
    _log(call, repository, issue, {"given": ["blocked_by"]})
    return json_answer(call.render.issue(repository, issue), 201)


async def remove_blocked_by(call: Call) -> Response:
    repository, issue = _writable(call)
    identity = call.number("other")
    if identity not in issue.blocked_by:
        raise not_found()
    issue.blocked_by.remove(identity)
    _log(call, repository, issue, {"given": ["blocked_by"]})
    return json_answer(call.render.issue(repository, issue))


def _shown(call: Call, ids: list[int]) -> list[Json]:
    found = [call.state.issue(one) for one in ids]
    return [call.render.issue(*one) for one in found if one is not None]


def _writable(call: Call) -> tuple[Repository, Issue]:
    repository, issue = call.issue()
    if not repository.may(call.user.login, "triage"):
        raise Problem(403, "Must have admin rights to Repository.")
    return repository, issue


def _other(call: Call, name: str) -> tuple[Repository, Issue]:
    identity = call.body.get(name)
    if not isinstance(identity, int):
        raise Problem(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
    found = call.state.issue(identity)
    if found is None:
        raise not_found()
    return found


def _part(call: Call, parent: tuple[Repository, Issue], child: tuple[Repository, Issue]) -> None:
    parent[1].sub_issues.remove(child[1].id)
    _tell(call, parent, child, "removed")


def _tell(call: Call, parent: tuple[Repository, Issue], child: tuple[Repository, Issue], what: str) -> None:
    """Both issues changed, and both are told of in an event of its own."""
    for repository, issue in (parent, child):
        call.world.touch(repository, issue)
    _log(call, *child, {"given": ["parent"], what: f"{parent[0].full_name}#{parent[1].number}"})
    render = call.render
    told: Json = {
        "parent_issue_id": parent[1].id,
        "parent_issue": render.issue(*parent),
        "sub_issue_id": child[1].id,
        "sub_issue": render.issue(*child),
    }
    shown = render.repository(child[0], call.user.login)
    call.world.send(call.actor, parent[0], "sub_issues", lambda _: {"action": f"sub_issue_{what}", "sub_issue_repo": shown, **told})


def _log(call: Call, repository: Repository, issue: Issue, detail: Json) -> None:
    call.world.log(call.actor, "issue.updated", f"{repository.full_name}#{issue.number}", detail)
