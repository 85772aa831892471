"""What the fake org starts with; a seed is JSON of this form, and what it leaves out has the default."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SeedUser(_Part):
    """`name` is the user in the log; `token` an access token that always works."""

    name: str
    full_name: str
    email: str
    token: str
    active: bool = True


class SeedContact(_Part):
    name: str
    email: str


class SeedComment(_Part):
    author: str = "ann"
    body: str
    public: bool = True


class SeedCase(_Part):
    """`fields` are further ones by API name."""

    subject: str
    description: str | None = None
    status: str = "New"
    priority: str = "Medium"
    owner: str = "ann"
    age_days: float = 3
    fields: dict[str, JsonValue] = {}
    comments: list[SeedComment] = []


class SeedRule(_Part):
    """A validation rule: refuses `value` in `field`."""

    object: str = "Case"
    field: str
    value: JsonValue
    message: str


class Seed(_Part):
    """`public_key` (PEM) is that of the client app's certificate. `chatter` says whether there are posts, `sites` whether these can be kept
    from people outside. There are `page` records per page. The assignment rule gives cases to the queue `assignment`. With `duplicates`, a
    duplicate rule warns of a case that has the subject of another.

    `permissions` are those that everybody has on an object, all where it is not named; `unseen` and `unwritable` are fields, as
    `Case.Type`. What is not permitted is hidden, or told by a describe; what people write is not held against them.
    """

    users: list[SeedUser] = [
        SeedUser(name="ann", full_name="Ann Archer", email="ann@acme.test", token="ann-token"),  # noqa: S106
        SeedUser(name="bob", full_name="Bob Baker", email="bob@acme.test", token="bob-token"),  # noqa: S106
    ]
    queues: list[str] = ["Tier 1", "Tier 2"]
    contacts: list[SeedContact] = [SeedContact(name="Cid Cole", email="cid@customer.test")]
    cases: list[SeedCase] = []
    rules: list[SeedRule] = [SeedRule(field="Subject", value="forbidden", message="Choose another subject")]
    without_marker: list[str] = []
    permissions: dict[str, list[Literal["Read", "Create", "Edit"]]] = {}
    unseen: list[str] = []
    unwritable: list[str] = []
    public_key: str = ""
    sites: bool = True
    chatter: bool = True
    page: int = 2000
    assignment: str = ""
    duplicates: bool = False


def long_ago(days: float) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(days=days)
