"""GitHub's REST API for issues as a stateful ASGI app, on `/` as on api.github.com and on `/api/v3` as on Enterprise Server.

Written from https://docs.github.com/en/rest. README.md tells the accounts and the form of a seed.
"""

from typing import cast

from pydantic import JsonValue
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from connectors.github import fake_children as children
from connectors.github import fake_issues as issues
from connectors.github import fake_repository as repositories
from connectors.github import fake_search as search
from connectors.github import fake_seed
from connectors.github.fake_call import ENTERPRISE, Call, Endpoint, endpoint, not_found, rate_limited
from connectors.github.fake_world import World
from connectors.kit.fake import Clock, Controls, Webhooks, fake_app
from connectors.kit.interface import FakeOptions

_REPO = "/repos/{owner}/{repo}"
_ISSUE = f"{_REPO}/issues/{{number}}"
_COMMENT = f"{_REPO}/issues/comments/{{comment}}"
_HOOK = f"{_REPO}/hooks/{{hook}}"

_ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/user", repositories.me),
    ("GET", "/user/repos", repositories.list_repositories),
    ("GET", "/user/{id}", repositories.get_user_by_id),
    ("GET", "/users", repositories.list_users),
    ("GET", "/users/{login}", repositories.get_user),
    ("GET", "/rate_limit", search.rate_limit),
    ("GET", "/meta", search.meta),
    ("POST", "/markdown", search.markdown),
    ("GET", "/search/issues", search.search_issues),
    ("GET", "/search/users", search.search_users),
    ("POST", "/graphql", search.graphql),
    ("GET", _REPO, repositories.get_repository),
    ("GET", f"{_REPO}/issue-types", repositories.list_issue_types),
    ("GET", f"{_REPO}/assignees", repositories.list_assignees),
    ("GET", f"{_REPO}/assignees/{{login}}", repositories.check_assignee),
    ("GET", f"{_REPO}/labels", repositories.list_labels),
    ("POST", f"{_REPO}/labels", repositories.create_label),
    ("GET", f"{_REPO}/labels/{{name}}", repositories.get_label),
    ("PATCH", f"{_REPO}/labels/{{name}}", repositories.update_label),
    ("DELETE", f"{_REPO}/labels/{{name}}", repositories.delete_label),
    ("GET", f"{_REPO}/milestones", repositories.list_milestones),
    ("POST", f"{_REPO}/milestones", repositories.create_milestone),
    ("GET", f"{_REPO}/milestones/{{milestone}}", repositories.get_milestone),
    ("GET", f"{_REPO}/hooks", repositories.list_hooks),
    ("POST", f"{_REPO}/hooks", repositories.create_hook),
    ("GET", _HOOK, repositories.get_hook),
    ("PATCH", _HOOK, repositories.update_hook),
    ("DELETE", _HOOK, repositories.delete_hook),
    ("POST", f"{_HOOK}/pings", repositories.ping_hook),
    ("GET", f"{_REPO}/issues", issues.list_issues),
    ("POST", f"{_REPO}/issues", issues.create_issue),
    ("GET", f"{_REPO}/issues/comments", children.list_repository_comments),
    ("GET", _COMMENT, children.get_comment),
    ("PATCH", _COMMENT, children.update_comment),
    ("DELETE", _COMMENT, children.delete_comment),
    ("GET", _ISSUE, issues.get_issue),
    ("PATCH", _ISSUE, issues.update_issue),
    ("GET", f"{_ISSUE}/comments", children.list_comments),
    ("POST", f"{_ISSUE}/comments", children.create_comment),
    ("GET", f"{_ISSUE}/events", children.list_events),
    ("GET", f"{_ISSUE}/timeline", children.timeline),
    ("GET", f"{_ISSUE}/labels", children.list_labels),
    ("POST", f"{_ISSUE}/labels", children.add_labels),
    ("PUT", f"{_ISSUE}/labels", children.set_labels),
    ("DELETE", f"{_ISSUE}/labels", children.clear_labels),
    ("DELETE", f"{_ISSUE}/labels/{{name}}", children.remove_label),
    ("POST", f"{_ISSUE}/assignees", children.add_assignees),
    ("DELETE", f"{_ISSUE}/assignees", children.remove_assignees),
    ("PUT", f"{_ISSUE}/lock", children.lock),
    ("DELETE", f"{_ISSUE}/lock", children.lock),
)


class FakeGitHub:
    """A server of its own: GitHub with the seed's repositories."""

    def __init__(self, options: FakeOptions) -> None:
        controls, clock = Controls(), Clock()
        self._world = World(fake_seed.start(options, clock.now()), controls, Webhooks(controls), clock)
        self._app = fake_app(self._routes(), controls, self._shown, rate_limited, _writes, self._world.state.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))

    def _routes(self) -> list[BaseRoute]:
        known = [(f"{prefix}{path}", method, answer) for prefix in ("", ENTERPRISE) for method, path, answer in _ROUTES]
        known.append(("/api/graphql", "POST", search.graphql))
        routes: list[BaseRoute] = [Route(path, endpoint(self._world, answer), methods=[method]) for path, method, answer in known]
        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*routes, Route("/{path:path}", endpoint(self._world, _nothing), methods=every)]

    def _shown(self) -> JsonValue:
        return fake_seed.shown(self._world.state)


async def _nothing(call: Call) -> Response:
    del call
    raise not_found()


def _writes(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT", "PATCH", "DELETE"} and not scope["path"].endswith("/markdown")
