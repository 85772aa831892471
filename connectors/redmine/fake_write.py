"""Writes to a fake Redmine: what it checks, what it leaves aside without a word, and what it notes in the history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import cast

from pydantic import JsonValue

from connectors.redmine.fake_world import (
    CLOSED,
    PRIORITIES,
    TRACKERS,
    Attachment,
    Issue,
    Journal,
    Object,
    Planned,
    Project,
    User,
    World,
    with_crlf,
)

TRACKED = (
    "tracker", "subject", "description", "due_date", "status", "assigned_to", "priority", "start_date", "done_ratio", "is_private",
    "category", "version", "parent", "estimated_hours",
)  # fmt: skip
_IDS = {
    **{name: f"{name}_id" for name in ("tracker", "status", "assigned_to", "priority", "category", "parent")},
    "version": "fixed_version_id",
}


class Invalid(Exception):
    """Redmine's words, one sentence for each fault."""

    def __init__(self, errors: Sequence[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = list(errors)


def create(world: World, user: User, wanted: Mapping[str, JsonValue]) -> Issue:
    project = world.project(str(wanted.get("project_id", "")))
    if project is None:
        raise Invalid(["Project cannot be blank", "Tracker cannot be blank", "Status cannot be blank"])
    now = world.clock.now()
    issue = Issue(id=0, project=project.id, author=user.id, created=now, updated=now, start_date=datetime.now(UTC).date().isoformat())
    issue.tracker = TRACKERS.index(project.seed.trackers[0]) + 1
    issue.custom = dict.fromkeys(world.custom_fields)
    _assign(world, issue, project, {name: value for name, value in wanted.items() if name != "status_id"})
    _validate(world, issue, wanted)
    files = _uploads(world, wanted)
    issue.id = world.next_id("issue")
    world.issues[issue.id] = issue
    for file in files:
        file.issue = issue.id
    world.record(user, "create issue", issue.id, {"subject": issue.subject, "description": issue.description})
    return issue


def update(world: World, user: User, issue: Issue, wanted: Mapping[str, JsonValue]) -> None:
    draft = replace(issue, custom=dict(issue.custom))
    status = _number(wanted.get("status_id"))
    if status in world.allowed_statuses(user, issue.status):
        draft.status = status
    project = world.projects[issue.project]
    _assign(world, draft, project, wanted)
    _validate(world, draft, wanted)
    files = _uploads(world, wanted)
    details = _details(issue, draft, files)
    notes = str(wanted.get("notes") or "")
    if not details and not notes.strip():
        return
    now = world.clock.now()
    for name, value in vars(draft).items():
        setattr(issue, name, value)
    issue.updated = now
    issue.closed = (issue.closed or now) if issue.status in CLOSED else None
    for file in files:
        file.issue = issue.id
    _journal(world, user, issue, details, notes, private=wanted.get("private_notes") in {True, "1", "true"})


def edit_journal(world: World, user: User, issue: Issue, entry: Journal, notes: str) -> None:
    """Empty notes remove the entry unless it tells of other changes too; the issue's `updated_on` stays in either case."""
    entry.notes = notes
    if not notes.strip() and not entry.details:
        issue.journals.remove(entry)
    world.record(user, "edit comment" if notes.strip() else "delete comment", issue.id, {"comment": entry.id, "notes": notes})


def delete_attachment(world: World, user: User, file: Attachment) -> None:
    del world.attachments[file.id]
    issue = world.issues.get(file.issue or 0)
    if issue is not None:
        detail: Object = {"property": "attachment", "name": str(file.id), "old_value": file.filename, "new_value": None}
        issue.journals.append(Journal(world.next_id("journal"), user.id, "", world.clock.now(), details=[detail]))
    world.record(user, "delete attachment", file.issue, {"attachment": file.id, "filename": file.filename})


def _journal(world: World, user: User, issue: Issue, details: list[Object], notes: str, *, private: bool) -> None:
    """A private note has an entry of its own, as others see the changes that came with it."""
    now = issue.updated
    if details and private and notes:
        issue.journals.append(Journal(world.next_id("journal"), user.id, None, now, details=details))
        details = []
    entry = Journal(world.next_id("journal"), user.id, notes, now, private and bool(notes), details)
    issue.journals.append(entry)
    if notes:
        world.record(user, "add comment", issue.id, {"comment": entry.id, "notes": notes, "private": private})
    changed: list[JsonValue] = [one["name"] for one in details if one["property"] != "attachment"]
    if changed:
        world.record(user, "update issue", issue.id, {"changed": changed, "details": [*details]})
    for one in details:
        if one["property"] == "attachment":
            world.record(user, "add attachment", issue.id, {"attachment": one["name"], "filename": one["new_value"]})


def _assign(world: World, issue: Issue, project: Project, wanted: Mapping[str, JsonValue]) -> None:
    tracker = _number(wanted.get("tracker_id"))
    if 1 <= tracker <= len(TRACKERS) and TRACKERS[tracker - 1] in project.seed.trackers:
        issue.tracker = tracker
    issue.priority = _number(wanted.get("priority_id", issue.priority))
    issue.done_ratio = _number(wanted.get("done_ratio", issue.done_ratio))
    issue.is_private = bool(wanted.get("is_private", issue.is_private))
    if "assigned_to_id" in wanted:
        issue.assigned_to = _number(wanted["assigned_to_id"]) or None
    _plan(world, issue, project, wanted)
    for name in ("subject", "start_date", "due_date"):
        if name in wanted:
            setattr(issue, name, str(wanted[name] or "") or ("" if name == "subject" else None))
    if "description" in wanted:
        issue.description = with_crlf(str(wanted["description"] or ""))
    for one in cast("list[Object]", wanted.get("custom_fields") or []):
        if (number := _number(one.get("id"))) in world.custom_fields:
            issue.custom[number] = one.get("value")


def _plan(world: World, issue: Issue, project: Project, wanted: Mapping[str, JsonValue]) -> None:
    """Category, version, parent and estimate; what the project does not have is left aside."""
    if "category_id" in wanted:
        issue.category = _of(project, world.categories, wanted["category_id"])
    if "fixed_version_id" in wanted:
        issue.version = _of(project, world.versions, wanted["fixed_version_id"])
    if "parent_issue_id" in wanted:
        number = _number(wanted["parent_issue_id"])
        if wanted["parent_issue_id"] not in (None, "") and (number not in world.issues or number == issue.id):
            raise Invalid(["Parent task is invalid"])
        issue.parent = number or None
    hours = wanted.get("estimated_hours", issue.estimated_hours)
    try:
        issue.estimated_hours = None if hours in (None, "") else float(str(hours))
    except ValueError:
        raise Invalid(["Estimated time is invalid"]) from None


def _of(project: Project, known: Mapping[int, Planned], value: JsonValue) -> int | None:
    found = known.get(_number(value))
    return found.id if found and found.project == project.id else None


def _validate(world: World, issue: Issue, wanted: Mapping[str, JsonValue]) -> None:
    errors: list[str] = []
    if not 1 <= issue.priority <= len(PRIORITIES):
        errors.append("Priority cannot be blank")
    if not issue.subject.strip():
        errors.append("Subject cannot be blank")
    if len(issue.subject) > 255:
        errors.append("Subject is too long (maximum is 255 characters)")
    invalid_dates = [name for name in ("start_date", "due_date") if not _is_date(getattr(issue, name))]
    errors += [f"{name.replace('_', ' ').capitalize()} is not a valid date" for name in invalid_dates]
    if not invalid_dates and issue.due_date and issue.start_date and issue.due_date < issue.start_date and "due_date" in wanted:
        errors.append("Due date must be greater than start date")
    if issue.assigned_to is not None and issue.assigned_to not in world.users:
        errors.append("Assignee is invalid")
    if errors:
        raise Invalid(errors)


def _uploads(world: World, wanted: Mapping[str, JsonValue]) -> list[Attachment]:
    """The waiting uploads that the call names, with the names and descriptions it gives them."""
    asked = cast("list[Object]", wanted.get("uploads") or [])
    waiting = {one.token: one for one in world.attachments.values() if one.issue is None}
    lost = [one for one in asked if one.get("token") not in waiting]
    if lost:
        raise Invalid([f"{len(lost)} file(s) could not be saved."])
    files: list[Attachment] = []
    for one in asked:
        file = waiting[str(one["token"])]
        file.filename = str(one.get("filename") or file.filename)
        file.description = str(one.get("description") or "")
        file.content_type = str(one.get("content_type") or file.content_type)
        file.created = world.clock.now()
        files.append(file)
    return files


def _details(before: Issue, after: Issue, files: Sequence[Attachment]) -> list[Object]:
    details: list[Object] = []
    for name in TRACKED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            shown = _IDS.get(name, name)
            details.append({"property": "attr", "name": shown, "old_value": _shown(old), "new_value": _shown(new)})
    for number, value in after.custom.items():
        old = before.custom.get(number)
        if (old or "") != (value or ""):
            details.append({"property": "cf", "name": str(number), "old_value": _shown(old), "new_value": _shown(value)})
    details.extend({"property": "attachment", "name": str(one.id), "old_value": None, "new_value": one.filename} for one in files)
    return details


def _shown(value: object) -> str | None:
    if isinstance(value, bool):
        return "1" if value else "0"
    return None if value is None else str(value)


def _number(value: JsonValue) -> int:
    """As Ruby reads a number out of anything: 0 where there is none."""
    text = str(value)
    return int(text) if text.isdecimal() else 0


def _is_date(text: str | None) -> bool:
    try:
        date.fromisoformat(text or "2000-01-01")
    except ValueError:
        return False
    return True
