"""GitHub's REST API for issues as a stateful ASGI app, on `/` as on api.github.com and on `/api/v3` as on Enterprise Server.

Written from https://docs.github.com/en/rest. README.md tells the accounts and the form of a seed.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from connectors.github import fake_app as apps
from connectors.github import fake_around as around
from connectors.github import fake_children as children
from connectors.github import fake_contents as contents
from connectors.github import fake_hooks as hooks
from connectors.github import fake_issues as issues
from connectors.github import fake_links as links
from connectors.github import fake_milestones as milestones
from connectors.github import fake_people as people
from connectors.github import fake_pulls as pulls
from connectors.github import fake_reactions as reactions
from connectors.github import fake_repository as repositories
from connectors.github import fake_root, fake_seed
from connectors.github import fake_search as search
from connectors.github.fake_call import ENTERPRISE, Call, Endpoint, endpoint, not_found, rate_limited
from connectors.github.fake_graphql import graphql
from connectors.github.fake_limits import Limits
from connectors.github.fake_world import World
from connectors.kit.fake import Clock, Controls, Webhooks, fake_app
from connectors.kit.fake_page import page_route
from connectors.kit.interface import FakeOptions

_REPO, _BY_ID = "/repos/{owner}/{repo}", "/repositories/{repository}"
_ISSUE = f"{_REPO}/issues/{{number}}"
_COMMENT = f"{_REPO}/issues/comments/{{comment}}"
_HOOK = f"{_REPO}/hooks/{{hook}}"

_PULL = f"{_REPO}/pulls/{{number}}"
_MILESTONE = f"{_REPO}/milestones/{{milestone}}"
_SENT = f"{_HOOK}/deliveries"

_ROUTES: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "/", fake_root.root),
    ("GET", "/meta", fake_root.meta),
    ("GET", "/app", apps.get_app),
    ("GET", "/app/installations", apps.list_installations),
    ("GET", "/app/installations/{installation}", apps.get_installation),
    ("POST", "/app/installations/{installation}/access_tokens", apps.create_token),
    ("GET", "/installation/repositories", apps.list_repositories),
    ("DELETE", "/installation/token", apps.revoke_token),
    ("GET", "/user", people.me),
    ("GET", "/user/repos", repositories.list_repositories),
    ("GET", "/user/orgs", people.list_my_organizations),
    ("GET", "/user/issues", issues.list_issues_everywhere),
    ("GET", "/user/{id}", people.get_user_by_id),
    ("GET", "/users", people.list_users),
    ("GET", "/users/{login}", people.get_user),
    ("GET", "/users/{owner}/repos", people.list_owned_repositories),
    ("GET", "/orgs/{owner}", people.get_organization),
    ("GET", "/orgs/{owner}/repos", people.list_owned_repositories),
    ("GET", "/orgs/{owner}/issues", issues.list_issues_everywhere),
    ("GET", "/orgs/{owner}/issue-types", people.list_organization_types),
    ("GET", "/issues", issues.list_issues_everywhere),
    ("GET", "/rate_limit", search.rate_limit),
    ("POST", "/markdown", search.markdown),
    ("GET", "/emojis", around.emojis),
    ("GET", "/zen", around.zen),
    ("GET", "/notifications", around.nothing(by_repository=False)),
    ("GET", "/users/{owner}/received_events", around.nothing(by_repository=False)),
    ("GET", "/orgs/{owner}/members", around.members),
    ("GET", "/orgs/{owner}/members/{login}", around.check_member),
    ("GET", "/orgs/{owner}/teams", around.organization_teams),
    ("POST", "/markdown/raw", search.markdown_raw),
    ("GET", "/search/repositories", around.search_repositories),
    ("GET", "/search/issues", search.search_issues),
    ("GET", "/search/labels", search.search_labels),
    ("GET", "/search/users", search.search_users),
    ("POST", "/graphql", graphql),
    ("GET", _REPO, repositories.get_repository),
    ("GET", f"{_REPO}/issue-types", repositories.list_issue_types),
    ("GET", f"{_REPO}/assignees", people.list_assignees),
    ("GET", f"{_REPO}/assignees/{{login}}", people.check_assignee),
    ("GET", f"{_REPO}/collaborators", people.list_collaborators),
    ("GET", f"{_REPO}/collaborators/{{login}}", people.check_collaborator),
    ("GET", f"{_REPO}/collaborators/{{login}}/permission", people.permission),
    ("GET", f"{_REPO}/labels", repositories.list_labels),
    ("POST", f"{_REPO}/labels", repositories.create_label),
    ("GET", f"{_REPO}/labels/{{name}}", repositories.get_label),
    ("PATCH", f"{_REPO}/labels/{{name}}", repositories.update_label),
    ("DELETE", f"{_REPO}/labels/{{name}}", repositories.delete_label),
    ("GET", f"{_REPO}/milestones", milestones.list_milestones),
    ("POST", f"{_REPO}/milestones", milestones.create_milestone),
    ("GET", _MILESTONE, milestones.get_milestone),
    ("PATCH", _MILESTONE, milestones.update_milestone),
    ("DELETE", _MILESTONE, milestones.delete_milestone),
    ("GET", f"{_MILESTONE}/labels", milestones.list_labels),
    ("GET", f"{_REPO}/pulls", pulls.list_pulls),
    ("POST", f"{_REPO}/pulls", pulls.create_pull),
    ("GET", _PULL, pulls.get_pull),
    ("PATCH", _PULL, pulls.update_pull),
    ("PUT", f"{_PULL}/merge", pulls.merge_pull),
    ("GET", f"{_REPO}/hooks", hooks.list_hooks),
    ("POST", f"{_REPO}/hooks", hooks.create_hook),
    ("GET", _HOOK, hooks.get_hook),
    ("PATCH", _HOOK, hooks.update_hook),
    ("DELETE", _HOOK, hooks.delete_hook),
    ("POST", f"{_HOOK}/pings", hooks.ping_hook),
    ("GET", f"{_HOOK}/config", hooks.hook_config),
    ("PATCH", f"{_HOOK}/config", hooks.hook_config),
    ("GET", _SENT, hooks.list_deliveries),
    ("GET", f"{_SENT}/{{delivery}}", hooks.get_delivery),
    ("POST", f"{_SENT}/{{delivery}}/attempts", hooks.redeliver),
    ("GET", f"{_REPO}/issues", issues.list_issues),
    ("POST", f"{_REPO}/issues", issues.create_issue),
    ("GET", f"{_REPO}/issues/comments", children.list_repository_comments),
    ("GET", f"{_REPO}/issues/events", children.list_repository_events),
    ("GET", f"{_REPO}/issues/events/{{event}}", children.get_event),
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
    ("GET", f"{_ISSUE}/assignees/{{login}}", people.check_assignee),
    ("PUT", f"{_ISSUE}/lock", children.lock),
    ("DELETE", f"{_ISSUE}/lock", children.lock),
    ("GET POST", f"{_ISSUE}/reactions", reactions.of_issue),
    ("DELETE", f"{_ISSUE}/reactions/{{reaction}}", reactions.remove_from_issue),
    ("GET POST", f"{_COMMENT}/reactions", reactions.of_comment),
    ("DELETE", f"{_COMMENT}/reactions/{{reaction}}", reactions.remove_from_comment),
    ("GET", f"{_REPO}/contents", contents.read),
    ("GET", f"{_REPO}/contents/{{path:path}}", contents.read),
    ("PUT", f"{_REPO}/contents/{{path:path}}", contents.write),
    ("DELETE", f"{_REPO}/contents/{{path:path}}", contents.remove),
    ("GET", f"{_REPO}/branches", contents.list_branches),
    ("GET", f"{_REPO}/branches/{{branch}}", contents.get_branch),
    ("GET", f"{_REPO}/commits", contents.list_commits),
    ("GET", f"{_REPO}/commits/{{ref}}/status", around.combined_status),
    ("GET", f"{_REPO}/commits/{{ref}}/check-runs", around.check_runs),
    ("GET", f"{_REPO}/commits/{{ref}}", contents.get_commit),
    ("GET", f"{_REPO}/topics", around.topics),
    ("GET", f"{_REPO}/languages", around.languages),
    *(("GET", f"{_REPO}/{name}", around.nothing(by_repository=True)) for name in around.ABSENT),
    *(("GET", f"{_PULL}/{name}", around.no_pull_parts) for name in around.ABSENT_OF_PULLS),
    ("GET", f"{_PULL}/requested_reviewers", around.no_reviewers),
    ("GET", f"{_ISSUE}/parent", links.get_parent),
    ("GET", f"{_ISSUE}/sub_issues", links.list_sub_issues),
    ("POST", f"{_ISSUE}/sub_issues", links.add_sub_issue),
    ("PATCH", f"{_ISSUE}/sub_issues/priority", links.reorder_sub_issue),
    ("DELETE", f"{_ISSUE}/sub_issue", links.remove_sub_issue),
    ("GET", f"{_ISSUE}/dependencies/blocked_by", links.list_blocked_by),
    ("POST", f"{_ISSUE}/dependencies/blocked_by", links.add_blocked_by),
    ("DELETE", f"{_ISSUE}/dependencies/blocked_by/{{other}}", links.remove_blocked_by),
    ("GET", f"{_ISSUE}/dependencies/blocking", links.list_blocking),
)


class FakeGitHub:
    """A server of its own: GitHub with the seed's repositories."""

    def __init__(self, options: FakeOptions) -> None:
        controls, clock, seed = Controls(), Clock(), fake_seed.seed_of(options)
        state = fake_seed.start(options, seed, clock.now())
        self._world = World(state, controls, Webhooks(controls), clock, Limits({**seed.limits}))
        self._page = page_route("GitHub", lambda: fake_root.entries(state)).endpoint
        limited = partial(rate_limited, self._world)
        self._app = fake_app(self._routes(), controls, self._shown, limited, _writes, state.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))

    def _routes(self) -> list[BaseRoute]:
        found: list[BaseRoute] = []
        for prefix in ("", ENTERPRISE):
            for method, path, answer in _ROUTES:
                places = {path, path.replace(_REPO, _BY_ID)} if path.startswith(_REPO) else {path}
                found += [Route(f"{prefix}{place}", self._browsable(answer), methods=method.split()) for place in sorted(places)]
        found += [Route("/{owner}/{repo}/raw/{ref}/{path:path}", endpoint(self._world, contents.download))]
        found += [Route("/api/graphql", endpoint(self._world, graphql), methods=["POST"])]
        found += [Route(ENTERPRISE, self._browsable(fake_root.root))]
        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*found, Route("/{path:path}", self._browsable(_nothing), methods=every)]

    def _browsable(self, answer: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        """At the root, and where GitHub has pages for people, a browser gets the one that is here."""
        program = endpoint(self._world, answer)
        if answer not in {fake_root.root, _nothing}:
            return program

        async def respond(request: Request) -> Response:
            return await (self._page(request) if fake_root.wants_page(request) else program(request))

        return respond

    def _shown(self) -> JsonValue:
        return fake_seed.shown(self._world.state)


async def _nothing(call: Call) -> Response:
    del call
    raise not_found()


def _writes(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT", "PATCH", "DELETE"} and not scope["path"].endswith(("/markdown", "/markdown/raw", "/graphql"))
