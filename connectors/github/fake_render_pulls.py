"""The fake's pull requests as JSON: https://docs.github.com/en/rest/pulls/pulls. There is no code behind them."""

import hashlib

from pydantic import JsonValue

from connectors.github.fake_render import Json, Renderer, stamped
from connectors.github.fake_state import Issue, Repository

_COUNTS = ("review_comments", "commits", "additions", "deletions", "changed_files")
_SHARED = (
    "id", "node_id", "html_url", "comments_url", "number", "state", "locked", "title", "user", "body", "labels", "milestone", "assignees",
    "created_at", "updated_at", "closed_at", "author_association", "active_lock_reason",
)  # fmt: skip


def pull(render: Renderer, repository: Repository, issue: Issue, login: str) -> Json:
    """A pull request as in a list."""
    shown, api = render.issue(repository, issue), f"{render.base}/repos/{repository.full_name}"
    url, html = f"{api}/pulls/{issue.number}", str(shown["html_url"])
    branch = issue.head or f"change-{issue.number}"
    sha = sha_of(branch)
    addresses = {
        "url": url,
        "issue_url": f"{api}/issues/{issue.number}",
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{api}/pulls/comments{{/number}}",
        "statuses_url": f"{api}/statuses/{sha}",
    }
    links: Json = {
        "self": _link(url),
        "html": _link(html),
        "issue": _link(addresses["issue_url"]),
        "comments": _link(str(shown["comments_url"])),
        "review_comments": _link(addresses["review_comments_url"]),
        "review_comment": _link(addresses["review_comment_url"]),
        "commits": _link(addresses["commits_url"]),
        "statuses": _link(addresses["statuses_url"]),
    }
    return {
        **{name: shown[name] for name in _SHARED},
        **({} if render.newest else {"assignee": shown["assignee"]}),
        **addresses,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "merged_at": stamped(issue.merged_at),
        "merge_commit_sha": sha if issue.merged_at else None,
        "requested_reviewers": [],
        "requested_teams": [],
        "draft": issue.draft,
        "head": _branch(render, repository, login, branch, sha),
        "base": _branch(render, repository, login, issue.base, sha_of(issue.base)),
        "_links": links,
        "auto_merge": None,
    }


def full_pull(render: Renderer, repository: Repository, issue: Issue, login: str) -> Json:
    """A pull request alone."""
    merged = issue.merged_at is not None
    return {
        **pull(render, repository, issue, login),
        **dict.fromkeys(_COUNTS, 0),
        "merged": merged,
        "mergeable": None if merged else True,
        "rebaseable": None if merged else True,
        "mergeable_state": "unknown" if merged else "draft" if issue.draft else "clean",
        "merged_by": render.user(issue.closed_by) if merged else None,
        "comments": len(issue.comments),
        "maintainer_can_modify": False,
    }


def pull_event(render: Renderer, repository: Repository, issue: Issue, action: str, extra: Json, login: str) -> Json:
    """What a `pull_request` webhook carries."""
    return {"action": action, "number": issue.number, "pull_request": full_pull(render, repository, issue, login), **extra}


def sha_of(branch: str) -> str:
    """Of the newest commit of a branch, which never moves."""
    return hashlib.sha1(branch.encode(), usedforsecurity=False).hexdigest()


def _branch(render: Renderer, repository: Repository, login: str, name: str, sha: str) -> JsonValue:
    owner = render.owner(repository)
    return {"label": f"{repository.owner}:{name}", "ref": name, "sha": sha, "user": owner, "repo": render.repository(repository, login)}


def _link(url: str) -> JsonValue:
    return {"href": url}
