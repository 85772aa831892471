"""The parts of Zendesk's JSON that Twinline reads: https://developer.zendesk.com/api-reference/ticketing/introduction/."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Payload(BaseModel):
    """Frozen; what Zendesk says beyond this is left aside."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class UserPayload(Payload):
    """`id` is null for an anonymous caller of `/users/me`; `email` may be hidden from the account.

    `role_type` tells light agents and the like from others; without a `ticket_restriction` one sees all tickets.
    """

    id: int | None
    name: str = ""
    email: str | None = None
    role: str | None = None
    role_type: int | None = None
    custom_role_id: int | None = None
    ticket_restriction: str | None = None
    only_private_comments: bool = False


class GroupPayload(Payload):
    id: int
    name: str


class FormPayload(Payload):
    id: int
    name: str
    active: bool = True


class OptionPayload(Payload):
    """An option of a drop-down; `value` is its tag."""

    name: str
    value: str


class FieldPayload(Payload):
    """A ticket field. `removable` is false for Zendesk's own ones; `tag` is what a ticked checkbox adds to the tags."""

    id: int
    title: str
    type: str
    active: bool = True
    removable: bool = True
    tag: str | None = None
    custom_field_options: tuple[OptionPayload, ...] = ()


class StatusPayload(Payload):
    id: int
    agent_label: str
    status_category: str
    active: bool = True
    default: bool = False


class CustomValue(Payload):
    id: int
    value: JsonValue = None


class Origin(Payload):
    ticket_id: int | None = None


class Source(Payload):
    """`rel` is `follow_up` where a ticket follows up the closed one of `origin`."""

    rel: str | None = None
    origin: Origin | None = Field(default=None, alias="from")


class Made(Payload):
    """How a ticket came about."""

    source: Source | None = None


class TicketPayload(Payload):
    """A ticket as shown, listed, searched or exported. `comment_count` only where it was asked for."""

    id: int
    subject: str | None = None
    description: str | None = None
    status: str = "new"
    custom_status_id: int | None = None
    priority: str | None = None
    type: str | None = None
    tags: tuple[str, ...] = ()
    assignee_id: int | None = None
    group_id: int | None = None
    requester_id: int | None = None
    submitter_id: int | None = None
    ticket_form_id: int | None = None
    external_id: str | None = None
    due_at: datetime | None = None
    custom_fields: tuple[CustomValue, ...] = ()
    problem_id: int | None = None
    followup_ids: tuple[int, ...] | None = None
    via: Made | None = None
    created_at: datetime
    updated_at: datetime
    generated_timestamp: int | None = None


class AttachmentPayload(Payload):
    """`deleted` is true for one that was taken out by redaction; its name is then `redacted.txt`."""

    id: int
    file_name: str = ""
    content_type: str | None = None
    content_url: str = ""
    size: int = 0
    deleted: bool = False


class MetadataPayload(Payload):
    """`custom` is what the caller of the API gave; the comments of a ticket may come without it, its audits never do."""

    custom: dict[str, JsonValue] | None = None


class CommentPayload(Payload):
    id: int
    author_id: int | None = None
    body: str | None = None
    html_body: str | None = None
    public: bool = True
    created_at: datetime
    audit_id: int | None = None
    attachments: tuple[AttachmentPayload, ...] = ()
    metadata: MetadataPayload | None = None


class Via(Payload):
    channel: str | int | None = None


class EventPayload(Payload):
    """One thing that happened in an update: `Comment`, `Create` and `Change` are used. `via` only where it is not the update's own."""

    id: int | str | None = None
    type: str = ""
    field_name: str | int | None = None
    value: JsonValue = None
    previous_value: JsonValue = None
    author_id: int | None = None
    body: str | None = None
    html_body: str | None = None
    public: bool = True
    attachments: tuple[AttachmentPayload, ...] = ()
    via: Via | None = None

    @property
    def by_rule(self) -> bool:
        """Whether a trigger or automation of the account did it."""
        return self.via is not None and self.via.channel == "rule"


class AuditPayload(Payload):
    """One update of a ticket. An update's own answer may leave out all but the events."""

    id: int | None = None
    author_id: int | None = None
    created_at: datetime | None = None
    metadata: MetadataPayload | None = None
    events: tuple[EventPayload, ...] = ()


class PageMeta(Payload):
    has_more: bool = False
    after_cursor: str | None = None


class Page(Payload):
    """A page of a list by cursor; side-loaded users and groups where they were asked for."""

    meta: PageMeta = PageMeta()
    users: tuple[UserPayload, ...] = ()


class TicketAnswer(Payload):
    ticket: TicketPayload
    users: tuple[UserPayload, ...] = ()


class WrittenAnswer(Payload):
    """What a create or an update answers."""

    ticket: TicketPayload
    audit: AuditPayload = AuditPayload()


class TicketPage(Page):
    tickets: tuple[TicketPayload, ...]


class CommentPage(Page):
    comments: tuple[CommentPayload, ...]


class AuditPage(Page):
    audits: tuple[AuditPayload, ...]


class UserAnswer(Payload):
    user: UserPayload


class UsersAnswer(Payload):
    users: tuple[UserPayload, ...]


class HookPayload(Payload):
    """A webhook; its credentials are not shown."""

    id: str
    endpoint: str = ""
    status: str = ""
    subscriptions: tuple[str, ...] = ()


class HookAnswer(Payload):
    webhook: HookPayload


class HookPage(Page):
    webhooks: tuple[HookPayload, ...] = ()


class GroupPage(Page):
    groups: tuple[GroupPayload, ...]


class FormsAnswer(Payload):
    ticket_forms: tuple[FormPayload, ...]


class FieldPage(Page):
    ticket_fields: tuple[FieldPayload, ...]


class StatusesAnswer(Payload):
    custom_statuses: tuple[StatusPayload, ...]


class DeletedTicket(Payload):
    id: int


class DeletedPage(Payload):
    deleted_tickets: tuple[DeletedTicket, ...]


class ExportPage(Payload):
    """A page of the incremental export. At the end without news the cursor is null: the one before stays good."""

    tickets: tuple[TicketPayload, ...]
    after_cursor: str | None = None
    end_of_stream: bool = True


class SearchPage(Page):
    results: tuple[TicketPayload, ...]


class UploadPayload(Payload):
    token: str


class UploadAnswer(Payload):
    upload: UploadPayload


class TokenAnswer(Payload):
    """`expires_in` in seconds; absent for a token without an end."""

    access_token: str
    expires_in: int | None = None


class Fault(Payload):
    description: str = ""
    error: str | None = None


class NewFault(Payload):
    code: str | None = None
    title: str | None = None
    detail: str | None = None


class Refusal(Payload):
    """An error's body, in any of Zendesk's forms."""

    error: JsonValue = None
    description: str | None = None
    message: str | None = None
    details: dict[str, tuple[Fault, ...]] | None = None
    errors: tuple[NewFault, ...] = ()
