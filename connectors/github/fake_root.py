"""The fake's root: to a browser a page with the issues, to a program where everything is."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from connectors.github.fake_call import ENTERPRISE_VERSION, Call, json_answer
from connectors.github.fake_render import Json
from connectors.github.fake_state import Issue, Repository, State
from connectors.github.mapping import stamp
from connectors.kit.fake_page import Entry, Note

_ADDRESSES = {
    "current_user_url": "/user",
    "current_user_repositories_url": "/user/repos{?type,page,per_page,sort}",
    "emails_url": "/user/emails",
    "emojis_url": "/emojis",
    "events_url": "/events",
    "feeds_url": "/feeds",
    "followers_url": "/user/followers",
    "following_url": "/user/following{/target}",
    "gists_url": "/gists{/gist_id}",
    "hub_url": "/hub",
    "code_search_url": "/search/code?q={query}{&page,per_page,sort,order}",
    "commit_search_url": "/search/commits?q={query}{&page,per_page,sort,order}",
    "issue_search_url": "/search/issues?q={query}{&page,per_page,sort,order}",
    "label_search_url": "/search/labels?q={query}&repository_id={repository_id}{&page,per_page}",
    "repository_search_url": "/search/repositories?q={query}{&page,per_page,sort,order}",
    "user_search_url": "/search/users?q={query}{&page,per_page,sort,order}",
    "issues_url": "/issues",
    "keys_url": "/user/keys",
    "notifications_url": "/notifications",
    "organization_url": "/orgs/{org}",
    "organization_repositories_url": "/orgs/{org}/repos{?type,page,per_page,sort}",
    "organization_teams_url": "/orgs/{org}/teams",
    "public_gists_url": "/gists/public",
    "rate_limit_url": "/rate_limit",
    "repository_url": "/repos/{owner}/{repo}",
    "starred_url": "/user/starred{/owner}{/repo}",
    "starred_gists_url": "/gists/starred",
    "topic_search_url": "/search/topics?q={query}{&page,per_page}",
    "user_url": "/users/{user}",
    "user_organizations_url": "/user/orgs",
    "user_repositories_url": "/users/{user}/repos{?type,page,per_page,sort}",
}


async def root(call: Call) -> Response:
    shown: Json = {name: call.base + path for name, path in _ADDRESSES.items()}
    authorizations = f"{call.web}/settings/connections/applications{{/client_id}}"
    return json_answer({**shown, "current_user_authorizations_html_url": authorizations})


async def meta(call: Call) -> Response:
    """Enterprise Server tells its version, too."""
    server: Json = {} if call.base == call.web else {"installed_version": ENTERPRISE_VERSION}
    return json_answer({"verifiable_password_authentication": False, **server})


def wants_page(request: Request) -> bool:
    """A browser asks for HTML first; a program for anything, or for GitHub's own types."""
    return request.method == "GET" and "text/html" in request.headers.get("accept", "")


def entries(state: State) -> Sequence[Entry]:
    return [_entry(state, one, issue) for one in state.repositories for issue in one.issues.values()]


def _entry(state: State, repository: Repository, issue: Issue) -> Entry:
    milestone = next((one.title for one in repository.milestones if one.number == issue.milestone), "")
    parent = state.parent(issue.id)
    facts = (
        ("kind", "pull request" if issue.pull_request else "issue"),
        ("state", f"{issue.state}, {issue.state_reason}" if issue.state_reason else issue.state),
        ("type", issue.type or ""),
        ("labels", ", ".join(issue.labels)),
        ("assignees", ", ".join(issue.assignees)),
        ("milestone", milestone),
        ("parent", f"{parent[0].full_name}#{parent[1].number}" if parent else ""),
        ("author", issue.user),
        ("created", stamp(issue.created_at)),
        ("updated", stamp(issue.updated_at)),
    )
    notes = tuple(Note(one.user, stamp(one.created_at), one.body) for one in issue.comments)
    return Entry(f"{repository.full_name}#{issue.number}", issue.title, facts, issue.body or "", notes)
