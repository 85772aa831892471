"""Time entries of a fake Redmine: https://www.redmine.org/projects/redmine/wiki/Rest_TimeEntries"""

from collections.abc import Mapping
from datetime import date

from pydantic import JsonValue

from connectors.redmine import fake_render
from connectors.redmine.fake_world import ACTIVITIES, Issue, Object, Project, TimeEntry, User, World
from connectors.redmine.fake_write import Invalid

DEFAULT = 9


def activities() -> Object:
    return {
        "time_entry_activities": [
            {"id": number, "name": name, "is_default": number == DEFAULT, "active": True} for number, name in ACTIVITIES.items()
        ]
    }


def shown(world: World, one: TimeEntry) -> Object:
    issue = world.issues[one.issue]
    return {
        "id": one.id,
        "project": {"id": issue.project, "name": world.projects[issue.project].seed.name},
        "issue": {"id": one.issue},
        "user": fake_render.reference(world, one.user),
        "activity": {"id": one.activity, "name": ACTIVITIES[one.activity]},
        "hours": one.hours,
        "comments": one.comments,
        "spent_on": one.spent_on,
        "created_on": fake_render.time(one.created),
        "updated_on": fake_render.time(one.updated),
    }


def number(value: JsonValue) -> int:
    """An id, which may come as text; 0, which is nobody's, for anything else."""
    return int(str(value)) if str(value).isdecimal() else 0


def may_edit(user: User) -> bool:
    """A Manager may edit all, a Developer none: that is what the default data gives them."""
    return user.seed.role == "Manager" or user.seed.admin


def listed(world: World, parameters: Mapping[str, str], project: Project | None) -> list[Object]:
    """The newest day first, but for `sort=created_on`."""
    wanted = parameters.get("issue_id")
    found = [one for one in world.time_entries.values() if wanted is None or str(one.issue) == wanted]
    found = [one for one in found if project is None or world.issues[one.issue].project == project.id]
    sort = parameters.get("sort", "")
    if sort.startswith("created_on"):
        found.sort(key=lambda one: one.id, reverse=sort.endswith(":desc"))
    else:
        found.sort(key=lambda one: (one.spent_on, one.id), reverse=True)
    return [shown(world, one) for one in found]


def logged(world: World, user: User, issue: Issue | None, wanted: Mapping[str, JsonValue]) -> TimeEntry:
    """A new one; Redmine does not touch its issue."""
    if issue is None:
        raise Invalid(["Issue is invalid"])
    now = world.clock.now()
    entry = TimeEntry(world.next_id("time_entry"), issue.id, user.id, 0.0, now.date().isoformat(), now, now)
    _take(entry, wanted)
    world.time_entries[entry.id] = entry
    world.record(user, "log time", issue.id, {"entry": entry.id, "hours": entry.hours})
    return entry


def edited(world: World, user: User, entry: TimeEntry, wanted: Mapping[str, JsonValue]) -> None:
    _take(entry, wanted)
    entry.updated = world.clock.now()
    world.record(user, "edit time", entry.issue, {"entry": entry.id, "hours": entry.hours})


def deleted(world: World, user: User, entry: TimeEntry) -> None:
    del world.time_entries[entry.id]
    world.record(user, "delete time", entry.issue, {"entry": entry.id})


def _take(entry: TimeEntry, wanted: Mapping[str, JsonValue]) -> None:
    hours = wanted.get("hours", entry.hours)
    if not isinstance(hours, int | float) or hours <= 0:
        raise Invalid(["Hours cannot be blank"])
    comments, day = str(wanted.get("comments", entry.comments) or ""), str(wanted.get("spent_on", entry.spent_on))
    if len(comments) > 1024:
        raise Invalid(["Comment is too long (maximum is 1024 characters)"])
    try:
        date.fromisoformat(day)
    except ValueError:
        raise Invalid(["Date is not a valid date"]) from None
    activity = wanted.get("activity_id", entry.activity)
    if activity not in ACTIVITIES:
        raise Invalid(["Activity cannot be blank"])
    entry.hours, entry.comments, entry.spent_on, entry.activity = round(float(hours), 2), comments, day, int(str(activity))
