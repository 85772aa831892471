"""What Jira answers, as far as we use it: parsed at the edge, trusted inside.

https://developer.atlassian.com/cloud/jira/platform/rest/v3/intro/
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, coerce_numbers_to_str=True)


class UserPayload(Payload):
    """`email_address` is hidden from us where the person's privacy settings say so."""

    account_id: str
    display_name: str = ""
    email_address: str | None = None
    time_zone: str = "UTC"


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
        return self.field_schema.custom.endswith(":textarea")


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
    values: tuple[ProjectPayload, ...]


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


class AttachmentPayload(Payload):
    id: str
    filename: str
    mime_type: str = "application/octet-stream"
    size: int = 0
    author: UserPayload | None = None
    created: datetime | None = None


class ParentPayload(Payload):
    id: str
    key: str = ""


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
    fix_versions: tuple[PartPayload, ...] = ()
    versions: tuple[PartPayload, ...] = ()
    components: tuple[PartPayload, ...] = ()
    comment: CommentPage = CommentPage()
    attachment: tuple[AttachmentPayload, ...] = ()


class TransitionPayload(Payload):
    id: str
    name: str
    to: StatusPayload


class TransitionsPayload(Payload):
    transitions: tuple[TransitionPayload, ...]


class IssuePayload(Payload):
    """`names` gives the display names of the fields, `transitions` the open ways; each only where it was asked for."""

    id: str
    key: str
    fields: FieldsPayload = FieldsPayload()
    names: dict[str, str] = {}
    properties: dict[str, JsonValue] = {}
    transitions: tuple[TransitionPayload, ...] = ()


class CreatedPayload(Payload):
    id: str
    key: str


class SearchPage(Payload):
    issues: tuple[IssuePayload, ...] = ()
    next_page_token: str | None = None


class ParsedQuery(Payload):
    errors: tuple[str, ...] = ()


class ParsedQueries(Payload):
    queries: tuple[ParsedQuery, ...]


class CreateField(Payload):
    field_id: str
    name: str
    allowed_values: tuple[dict[str, JsonValue], ...] = ()


class CreateFields(Payload):
    fields: tuple[CreateField, ...]
