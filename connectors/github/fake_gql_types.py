"""The types of the fake's GraphQL, as https://docs.github.com/en/graphql/reference/objects has them, and how fields are read."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import cast

from pydantic import JsonValue

from connectors.github import fake_gql_pulls as pulls
from connectors.github.fake_call import Call
from connectors.github.fake_gql import Args
from connectors.github.fake_gql_run import Fields, Node, Refused, Value, connection
from connectors.github.fake_render import REACTIONS as CONTENTS
from connectors.github.fake_render import Json, node
from connectors.github.fake_state import Comment, Event, Issue, Label, Milestone, Reaction, Repository, User
from connectors.github.mapping import stamp

Placed = tuple[Repository, Issue]
ROLES = (("admin", "ADMIN"), ("maintain", "MAINTAIN"), ("push", "WRITE"), ("triage", "TRIAGE"), ("pull", "READ"))
BOT = "[bot]"
"""What REST adds to the name of a bot."""
_NAMES = ("THUMBS_UP", "THUMBS_DOWN", "LAUGH", "HOORAY", "CONFUSED", "HEART", "ROCKET", "EYES")
REACTIONS: dict[str, str] = dict(zip(CONTENTS, _NAMES, strict=True))
"""What REST calls a reaction, to its name here."""

_BOTH = {"Node", "Assignable", "Closable", "Comment", "Labelable", "Lockable", "Reactable", "RepositoryNode", "Subscribable"}
_SHOWN = {"UniformResourceLocatable", "Updatable", "IssueOrPullRequest", "ReferencedSubject"}
KINDS = {
    "Issue": frozenset(_BOTH | _SHOWN | {"SearchResultItem"}),
    "PullRequest": frozenset(_BOTH | _SHOWN | {"SearchResultItem"}),
    "User": frozenset({"Node", "Actor", "RepositoryOwner", "ProfileOwner", "UniformResourceLocatable", "Assignee", "SearchResultItem"}),
    "Bot": frozenset({"Node", "Actor", "UniformResourceLocatable", "Assignee"}),
    "Organization": frozenset({"Node", "Actor", "RepositoryOwner", "ProfileOwner", "UniformResourceLocatable"}),
    "Repository": frozenset({"Node", "RepositoryInfo", "Subscribable", "Starrable", "UniformResourceLocatable", "SearchResultItem"}),
    "IssueComment": frozenset({"Node", "Comment", "Reactable", "RepositoryNode", "Updatable", "IssueTimelineItems"}),
    **{one: frozenset({"Node"}) for one in ("Label", "Milestone", "IssueType")},
}


def issue_node(repository: Repository, issue: Issue) -> Node:
    return Node("PullRequest" if issue.pull_request else "Issue", (repository, issue))


def user_node(call: Call, login: str | None) -> Node | None:
    user = call.state.user(login) if login else None
    return Node("Bot" if user.login.endswith(BOT) else "User", user) if user else None


def comment_node(repository: Repository, issue: Issue, comment: Comment) -> Node:
    return Node("IssueComment", (repository, issue, comment))


def constant(value: JsonValue) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: value


def listed(of: str, name: str, items: Callable[[Call, object, Args], Sequence[Node]]) -> Callable[[Call, object, Args], Value]:
    """A field with pages of what `items` finds."""
    return lambda call, held, args: connection(of, items(call, held, args), args, name)


def _placed(held: object) -> Placed:
    return cast("Placed", held)


def _rest(name: str) -> Callable[[Call, object, Args], Value]:
    """The value that REST has under that name."""
    return lambda call, held, args: call.render.issue(*_placed(held)).get(name)


def _own(read: Callable[[Call, Repository, Issue], Value]) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: read(call, *_placed(held))


def _upper(text: JsonValue) -> JsonValue:
    return str(text).upper() if text else None


def _reason(call: Call, held: object, args: Args) -> Value:
    """Of duplicates an Enterprise Server tells only where it is asked to; elsewhere that argument is gone."""
    reason = _placed(held)[1].state_reason
    if not call.is_server and "enableDuplicate" in args:
        raise Refused("Field 'stateReason' doesn't accept argument 'enableDuplicate'", "Issue", "argumentNotAccepted")
    hidden = call.is_server and reason == "duplicate" and not args.get("enableDuplicate")
    return _upper("not_planned" if hidden else reason)


def _labels(call: Call, held: object, args: Args) -> Sequence[Node]:
    repository, issue = _placed(held)
    found = [one for name in issue.labels if (one := repository.label(name))]
    return [Node("Label", (repository, one)) for one in found]


def _assignees(call: Call, held: object, args: Args) -> Sequence[Node]:
    return [one for login in _placed(held)[1].assignees if (one := user_node(call, login))]


def _comments(call: Call, held: object, args: Args) -> Sequence[Node]:
    repository, issue = _placed(held)
    return [comment_node(repository, issue, one) for one in issue.comments]


def _participants(call: Call, held: object, args: Args) -> Sequence[Node]:
    issue = _placed(held)[1]
    logins = dict.fromkeys([issue.user, *issue.assignees, *(one.user for one in issue.comments)])
    return [one for login in logins if (one := user_node(call, login))]


def _timeline(call: Call, held: object, args: Args) -> Sequence[Node]:
    """Of the kinds that are asked for; events have a type of the event's name."""
    repository, issue = _placed(held)
    wanted = args.get("itemTypes")
    entries = [(one.created_at, "ISSUE_COMMENT", comment_node(repository, issue, one)) for one in issue.comments]
    entries += [(one.created_at, f"{one.event.upper()}_EVENT", Node(f"{one.event.title()}Event", one)) for one in issue.events]
    entries.sort(key=lambda entry: entry[0])
    known = [entry for entry in entries if entry[2].type in TYPES]
    return [shown for _, name, shown in known if not isinstance(wanted, list) or name in wanted]


def _milestone(call: Call, held: object, args: Args) -> Value:
    repository, issue = _placed(held)
    found = next((one for one in repository.milestones if one.number == issue.milestone), None)
    return Node("Milestone", (repository, found)) if found else None


def _type(call: Call, held: object, args: Args) -> Value:
    shown = call.render.issue_type(_placed(held)[0], _placed(held)[1].type)
    return Node("IssueType", shown) if isinstance(shown, dict) else None


def _parent(call: Call, held: object, args: Args) -> Value:
    found = call.state.parent(_placed(held)[1].id)
    return issue_node(*found) if found else None


def _subs(call: Call, held: object, args: Args) -> Sequence[Node]:
    return [issue_node(*one) for identity in _placed(held)[1].sub_issues if (one := call.state.issue(identity))]


def _blockers(call: Call, held: object, args: Args) -> Sequence[Node]:
    return [issue_node(*one) for identity in _placed(held)[1].blocked_by if (one := call.state.issue(identity))]


def _waiting(call: Call, held: object, args: Args) -> Sequence[Node]:
    identity = _placed(held)[1].id
    return [issue_node(where, one) for where in call.state.repositories for one in where.issues.values() if identity in one.blocked_by]


def _counts(call: Call, held: object, args: Args) -> Value:
    return Node("IssueDependenciesSummary", call.render.issue(*_placed(held))["issue_dependencies_summary"])


def _nobody(call: Call, held: object, args: Args) -> Sequence[Node]:
    return []


def _given(held: object) -> Sequence[Reaction]:
    """Those to an issue, or to a comment, which comes with its issue."""
    return cast("tuple[Issue | Comment, ...]", held)[-1].reactions


def _groups(call: Call, held: object, args: Args) -> Value:
    given = _given(held)
    return [Node("ReactionGroup", (kind, [one for one in given if one.content == name])) for name, kind in REACTIONS.items()]


def _reactions(call: Call, held: object, args: Args) -> Sequence[Node]:
    return [reaction_node(one) for one in _given(held)]


def reaction_node(one: Reaction) -> Node:
    return Node("Reaction", one)


def _comment(held: object) -> tuple[Repository, Issue, Comment]:
    return cast("tuple[Repository, Issue, Comment]", held)


def _said(name: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: call.render.comment(*_comment(held)).get(name)


def _long_id(call: Call, held: object, args: Args) -> Value:
    return str(_comment(held)[2].id)


def _person(name: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: call.render.full_user(cast("User", held)).get(name)


def _label(name: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: call.render.label(*cast("tuple[Repository, Label]", held)).get(name)


def _goal(name: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: call.render.full_milestone(*cast("tuple[Repository, Milestone]", held)).get(name)


def _may(role: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: cast("tuple[Repository]", held)[0].may(call.user.login, role)


_COUNTS = {
    "blocking": "blocking", "blockedBy": "blocked_by", "totalBlocking": "total_blocking", "totalBlockedBy": "total_blocked_by",
}  # fmt: skip
_ISSUE: Fields = {
    "id": _rest("node_id"), "databaseId": _rest("id"), "fullDatabaseId": _own(lambda call, repository, issue: str(issue.id)),
    "number": _rest("number"), "title": _rest("title"), "url": _rest("html_url"), "resourcePath": _own(
        lambda call, repository, issue: f"/{repository.full_name}/{'pull' if issue.pull_request else 'issues'}/{issue.number}"),
    "body": _own(lambda call, repository, issue: issue.body or ""), "bodyText": _own(lambda call, repository, issue: issue.body or ""),
    "bodyHTML": _own(lambda call, repository, issue: f"<p>{issue.body}</p>" if issue.body else ""), "locked": _rest("locked"),
    "state": _own(lambda call, repository, issue: "MERGED" if issue.merged_at else issue.state.upper()),
    "stateReason": _reason,
    "closed": _own(lambda call, repository, issue: issue.state == "closed"),
    "createdAt": _rest("created_at"), "updatedAt": _rest("updated_at"), "closedAt": _rest("closed_at"), "publishedAt": _rest("created_at"),
    "lastEditedAt": constant(None), "isPinned": _own(lambda call, repository, issue: issue.pinned),
    "isReadByViewer": constant(True), "includesCreatedEdit": constant(False),
    "activeLockReason": _own(lambda call, repository, issue: (issue.lock_reason or "").upper().replace(" ", "_").replace("-", "_") or None),
    "author": _own(lambda call, repository, issue: user_node(call, issue.user)), "authorAssociation": _rest("author_association"),
    "editor": constant(None), "repository": _own(lambda call, repository, issue: Node("Repository", repository)),
    "labels": listed("Label", "labels", _labels), "assignees": listed("User", "assignees", _assignees),
    "assignedActors": listed("Assignee", "assignedActors", _assignees),
    "comments": listed("IssueComment", "comments", _comments), "participants": listed("User", "participants", _participants),
    "timelineItems": listed("IssueTimelineItems", "timelineItems", _timeline), "milestone": _milestone, "issueType": _type,
    "parent": _parent, "blockedBy": listed("Issue", "blockedBy", _blockers), "blocking": listed("Issue", "blocking", _waiting),
    "issueDependenciesSummary": _counts, "subIssues": listed("Issue", "subIssues", _subs), "reactionGroups": _groups,
    "reactions": listed("Reaction", "reactions", _reactions), "projectCards": listed("ProjectCard", "projectCards", _nobody),
    "projectItems": listed("ProjectV2Item", "projectItems", _nobody),
    "closedByPullRequestsReferences": listed("PullRequest", "closedByPullRequestsReferences", _nobody),
    "viewerDidAuthor": _own(lambda call, repository, issue: issue.user == call.user.login), "viewerCanUpdate": _may("triage"),
    "viewerCanDelete": _may("write"), "viewerCanReact": constant(True), "viewerSubscription": constant("UNSUBSCRIBED"),
}  # fmt: skip
_COMMENT: Fields = {
    "id": _said("node_id"), "databaseId": _said("id"), "fullDatabaseId": _long_id,
    "body": _said("body"), "bodyText": _said("body"), "url": _said("html_url"),
    "createdAt": _said("created_at"), "updatedAt": _said("updated_at"), "publishedAt": _said("created_at"),
    "authorAssociation": _said("author_association"), "author": lambda call, held, args: user_node(call, _comment(held)[2].user),
    "issue": lambda call, held, args: issue_node(*_comment(held)[:2]),
    "repository": lambda call, held, args: Node("Repository", _comment(held)[0]),
    "includesCreatedEdit": lambda call, held, args: _comment(held)[2].updated_at != _comment(held)[2].created_at,
    "isMinimized": constant(False), "minimizedReason": constant(None), "reactionGroups": _groups, "viewerCanUpdate": _may("write"),
    "reactions": listed("Reaction", "reactions", _reactions), "viewerCanDelete": _may("write"),
    "viewerDidAuthor": lambda call, held, args: _comment(held)[2].user == call.user.login,
}  # fmt: skip
_USER: Fields = {
    "id": _person("node_id"), "databaseId": _person("id"), "login": _person("login"), "name": _person("name"),
    "email": lambda call, held, args: cast("User", held).email or "", "url": _person("html_url"), "avatarUrl": _person("avatar_url"),
    "resourcePath": lambda call, held, args: f"/{cast('User', held).login}", "bio": constant(None), "company": constant(None),
    "isViewer": lambda call, held, args: cast("User", held).login == call.user.login, "createdAt": _person("created_at"),
    "organizations": listed("Organization", "organizations", _nobody),
}  # fmt: skip
_ORGANIZATION: Fields = {
    "id": lambda call, held, args: call.render.owner(cast("Repository", held))["node_id"],
    "databaseId": lambda call, held, args: call.render.owner(cast("Repository", held))["id"],
    "login": lambda call, held, args: cast("Repository", held).owner, "name": lambda call, held, args: cast("Repository", held).owner,
    "url": lambda call, held, args: f"{call.web}/{cast('Repository', held).owner}",
    "avatarUrl": lambda call, held, args: call.render.owner(cast("Repository", held))["avatar_url"],
    "viewerCanCreateRepositories": constant(False), "projectsV2": listed("ProjectV2", "projectsV2", _nobody),
    "teams": listed("Team", "teams", _nobody), "projects": listed("Project", "projects", _nobody),
}  # fmt: skip
_LABEL: Fields = {
    "id": _label("node_id"), "name": _label("name"), "color": _label("color"), "description": _label("description"),
    "isDefault": _label("default"), "url": lambda call, held, args: _label_page(call, held),
    "createdAt": lambda call, held, args: stamp(cast("tuple[Repository, Label]", held)[0].created_at),
    "updatedAt": lambda call, held, args: stamp(cast("tuple[Repository, Label]", held)[0].created_at),
}  # fmt: skip
_MILESTONE: Fields = {
    "id": _goal("node_id"), "number": _goal("number"), "title": _goal("title"), "description": _goal("description"),
    "dueOn": _goal("due_on"),
    "url": _goal("html_url"), "state": lambda call, held, args: cast("tuple[Repository, Milestone]", held)[1].state.upper(),
    "createdAt": _goal("created_at"), "updatedAt": _goal("updated_at"), "closedAt": _goal("closed_at"),
    "closed": lambda call, held, args: cast("tuple[Repository, Milestone]", held)[1].state == "closed",
}  # fmt: skip
_EVENT: Fields = {
    "id": lambda call, held, args: node("EV", cast("Event", held).id),
    "createdAt": lambda call, held, args: stamp(cast("Event", held).created_at),
    "actor": lambda call, held, args: user_node(call, cast("Event", held).actor),
}  # fmt: skip
TYPES: dict[str, Fields] = {
    "Issue": _ISSUE,
    "PullRequest": {
        **_ISSUE,
        **pulls.FIELDS,
    },
    **pulls.TYPES,
    "IssueComment": _COMMENT,
    "User": _USER,
    "Bot": {
        **{name: _USER[name] for name in ("id", "databaseId", "url", "avatarUrl", "resourcePath", "createdAt")},
        "login": lambda call, held, args: cast("User", held).login.removesuffix(BOT),
    },
    "Organization": _ORGANIZATION,
    "Label": _LABEL,
    "Milestone": _MILESTONE,
    "ClosedEvent": {**_EVENT, "stateReason": lambda call, held, args: _upper(cast("Event", held).detail.get("state_reason"))},
    "ReopenedEvent": _EVENT,
    "IssueType": {
        "id": lambda call, held, args: cast("Json", held)["node_id"],
        **{name: lambda call, held, args, name=name: cast("Json", held)[name] for name in ("name", "description")},
        "color": lambda call, held, args: str(cast("Json", held)["color"]).upper(),
    },
    "ReactionGroup": {
        "content": lambda call, held, args: _group(held)[0],
        "viewerHasReacted": lambda call, held, args: any(one.user == call.user.login for one in _group(held)[1]),
        "users": lambda call, held, args: _reacting(call, held, args, "users"),
        "reactors": lambda call, held, args: _reacting(call, held, args, "reactors"),
    },
    "IssueDependenciesSummary": {name: lambda call, held, args, own=own: cast("Json", held)[own] for name, own in _COUNTS.items()},
    "Reaction": {
        "id": lambda call, held, args: node("REA", cast("Reaction", held).id),
        "databaseId": lambda call, held, args: cast("Reaction", held).id,
        "content": lambda call, held, args: REACTIONS[cast("Reaction", held).content],
        "createdAt": lambda call, held, args: stamp(cast("Reaction", held).created_at),
        "user": lambda call, held, args: user_node(call, cast("Reaction", held).user),
    },
}


def _group(held: object) -> tuple[str, Sequence[Reaction]]:
    return cast("tuple[str, Sequence[Reaction]]", held)


def _reacting(call: Call, held: object, args: Args, name: str) -> Node:
    """The first ten, unless a page is asked for."""
    people = [one for each in _group(held)[1] if (one := user_node(call, each.user))]
    return connection("ReactingUser" if name == "users" else "Reactor", people, args or {"first": 10}, name)


def _label_page(call: Call, held: object) -> str:
    repository, label = cast("tuple[Repository, Label]", held)
    return f"{call.web}/{repository.full_name}/labels/{label.name}"


def issues_of(call: Call, repository: Repository, args: Args, *, pulls: bool = False) -> list[Node]:
    """By `states`, `labels`, `filterBy` and `orderBy`, the oldest first unless something else is asked for."""
    given, order = args.get("filterBy"), args.get("orderBy")
    wanted = {**args, **(given if isinstance(given, dict) else {})}
    found = [one for one in repository.issues.values() if one.pull_request == pulls and _wanted(call, one, wanted)]
    if isinstance(order, dict):
        keys: dict[str, Callable[[Issue], tuple[float, int]]] = {
            "UPDATED_AT": lambda one: (one.updated_at.timestamp(), one.number),
            "COMMENTS": lambda one: (len(one.comments), one.number),
        }
        found.sort(key=keys.get(str(order.get("field")), lambda one: (one.created_at.timestamp(), one.number)))
        if order.get("direction") == "DESC":
            found.reverse()
    return [issue_node(repository, one) for one in found]


def _wanted(call: Call, issue: Issue, args: Args) -> bool:
    states, labels = _several(args.get("states")), {one.casefold() for one in _several(args.get("labels"))}
    creator, assignee, since, mentioned = (str(args.get(one) or "") for one in ("createdBy", "assignee", "since", "mentioned"))
    milestone = args.get("milestone") or args.get("milestoneNumber")
    return (
        (not states or ("MERGED" if issue.merged_at else issue.state.upper()) in states)
        and (not labels or bool(labels & {one.casefold() for one in issue.labels}))
        and creator in {"", issue.user}
        and (not assignee or (bool(issue.assignees) if assignee == "*" else assignee in issue.assignees))
        and (not mentioned or f"@{mentioned}" in (issue.body or ""))
        and (not since or issue.updated_at.timestamp() >= datetime.fromisoformat(since).timestamp())
        and (not milestone or str(milestone) in {str(issue.milestone), "*" if issue.milestone else ""})
    )


def _several(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value is not None else []


def moment(seconds: JsonValue) -> str:
    return stamp(datetime.fromtimestamp(int(str(seconds)), UTC))
