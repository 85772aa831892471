"""What the fake organization holds."""

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from pydantic import JsonValue

from connectors.azure_devops.fake_process import PROCESSES, TypeDefinition
from connectors.kit.fake import Clock, Controls, Record, Webhooks

Object = dict[str, JsonValue]
NODES = uuid.UUID("a0f3b1f6-0d4a-4c1e-9a55-0c5f6a1f7d10")
BEGINNING = datetime.fromtimestamp(0, UTC)
MARKED = "https://twinline.invalid/"


@dataclass(frozen=True)
class User:
    """`name` is how seeds and the log call the person; any user name goes with `token`.

    `lacks` are actions of security namespaces that are denied, and scopes of the token that it has not.
    """

    name: str
    id: str
    display_name: str
    email: str
    token: str
    lacks: tuple[str, ...] = ()

    @property
    def combined(self) -> str:
        return f"{self.display_name} <{self.email}>"


@dataclass(frozen=True)
class Project:
    id: str
    name: str
    process: str

    @property
    def types(self) -> tuple[TypeDefinition, ...]:
        return PROCESSES[self.process]

    def type(self, name: str) -> TypeDefinition | None:
        """By name or reference name."""
        return next((one for one in self.types if name.casefold() in {one.name.casefold(), one.reference.casefold()}), None)


@dataclass(frozen=True)
class Relation:
    """`target` is the item of a link between items, the file of an attachment; `url` of a hyperlink."""

    rel: str
    id: int
    target: str = ""
    url: str = ""
    comment: str = ""
    at: datetime = BEGINNING


@dataclass(frozen=True)
class CommentRef:
    id: int
    version: int
    deleted: bool = False


@dataclass
class Comment:
    id: int
    author: User
    text: str
    format: str
    created: datetime
    editor: User
    modified: datetime
    version: int = 1
    deleted: bool = False
    earlier: tuple["Comment", ...] = ()
    reactions: dict[str, list[User]] = field(default_factory=dict[str, list[User]])


@dataclass(frozen=True)
class Revision:
    """All that the item was at that time. `fields` has the set ones only; people in them are told by `name`."""

    rev: int
    watermark: int
    at: datetime
    by: User
    fields: Object
    relations: tuple[Relation, ...] = ()
    comment: CommentRef | None = None
    deleted: bool = False


@dataclass
class WorkItem:
    id: int
    revisions: list[Revision] = field(default_factory=list[Revision])
    comments: list[Comment] = field(default_factory=list[Comment])
    formats: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def now(self) -> Revision:
        return self.revisions[-1]

    @property
    def deleted(self) -> bool:
        return self.now.deleted

    @property
    def type(self) -> str:
        return str(self.now.fields["System.WorkItemType"])

    @property
    def project(self) -> str:
        return str(self.now.fields["System.TeamProject"])

    @property
    def marker(self) -> str | None:
        links = [one.url.removeprefix(MARKED) for one in self.now.relations if one.url.startswith(MARKED)]
        return links[0] if links else None

    def at(self, horizon: datetime) -> Revision | None:
        """The item as it was then."""
        return next((one for one in reversed(self.revisions) if one.at <= horizon), None)


@dataclass(frozen=True)
class File:
    id: str
    name: str
    content: bytes
    by: User


@dataclass(frozen=True)
class Talk:
    """One edit or addition of a comment in the sequence of changes."""

    watermark: int
    item: int
    rev: int
    at: datetime
    comment: CommentRef


@dataclass
class SavedQuery:
    """A folder has no `wiql`, a root no `parent`; `owner` is of a root that is one person's own."""

    id: str
    project: str
    name: str
    parent: str
    wiql: str | None
    by: User
    created: datetime
    changed: datetime
    owner: str = ""


@dataclass
class Subscription:
    """A service hook: one event type of one project, or of all."""

    id: str
    event: str
    project: str
    publisher: Object
    consumer: Object
    status: str = "enabled"
    sent: int = 0


class Organization:
    """People, projects, work items with all their revisions, files and service hooks of one organization."""

    def __init__(self, name: str, users: list[User], projects: list[Project], areas: tuple[str, ...] = ()) -> None:
        self.name = name
        self.users = users
        self.projects = projects
        self.nodes = {one.name for one in projects} | set(areas)
        self.only: dict[str, str] = {}
        self.dates: dict[str, Object] = {}
        self.sprints: dict[str, list[str]] = {}
        self._numbers = {path: number for number, path in enumerate(sorted(self.nodes))}
        self.items: dict[int, WorkItem] = {}
        self.files: dict[str, File] = {}
        self.chunks: dict[str, tuple[str, bytearray]] = {}
        self.saved: dict[str, SavedQuery] = {}
        self.talk: list[Talk] = []
        self.tags: dict[str, str] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.log: list[Record] = []
        self.controls = Controls()
        self.webhooks = Webhooks(self.controls)
        self.clock = Clock(milliseconds=True)
        self.sign_in_page = False
        self.edits_make_revisions = False
        self.calls_until_delay = -1
        self.ids = count(1)
        self.comment_ids = count(50_001)
        self.watermarks = count(1)

    def node_id(self, path: str) -> str:
        return str(uuid.uuid5(NODES, path))

    def nodes_of(self, group: str) -> frozenset[str]:
        """The paths of areas or of iterations; what a seed names is both."""
        return frozenset(one for one in self.nodes if self.only.get(one, group) == group)

    def node_number(self, path: str) -> int:
        return self._numbers.setdefault(path, len(self._numbers))

    def add_node(self, group: str, path: str) -> None:
        if path in self.nodes:
            self.only.pop(path, None)
        else:
            self.nodes.add(path)
            self.only[path] = group

    def drop_node(self, group: str, path: str) -> None:
        if path in self.only:
            self.nodes.discard(path)
            del self.only[path]
        else:
            self.only[path] = "iterations" if group == "areas" else "areas"

    def move_node(self, group: str, before: str, after: str) -> None:
        """Another path of the same node."""
        shared = before not in self.only
        self.drop_node(group, before)
        self.add_node(group, after)
        if not shared:
            self._numbers[after] = self._numbers.pop(before, len(self._numbers))
        if group == "iterations":
            self.dates.update({after: self.dates.pop(before)} if before in self.dates else {})
            self.sprints = {one: [after if path == before else path for path in paths] for one, paths in self.sprints.items()}

    def node_token(self, path: str) -> str:
        """The security token of an area."""
        names = path.split("\\")
        paths = ("\\".join(names[: depth + 1]) for depth in range(len(names)))
        return ":".join(f"vstfs:///Classification/Node/{self.node_id(one)}" for one in paths)

    def item(self, item_id: int) -> WorkItem | None:
        """One that is not in the recycle bin."""
        found = self.items.get(item_id)
        return found if found and not found.deleted else None

    def project(self, name: str) -> Project | None:
        """By name or id."""
        return next((one for one in self.projects if name.casefold() in {one.name.casefold(), one.id}), None)

    def user_named(self, name: str) -> User | None:
        """By name, id, e-mail, display name, or `Name <mail>`."""
        wanted = name.casefold()
        found = (
            one
            for one in self.users
            if wanted in {one.name, one.id, one.email.casefold(), one.display_name.casefold(), one.combined.casefold()}
        )
        return next(found, None)

    def new_guid(self) -> str:
        return str(uuid.uuid4())

    def user_with(self, token: str) -> User | None:
        return next((one for one in self.users if one.token == token), None)

    def horizon(self) -> datetime:
        """What is younger is hidden from queries and from the reporting API."""
        return datetime.now(UTC) - timedelta(seconds=self.controls.lag_s) + timedelta(seconds=0 if self.controls.lag_s else 60)

    def revise(
        self,
        item: WorkItem,
        by: User,
        fields: Object,
        relations: tuple[Relation, ...],
        comment: CommentRef | None = None,
        *,
        deleted: bool = False,
    ) -> Revision:
        """Add a revision."""
        at = self.clock.now()
        made = Revision(len(item.revisions) + 1, next(self.watermarks), at, by, fields, relations, comment, deleted)
        item.revisions.append(made)
        self.items[item.id] = item
        return made

    def record(self, actor: User, action: str, item: int, **detail: JsonValue) -> None:
        self.log.append(Record(at=datetime.now(UTC).isoformat(), actor=actor.name, action=action, item=str(item), detail=detail))
