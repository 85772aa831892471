"""What a fake Zendesk holds: people, groups, fields, statuses, tickets with comments, files and audits, webhooks, and a log."""

import copy
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from time import time as wall_clock

from pydantic import JsonValue

from connectors.kit.fake import Clock, Controls, Record, Webhooks
from connectors.kit.interface import FakeOptions
from connectors.zendesk.fake_seed import Seed, SeedField, SeedStatus, SeedUser

Object = dict[str, JsonValue]
LONG_AGO = datetime.fromtimestamp(0, UTC)
FIRST_KEPT = 500_000
SYSTEM_FIELDS = (
    ("Subject", "subject"), ("Description", "description"), ("Status", "status"), ("Type", "tickettype"), ("Priority", "priority"),
    ("Group", "group"), ("Assignee", "assignee"), ("Ticket status", "custom_status"),
)  # fmt: skip


@dataclass
class User:
    """`more` is what else was written of a person, as Zendesk shows it."""

    id: int
    name: str
    email: str
    role: str
    token: str
    group: int | None
    created: datetime
    updated: datetime
    seed: SeedUser
    more: Object = field(default_factory=dict[str, JsonValue])


@dataclass
class TicketField:
    id: int
    title: str
    type: str
    removable: bool
    seed: SeedField


@dataclass
class Status:
    id: int
    seed: SeedStatus


@dataclass
class Attachment:
    """`comment` is 0 while it is only an upload."""

    id: int
    token: str
    file_name: str
    content_type: str
    content: bytes
    comment: int = 0
    deleted: bool = False


@dataclass
class Comment:
    id: int
    audit: int
    author: int
    html_body: str
    body: str
    public: bool
    created: datetime
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    custom: Object = field(default_factory=dict[str, JsonValue])


@dataclass
class Audit:
    id: int
    ticket: int
    author: int
    created: datetime
    events: list[Object] = field(default_factory=list[Object])
    custom: Object = field(default_factory=dict[str, JsonValue])


@dataclass
class Ticket:
    """`generated` is when anything of it changed last, also by the system itself; `moved` the same with parts of a second."""

    id: int
    created: datetime
    updated: datetime
    requester: int
    submitter: int
    subject: str = ""
    status: str = "new"
    custom_status: int | None = None
    priority: str | None = None
    type: str | None = None
    tags: list[str] = field(default_factory=list[str])
    email_ccs: list[int] = field(default_factory=list[int])
    followers: list[int] = field(default_factory=list[int])
    assignee: int | None = None
    group: int | None = None
    form: int | None = None
    external_id: str | None = None
    due_at: str | None = None
    custom: dict[int, JsonValue] = field(default_factory=dict[int, JsonValue])
    comments: list[Comment] = field(default_factory=list[Comment])
    audits: list[Audit] = field(default_factory=list[Audit])
    deleted: datetime | None = None
    deleted_by: int = 0
    generated: datetime = LONG_AGO
    moved: float = 0.0


@dataclass
class Hook:
    id: str
    body: Object
    secret: str
    created: datetime


@dataclass
class Access:
    """An OAuth access token: its end by a clock that only counts up, and how many calls are left to it."""

    user: int
    until: float
    left: int


class World:
    """The whole state; ids count up over everything, as Zendesk's do within a kind."""

    def __init__(self, options: FakeOptions) -> None:
        self.seed = Seed.model_validate(options.seed or {})
        self.options = options
        self.clock = Clock()
        self.controls = Controls()
        self.webhooks = Webhooks(self.controls)
        self.log: list[Record] = []
        self._last = 1000
        self._tickets = 0
        now = self.clock.now()
        self.groups = {self.next_id(): name for name in self.seed.groups}
        self.forms = {self.next_id(): name for name in self.seed.forms}
        self.statuses = [Status(self.next_id(), one) for one in self.seed.statuses]
        self.fields = [self._field(SeedField(title=title, type=kind), removable=False) for title, kind in SYSTEM_FIELDS]
        self.fields += [self._field(one, removable=True) for one in self.seed.fields]
        email = options.user if "@" in options.user else f"{options.user}@acme.test"
        ours = SeedUser(name="Twinline", email=email, token=options.secret, role="admin")
        self.users: dict[int, User] = {}
        for one in (ours, *self.seed.users):
            self.add_user(one, now)
        self.tickets: dict[int, Ticket] = {}
        self.uploads: dict[str, list[Attachment]] = {}
        self.files: dict[str, Attachment] = {}
        self.hooks: dict[str, Hook] = {}
        self.keys: dict[str, tuple[str, int | Exception]] = {}
        self.access: dict[str, Access] = {}
        self.jobs: dict[str, Object] = {}
        self.kept: dict[str, dict[int, Object]] = {}
        self.group_bodies: dict[int, Object] = {}
        self._kept = FIRST_KEPT
        self.index: dict[int, list[tuple[float, Ticket | None]]] = {}
        self.asked: dict[str, list[float]] = {}

    def next_id(self) -> int:
        self._last += 1
        return self._last

    def next_kept(self) -> int:
        """An id of what people make besides tickets."""
        self._kept += 1
        return self._kept

    def next_ticket(self) -> int:
        self._tickets += 1
        return self._tickets

    def add_user(self, one: SeedUser, now: datetime) -> User:
        group = next((number for number, name in self.groups.items() if name == one.group), None) if one.role != "end-user" else None
        user = User(self.next_id(), one.name, one.email, one.role, one.token, group, now, now, one)
        self.users[user.id] = user
        return user

    def user_by_email(self, email: str) -> User | None:
        return next((one for one in self.users.values() if one.email.casefold() == email.casefold()), None)

    def user_by_token(self, token: str) -> User | None:
        known = self.access.get(token)
        if known is not None:
            known.left -= 1
            return self.users[known.user] if monotonic() < known.until and known.left >= 0 else None
        return next((one for one in self.users.values() if one.token and secrets.compare_digest(one.token.encode(), token.encode())), None)

    def default_status(self, category: str) -> int | None:
        """The custom status that stands for a plain one; `closed` keeps what it had."""
        if not self.seed.custom_statuses:
            return None
        return next((one.id for one in self.statuses if one.seed.category == category and one.seed.default), None)

    def own_fields(self) -> list[TicketField]:
        return [one for one in self.fields if one.removable]

    def live(self) -> list[Ticket]:
        return [one for one in self.tickets.values() if one.deleted is None]

    def touch(self, ticket: Ticket, *, updated: bool = True) -> None:
        """Note the change for exports and, after the lag, for searches; `updated` false for what only the system changed."""
        ticket.generated = self.clock.now()
        ticket.moved = wall_clock()
        if updated:
            ticket.updated = ticket.generated
        self.index.setdefault(ticket.id, []).append((monotonic(), _frozen(ticket) if ticket.deleted is None else None))

    def plant(self, ticket: Ticket, at: datetime) -> None:
        """Make the ticket one that changed last at `at`, as every export and search knows."""
        ticket.updated = ticket.generated = at
        ticket.moved = at.timestamp()
        for one in ticket.comments:
            one.created = at
        self.index[ticket.id] = [(float("-inf"), _frozen(ticket))]

    def indexed(self) -> list[Ticket]:
        """The tickets as the search index knows them by now."""
        until = monotonic() - self.controls.lag_s
        latest = [next((shown for at, shown in reversed(states) if at <= until), None) for states in self.index.values()]
        return [one for one in latest if one is not None]

    def allowed(self, what: str, calls: int) -> int:
        """How many calls of that kind are left in this minute, this one not counted; -1 if it is one too many."""
        recent = [at for at in self.asked.get(what, []) if at > monotonic() - 60]
        self.asked[what] = [*recent, monotonic()] if len(recent) < calls else recent
        return calls - len(recent) - 1

    def record(self, actor: int, action: str, item: int, detail: Object) -> None:
        at = datetime.now(UTC).isoformat()
        self.log.append(Record(at=at, actor=self.users[actor].email, action=action, item=str(item), detail=detail))

    def sha256(self, file: Attachment) -> str:
        return hashlib.sha256(file.content).hexdigest()

    def add_field(self, one: SeedField) -> TicketField:
        made = self._field(one, removable=True)
        self.fields.append(made)
        return made

    def _field(self, one: SeedField, *, removable: bool) -> TicketField:
        return TicketField(self.next_id(), one.title, one.type, removable, one)


def _frozen(ticket: Ticket) -> Ticket:
    shown = copy.copy(ticket)
    shown.tags, shown.custom, shown.comments = list(ticket.tags), dict(ticket.custom), list(ticket.comments)
    return shown
