"""What a fake Redmine shows, as the real one's templates do."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import quote

from pydantic import JsonValue

from connectors.redmine.fake_world import (
    CLOSED,
    PRIORITIES,
    STATUSES,
    TRACKERS,
    Attachment,
    Issue,
    Journal,
    Object,
    Project,
    Relation,
    User,
    World,
)

ROLES = {"Manager": 3, "Developer": 4}
REPORTER = 5


def time(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def status(number: int) -> Object:
    return {"id": number, "name": STATUSES[number - 1], "is_closed": number in CLOSED}


def tracker(number: int) -> Object:
    return {"id": number, "name": TRACKERS[number - 1]}


def priority(number: int) -> Object:
    return {"id": number, "name": PRIORITIES[number - 1]}


def reference(world: World, number: int) -> Object:
    known = world.users.get(number)
    return {"id": number, "name": known.name if known else ""}


def issue(world: World, one: Issue, viewer: User | None, base: str, include: Collection[str] = ()) -> Object:
    project = world.projects[one.project]
    shown: Object = {
        "id": one.id,
        "project": {"id": project.id, "name": project.seed.name},
        "tracker": tracker(one.tracker),
        "status": status(one.status),
        "priority": priority(one.priority),
        "author": reference(world, one.author),
    }
    if one.assigned_to is not None:
        shown["assigned_to"] = reference(world, one.assigned_to)
    shown |= {
        **_plans(world, one),
        "subject": one.subject,
        "description": one.description or None,
        "start_date": one.start_date,
        "due_date": one.due_date,
        "done_ratio": one.done_ratio,
        "is_private": one.is_private,
        "estimated_hours": one.estimated_hours,
        "total_estimated_hours": one.estimated_hours,
        "spent_hours": world.spent(one),
        "total_spent_hours": world.spent(one),
        "custom_fields": [{"id": key, "name": world.custom_fields[key], "value": value} for key, value in one.custom.items()],
        "created_on": time(one.created),
        "updated_on": time(one.updated),
        "closed_on": time(one.closed),
    }
    if "attachments" in include:
        shown["attachments"] = [attachment(world, file, base) for file in world.attached(one)]
    below = [each for each in world.issues.values() if each.parent == one.id]
    if "children" in include and below:
        shown["children"] = [{"id": each.id, "tracker": tracker(each.tracker), "subject": each.subject} for each in below]
    if "relations" in include:
        shown["relations"] = relations(world, one)
    if "watchers" in include:
        shown["watchers"] = [reference(world, number) for number in one.watchers]
    if "journals" in include:
        shown["journals"] = [journal(world, entry) for entry in one.journals if sees(viewer, entry)]
    if "allowed_statuses" in include:
        shown["allowed_statuses"] = [status(number) for number in world.allowed_statuses(viewer, one.status)] if viewer else []
    return shown


def _plans(world: World, one: Issue) -> Object:
    shown: Object = {}
    if one.category is not None:
        shown["category"] = {"id": one.category, "name": world.categories[one.category].values["name"]}
    if one.version is not None:
        shown["fixed_version"] = {"id": one.version, "name": world.versions[one.version].values["name"]}
    return shown if one.parent is None else {**shown, "parent": {"id": one.parent}}


def relations(world: World, one: Issue) -> list[JsonValue]:
    """From whichever end."""
    return [relation(each) for each in world.relations.values() if one.id in {each.source, each.target}]


def relation(one: Relation) -> Object:
    return {"id": one.id, "issue_id": one.source, "issue_to_id": one.target, "relation_type": one.kind, "delay": one.delay}


def sees(viewer: User | None, entry: Journal) -> bool:
    """Both roles of the seed may view private notes, anonymous callers may not."""
    return viewer is not None or not entry.private


def journal(world: World, entry: Journal) -> Object:
    return {
        "id": entry.id,
        "user": reference(world, entry.user),
        "notes": entry.notes,
        "created_on": time(entry.created),
        "private_notes": entry.private,
        "details": [*entry.details],
    }


def attachment(world: World, file: Attachment, base: str) -> Object:
    return {
        "id": file.id,
        "filename": file.filename,
        "filesize": len(file.content),
        "content_type": file.content_type,
        "description": file.description,
        "content_url": f"{base}/attachments/download/{file.id}/{quote(file.filename)}",
        "author": reference(world, file.author),
        "created_on": time(file.created),
    }


def project(one: Project, include: Collection[str]) -> Object:
    shown: Object = {
        "id": one.id,
        "name": one.seed.name,
        "identifier": one.seed.identifier,
        "description": None,
        "homepage": "",
        "status": 1,
        "is_public": True,
        "inherit_members": False,
        "created_on": time(one.created),
        "updated_on": time(one.created),
    }
    if "trackers" in include:
        shown["trackers"] = [tracker(TRACKERS.index(name) + 1) for name in one.seed.trackers]
    if "enabled_modules" in include:
        shown["enabled_modules"] = [{"id": number, "name": name} for number, name in enumerate(one.seed.modules, 1)]
    if "issue_custom_fields" in include:
        shown["issue_custom_fields"] = []
    return shown


def user(one: User, viewer: User | None, created: datetime) -> Object:
    shown: Object = {"id": one.id, "login": one.seed.login}
    privileged = viewer is not None and (viewer.seed.admin or viewer is one)
    if privileged:
        shown["admin"] = one.seed.admin
    shown |= {"firstname": one.seed.firstname, "lastname": one.seed.lastname}
    if privileged or not one.seed.hide_mail:
        shown["mail"] = one.seed.mail
    shown |= {"created_on": time(created), "updated_on": time(created), "last_login_on": None, "passwd_changed_on": None}
    if privileged:
        shown |= {"twofa_scheme": None, "api_key": one.seed.key}
    return shown


def membership(one: User, where: Project) -> Object:
    return {**own_membership(one, where), "user": {"id": one.id, "name": one.name}}


def own_membership(one: User, where: Project) -> Object:
    return {
        "id": where.id * 1000 + one.id,
        "project": {"id": where.id, "name": where.seed.name},
        "roles": [{"id": ROLES.get(one.seed.role, REPORTER), "name": one.seed.role}],
    }


def role(number: int) -> Object | None:
    """As a new Redmine has them; there is none of another number."""
    name = next((name for name, known in ROLES.items() if known == number), "Reporter" if number == REPORTER else None)
    if name is None:
        return None
    reporter = ["view_issues", "add_issues", "add_issue_notes", "view_time_entries", "log_time"]
    more = (
        ["edit_issues", "edit_own_issue_notes", "view_private_notes", "set_notes_private", "manage_issue_relations"]
        if number != REPORTER
        else []
    )
    manager = ["edit_time_entries", "edit_own_time_entries"] if number == ROLES["Manager"] else []
    return {"id": number, "name": name, "assignable": True, "issues_visibility": "default", "permissions": [*reporter, *more, *manager]}


def state(world: World) -> Object:
    """`GET /_fake/state`: everything, private notes included, with the markers as they stand in the texts."""
    items: list[JsonValue] = []
    for one in world.issues.values():
        shown = issue(world, one, next(iter(world.users.values())), "", {"journals"})
        shown["project_identifier"] = world.projects[one.project].seed.identifier
        shown["comments"] = [journal(world, entry) for entry in one.journals if entry.notes]
        shown["attachments"] = [{**attachment(world, file, ""), "sha256": file.sha256} for file in world.attached(one)]
        shown["time_entries"] = [
            {"id": entry.id, "hours": entry.hours, "spent_on": entry.spent_on, "comments": entry.comments, "user": entry.user}
            for entry in world.time_entries.values()
            if entry.issue == one.id
        ]
        items.append(shown)
    return {"items": items, "log": [record.model_dump() for record in world.log]}
