"""The fake's issues: https://docs.github.com/en/rest/issues/issues."""

from datetime import datetime

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github.fake_call import Call, Json, Problem, invalid, json_answer
from connectors.github.fake_render import Renderer
from connectors.github.fake_render_pulls import sha_of
from connectors.github.fake_state import Issue, Repository
from connectors.github.mapping import stamp
from connectors.github.text import received
from connectors.kit.fake import READ, moved

TITLE_LIMIT = 256
BODY_LIMIT = 65_536
REASONS = ("completed", "not_planned", "duplicate", "reopened")
DEPRECATED = {"Deprecation": "Tue, 10 Mar 2026 00:00:00 GMT", "Sunset": "Fri, 10 Mar 2028 00:00:00 GMT"}


async def list_issues(call: Call) -> Response:
    repository = call.repository()
    if not repository.has_issues:
        raise Problem(410, "Issues are disabled for this repo")
    found = [one for one in repository.issues.values() if _listed(call, one)]
    sort = {"updated": _updated, "comments": _comments}.get(call.query("sort"), _created)
    found.sort(key=sort, reverse=call.query("direction", "desc") != "asc")
    return call.page_of(found, lambda one: call.render.issue(repository, one))


async def list_issues_everywhere(call: Call) -> Response:
    """Those assigned to the caller, unless `filter` asks for others, of all repositories or of one owner's."""
    owner, which, login = call.request.path_params.get("owner"), call.query("filter", "assigned"), call.user.login
    state = call.query("state", "open")
    found = [
        (one, issue)
        for one in call.state.repositories
        for issue in one.issues.values()
        if owner in {None, one.owner}
        and state in {"all", issue.state}
        and {"assigned": login in issue.assignees, "created": issue.user == login}.get(which, True)
    ]
    found.sort(key=lambda entry: _created(entry[1]), reverse=True)
    render = call.render
    return call.page([{**render.issue(one, issue), "repository": render.repository(one, login)} for one, issue in found])


async def get_issue(call: Call) -> Response:
    repository, issue = call.issue()
    call.world.log(call.actor, READ, f"{repository.full_name}#{issue.number}")
    return json_answer(call.render.issue(repository, issue))


async def create_issue(call: Call) -> Response:
    repository = call.repository()
    if not repository.has_issues:
        raise Problem(410, "Issues are disabled for this repo")
    body = call.render.issue(repository, opened(call, repository))
    return json_answer(body, 201, {"Location": str(body["url"])})


def opened(call: Call, repository: Repository, own: Json | None = None) -> Issue:
    """A new issue of the caller's, or with what is its `own` a pull request."""
    _require_writable(repository)
    if "title" not in call.body:
        raise Problem(422, 'Invalid request.\n\n"title" wasn\'t supplied.')
    when = call.world.clock.now()
    made = Issue(id=call.state.new_id(), number=0, title="", user=call.user.login, created_at=when, updated_at=when)
    issue = made.model_copy(update=own or {})
    wanted = _checked(call, repository, issue, allowed=repository.may(call.user.login, "triage"))
    repository.last_number += 1
    issue = wanted.model_copy(update={"number": repository.last_number, "state": "open", "state_reason": None})
    repository.issues[issue.number] = issue
    call.world.touch(repository, issue)
    key = f"{repository.full_name}#{issue.number}"
    call.world.log(call.actor, "issue.created", key, {"marker": received(issue.body)[1], **moved({}, issue.told())})
    call.world.issue_event(call.actor, repository, issue, "opened")
    bare: Json = {"labels": [], "assignees": [], "type": None, "milestone": None}
    announce(call, repository, issue.model_copy(update=bare), issue)
    return issue


async def update_issue(call: Call) -> Response:
    repository, issue = call.issue()
    edit(call, repository, issue)
    return json_answer(call.render.issue(repository, repository.issues[issue.number]), headers=DEPRECATED)


def edit(call: Call, repository: Repository, issue: Issue, own: Json | None = None) -> None:
    """What the body asks for, and of a pull request what is its `own`."""
    _require_writable(repository)
    if issue.user != call.user.login and not repository.may(call.user.login, "triage"):
        raise Problem(403, "Must have admin rights to Repository.")
    wanted = _checked(call, repository, issue, allowed=repository.may(call.user.login, "triage")).model_copy(update=own or {})
    _set_state(call, wanted, call.world.clock.now())
    before = issue.model_copy(deep=True)
    changed = sorted(name for name in Issue.model_fields if getattr(wanted, name) != getattr(before, name))
    detail: Json = {"given": [*sorted(call.body)], "changed": [*changed], **moved(before.told(), wanted.told())}
    call.world.log(call.actor, "issue.updated", f"{repository.full_name}#{issue.number}", detail)
    if changed:
        repository.issues[issue.number] = wanted
        call.world.touch(repository, wanted)
        announce(call, repository, before, wanted)


def relabel(call: Call, repository: Repository, issue: Issue, labels: list[str]) -> None:
    """Give the issue these labels, as the calls for labels of an issue do."""
    before = issue.model_copy(deep=True)
    issue.labels = list(dict.fromkeys(call.world.label(repository, one).name for one in labels))
    _changed(call, repository, before, issue)


def reassign(call: Call, repository: Repository, issue: Issue, assignees: list[str]) -> None:
    before = issue.model_copy(deep=True)
    issue.assignees = assignees
    _changed(call, repository, before, issue)


def _changed(call: Call, repository: Repository, before: Issue, issue: Issue) -> None:
    detail: Json = {"given": [*sorted(call.body)], **moved(before.told(), issue.told())}
    call.world.log(call.actor, "issue.updated", f"{repository.full_name}#{issue.number}", detail)
    if before != issue:
        call.world.touch(repository, issue)
        announce(call, repository, before, issue)


def _listed(call: Call, issue: Issue) -> bool:
    state, labels, since = call.query("state", "open"), call.query("labels"), call.query("since")
    creator, assignee = call.query("creator"), call.query("assignee")
    assigned = {"": True, "none": not issue.assignees, "*": bool(issue.assignees)}.get(assignee, assignee in issue.assignees)
    milestone = call.query("milestone")
    has = {one.lower() for one in issue.labels}
    return (
        state in {"all", issue.state}
        and all(one.strip().lower() in has for one in labels.split(",") if one)
        and (not since or issue.updated_at >= _time(since))
        and (not creator or issue.user == creator)
        and assigned
        and (not milestone or milestone == str(issue.milestone) or (milestone == "none" and issue.milestone is None))
    )


def _time(text: str) -> datetime:
    try:
        when = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise invalid("Issue", "since") from error
    return when if when.tzinfo else datetime.fromisoformat(f"{text}Z")


def _require_writable(repository: Repository) -> None:
    if repository.archived:
        raise Problem(403, "Repository was archived so is read-only.")


def _checked(call: Call, repository: Repository, issue: Issue, *, allowed: bool) -> Issue:
    """A copy with what the body asks for; without the right, labels, assignees, milestone and type are dropped without a word."""
    wanted = issue.model_copy(deep=True)
    body = call.body
    if "title" in body:
        wanted.title = _text(body["title"], "title", TITLE_LIMIT)
        if not wanted.title.strip():
            raise invalid("Issue", "title", "missing_field")
    if "body" in body:
        wanted.body = None if body["body"] is None else _text(body["body"], "body", BODY_LIMIT)
    if not allowed:
        return wanted
    if "labels" in body:
        wanted.labels = list(dict.fromkeys(call.world.label(repository, one).name for one in call.names("labels") if one.strip()))
    if "assignees" in body or ("assignee" in body and not call.newest):
        wanted.assignees = _assignees(call, repository)
    if "milestone" in body:
        wanted.milestone = _milestone(repository, body["milestone"])
    if "type" in body:
        wanted.type = _type(repository, body["type"])
    return wanted


def _text(value: JsonValue, field: str, limit: int) -> str:
    if not isinstance(value, str | int):
        raise Problem(422, f"Invalid request.\n\nFor 'properties/{field}', {value!r} is not a string.")
    if len(str(value)) > limit:
        raise invalid("Issue", field, "custom", f"{field} is too long (maximum is {limit} characters)")
    return str(value)


def _assignees(call: Call, repository: Repository) -> list[str]:
    single = None if call.newest else call.body.get("assignee")
    logins = call.names("assignees") if "assignees" in call.body else [single] if isinstance(single, str) and single else []
    return assignable(call, repository, logins)


def assignable(call: Call, repository: Repository, logins: list[str]) -> list[str]:
    """The logins in GitHub's spelling, without a word about who has too small a role; 422 for one whom nobody knows."""
    found: list[str] = []
    for login in logins[:10]:
        user = call.state.user(login)
        if user is None:
            raise invalid("Issue", "assignees", value=login)
        if repository.may(user.login, "triage"):
            found.append(user.login)
    return list(dict.fromkeys(found))


def _milestone(repository: Repository, value: JsonValue) -> int | None:
    if value is None:
        return None
    if not any(str(one.number) == str(value) for one in repository.milestones):
        raise invalid("Issue", "milestone", value=value)
    return int(str(value))


def _type(repository: Repository, value: JsonValue) -> str | None:
    if value is None:
        return None
    found = next((one for one in repository.issue_types if one.lower() == str(value).lower()), None)
    if found is None:
        raise invalid("Issue", "type", value=value)
    return found


def _set_state(call: Call, issue: Issue, when: datetime) -> None:
    state, reason = call.body.get("state"), call.body.get("state_reason")
    if state is None:
        return
    if state not in {"open", "closed"}:
        raise invalid("Issue", "state", value=state)
    if reason is not None and reason not in REASONS:
        raise invalid("Issue", "state_reason", value=reason)
    if state == "closed":
        if issue.state == "open":
            issue.closed_at, issue.closed_by, issue.state_reason = when, call.user.login, "completed"
        issue.state_reason = None if issue.pull_request else str(reason) if reason else issue.state_reason
    elif issue.merged_at is not None:
        raise invalid("PullRequest", "state", value=state)
    elif issue.state == "closed":
        issue.closed_at, issue.closed_by, issue.state_reason = None, None, None if issue.pull_request else "reopened"
    issue.state = str(state)


def announce(call: Call, repository: Repository, before: Issue, after: Issue) -> None:
    """One event for each kind of change, as GitHub sends them."""
    render = call.render
    edits: Json = {name: {"from": getattr(before, name)} for name in ("title", "body") if getattr(before, name) != getattr(after, name)}
    if before.base != after.base:
        edits["base"] = {"ref": {"from": before.base}, "sha": {"from": sha_of(before.base)}}
    if edits:
        if "title" in edits:
            call.world.event(call.actor, after, "renamed", {"rename": {"from": before.title, "to": after.title}})
        call.world.issue_event(call.actor, repository, after, "edited", {"changes": edits})
    if before.state != after.state:
        call.world.event(call.actor, after, "closed" if after.state == "closed" else "reopened", {"state_reason": after.state_reason})
        call.world.issue_event(call.actor, repository, after, "closed" if after.state == "closed" else "reopened")
    elif before.state_reason != after.state_reason:
        call.world.issue_event(call.actor, repository, after, "closed")
    _announce_sets(call, repository, before, after, render)
    if before.type != after.type:
        kind = render.issue_type(repository, after.type or before.type)
        call.world.issue_event(call.actor, repository, after, "typed" if after.type else "untyped", {"type": kind})
    if before.milestone != after.milestone:
        milestone = render.milestone(repository, after.milestone or before.milestone)
        call.world.issue_event(call.actor, repository, after, "milestoned" if after.milestone else "demilestoned", {"milestone": milestone})


def _announce_sets(call: Call, repository: Repository, before: Issue, after: Issue, render: Renderer) -> None:
    for action, names in (("labeled", _new(after.labels, before.labels)), ("unlabeled", _new(before.labels, after.labels))):
        for name in names:
            label = call.world.label(repository, name)
            call.world.event(call.actor, after, action, {"label": {"name": label.name, "color": label.color}})
            call.world.issue_event(call.actor, repository, after, action, {"label": render.label(repository, label)})
    for action, names in (("assigned", _new(after.assignees, before.assignees)), ("unassigned", _new(before.assignees, after.assignees))):
        for login in names:
            call.world.event(call.actor, after, action, {"assignee": render.user(login), "assigner": render.user(call.user.login)})
            call.world.issue_event(call.actor, repository, after, action, {"assignee": render.user(login)})


def _new(some: list[str], others: list[str]) -> list[str]:
    return [one for one in some if one not in others]


def _created(issue: Issue) -> tuple[str, int]:
    return stamp(issue.created_at), issue.number


def _updated(issue: Issue) -> tuple[str, int]:
    return stamp(issue.updated_at), issue.number


def _comments(issue: Issue) -> tuple[str, int]:
    return f"{len(issue.comments):06}", issue.number
