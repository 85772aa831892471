"""What a fake Zendesk starts with. A seed is a JSON document of the form of `Seed`; every part has a default."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedUser(Part):
    """`token` works as an API token with the e-mail address, and as an OAuth access token without.

    `role_type`, `custom_role_id`, `ticket_restriction` and `only_private_comments` are told of the user, and not enforced.
    """

    name: str
    email: str
    token: str = ""
    role: Literal["admin", "agent", "end-user"] = "agent"
    group: str = "Support"
    role_type: int | None = None
    custom_role_id: int | None = None
    ticket_restriction: Literal["organization", "groups", "assigned", "requested"] | None = None
    only_private_comments: bool = False


class SeedOption(Part):
    name: str
    value: str


class SeedField(Part):
    """`tag` is what a ticked checkbox adds to the tags."""

    title: str
    type: str = "text"
    options: tuple[SeedOption, ...] = ()
    regexp: str | None = None
    tag: str | None = None
    active: bool = True


class SeedStatus(Part):
    label: str
    category: Literal["new", "open", "pending", "hold", "solved"]
    default: bool = False


class SeedTrigger(Part):
    """A trigger of the account: when a ticket comes to `on_status`, it sets what is given."""

    on_status: str
    status: str | None = None
    priority: str | None = None
    tag: str | None = None


class SeedClient(Part):
    """An OAuth client that acts as the user of that e-mail address."""

    id: str
    secret: str
    email: str


class SeedComment(Part):
    author: str
    body: str
    public: bool = True


class SeedTicket(Part):
    """People by e-mail address, everything else by name; `age_days` tells how long ago it was made.

    A ticket without `requester` is of the first person of the seed.
    """

    subject: str
    description: str = "No details were given."
    requester: str | None = None
    assignee: str | None = None
    group: str | None = None
    status: str = "new"
    priority: str | None = None
    type: str | None = None
    tags: tuple[str, ...] = ()
    custom_fields: dict[str, JsonValue] = {}
    due_at: str | None = None
    external_id: str | None = None
    comments: tuple[SeedComment, ...] = ()
    age_days: int = 3


DEFAULT_STATUSES = (
    SeedStatus(label="New", category="new", default=True),
    SeedStatus(label="Open", category="open", default=True),
    SeedStatus(label="Pending", category="pending", default=True),
    SeedStatus(label="On-hold", category="hold", default=True),
    SeedStatus(label="Solved", category="solved", default=True),
)


class Seed(Part):
    """The account's settings and data.

    `custom_statuses` false is an account without that feature; `new_again` tells what becomes of a status that is set back to New;
    `keys_keep_refusals` gives a refused request with an idempotency key the same refusal again;
    `comment_metadata` shows custom metadata in comments too, not in audits only. `export_lag_s` is how much of the newest the incremental
    export leaves out, `export_calls` and `calls` what is allowed in a minute; an access token
    lasts for `token_seconds`, but not for more than `token_calls`.
    """

    custom_statuses: bool = True
    statuses: tuple[SeedStatus, ...] = (*DEFAULT_STATUSES, SeedStatus(label="Waiting for Acme", category="pending"))
    hold: bool = True
    new_again: Literal["refused", "ignored"] = "refused"
    solve_needs_assignee: bool = False
    comment_metadata: bool = False
    private_attachments: bool = False
    export_lag_s: float = 0.0
    export_calls: int = 10
    calls: int = 2500
    agents_see_deleted: bool = True
    keys_keep_refusals: bool = False
    token_seconds: int = 1800
    token_calls: int = 1_000_000
    groups: tuple[str, ...] = ("Support", "Engineering")
    forms: tuple[str, ...] = ("Default Ticket Form", "Return of goods")
    users: tuple[SeedUser, ...] = (
        SeedUser(name="Ann Archer", email="ann@acme.test", token="ann-token", role="admin"),  # noqa: S106
        SeedUser(name="Bob Baker", email="bob@acme.test", token="bob-token", group="Engineering"),  # noqa: S106
    )
    oauth_clients: tuple[SeedClient, ...] = ()
    fields: tuple[SeedField, ...] = (
        SeedField(title="Order number", type="regexp", regexp=r"^A-\d+$"),
        SeedField(
            title="Product",
            type="tagger",
            options=(SeedOption(name="Anvil", value="prod_anvil"), SeedOption(name="Rocket skates", value="prod_skates")),
        ),
        SeedField(
            title="Regions",
            type="multiselect",
            options=(SeedOption(name="North", value="reg_north"), SeedOption(name="South", value="reg_south")),
        ),
        SeedField(title="Quantity", type="integer"),
        SeedField(title="Weight", type="decimal"),
        SeedField(title="Delivery date", type="date"),
        SeedField(title="Under guarantee", type="checkbox", tag="guarantee"),
        SeedField(title="Remarks", type="textarea"),
        SeedField(title="Card", type="partialcreditcard"),
    )
    triggers: tuple[SeedTrigger, ...] = ()
    tickets: tuple[SeedTicket, ...] = (
        SeedTicket(
            subject="Anvil arrives bent",
            description="The box was **not** damaged.\n\nPlease send another one.",
            assignee="bob@acme.test",
            status="open",
            priority="high",
            type="problem",
            tags=("delivery",),
            custom_fields={"Product": "prod_anvil", "Order number": "A-17"},
            comments=(
                SeedComment(author="bob@acme.test", body="We are looking into it."),
                SeedComment(author="bob@acme.test", body="Third bent one this week.", public=False),
            ),
        ),
        SeedTicket(subject="Invoice has no number", tags=("billing",), age_days=2),
        SeedTicket(subject="Skates do not brake", status="closed", assignee="ann@acme.test", age_days=30),
    )


def long_ago(days: int) -> datetime:
    return (datetime.now(UTC) - timedelta(days=days)).replace(microsecond=0)
