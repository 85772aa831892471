"""The fake's pull requests, without code behind them: https://docs.github.com/en/rest/pulls/pulls."""

from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, invalid, json_answer, not_found
from connectors.github.fake_issues import announce, edit, opened
from connectors.github.fake_render import Json
from connectors.github.fake_render_pulls import full_pull, pull
from connectors.github.fake_state import Issue, Repository
from connectors.kit.fake import moved


async def list_pulls(call: Call) -> Response:
    """The newest first, unless asked otherwise."""
    repository, state = call.repository(), call.query("state", "open")
    found = [one for one in repository.issues.values() if one.pull_request and state in {"all", one.state}]
    found.sort(key=lambda one: one.updated_at if call.query("sort") == "updated" else one.created_at)
    if call.query("direction", "asc" if call.query("sort") else "desc") == "desc":
        found.reverse()
    return call.page([pull(call.render, repository, one, call.user.login) for one in found])


async def create_pull(call: Call) -> Response:
    """Any two branches will do."""
    repository = call.repository()
    head, base = call.text("head", "PullRequest").rpartition(":")[2], call.text("base", "PullRequest")
    if head == base:
        raise invalid("PullRequest", "base", "custom", f"No commits between {base} and {head}")
    own: Json = {"pull_request": True, "head": head, "base": base, "draft": call.body.get("draft") is True}
    issue = opened(call, repository, own)
    shown = full_pull(call.render, repository, issue, call.user.login)
    return json_answer(shown, 201, {"Location": str(shown["url"])})


async def get_pull(call: Call) -> Response:
    return _shown(call, *_pull(call))


async def update_pull(call: Call) -> Response:
    repository, issue = _pull(call)
    edit(call, repository, issue, {"base": call.optional("base") or issue.base})
    return _shown(call, repository, repository.issues[issue.number])


async def merge_pull(call: Call) -> Response:
    """Closes a pull request as merged."""
    repository, issue = _pull(call)
    if issue.state == "closed" or issue.draft:
        raise Problem(405, "Pull Request is still a draft" if issue.draft else "Pull Request is not mergeable")
    when = call.world.clock.now()
    changes: Json = {"state": "closed", "closed_by": call.user.login}
    merged = issue.model_copy(update={**changes, "closed_at": when, "merged_at": when})
    repository.issues[issue.number] = merged
    call.world.touch(repository, merged)
    call.world.log(call.actor, "issue.updated", f"{repository.full_name}#{issue.number}", moved(issue.told(), merged.told()))
    announce(call, repository, issue, merged)
    sha = str(call.render.issue(repository, merged)["node_id"])
    return json_answer({"sha": sha, "merged": True, "message": "Pull Request successfully merged"})


def _pull(call: Call) -> tuple[Repository, Issue]:
    repository, issue = call.issue()
    if not issue.pull_request:
        raise not_found()
    return repository, issue


def _shown(call: Call, repository: Repository, issue: Issue) -> Response:
    return json_answer(full_pull(call.render, repository, issue, call.user.login))
