"""What Jira answers, as far as we use it: parsed at the edge, trusted inside.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/ and https://developer.atlassian.com/server/jira/platform/rest/
"""

from datetime import datetime
from typing import cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, coerce_numbers_to_str=True)


class ServerInfo(Payload):
    """What a site says of itself before anybody logs in."""

    deployment_type: str
    version: str = ""


class PermissionPayload(Payload):
    """`name` is in the language of the account; `have_permission` is None where the site tells nothing of it."""

    name: str
    have_permission: bool | None = Field(default=None, alias="havePermission")


class MyPermissions(Payload):
    """By their keys. Cloud tells what was asked for, Data Center tells of all."""

    permissions: dict[str, PermissionPayload]


class UserPayload(Payload):
    """A person: by `account_id` in Cloud, by `key` and `name` in Data Center.

    `email_address` is hidden from us where the person's privacy settings say so.
    """

    account_id: str = ""
    key: str = ""
    name: str = ""
    display_name: str = ""
    email_address: str | None = None
    time_zone: str = "UTC"

    @property
    def identity(self) -> str:
        """What stays the person's own for ever."""
        return self.account_id or self.key or self.name

    @property
    def username(self) -> str:
        """What people are called by in rules; Cloud has no names but those on display."""
        return self.name or self.display_name


class NamedPayload(Payload):
    id: str
    name: str


class CategoryPayload(Payload):
    key: str


class StatusPayload(NamedPayload):
    status_category: CategoryPayload


class TypeStatuses(Payload):
    """What issues of one type can be."""

    statuses: tuple[StatusPayload, ...]


class TypePayload(NamedPayload):
    subtask: bool = False


class FieldSchema(Payload):
    type: str = ""
    items: str = ""
    custom: str = ""

    @property
    def rich(self) -> bool:
        return self.custom.endswith(":textarea")


class FieldPayload(NamedPayload):
    """`field_schema` is missing for some system fields."""

    field_schema: FieldSchema = Field(default=FieldSchema(), alias="schema")

    @property
    def kind(self) -> str:
        return self.field_schema.type

    @property
    def items(self) -> str:
        """The type of an array's elements."""
        return self.field_schema.items

    @property
    def own(self) -> bool:
        """Whether it is the site's own, and not one that every site has."""
        return bool(self.field_schema.custom)

    @property
    def rich(self) -> bool:
        return self.field_schema.rich


class PartPayload(NamedPayload):
    """A version or a component of a project."""

    description: str = ""


class ProjectPayload(Payload):
    id: str
    key: str
    name: str = ""
    project_type_key: str = ""
    issue_types: tuple[TypePayload, ...] = ()
    versions: tuple[PartPayload, ...] = ()
    components: tuple[PartPayload, ...] = ()
    roles: dict[str, str] = {}


class ProjectPage(Payload):
    """Cloud tells projects by pages, Data Center all in one list."""

    values: tuple[ProjectPayload, ...]

    @model_validator(mode="before")
    @classmethod
    def _listed(cls, told: object) -> object:
        return {"values": cast("list[object]", told)} if isinstance(told, list) else told


class PropertyPayload(Payload):
    key: str
    value: JsonValue = None


class VisibilityPayload(Payload):
    type: str
    value: str = ""
    identifier: str | None = None


class CommentPayload(Payload):
    """`properties` is filled only where they were asked for."""

    id: str
    body: JsonValue = None
    author: UserPayload | None = None
    created: datetime
    updated: datetime
    jsd_public: bool = True
    visibility: VisibilityPayload | None = None
    properties: tuple[PropertyPayload, ...] = ()


class CommentPage(Payload):
    comments: tuple[CommentPayload, ...] = ()
    total: int = 0


class WorklogPayload(Payload):
    """Time that somebody spent. `properties` is filled only where they were asked for, and in Cloud only."""

    id: str
    author: UserPayload | None = None
    comment: JsonValue = None
    started: datetime
    time_spent_seconds: int
    created: datetime
    updated: datetime
    visibility: VisibilityPayload | None = None
    properties: tuple[PropertyPayload, ...] = ()


class WorklogPage(Payload):
    worklogs: tuple[WorklogPayload, ...] = ()
    total: int = 0


class AttachmentPayload(Payload):
    id: str
    filename: str
    mime_type: str = "application/octet-stream"
    size: int = 0
    author: UserPayload | None = None
    created: datetime | None = None
    content: str = ""


class ParentPayload(Payload):
    id: str
    key: str = ""


class LinkTypePayload(Payload):
    name: str = ""
    inward: str = ""
    outward: str = ""


class LinkTypesPayload(Payload):
    issue_link_types: tuple[LinkTypePayload, ...] = ()


class LinkPayload(Payload):
    """A link, with the issue at its other end."""

    id: str
    type: LinkTypePayload = LinkTypePayload()
    outward_issue: ParentPayload | None = None
    inward_issue: ParentPayload | None = None


class FieldsPayload(Payload):
    """The fields that Twinline knows by name; the others stay in `model_extra` as JSON."""

    model_config = ConfigDict(extra="allow")

    summary: str | None = None
    description: JsonValue = None
    environment: JsonValue = None
    status: StatusPayload | None = None
    priority: NamedPayload | None = None
    issuetype: NamedPayload | None = None
    resolution: NamedPayload | None = None
    project: ProjectPayload | None = None
    labels: tuple[str, ...] = ()
    assignee: UserPayload | None = None
    reporter: UserPayload | None = None
    creator: UserPayload | None = None
    created: datetime | None = None
    updated: datetime | None = None
    duedate: str | None = None
    parent: ParentPayload | None = None
    issuelinks: tuple[LinkPayload, ...] = ()
    fix_versions: tuple[PartPayload, ...] = ()
    versions: tuple[PartPayload, ...] = ()
    components: tuple[PartPayload, ...] = ()
    comment: CommentPage = CommentPage()
    attachment: tuple[AttachmentPayload, ...] = ()
    worklog: WorklogPage = WorklogPage()


class ScreenField(Payload):
    """A field on a transition's screen; its id is the key under which it comes."""

    name: str = ""
    required: bool = False
    has_default_value: bool = False
    allowed_values: tuple[dict[str, JsonValue], ...] = ()
    field_schema: FieldSchema = Field(default=FieldSchema(), alias="schema")


class TransitionPayload(Payload):
    """`fields` are those of its screen, where they were asked for; `has_screen` is None where nothing is said of one."""

    id: str
    name: str
    to: StatusPayload
    has_screen: bool | None = None
    fields: dict[str, ScreenField] = {}


class TransitionsPayload(Payload):
    transitions: tuple[TransitionPayload, ...]


class IssuePayload(Payload):
    """`names` and `schemas` give display names and types of the fields, `transitions` the open ways; each only where it was asked for."""

    id: str
    key: str
    fields: FieldsPayload = FieldsPayload()
    names: dict[str, str] = {}
    schemas: dict[str, FieldSchema] = Field(default={}, alias="schema")
    properties: dict[str, JsonValue] = {}
    transitions: tuple[TransitionPayload, ...] = ()


class WorkflowStatus(Payload):
    status_reference: str
    name: str = ""


class WorkflowLink(Payload):
    """Where a transition begins."""

    status_reference: str = Field(default="", validation_alias=AliasChoices("fromStatusReference", "statusReference"))


class WorkflowTransition(Payload):
    """A `GLOBAL` one leads from every status. Where it begins and ends comes in two forms."""

    type: str = ""
    links: tuple[WorkflowLink, ...] = Field(default=(), validation_alias=AliasChoices("links", "from"))
    to_status_reference: str = ""
    to: WorkflowLink = WorkflowLink()

    @property
    def target(self) -> str:
        return self.to_status_reference or self.to.status_reference


class WorkflowPayload(Payload):
    transitions: tuple[WorkflowTransition, ...] = ()


class WorkflowsPayload(Payload):
    statuses: tuple[WorkflowStatus, ...] = ()
    workflows: tuple[WorkflowPayload, ...] = ()


class IssuesPayload(Payload):
    issues: tuple[IssuePayload, ...] = ()


class CreatedPayload(Payload):
    id: str
    key: str


class SearchPage(Payload):
    """One page of a search, that goes on by a token in Cloud and by number in Data Center."""

    issues: tuple[IssuePayload, ...] = ()
    next_page_token: str | None = None
    start_at: int = 0
    total: int = 0

    @property
    def following(self) -> str | None:
        """What the next page is asked for with, None after the last."""
        end = self.start_at + len(self.issues)
        return self.next_page_token or (str(end) if self.issues and end < self.total else None)


class ParsedQuery(Payload):
    errors: tuple[str, ...] = ()


class ParsedQueries(Payload):
    """Data Center answers a wrong query with an error, and a good one with the page that was asked for."""

    queries: tuple[ParsedQuery, ...] = ()


class HookPayload(Payload):
    """A webhook of the administration. Cloud has its id at the end of `address` and says `enabled`; Data Center says `active`."""

    number: str = Field(default="", alias="id")
    address: str = Field(default="", alias="self")
    name: str = ""
    url: str = ""
    on: bool = Field(default=True, validation_alias=AliasChoices("enabled", "active"))

    @property
    def id(self) -> str:
        return self.number or self.address.rpartition("/")[2]


class CreateField(Payload):
    field_id: str
    name: str
    allowed_values: tuple[dict[str, JsonValue], ...] = ()


class CreateFields(Payload):
    fields: tuple[CreateField, ...] = Field(validation_alias=AliasChoices("fields", "values"))
