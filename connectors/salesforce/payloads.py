"""Salesforce's JSON as models, as far as we read it."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

Row = dict[str, JsonValue]
"""A record by API names; a field that the account may not see is absent."""


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)


class TokenPayload(BaseModel):
    """`id` is the identity address, whose last two parts are the ids of the org and of the user."""

    access_token: str
    instance_url: str
    id: str = ""

    @property
    def user_id(self) -> str:
        return self.id.rstrip("/").rpartition("/")[2]


class PicklistValue(Payload):
    value: str
    label: str | None = None
    active: bool = True
    default_value: bool = False

    @property
    def name(self) -> str:
        return self.label or self.value


class FieldPayload(Payload):
    name: str
    label: str
    type: str
    length: int = 0
    createable: bool = False
    updateable: bool = False
    custom: bool = False
    name_field: bool = False
    html_formatted: bool = False
    external_id: bool = False
    unique: bool = False
    relationship_name: str | None = None
    reference_to: tuple[str, ...] = ()
    restricted_picklist: bool = False
    picklist_values: tuple[PicklistValue, ...] = ()


class RecordTypePayload(Payload):
    record_type_id: str
    name: str
    developer_name: str = ""
    available: bool = True
    master: bool = False


class VersionPayload(Payload):
    """A version of the API that the org speaks, and the release that brought it."""

    label: str
    version: str


class DescribePayload(Payload):
    """An object, its fields, and what the caller may do with both."""

    name: str
    label: str
    key_prefix: str | None = None
    queryable: bool = False
    createable: bool = False
    updateable: bool = False
    fields: tuple[FieldPayload, ...]
    record_type_infos: tuple[RecordTypePayload, ...] = ()


class ObjectPayload(Payload):
    name: str
    key_prefix: str | None = None


class GlobalPayload(Payload):
    sobjects: tuple[ObjectPayload, ...]


class QueryPage(Payload):
    total_size: int
    done: bool
    next_records_url: str | None = None
    records: tuple[Row, ...] = ()


class SavePayload(Payload):
    id: str
    success: bool


class SubAnswer(Payload):
    """One answer in a composite one."""

    body: JsonValue = None
    http_status_code: int
    reference_id: str = ""


class CompositePayload(Payload):
    composite_response: tuple[SubAnswer, ...]


class UiPicklistValue(Payload):
    label: str
    value: str


class UiPicklist(Payload):
    values: tuple[UiPicklistValue, ...] = ()


class UiPicklists(Payload):
    """What a record type leaves of an object's picklists."""

    picklist_field_values: dict[str, UiPicklist] = {}


class Person(BaseModel):
    """A user, contact or queue as a relationship shows it."""

    name: str | None = Field(default=None, alias="Name")
    email: str | None = Field(default=None, alias="Email")
    username: str | None = Field(default=None, alias="Username")


class UserRow(Person):
    id: str = Field(alias="Id")


class StatusRow(BaseModel):
    """A row of CaseStatus or TaskStatus."""

    api_name: str = Field(alias="ApiName")
    is_closed: bool = Field(alias="IsClosed")
    is_default: bool = Field(default=False, alias="IsDefault")


class CommentRow(BaseModel):
    """A CaseComment."""

    id: str = Field(alias="Id")
    body: str | None = Field(default=None, alias="CommentBody")
    is_published: bool = Field(alias="IsPublished")
    created: datetime = Field(alias="CreatedDate")
    modified: datetime = Field(alias="LastModifiedDate")
    author_id: str = Field(alias="CreatedById")
    author: Person | None = Field(default=None, alias="CreatedBy")


class PostRow(BaseModel):
    """A FeedItem; `visibility` is absent in an org without Experience Cloud sites."""

    id: str = Field(alias="Id")
    body: str | None = Field(default=None, alias="Body")
    is_rich: bool = Field(default=False, alias="IsRichText")
    visibility: str | None = Field(default=None, alias="Visibility")
    created: datetime = Field(alias="CreatedDate")
    edited: datetime | None = Field(default=None, alias="LastEditDate")
    author_id: str = Field(alias="CreatedById")
    author: Person | None = Field(default=None, alias="CreatedBy")


class DocumentRow(BaseModel):
    title: str = Field(alias="Title")
    extension: str | None = Field(default=None, alias="FileExtension")
    size: int = Field(default=0, alias="ContentSize")
    description: str | None = Field(default=None, alias="Description")
    version_id: str = Field(alias="LatestPublishedVersionId")
    created: datetime = Field(alias="CreatedDate")
    author_id: str = Field(alias="CreatedById")
    author: Person | None = Field(default=None, alias="CreatedBy")


class LinkRow(BaseModel):
    """A ContentDocumentLink with its file."""

    id: str = Field(alias="Id")
    document_id: str = Field(alias="ContentDocumentId")
    entity_id: str = Field(alias="LinkedEntityId")
    document: DocumentRow = Field(alias="ContentDocument")
