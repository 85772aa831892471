"""What a fake Redmine holds: the default data of Redmine's own installation, people, projects, issues and a log of writes."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import JsonValue

from connectors.kit.fake import Clock, Record
from connectors.kit.interface import FakeOptions
from connectors.redmine.fake_seed import Seed, SeedIssue, SeedProject, SeedUser, long_ago

Object = dict[str, JsonValue]
STATUSES = ("New", "In Progress", "Resolved", "Feedback", "Closed", "Rejected")
CLOSED = frozenset({5, 6})
PRIORITIES = ("Low", "Normal", "High", "Urgent", "Immediate")
TRACKERS = ("Bug", "Feature", "Support")
ACTIVITIES = {8: "Design", 9: "Development"}


@dataclass
class User:
    id: int
    seed: SeedUser

    @property
    def name(self) -> str:
        return f"{self.seed.firstname} {self.seed.lastname}"


@dataclass
class Project:
    id: int
    seed: SeedProject
    created: datetime


@dataclass
class Journal:
    id: int
    user: int
    notes: str | None
    created: datetime
    private: bool = False
    details: list[Object] = field(default_factory=list[Object])


@dataclass
class Attachment:
    """`issue` is None while it is only an upload."""

    id: int
    token: str
    author: int
    filename: str
    content: bytes
    created: datetime
    content_type: str = ""
    description: str = ""
    issue: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Relation:
    id: int
    source: int
    target: int
    kind: str
    delay: int | None = None


@dataclass
class Issue:
    id: int
    project: int
    author: int
    created: datetime
    updated: datetime
    tracker: int = 1
    status: int = 1
    priority: int = 2
    subject: str = ""
    description: str = ""
    assigned_to: int | None = None
    start_date: str | None = None
    due_date: str | None = None
    done_ratio: int = 0
    is_private: bool = False
    closed: datetime | None = None
    custom: dict[int, JsonValue] = field(default_factory=dict[int, JsonValue])
    journals: list[Journal] = field(default_factory=list[Journal])
    watchers: list[int] = field(default_factory=list[int])
    category: int | None = None
    version: int | None = None
    parent: int | None = None
    estimated_hours: float | None = None


@dataclass
class Planned:
    """A version or category of a project; `values` are what people set."""

    id: int
    project: int
    values: Object
    created: datetime
    updated: datetime


@dataclass
class Group:
    id: int
    name: str
    users: list[int] = field(default_factory=list[int])


@dataclass
class TimeEntry:
    id: int
    issue: int
    user: int
    hours: float
    spent_on: str
    created: datetime
    updated: datetime
    activity: int = 9
    comments: str = ""


class World:
    """The whole state; ids count up per kind and are never given twice."""

    def __init__(self, options: FakeOptions) -> None:
        self.seed = Seed.model_validate(options.seed or {})
        self.clock = Clock()
        self.log: list[Record] = []
        self.issues: dict[int, Issue] = {}
        self.attachments: dict[int, Attachment] = {}
        self.time_entries: dict[int, TimeEntry] = {}
        self.relations: dict[int, Relation] = {}
        self.versions: dict[int, Planned] = {}
        self.categories: dict[int, Planned] = {}
        self.groups: dict[int, Group] = {}
        self.custom_fields = dict(enumerate(self.seed.custom_fields, 1))
        ours = SeedUser(login=options.user, firstname="Twin", lastname="Agent", mail="agent@acme.test", key=options.secret)
        self.users = {number: User(number, one) for number, one in enumerate((ours, *self.seed.users), 5)}
        self.projects = {number: Project(number, one, long_ago(30)) for number, one in enumerate(self.seed.projects, 1)}
        self._last: dict[str, int] = {}
        for one in self.seed.issues:
            self._plant(one)

    def next_id(self, kind: str) -> int:
        self._last[kind] = self._last.get(kind, 0) + 1
        return self._last[kind]

    def user_by_key(self, key: str) -> User | None:
        return next((one for one in self.users.values() if secrets.compare_digest(one.seed.key.encode(), key.encode())), None)

    def user_by_login(self, login: str) -> User:
        return next(one for one in self.users.values() if one.seed.login == login)

    def project(self, identity: str) -> Project | None:
        return next((one for one in self.projects.values() if identity in {one.seed.identifier, str(one.id)}), None)

    def journal(self, identity: int) -> tuple[Issue, Journal] | None:
        return next(((issue, one) for issue in self.issues.values() for one in issue.journals if one.id == identity), None)

    def attached(self, issue: Issue) -> list[Attachment]:
        return [one for one in self.attachments.values() if one.issue == issue.id]

    def spent(self, issue: Issue) -> float:
        return sum(one.hours for one in self.time_entries.values() if one.issue == issue.id)

    def record(self, user: User, action: str, item: int | None, detail: Object) -> None:
        at = datetime.now(UTC).isoformat()
        self.log.append(Record(at=at, actor=user.seed.login, action=action, item="" if item is None else str(item), detail=detail))

    def allowed_statuses(self, user: User, status: int) -> list[int]:
        """By the default workflow: Managers go anywhere, Developers forward and not out of a closed status."""
        if user.seed.admin or user.seed.role == "Manager":
            return [1, 2, 3, 4, 5, 6]
        return sorted({status, 2, 3, 4, 5}) if status not in CLOSED else []

    def _plant(self, one: SeedIssue) -> None:
        at = long_ago(one.age_days)
        issue = Issue(
            id=self.next_id("issue"),
            project=next(known.id for known in self.projects.values() if known.seed.identifier == one.project),
            author=self.user_by_login(one.author).id,
            created=at,
            updated=at,
            tracker=TRACKERS.index(one.tracker) + 1,
            status=STATUSES.index(one.status) + 1,
            priority=PRIORITIES.index(one.priority) + 1,
            subject=one.subject,
            description=with_crlf(one.description),
            assigned_to=self.user_by_login(one.assigned_to).id if one.assigned_to else None,
            start_date=at.date().isoformat(),
            due_date=one.due_date,
        )
        issue.closed = at if issue.status in CLOSED else None
        issue.custom = {number: one.custom_fields.get(name) for number, name in self.custom_fields.items()}
        for note in one.notes:
            author = self.user_by_login(note.author).id
            issue.journals.append(Journal(self.next_id("journal"), author, note.notes, at, note.private))
        self.issues[issue.id] = issue


def with_crlf(text: str) -> str:
    """Redmine stores descriptions with the line ends of a web form."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
