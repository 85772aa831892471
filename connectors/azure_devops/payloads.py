"""What Azure DevOps answers, as far as we use it: parsed at the edge, trusted inside.

https://learn.microsoft.com/rest/api/azure/devops/wit/?view=azure-devops-rest-7.1
"""

from datetime import datetime
from typing import cast

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, JsonValue, model_validator
from pydantic.alias_generators import to_camel


class Payload(BaseModel):
    """What is null counts as absent."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _without_null(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        told = cast("dict[str, object]", data)
        return {name: value for name, value in told.items() if value is not None}


class IdentityRef(Payload):
    """A person in a field or on a comment. `unique_name` is the sign-in address, or `DOMAIN\\user` on a server."""

    id: str = ""
    display_name: str = ""
    unique_name: str = ""


class PropertyValue(Payload):
    value: JsonValue = Field(default=None, alias="$value")


class IdentityPayload(Payload):
    """A person as the identities API tells; `properties` has `Account` and `Mail`."""

    id: str
    provider_display_name: str = ""
    custom_display_name: str | None = None
    is_container: bool = False
    properties: dict[str, PropertyValue] = {}

    def text(self, name: str) -> str:
        found = self.properties.get(name)
        return str(found.value) if found and found.value else ""

    @property
    def ref(self) -> IdentityRef:
        """Accounts of a server are in a domain; at Azure DevOps Services they are addresses, and the domain is a tenant."""
        name = self.custom_display_name or self.provider_display_name
        account, domain = self.text("Account"), self.text("Domain")
        unique = f"{domain}\\{account}" if domain and account and "@" not in account else account or self.text("Mail")
        return IdentityRef(id=self.id, display_name=name, unique_name=unique)


class Identities(Payload):
    value: tuple[IdentityPayload | None, ...] = ()


class ConnectionData(Payload):
    """`deployment_type` is `hosted` for Azure DevOps Services."""

    authenticated_user: IdentityPayload
    deployment_type: str = ""


class NodePayload(Payload):
    """An area or iteration."""

    identifier: str


class Evaluated(Payload):
    """Whether the caller has the permissions that were asked for, by the tokens that were asked for."""

    value: tuple[bool, ...]


class ProjectPayload(Payload):
    id: str
    name: str


class Projects(Payload):
    value: tuple[ProjectPayload, ...]


class StatePayload(Payload):
    """`category` is Proposed, InProgress, Resolved, Completed or Removed."""

    name: str
    category: str = ""


class TypeFieldPayload(Payload):
    reference_name: str
    allowed_values: tuple[JsonValue, ...] = ()


class TypePayload(Payload):
    name: str
    reference_name: str = ""
    is_disabled: bool = False
    states: tuple[StatePayload, ...] = ()
    fields: tuple[TypeFieldPayload, ...] = Field(default=(), validation_alias=AliasChoices("fieldInstances", "fields"))


class Types(Payload):
    value: tuple[TypePayload, ...]


class FieldPayload(Payload):
    """`type` is string, integer, dateTime, plainText, html, treePath, double, guid, boolean, identity, history or a picklist of these."""

    name: str
    reference_name: str
    type: str = "string"
    read_only: bool = False
    is_identity: bool = False


class FieldList(Payload):
    value: tuple[FieldPayload, ...]


class RelationAttributes(Payload):
    name: str = ""
    comment: str = ""
    resource_size: int = 0
    resource_created_date: datetime | None = None


class RelationPayload(Payload):
    rel: str
    url: str
    attributes: RelationAttributes = RelationAttributes()


class CommentVersion(Payload):
    """The comment that a revision is about."""

    comment_id: int = 0
    version: int = 1
    is_deleted: bool = False


class WorkItemPayload(Payload):
    """`fields` leaves out what is empty; `relations` is absent where there is none or where it was not asked for."""

    id: int
    rev: int
    fields: dict[str, JsonValue] = {}
    relations: tuple[RelationPayload, ...] = ()
    multiline_fields_format: dict[str, str] = {}
    comment_version_ref: CommentVersion | None = None

    def text(self, name: str) -> str:
        """A field that is a text; empty where it is not set."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def is_markdown(self, name: str) -> bool:
        return self.multiline_fields_format.get(name, "").casefold() == "markdown"

    @property
    def has_no_comments(self) -> bool:
        """Whether it says so; one that does not tell how many there are may have some. Deleted ones do not count."""
        return self.fields.get("System.CommentCount") == 0


class WorkItems(Payload):
    """With `errorPolicy` Omit, what cannot be read is null."""

    value: tuple[WorkItemPayload | None, ...] = ()


class Revision(Payload):
    """A record of the reporting API."""

    id: int
    rev: int
    fields: dict[str, JsonValue] = {}
    is_deleted: bool = False
    comment_version_ref: CommentVersion | None = None

    @property
    def deleted(self) -> bool:
        return self.is_deleted or self.fields.get("System.IsDeleted") is True


class RevisionBatch(Payload):
    """`is_last_batch` says that nothing more is there now; the token leads on either way."""

    values: tuple[Revision, ...] = ()
    continuation_token: str = ""
    is_last_batch: bool = True


class WorkItemReference(Payload):
    id: int


class QueryResult(Payload):
    as_of: datetime
    query_type: str = "flat"
    work_items: tuple[WorkItemReference, ...] = ()


class CommentPayload(Payload):
    """The vendor's examples call the id `commentId`, its schema `id`. `version` counts edits, and the deletion."""

    id: int = Field(validation_alias=AliasChoices("id", "commentId"))
    version: int = 1
    text: str = ""
    format: str = "html"
    created_by: IdentityRef | None = None
    created_date: datetime | None = None
    modified_date: datetime | None = None
    is_deleted: bool = False


class CommentPage(Payload):
    comments: tuple[CommentPayload, ...] = ()
    continuation_token: str | None = None


class UploadedPayload(Payload):
    id: str
    url: str


class FieldUpdate(Payload):
    old_value: JsonValue = None
    new_value: JsonValue = None


class UpdatePayload(Payload):
    """One step of an item's history; `revised_date` is when the next one came, far in the future for the last."""

    id: int
    rev: int
    revised_by: IdentityRef = IdentityRef()
    revised_date: datetime
    fields: dict[str, FieldUpdate] = {}


class Updates(Payload):
    value: tuple[UpdatePayload, ...] = ()


class PublisherInputs(Payload):
    project_id: str = ""


class ConsumerInputs(Payload):
    url: str = ""


class SubscriptionPayload(Payload):
    """A service hook; secrets in it are masked."""

    id: str
    event_type: str = ""
    status: str = "enabled"
    publisher_inputs: PublisherInputs = PublisherInputs()
    consumer_inputs: ConsumerInputs = ConsumerInputs()

    @property
    def project(self) -> str:
        """The project's id, empty for all projects."""
        return self.publisher_inputs.project_id

    @property
    def url(self) -> str:
        return self.consumer_inputs.url


class Subscriptions(Payload):
    value: tuple[SubscriptionPayload, ...] = ()
