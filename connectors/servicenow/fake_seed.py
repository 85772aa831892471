"""What a fake instance starts with."""

from pydantic import BaseModel, ConfigDict


class Seeded(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedUser(Seeded):
    """Without the role `itil` a user sees only the tasks that they called about, opened or are assigned.

    The password is `NAME-secret` where none is given.
    """

    user_name: str
    first_name: str
    last_name: str
    email: str = ""
    password: str = ""
    roles: tuple[str, ...] = ("itil",)
    time_zone: str = "GMT"
    active: bool = True

    @property
    def secret(self) -> str:
        return self.password or f"{self.user_name}-secret"


class SeedNote(Seeded):
    author: str
    text: str
    internal: bool = False


class SeedRecord(Seeded):
    """`values` are raw; a value that is the name of a user, group or record in a reference column becomes its sys_id."""

    table: str = "incident"
    values: dict[str, str]
    author: str = "ann"
    age_days: float = 3.0
    notes: tuple[SeedNote, ...] = ()


class Seed(Seeded):
    """`roles` and `time_zone` are those of Twinline's account.

    `unreadable` tables are hidden from all but the role `admin`, and so are `unseen` columns. For the others writes to `unwritable`
    columns and conditions on `unqueryable` ones are left aside, and with `hides_journal` a list of journal entries is empty. `rate_limit`
    is the only rate limit rule: calls in an hour.
    """

    users: tuple[SeedUser, ...] = (
        SeedUser(user_name="ann", first_name="Ann", last_name="Archer", email="ann@acme.test"),
        SeedUser(user_name="bob", first_name="Bob", last_name="Baker", email="bob@acme.test"),
    )
    groups: tuple[str, ...] = ("Service Desk", "Network", "Hardware")
    records: tuple[SeedRecord, ...] = (
        SeedRecord(
            values={
                "short_description": "Printer on fire", "description": "It burns.\r\nStill.", "caller_id": "ann", "assigned_to": "bob",
                "assignment_group": "Hardware", "impact": "2", "urgency": "1", "state": "2", "category": "hardware",
            },
            notes=(
                SeedNote(author="bob", text="Looking"),
                SeedNote(author="bob", text="Contract ends in May", internal=True),
            ),
        ),
        SeedRecord(values={"short_description": "Scanner sleeps", "caller_id": "ann"}),
        SeedRecord(table="problem", values={"short_description": "Printers keep burning", "state": "102"}),
        SeedRecord(
            table="u_order", values={"u_short_description": "One anvil", "u_description": "<p>For <b>Acme</b></p>", "u_state": "open"}
        ),
    )  # fmt: skip
    time_zone: str = "GMT"
    roles: tuple[str, ...] = ("itil", "reader")
    unreadable: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    unwritable: tuple[str, ...] = ()
    unqueryable: tuple[str, ...] = ()
    hides_journal: bool = False
    data_policy: bool = True
    invalid_query_returns_no_rows: bool = False
    rate_limit: int = 1_000_000
    oauth_client: tuple[str, str] = ("acme-client", "acme-client-secret")
    refresh_token: str = "acme-refresh-token"  # noqa: S105
    api_key: str = "acme-api-key"
