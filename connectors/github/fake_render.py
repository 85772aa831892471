"""The fake's JSON, with addresses on the base URL that the caller used."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import JsonValue

from connectors.github.fake_bodies import bodies
from connectors.github.fake_state import Comment, Event, Hook, Issue, Label, Milestone, Reaction, Repository, State, User
from connectors.github.mapping import stamp

Json = dict[str, JsonValue]

_USER_LINKS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPOSITORY_LINKS = (
    "archive{archive_format}{/ref} assignees{/user} git/blobs{/sha}=blobs branches{/branch} collaborators{/collaborator} "
    "comments{/number} commits{/sha} compare/{base}...{head}=compare contents/{+path}=contents contributors deployments downloads "
    "events forks git/commits{/sha}=git_commits git/refs{/sha}=git_refs git/tags{/sha}=git_tags hooks "
    "issues/comments{/number}=issue_comment issues/events{/number}=issue_events issues{/number} keys{/key_id} labels{/name} languages "
    "merges milestones{/number} notifications{?since,all,participating}=notifications pulls{/number} releases{/id} stargazers "
    "statuses/{sha}=statuses subscribers subscription tags teams git/trees{/sha}=trees"
)
REACTIONS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


def _repository_links() -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in _REPOSITORY_LINKS.split():
        path, _, name = entry.partition("=")
        found[f"{name or path.partition('{')[0]}_url"] = f"/{path}"
    return found


@dataclass(frozen=True)
class Renderer:
    """`base` is the API's address, `web` that of the pages; `newest` leaves out what version 2026-03-10 dropped.

    `form` is that of bodies.
    """

    state: State
    base: str
    web: str
    newest: bool = False
    form: str = "raw"

    def user(self, login: str | None) -> JsonValue:
        user = self.state.user(login) if login else None
        return self.simple_user(user) if user else None

    def simple_user(self, user: User) -> Json:
        url = f"{self.base}/users/{user.login}"
        links: Json = {name: url + tail for name, tail in _USER_LINKS.items()}
        return {
            "login": user.login,
            "id": user.id,
            "node_id": node("U", user.id),
            "avatar_url": f"{self.web}/avatars/u/{user.id}?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{self.web}/{user.login}",
            **links,
            "type": "Bot" if user.login.endswith("[bot]") else "User",
            "user_view_type": "public",
            "site_admin": False,
        }

    def full_user(self, user: User, *, private: bool = False) -> Json:
        own: Json = {
            **self.simple_user(user),
            "name": user.name,
            "company": None,
            "blog": "",
            "location": None,
            "email": user.email,
            "hireable": None,
            "bio": None,
            "twitter_username": None,
            "public_repos": len(self.state.repositories),
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "created_at": "2020-01-01T00:00:00Z",
            "updated_at": "2020-01-01T00:00:00Z",
        }
        counts = ("private_gists", "total_private_repos", "owned_private_repos", "disk_usage", "collaborators")
        hidden: Json = {**dict.fromkeys(counts, 0), "two_factor_authentication": True, "user_view_type": "private"}
        return {**own, **hidden} if private else own

    def label(self, repository: Repository, label: Label) -> Json:
        return {
            "id": label.id,
            "node_id": node("LA", label.id),
            "url": f"{self._url(repository)}/labels/{label.name}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
            "archived_at": None,
            "archived_by": None,
        }

    def issue_type(self, repository: Repository, name: str | None) -> JsonValue:
        if name is None or name not in repository.issue_types:
            return None
        identity = 100 + repository.issue_types.index(name)
        when = stamp(repository.created_at)
        return {
            "id": identity,
            "node_id": node("IT", identity),
            "name": name,
            "description": None,
            "color": "gray",
            "created_at": when,
            "updated_at": when,
            "is_enabled": True,
        }

    def milestone(self, repository: Repository, number: int | None) -> JsonValue:
        one = next((one for one in repository.milestones if one.number == number), None)
        return self.full_milestone(repository, one) if one else None

    def full_milestone(self, repository: Repository, one: Milestone) -> Json:
        url = f"{self._url(repository)}/milestones/{one.number}"
        within = [issue.state for issue in repository.issues.values() if issue.milestone == one.number]
        return {
            "url": url,
            "html_url": f"{self.web}/{repository.full_name}/milestone/{one.number}",
            "labels_url": f"{url}/labels",
            "id": one.id,
            "node_id": node("MI", one.id),
            "number": one.number,
            "state": one.state,
            "title": one.title,
            "description": one.description,
            "creator": self.user(one.creator),
            "open_issues": within.count("open"),
            "closed_issues": within.count("closed"),
            "created_at": stamp(one.created_at),
            "updated_at": stamp(one.updated_at),
            "closed_at": stamped(one.closed_at),
            "due_on": one.due_on,
        }

    def issue(self, repository: Repository, issue: Issue) -> Json:
        url = f"{self._url(repository)}/issues/{issue.number}"
        html = f"{self.web}/{repository.full_name}/{'pull' if issue.pull_request else 'issues'}/{issue.number}"
        labels = [repository.label(name) for name in issue.labels]
        assignees = [self.user(login) for login in issue.assignees]
        pull: Json = {"url": url.replace("/issues/", "/pulls/"), "html_url": html, "diff_url": f"{html}.diff", "patch_url": f"{html}.patch"}
        own: Json = {
            "url": url,
            "repository_url": self._url(repository),
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "html_url": html,
            "id": issue.id,
            "node_id": node("I", issue.id),
            "number": issue.number,
            "title": issue.title,
            "user": self.user(issue.user),
            "labels": [self.label(repository, one) for one in labels if one],
            "state": issue.state,
            "locked": issue.locked,
            **({} if self.newest else {"assignee": assignees[0] if assignees else None}),
            "assignees": assignees,
            "milestone": self.milestone(repository, issue.milestone),
            "comments": len(issue.comments),
            "created_at": stamp(issue.created_at),
            "updated_at": stamp(issue.updated_at),
            "closed_at": stamped(issue.closed_at),
            "author_association": self._association(repository, issue.user),
            "type": self.issue_type(repository, issue.type),
            "active_lock_reason": issue.lock_reason,
            "sub_issues_summary": self._sub_issues(issue),
            "issue_dependencies_summary": self._dependencies(issue),
            **bodies(issue.body, self.form),
            "closed_by": self.user(issue.closed_by),
            "reactions": _reactions(url, issue.reactions),
            "timeline_url": f"{url}/timeline",
            "performed_via_github_app": None,
            "state_reason": issue.state_reason,
        }
        if issue.pull_request:
            return {**own, "draft": issue.draft, "pull_request": {**pull, "merged_at": stamped(issue.merged_at)}}
        parent = self.state.parent(issue.id)
        above = f"{self._url(parent[0])}/issues/{parent[1].number}" if parent else None
        return {**own, "parent_issue_url": above} if above else own

    def _sub_issues(self, issue: Issue) -> Json:
        found = [one[1].state for one in map(self.state.issue, issue.sub_issues) if one]
        done = found.count("closed")
        return {"total": len(found), "completed": done, "percent_completed": 100 * done // len(found) if found else 0}

    def _dependencies(self, issue: Issue) -> Json:
        blockers = [one[1].state for one in map(self.state.issue, issue.blocked_by) if one]
        blocked = sum(issue.id in one.blocked_by for repository in self.state.repositories for one in repository.issues.values())
        counts = {"blocked_by": blockers.count("open"), "total_blocked_by": len(blockers)}
        return {**counts, "blocking": blocked if issue.state == "open" else 0, "total_blocking": blocked}

    def comment(self, repository: Repository, issue: Issue, one: Comment) -> Json:
        url = f"{self._url(repository)}/issues/comments/{one.id}"
        kind = "pull" if issue.pull_request else "issues"
        return {
            "url": url,
            "html_url": f"{self.web}/{repository.full_name}/{kind}/{issue.number}#issuecomment-{one.id}",
            "issue_url": f"{self._url(repository)}/issues/{issue.number}",
            "id": one.id,
            "node_id": node("IC", one.id),
            "user": self.user(one.user),
            "created_at": stamp(one.created_at),
            "updated_at": stamp(one.updated_at),
            **bodies(one.body, self.form),
            "author_association": self._association(repository, one.user),
            "reactions": _reactions(url, one.reactions),
            "performed_via_github_app": None,
        }

    def event(self, repository: Repository, one: Event) -> Json:
        return {
            "id": one.id,
            "node_id": node("EV", one.id),
            "url": f"{self._url(repository)}/issues/events/{one.id}",
            "actor": self.user(one.actor),
            "event": one.event,
            "commit_id": None,
            "commit_url": None,
            "created_at": stamp(one.created_at),
            "performed_via_github_app": None,
            **one.detail,
        }

    def hook(self, repository: Repository, hook: Hook) -> Json:
        url = f"{self._url(repository)}/hooks/{hook.id}"
        config: Json = {"content_type": hook.content_type, "insecure_ssl": "0", "url": hook.url}
        return {
            "type": "Repository",
            "id": hook.id,
            "name": "web",
            "active": hook.active,
            "events": [*hook.events],
            "config": {**config, "secret": "********"} if hook.secret else config,
            "updated_at": stamp(hook.updated_at),
            "created_at": stamp(hook.created_at),
            "url": url,
            "test_url": f"{url}/test",
            "ping_url": f"{url}/pings",
            "deliveries_url": f"{url}/deliveries",
            "last_response": last_response(hook),
        }

    def owner(self, one: Repository) -> Json:
        owner = self.state.user(one.owner) or User(id=one.id + 500_000, login=one.owner, token="")
        return {**self.simple_user(owner), "type": "User" if self.state.user(one.owner) else "Organization"}

    def permissions(self, one: Repository, login: str) -> Json:
        roles = {"admin": "admin", "maintain": "maintain", "push": "write", "triage": "triage", "pull": "read"}
        return {name: one.may(login, role) for name, role in roles.items()}

    def simple_organization(self, one: Repository) -> Json:
        """The owner of a repository, where it is no user."""
        url = f"{self.base}/orgs/{one.owner}"
        names = ("repos", "events", "hooks", "issues")
        return {
            **{name: value for name, value in self.owner(one).items() if name in {"login", "id", "node_id", "avatar_url"}},
            "url": url,
            **{f"{name}_url": f"{url}/{name}" for name in names},
            "members_url": f"{url}/members{{/member}}",
            "public_members_url": f"{url}/public_members{{/member}}",
            "description": None,
        }

    def organization(self, one: Repository) -> Json:
        when = stamp(one.created_at)
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        switches = {"has_organization_projects": False, "has_repository_projects": False}
        dates: Json = {"created_at": when, "updated_at": when, "archived_at": None}
        return {
            **self.simple_organization(one),
            "html_url": f"{self.web}/{one.owner}",
            "name": one.owner,
            "type": "Organization",
            **counts,
            **switches,
            **dates,
        }

    def repository(self, one: Repository, login: str) -> Json:
        url, html = self._url(one), f"{self.web}/{one.full_name}"
        open_issues = sum(issue.state == "open" for issue in one.issues.values())
        counts = dict.fromkeys(("forks", "forks_count", "stargazers_count", "watchers", "watchers_count", "size", "network_count"), 0)
        absent = dict.fromkeys(("homepage", "language", "mirror_url", "license"))
        when = stamp(one.created_at)
        return {
            "id": one.id,
            "node_id": node("R", one.id),
            "name": one.name,
            "full_name": one.full_name,
            "owner": self.owner(one),
            "private": one.private,
            "html_url": html,
            "description": one.description,
            "fork": False,
            "url": url,
            **{name: url + tail for name, tail in _repository_links().items()},
            "git_url": f"git://{html.partition('://')[2]}.git",
            "ssh_url": f"git@{html.partition('://')[2].replace('/', ':', 1)}.git",
            "clone_url": f"{html}.git",
            "svn_url": html,
            **absent,
            **counts,
            "subscribers_count": 0,
            "open_issues": open_issues,
            "open_issues_count": open_issues,
            "default_branch": "main",
            "topics": [],
            "has_issues": one.has_issues,
            "has_projects": False,
            "has_wiki": False,
            "has_pages": False,
            "has_discussions": False,
            **({} if self.newest else {"has_downloads": False}),
            "archived": one.archived,
            "disabled": False,
            "visibility": "private" if one.private else "public",
            "created_at": when,
            "updated_at": when,
            "pushed_at": when,
            "permissions": self.permissions(one, login),
        }

    def _association(self, repository: Repository, login: str) -> str:
        return "COLLABORATOR" if repository.may(login, "triage") else "NONE"

    def _url(self, repository: Repository) -> str:
        return f"{self.base}/repos/{repository.full_name}"


def node(prefix: str, identity: int) -> str:
    """An opaque global id."""
    return f"{prefix}_{base64.urlsafe_b64encode(identity.to_bytes(6, 'big')).decode()}"


def number_of(node_id: str) -> int:
    """The number in a global id; 0 if it is none of ours."""
    try:
        return int.from_bytes(base64.urlsafe_b64decode(node_id.partition("_")[2]), "big")
    except ValueError:
        return 0


def _reactions(url: str, known: Sequence[Reaction]) -> Json:
    given = [one.content for one in known]
    return {"url": f"{url}/reactions", "total_count": len(given), **{name: given.count(name) for name in REACTIONS}}


def stamped(when: datetime | None) -> str | None:
    return stamp(when) if when else None


def last_response(hook: Hook) -> Json:
    """Of the newest delivery that was answered."""
    answered = [one.status for one in hook.sent if one.status]
    if not answered:
        return {"code": None, "status": "unused", "message": None}
    code = answered[-1]
    return {"code": code, "status": "active", "message": "OK" if code < 300 else f"Invalid HTTP Response: {code}"}
