"""GraphQL's mutations: https://docs.github.com/en/graphql/reference/mutations. Most do what REST does, by global ids."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from pydantic import JsonValue
from starlette.requests import Request

from connectors.github import fake_children as children
from connectors.github import fake_issues as issues
from connectors.github.fake_call import Call, Endpoint, Problem
from connectors.github.fake_gql import Args
from connectors.github.fake_gql_roots import by_id, needed
from connectors.github.fake_gql_run import Mutation, Node, Refused, payload
from connectors.github.fake_gql_types import REACTIONS, comment_node, issue_node, reaction_node, user_node
from connectors.github.fake_reactions import react
from connectors.github.fake_render import Json
from connectors.github.fake_state import Comment, Issue, Label, Milestone, Repository, User

KINDS = {403: "FORBIDDEN", 404: "NOT_FOUND", 410: "NOT_FOUND"}
EITHER = ("Issue", "PullRequest")
PINNED = 3
REASONS = {"OFF_TOPIC": "off-topic", "TOO_HEATED": "too heated"}
TEXTS = {"title": "title", "body": "body"}


async def _rest(call: Call, answer: Endpoint, method: str, repository: Repository, body: Json, **place: object) -> None:
    """What REST does at that place."""
    named = {"owner": repository.owner, "repo": repository.name, **{name: str(one) for name, one in place.items()}}
    request = Request({**call.request.scope, "method": method, "path_params": named})
    try:
        await answer(replace(call, request=request, body=body))
    except Problem as problem:
        faults = [cast("Json", one) for one in problem.errors]
        message = "; ".join(str(one.get("message") or f"{one.get('field')} is {one.get('code')}") for one in faults)
        raise Refused(message or problem.message, KINDS.get(problem.status, "UNPROCESSABLE")) from problem


def _issue(call: Call, identity: JsonValue) -> tuple[Repository, Issue]:
    return cast("tuple[Repository, Issue]", needed(call, identity, *EITHER).held)


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _logins(call: Call, ids: JsonValue) -> list[JsonValue]:
    return [cast("User", needed(call, one, "User").held).login for one in _list(ids)]


def _label_names(call: Call, ids: JsonValue) -> list[JsonValue]:
    return [cast("tuple[Repository, Label]", needed(call, one, "Label").held)[1].name for one in _list(ids)]


def _asked(call: Call, repository: Repository, given: Args) -> Json:
    """The body that REST takes for the same."""
    body: Json = {name: given[one] for one, name in TEXTS.items() if one in given}
    if given.get("assigneeIds") is not None:
        body["assignees"] = _logins(call, given["assigneeIds"])
    if given.get("labelIds") is not None:
        body["labels"] = _label_names(call, given["labelIds"])
    if "milestoneId" in given:
        milestone = given["milestoneId"]
        body["milestone"] = cast("tuple[Repository, Milestone]", needed(call, milestone, "Milestone").held)[1].number if milestone else None
    if given.get("state") is not None:
        body["state"] = str(given["state"]).lower()
    if "issueTypeId" in given:
        known = {str(cast("Json", call.render.issue_type(repository, one))["node_id"]): one for one in repository.issue_types}
        body["type"] = known.get(str(given["issueTypeId"])) if given["issueTypeId"] else None
    return body


async def _create(call: Call, given: Args) -> Node:
    repository = cast("Repository", needed(call, given.get("repositoryId"), "Repository").held)
    await _rest(call, issues.create_issue, "POST", repository, _asked(call, repository, given))
    return payload("createIssue", issue=issue_node(repository, repository.issues[repository.last_number]))


async def _update(call: Call, given: Args) -> Node:
    return payload("updateIssue", issue=await _changed(call, given.get("id"), given), actor=user_node(call, call.user.login))


async def _close(call: Call, given: Args) -> Node:
    reason = str(given.get("stateReason") or "COMPLETED").lower()
    return payload("closeIssue", issue=await _changed(call, given.get("issueId"), {"state": "CLOSED"}, state_reason=reason))


async def _reopen(call: Call, given: Args) -> Node:
    return payload("reopenIssue", issue=await _changed(call, given.get("issueId"), {"state": "OPEN"}))


async def _changed(call: Call, identity: JsonValue, given: Args, **more: JsonValue) -> Node:
    repository, issue = _issue(call, identity)
    body = {**_asked(call, repository, given), **more}
    await _rest(call, issues.update_issue, "PATCH", repository, body, number=issue.number)
    return issue_node(repository, repository.issues[issue.number])


async def _comment(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("subjectId"))
    await _rest(call, children.create_comment, "POST", repository, {"body": given.get("body")}, number=issue.number)
    made = comment_node(repository, issue, issue.comments[-1])
    return payload("addComment", commentEdge=Node("Edge", (made, "")), subject=issue_node(repository, issue))


async def _edit_comment(call: Call, given: Args) -> Node:
    repository, issue, said = cast("tuple[Repository, Issue, Comment]", needed(call, given.get("id"), "IssueComment").held)
    await _rest(call, children.update_comment, "PATCH", repository, {"body": given.get("body")}, comment=said.id)
    return payload("updateIssueComment", issueComment=comment_node(repository, issue, said))


async def _delete_comment(call: Call, given: Args) -> Node:
    repository, _, said = cast("tuple[Repository, Issue, Comment]", needed(call, given.get("id"), "IssueComment").held)
    await _rest(call, children.delete_comment, "DELETE", repository, {}, comment=said.id)
    return payload("deleteIssueComment")


async def _add_labels(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("labelableId"))
    await _rest(call, children.add_labels, "POST", repository, {"labels": _label_names(call, given.get("labelIds"))}, number=issue.number)
    return payload("addLabelsToLabelable", labelable=issue_node(repository, issue))


async def _remove_labels(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("labelableId"))
    gone = _label_names(call, given.get("labelIds"))
    kept: list[JsonValue] = [one for one in issue.labels if one not in gone]
    await _rest(call, children.set_labels, "PUT", repository, {"labels": kept}, number=issue.number)
    return payload("removeLabelsFromLabelable", labelable=issue_node(repository, issue))


async def _add_assignees(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("assignableId"))
    body: Json = {"assignees": _logins(call, given.get("assigneeIds"))}
    await _rest(call, children.add_assignees, "POST", repository, body, number=issue.number)
    return payload("addAssigneesToAssignable", assignable=issue_node(repository, issue))


async def _remove_assignees(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("assignableId"))
    body: Json = {"assignees": _logins(call, given.get("assigneeIds"))}
    await _rest(call, children.remove_assignees, "DELETE", repository, body, number=issue.number)
    return payload("removeAssigneesFromAssignable", assignable=issue_node(repository, issue))


async def _lock(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("lockableId"))
    reason = str(given.get("lockReason") or "")
    body: Json = (
        {"lock_reason": {"OFF_TOPIC": "off-topic", "TOO_HEATED": "too heated"}.get(str(reason), str(reason).lower())} if reason else {}
    )
    await _rest(call, children.lock, "PUT", repository, body, number=issue.number)
    return payload("lockLockable", lockedRecord=issue_node(repository, issue))


async def _unlock(call: Call, given: Args) -> Node:
    repository, issue = _issue(call, given.get("lockableId"))
    await _rest(call, children.lock, "DELETE", repository, {}, number=issue.number)
    return payload("unlockLockable", unlockedRecord=issue_node(repository, issue))


async def _delete(call: Call, given: Args) -> Node:
    repository, issue = _writable(call, given.get("issueId"))
    _take_out(call, repository, issue, "issue.deleted", "deleted")
    repository.deleted.append(issue.number)
    return payload("deleteIssue", repository=Node("Repository", repository))


async def _transfer(call: Call, given: Args) -> Node:
    repository, issue = _writable(call, given.get("issueId"))
    found = by_id(call, given.get("repositoryId"))
    if found is None or found.type != "Repository":
        raise Refused("Could not resolve to a Repository.", "NOT_FOUND")
    target = cast("Repository", found.held)
    _take_out(call, repository, issue, "issue.transferred", "transferred")
    target.last_number += 1
    moved = issue.model_copy(update={"number": target.last_number})
    target.issues[moved.number] = moved
    repository.moved[issue.number] = (target.full_name, moved.number)
    call.world.touch(target, moved)
    call.world.issue_event(call.actor, target, moved, "opened")
    return payload("transferIssue", issue=issue_node(target, moved))


def _writable(call: Call, identity: JsonValue) -> tuple[Repository, Issue]:
    repository, issue = _issue(call, identity)
    if not repository.may(call.user.login, "write"):
        raise Refused("Viewer not authorized to do that", "FORBIDDEN")
    return repository, issue


def _take_out(call: Call, repository: Repository, issue: Issue, action: str, event: str) -> None:
    call.world.issue_event(call.actor, repository, issue, event)
    del repository.issues[issue.number]
    call.world.index(repository, issue.number, None)
    call.world.log(call.actor, action, f"{repository.full_name}#{issue.number}")


async def _pin(call: Call, given: Args) -> Node:
    return _pinned(call, given, "pinIssue", at_most=PINNED)


async def _unpin(call: Call, given: Args) -> Node:
    return _pinned(call, given, "unpinIssue")


def _pinned(call: Call, given: Args, name: str, at_most: int = 0) -> Node:
    """Without a limit the issue is no longer pinned."""
    repository, issue = _writable(call, given.get("issueId"))
    if at_most and sum(one.pinned for one in repository.issues.values()) >= at_most:
        raise Refused(f"Maximum {at_most} pinned issues per repository", "UNPROCESSABLE")
    issue.pinned = at_most > 0
    return payload(name, issue=issue_node(repository, issue))


async def _react(call: Call, given: Args) -> Node:
    subject, target, content = _reacted(call, given)
    return payload("addReaction", reaction=reaction_node(react(call, target, content)[0]), subject=subject)


async def _take_back(call: Call, given: Args) -> Node:
    subject, target, content = _reacted(call, given)
    found = next((one for one in target.reactions if one.content == content and one.user == call.user.login), None)
    if found is None:
        raise Refused("Could not find reaction", "NOT_FOUND")
    target.reactions.remove(found)
    return payload("removeReaction", reaction=reaction_node(found), subject=subject)


def _reacted(call: Call, given: Args) -> tuple[Node, Issue | Comment, str]:
    subject = needed(call, given.get("subjectId"), *EITHER, "IssueComment")
    contents = {name: content for content, name in REACTIONS.items()}
    wanted = str(given.get("content"))
    if wanted not in contents:
        raise Refused(
            f"Argument 'content' has an invalid value ({wanted}). Expected type 'ReactionContent!'.",
            "content",
            "argumentLiteralsIncompatible",
        )
    return subject, cast("tuple[Issue | Comment, ...]", subject.held)[-1], contents[wanted]


MUTATIONS: Mapping[str, Mutation] = {
    "createIssue": _create,
    "updateIssue": _update,
    "closeIssue": _close,
    "reopenIssue": _reopen,
    "addComment": _comment,
    "updateIssueComment": _edit_comment,
    "deleteIssueComment": _delete_comment,
    "addLabelsToLabelable": _add_labels,
    "removeLabelsFromLabelable": _remove_labels,
    "addAssigneesToAssignable": _add_assignees,
    "removeAssigneesFromAssignable": _remove_assignees,
    "lockLockable": _lock,
    "unlockLockable": _unlock,
    "deleteIssue": _delete,
    "transferIssue": _transfer,
    "pinIssue": _pin,
    "unpinIssue": _unpin,
    "addReaction": _react,
    "removeReaction": _take_back,
}
