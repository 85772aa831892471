"""Where a query begins: repositories, people, search, single objects by their global id, and what the fake's GraphQL has at all."""

from collections.abc import Callable, Sequence
from typing import cast
from urllib.parse import urlsplit

from pydantic import JsonValue

from connectors.github import fake_gql_types as types
from connectors.github.fake_call import Call, Problem
from connectors.github.fake_gql import Args
from connectors.github.fake_gql_run import Fields, Node, Refused, Value, connection, page_fields
from connectors.github.fake_gql_types import constant, issue_node, listed, user_node
from connectors.github.fake_render import Json, number_of
from connectors.github.fake_render_pulls import sha_of
from connectors.github.fake_search import found_issues
from connectors.github.fake_state import Issue, Repository
from connectors.kit.fake import READ

Finder = Callable[[Call, int], Node | None]


def _repository_of(held: object) -> Repository:
    return cast("Repository", held)


def _rest(name: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: call.render.repository(_repository_of(held), call.user.login).get(name)


def _none(of: str, name: str) -> Callable[[Call, object, Args], Value]:
    return listed(of, name, lambda call, held, args: [])


def _permission(call: Call, held: object, args: Args) -> Value:
    allowed = call.render.permissions(_repository_of(held), call.user.login)
    return next(name for role, name in types.ROLES if allowed[role])


def _owner(call: Call, held: object, args: Args) -> Value:
    repository = _repository_of(held)
    return user_node(call, repository.owner) or Node("Organization", repository)


def _labels(call: Call, held: object, args: Args) -> Sequence[Node]:
    repository, wanted = _repository_of(held), str(args.get("query") or "").casefold()
    found = [one for one in repository.labels if wanted in f"{one.name} {one.description or ''}".casefold()]
    order = cast("Json", args.get("orderBy") or {})
    found.sort(
        key=lambda one: one.name.casefold() if order.get("field") == "NAME" else f"{one.id:012}", reverse=order.get("direction") == "DESC"
    )
    return [Node("Label", (repository, one)) for one in found]


def _label(call: Call, held: object, args: Args) -> Value:
    repository = _repository_of(held)
    found = repository.label(str(args.get("name")))
    return Node("Label", (repository, found)) if found else None


def _milestones(call: Call, held: object, args: Args) -> Sequence[Node]:
    repository, states = _repository_of(held), args.get("states")
    wanted = [str(one) for one in states] if isinstance(states, list) else [str(states)] if states else []
    return [Node("Milestone", (repository, one)) for one in repository.milestones if not wanted or one.state.upper() in wanted]


def _people(call: Call, held: object, args: Args) -> Sequence[Node]:
    wanted = str(args.get("query") or "").casefold()
    return [Node("User", one) for one in call.state.users if wanted in f"{one.login} {one.name or ''}".casefold()]


def _issue(pulls: tuple[bool, ...], words: str) -> Callable[[Call, object, Args], Value]:
    def read(call: Call, held: object, args: Args) -> Value:
        repository, number = _repository_of(held), args.get("number")
        found = repository.issues.get(number) if isinstance(number, int) and repository.has_issues else None
        if found is None or found.pull_request not in pulls:
            raise Refused(f"Could not resolve to {words} with the number of {number}.", "NOT_FOUND")
        if call.user.scopes is None and call.user.issues not in {"read", "write"}:
            token = "integration" if call.installation else "personal access token"
            raise Refused(f"Resource not accessible by {token}", "FORBIDDEN")
        call.world.log(call.actor, READ, f"{repository.full_name}#{found.number}")
        return issue_node(repository, found)

    return read


_REPOSITORY: Fields = {
    "id": _rest("node_id"), "databaseId": _rest("id"), "name": _rest("name"), "nameWithOwner": _rest("full_name"), "owner": _owner,
    "description": _rest("description"), "url": _rest("html_url"), "sshUrl": _rest("ssh_url"), "homepageUrl": _rest("homepage"),
    "isPrivate": _rest("private"), "isArchived": _rest("archived"), "isFork": _rest("fork"), "hasIssuesEnabled": _rest("has_issues"),
    "hasWikiEnabled": _rest("has_wiki"), "hasProjectsEnabled": _rest("has_projects"), "hasDiscussionsEnabled": _rest("has_discussions"),
    "visibility": lambda call, held, args: "PRIVATE" if _repository_of(held).private else "PUBLIC", "viewerPermission": _permission,
    "viewerCanAdminister": lambda call, held, args: _repository_of(held).may(call.user.login, "admin"),
    "isInOrganization": lambda call, held, args: call.state.user(_repository_of(held).owner) is None,
    "isTemplate": constant(False), "isEmpty": constant(True), "isMirror": constant(False), "isLocked": constant(False),
    "createdAt": _rest("created_at"), "updatedAt": _rest("updated_at"), "pushedAt": _rest("pushed_at"), "archivedAt": constant(None),
    "stargazerCount": _rest("stargazers_count"), "forkCount": _rest("forks_count"), "diskUsage": constant(0), "parent": constant(None),
    "mergeCommitAllowed": constant(True), "rebaseMergeAllowed": constant(True), "squashMergeAllowed": constant(True),
    "deleteBranchOnMerge": constant(False), "defaultBranchRef": lambda call, held, args: Node("Ref", "main"),
    "primaryLanguage": constant(None), "licenseInfo": constant(None), "codeOfConduct": constant(None), "issueTemplates": constant([]),
    "pullRequestTemplates": constant([]), "latestRelease": constant(None), "repositoryTopics": _none("RepositoryTopic", "repositoryTopics"),
    "projects": _none("Project", "projects"), "projectsV2": _none("ProjectV2", "projectsV2"),
    "pinnedIssues": listed("PinnedIssue", "pinnedIssues", lambda call, held, args: [
        Node("PinnedIssue", (_repository_of(held), one)) for one in _repository_of(held).issues.values() if one.pinned]),
    "watchers": _none("User", "watchers"), "languages": _none("Language", "languages"), "releases": _none("Release", "releases"),
    "issue": _issue((False,), "an Issue"), "pullRequest": _issue((True,), "a PullRequest"),
    "issueOrPullRequest": _issue((False, True), "an issue or pull request"),
    "issues": listed("Issue", "issues", lambda call, held, args: types.issues_of(call, _repository_of(held), args)),
    "pullRequests": listed(
        "PullRequest", "pullRequests", lambda call, held, args: types.issues_of(call, _repository_of(held), args, pulls=True)),
    "labels": listed("Label", "labels", _labels), "label": _label, "milestones": listed("Milestone", "milestones", _milestones),
    "assignableUsers": listed("User", "assignableUsers", _people), "mentionableUsers": listed("User", "mentionableUsers", _people),
    "collaborators": listed("User", "collaborators", _people),
    "issueTypes": listed("IssueType", "issueTypes", lambda call, held, args: [
        Node("IssueType", call.render.issue_type(_repository_of(held), one)) for one in _repository_of(held).issue_types]),
}  # fmt: skip


def _repository(call: Call, held: object, args: Args) -> Value:
    name = f"{args.get('owner')}/{args.get('name')}"
    found = call.state.repository(name)
    if found is None or not call.sees(found):
        raise Refused(f"Could not resolve to a Repository with the name '{name}'.", "NOT_FOUND")
    return Node("Repository", found)


def _user(call: Call, held: object, args: Args) -> Value:
    found = user_node(call, str(args.get("login")))
    if found is None:
        raise Refused(f"Could not resolve to a User with the login of '{args.get('login')}'.", "NOT_FOUND")
    return found


def _organization(call: Call, held: object, args: Args) -> Value:
    login = str(args.get("login"))
    found = next((one for one in call.state.repositories if one.owner.casefold() == login.casefold()), None)
    if found is None or call.state.user(login) is not None:
        raise Refused(f"Could not resolve to an Organization with the login of '{login}'.", "NOT_FOUND")
    return Node("Organization", found)


def _either_owner(call: Call, held: object, args: Args) -> Value:
    return user_node(call, str(args.get("login"))) or _organization(call, held, args)


def _repositories(call: Call, held: object, args: Args) -> Sequence[Node]:
    owner = getattr(held, "owner", None)
    return [Node("Repository", one) for one in call.state.repositories if owner in {None, one.owner}]


def _search(call: Call, held: object, args: Args) -> Value:
    text, kind = str(args.get("query") or ""), str(args.get("type") or "ISSUE")
    if kind == "REPOSITORY":
        words = [one for one in text.split() if ":" not in one]
        found = [Node("Repository", one) for one in call.state.repositories if all(word in one.full_name for word in words)]
        return connection("SearchResultItem", found, args, "search")
    if kind == "USER":
        return connection("SearchResultItem", _people(call, held, {"query": text}), args, "search")
    try:
        hits = found_issues(call, text)
    except Problem:
        # What cannot be searched is empty here, where REST refuses.
        hits = []
    return connection("SearchResultItem", [issue_node(*one) for one in hits], args, "search")


def by_id(call: Call, identity: JsonValue) -> Node | None:
    """The object of that global id."""
    text = str(identity)
    number, kind = number_of(text), text.partition("_")[0]
    for one in call.state.repositories:
        found = _within(one, kind, number)
        if found is not None:
            return found
    user = next((one for one in call.state.users if one.id == number), None) if kind == "U" else None
    return Node("User", user) if user else None


def _within(repository: Repository, kind: str, number: int) -> Node | None:
    match kind:
        case "R":
            return Node("Repository", repository) if repository.id == number else None
        case "I":
            return next((issue_node(repository, one) for one in repository.issues.values() if one.id == number), None)
        case "LA":
            return next((Node("Label", (repository, one)) for one in repository.labels if one.id == number), None)
        case "MI":
            return next((Node("Milestone", (repository, one)) for one in repository.milestones if one.id == number), None)
        case "IC":
            said = ((issue, one) for issue in repository.issues.values() for one in issue.comments if one.id == number)
            return next((types.comment_node(repository, *one) for one in said), None)
        case _:
            return None


def needed(call: Call, identity: JsonValue, *kinds: str) -> Node:
    found = by_id(call, identity)
    if found is None or (kinds and found.type not in kinds):
        raise Refused(f"Could not resolve to a node with the global id of '{identity}'.", "NOT_FOUND")
    return found


def _node(call: Call, held: object, args: Args) -> Value:
    found = needed(call, args.get("id"))
    if found.type in {"Issue", "PullRequest"}:
        repository, issue = cast("tuple[Repository, Issue]", found.held)
        call.world.log(call.actor, READ, f"{repository.full_name}#{issue.number}")
    return found


def _nodes(call: Call, held: object, args: Args) -> Value:
    ids = args.get("ids")
    return [needed(call, one) for one in ids] if isinstance(ids, list) else []


def _resource(call: Call, held: object, args: Args) -> Value:
    parts = urlsplit(str(args.get("url"))).path.strip("/").split("/")
    repository = call.state.repository("/".join(parts[:2]))
    if repository is None or len(parts) < 3:
        return Node("Repository", repository) if repository else user_node(call, parts[0])
    found = repository.issues.get(int(parts[3])) if len(parts) > 3 and parts[3].isdecimal() else None
    return issue_node(repository, found) if found else None


def _limit(call: Call, held: object, args: Args) -> Value:
    shown = call.world.limits.shown(call.user.login, "graphql")
    return Node("RateLimit", {**shown, "cost": call.cost.points, "nodeCount": call.cost.nodes})


def _of_limit(name: str) -> Callable[[Call, object, Args], Value]:
    return lambda call, held, args: cast("Json", held)[name]


def _type(call: Call, held: object, args: Args) -> Value:
    name = str(args.get("name"))
    return Node("__Type", name) if name in TYPES else None


def _described(call: Call, held: object, args: Args) -> Value:
    return [Node("__Field", one) for one in TYPES[cast("str", held)]]


QUERY: Fields = {
    "viewer": lambda call, held, args: Node("User", call.user),
    "rateLimit": _limit,
    "repository": _repository,
    "user": _user,
    "organization": _organization,
    "repositoryOwner": _either_owner,
    "search": _search,
    "node": _node,
    "nodes": _nodes,
    "resource": _resource,
    "__type": _type,
}
_OWNED: Fields = {"repositories": listed("Repository", "repositories", _repositories), "repository": _repository}
TYPES: dict[str, Fields] = {
    **types.TYPES,
    **page_fields(),
    "Query": {**QUERY, "relay": lambda call, held, args: Node("Query", None)},
    "Repository": _REPOSITORY,
    "User": {**types.TYPES["User"], **_OWNED},
    "Organization": {**types.TYPES["Organization"], **_OWNED},
    "PinnedIssue": {"issue": lambda call, held, args: issue_node(*cast("tuple[Repository, Issue]", held))},
    "Ref": {
        "name": lambda call, held, args: cast("str", held),
        "prefix": constant("refs/heads/"),
        "branchProtectionRule": constant(None),
        "target": lambda call, held, args: Node("Commit", sha_of(cast("str", held))),
    },
    "RateLimit": {
        **{name: _of_limit(name) for name in ("limit", "used", "remaining", "cost", "nodeCount")},
        "resetAt": lambda call, held, args: types.moment(cast("Json", held)["reset"]),
    },
    "__Type": {
        "name": lambda call, held, args: cast("str", held),
        "kind": constant("OBJECT"),
        "fields": _described,
        "inputFields": constant(None),
        "enumValues": constant(None),
    },
    "__Field": {"name": lambda call, held, args: cast("str", held), "args": constant([])},
}
