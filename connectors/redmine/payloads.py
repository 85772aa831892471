"""Redmine's answers, as far as they are used: https://www.redmine.org/projects/redmine/wiki/Rest_api."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, JsonValue


class Payload(BaseModel):
    """Frozen; what Redmine says beyond this is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(Payload):
    """Redmine's reference to anything. Locked users and anonymous authors may come without a name."""

    id: int
    name: str = ""


class StatusPayload(Named):
    is_closed: bool = False


class PriorityPayload(Named):
    active: bool = True


class TrackerPayload(Named):
    default_status: Named | None = None


class CustomValue(Named):
    value: JsonValue = None


class ProjectPayload(Named):
    identifier: str
    trackers: tuple[Named, ...] = ()
    enabled_modules: tuple[Named, ...] = ()


class UserPayload(Payload):
    """`mail` is absent where the person hides it and the account is no administrator."""

    id: int
    login: str = ""
    firstname: str = ""
    lastname: str = ""
    mail: str | None = None
    admin: bool = False
    memberships: tuple["OwnMembership", ...] = ()


class OwnMembership(Payload):
    """A project of the account's with the roles that it has there, also through groups."""

    project: Named
    roles: tuple[Named, ...] = ()


class RolePayload(Payload):
    """`permissions` are Redmine's own symbols."""

    name: str
    permissions: tuple[str, ...] = ()


class Membership(Payload):
    """Of a user or a group; groups carry no `user`."""

    user: Named | None = None
    group: Named | None = None


class Detail(Payload):
    """One property that a journal changed; `name` is the attribute's name or the custom field's id."""

    property: str
    name: str
    old_value: str | None = None
    new_value: str | None = None


class JournalPayload(Payload):
    id: int
    user: Named | None = None
    notes: str | None = None
    created_on: datetime
    updated_on: datetime | None = None
    private_notes: bool = False
    details: tuple[Detail, ...] = ()


class AttachmentPayload(Payload):
    id: int
    filename: str
    filesize: int = 0
    content_type: str | None = None
    description: str | None = None
    author: Named | None = None
    created_on: datetime | None = None


class RelationPayload(Payload):
    """`issue_id` is what `relation_type` says to `issue_to_id`."""

    id: int
    issue_id: int
    issue_to_id: int
    relation_type: str


class IssuePayload(Payload):
    """An issue as listed or shown; the last four only where asked for by `include`."""

    id: int
    project: Named
    tracker: Named
    status: Named
    priority: Named
    author: Named | None = None
    assigned_to: Named | None = None
    category: Named | None = None
    fixed_version: Named | None = None
    parent: Named | None = None
    subject: str
    description: str | None = None
    start_date: date | None = None
    due_date: date | None = None
    done_ratio: int = 0
    is_private: bool = False
    estimated_hours: float | None = None
    spent_hours: float = 0.0
    custom_fields: tuple[CustomValue, ...] = ()
    created_on: datetime
    updated_on: datetime
    closed_on: datetime | None = None
    attachments: tuple[AttachmentPayload, ...] = ()
    journals: tuple[JournalPayload, ...] = ()
    relations: tuple[RelationPayload, ...] = ()
    allowed_statuses: tuple[StatusPayload, ...] = ()


class IssuePage(Payload):
    issues: tuple[IssuePayload, ...]
    total_count: int = 0
    offset: int = 0


class TimeEntryPayload(Payload):
    """Hours that somebody spent on one day, on an issue or on the project as such."""

    id: int
    project: Named
    issue: Named | None = None
    user: Named
    hours: float
    comments: str | None = None
    spent_on: date
    created_on: datetime
    updated_on: datetime


class TimeEntryPage(Payload):
    time_entries: tuple[TimeEntryPayload, ...]
    total_count: int = 0


class TimeEntryAnswer(Payload):
    time_entry: TimeEntryPayload


class ActivityPayload(Payload):
    id: int
    name: str
    is_default: bool = False
    active: bool = True


class ActivitiesAnswer(Payload):
    time_entry_activities: tuple[ActivityPayload, ...]


class RoleAnswer(Payload):
    role: RolePayload


class MembershipPage(Payload):
    memberships: tuple[Membership, ...]
    total_count: int = 0


class ProjectPage(Payload):
    projects: tuple[ProjectPayload, ...]


class IssueAnswer(Payload):
    issue: IssuePayload


class ProjectAnswer(Payload):
    project: ProjectPayload


class UserAnswer(Payload):
    user: UserPayload


class StatusesAnswer(Payload):
    issue_statuses: tuple[StatusPayload, ...]


class PrioritiesAnswer(Payload):
    issue_priorities: tuple[PriorityPayload, ...]


class TrackersAnswer(Payload):
    trackers: tuple[TrackerPayload, ...]


class UploadPayload(Payload):
    token: str


class UploadAnswer(Payload):
    upload: UploadPayload


class Errors(Payload):
    errors: tuple[str, ...] = ()
