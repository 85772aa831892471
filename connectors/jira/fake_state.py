"""What the fake Jira site holds."""

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from pydantic import JsonValue

from connectors.kit.fake import Clock, Controls, Record, Webhooks

HISTORY_KEPT = timedelta(minutes=15)
PRIORITIES = ("Highest", "High", "Medium", "Low", "Lowest")
ROLES = ("Administrators", "Developers", "Service Desk Team")
PARTS = {"fixVersions": "version", "versions": "version", "components": "component"}
"""What of its project the fields of an issue name."""
STATUS_CATEGORIES = {"new": (2, "To Do", "blue-gray"), "indeterminate": (4, "In Progress", "yellow"), "done": (3, "Done", "green")}


@dataclass(frozen=True)
class User:
    """`name` is how seeds and the log call the person, and Data Center; `email` and `token` log in.

    `account_id` is the key of Data Center's users; `lacks` are keys of the permissions that `mypermissions` denies, those of
    one project as `APP:EDIT_ISSUES`.
    """

    name: str
    account_id: str
    display_name: str
    email: str
    token: str
    time_zone: str = "UTC"
    roles: tuple[str, ...] = ()
    lacks: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Option:
    """A priority or an issue type."""

    id: str
    name: str


@dataclass(frozen=True)
class Status(Option):
    category: str


@dataclass(frozen=True)
class Transition:
    """`sources` are status names; empty means from everywhere. A screen may ask for the resolution."""

    id: str
    name: str
    target: str
    sources: frozenset[str] = frozenset()
    asks_resolution: bool = False


@dataclass(frozen=True)
class Project:
    """`former` are the keys that it had before."""

    id: str
    key: str
    name: str
    type: str
    lead: str
    transitions: tuple[Transition, ...]
    statuses: tuple[str, ...]
    types: tuple[str, ...]
    former: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        return self.key, *self.former

    def called(self, id_or_key: str) -> bool:
        return id_or_key.upper() in {self.id, *self.keys}


@dataclass(frozen=True)
class Part(Option):
    """A version or a component of a project; `schedule` is what a version tells of its release."""

    description: str = ""
    schedule: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass
class Comment:
    id: str
    author: str
    editor: str
    body: JsonValue
    created: datetime
    updated: datetime
    visibility: dict[str, JsonValue] | None = None
    properties: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    @property
    def internal(self) -> bool:
        return self.properties.get("sd.public.comment") == {"internal": True}


@dataclass(frozen=True)
class Attachment:
    id: str
    author: str
    filename: str
    mimetype: str
    content: bytes
    created: datetime


@dataclass(frozen=True)
class Change:
    """One entry of an issue's history."""

    id: str
    author: str
    created: datetime
    items: list[JsonValue]


@dataclass
class Worklog:
    id: str
    author: str
    seconds: int
    started: datetime
    created: datetime
    updated: datetime
    comment: JsonValue = None
    visibility: dict[str, JsonValue] | None = None
    properties: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True)
class IssueLink:
    """`source` is the id of the inward issue, which blocks `target` where the type is Blocks."""

    id: str
    type: str
    source: str
    target: str


@dataclass
class Issue:
    """`own` holds the custom fields by their ids; people are told by account id, versions and components by their ids in `parts`."""

    id: str
    key: str
    project: str
    type: str
    summary: str
    status: str
    priority: str | None
    creator: str
    reporter: str | None
    created: datetime
    updated: datetime
    description: JsonValue = None
    environment: JsonValue = None
    assignee: str | None = None
    labels: list[str] = field(default_factory=list[str])
    duedate: str | None = None
    resolution: str | None = None
    parent: str | None = None
    own: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    parts: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    properties: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    comments: list[Comment] = field(default_factory=list[Comment])
    attachments: list[Attachment] = field(default_factory=list[Attachment])
    history: list[Change] = field(default_factory=list[Change])
    worklogs: list[Worklog] = field(default_factory=list[Worklog])
    watchers: list[str] = field(default_factory=list[str])
    voters: list[str] = field(default_factory=list[str])
    sprints: list[int] = field(default_factory=list[int])
    remote_links: dict[str, dict[str, JsonValue]] = field(default_factory=dict[str, dict[str, JsonValue]])

    def told(self) -> dict[str, JsonValue]:
        """The values that people can change, as the log tells them."""
        return {
            "summary": self.summary,
            "description": self.description,
            "environment": self.environment,
            "status": self.status,
            "priority": self.priority,
            "type": self.type,
            "labels": list[JsonValue](self.labels),
            "assignee": self.assignee,
            "duedate": self.duedate,
            **{name: list[JsonValue](ids) for name, ids in self.parts.items()},
            **self.own,
        }


@dataclass
class Sprint:
    """`told` are its dates and its goal as they were sent."""

    id: int
    name: str
    board: int
    state: str = "future"
    told: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])


@dataclass(frozen=True)
class Filter:
    """A saved query; `fans` are the account ids of those whose favourite it is."""

    id: str
    name: str
    owner: str
    jql: str
    description: str
    fans: frozenset[str]


@dataclass(frozen=True)
class Hook:
    """A webhook; `jql` limits issue events where it is not empty, and it is silent where it is not `on`."""

    id: int
    name: str
    url: str
    events: tuple[str, ...]
    secret: str
    jql: str = ""
    on: bool = True


@dataclass(frozen=True)
class CustomField:
    """`options` is empty for a text field."""

    id: str
    name: str
    options: tuple[Option, ...] = ()


class Site:
    """One Jira site: people, projects, issues, and the index that search sees. `server` is whether it is a Data Center."""

    def __init__(
        self, users: list[User], projects: list[Project], statuses: list[Status], fields: list[CustomField], *, server: bool = False
    ) -> None:
        self.server = server
        self.users = {one.account_id: one for one in users}
        self.projects = {one.key: one for one in projects}
        self.statuses = {one.name: one for one in statuses}
        self.fields = {one.id: one for one in fields}
        self.resolutions = {name: Option(str(number), name) for number, name in enumerate(("Done", "Won't Do"), 10000)}
        self.priorities = {name: Option(str(number), name) for number, name in enumerate(PRIORITIES, 1)}
        names = dict.fromkeys(kind for project in projects for kind in project.types)
        self.types = {name: Option(str(number), name) for number, name in enumerate(names, 10001)}
        self.parts: dict[tuple[str, str], list[Part]] = {}
        self.issues: dict[str, Issue] = {}
        self.links: dict[str, IssueLink] = {}
        self.hooks: dict[int, Hook] = {}
        self.sprints: dict[int, Sprint] = {}
        self.filters: dict[str, Filter] = {}
        self.lost_worklogs: dict[str, datetime] = {}
        self.log: list[Record] = []
        self.controls = Controls()
        self.webhooks = Webhooks(self.controls)
        self.clock = Clock(milliseconds=True)
        self.ids = count(10001)
        self.old_keys: dict[str, str] = {}
        self.tasks: dict[str, dict[str, JsonValue]] = {}
        self.pages: dict[str, tuple[str, list[Issue]]] = {}
        self._numbers: dict[str, int] = {}
        self._index: dict[str, list[tuple[datetime, Issue | None]]] = {}

    def next_id(self) -> str:
        return str(next(self.ids))

    def next_key(self, project: str) -> str:
        self._numbers[project] = self._numbers.get(project, 0) + 1
        return f"{project}-{self._numbers[project]}"

    def continue_numbers(self, former: str, key: str) -> None:
        self._numbers[key] = self._numbers.pop(former, 0)

    def issue(self, id_or_key: str) -> Issue | None:
        """By id, or by a key that it has or had, in any case."""
        if id_or_key in self.issues:
            return self.issues[id_or_key]
        key = id_or_key.upper()
        return next((one for one in self.issues.values() if one.key == key), None) or self.issues.get(self.old_keys.get(key, ""))

    def user_named(self, name: str) -> User | None:
        return next((one for one in self.users.values() if name.casefold() in {one.name.casefold(), one.email.casefold()}), None)

    def user_called(self, name: str) -> User | None:
        """By the name alone, as fields of Data Center tell people."""
        return next((one for one in self.users.values() if name.casefold() == one.name.casefold()), None)

    def touch(self, issue: Issue) -> None:
        """Note that the issue changed now."""
        issue.updated = self.clock.now()
        self.store(issue)

    def store(self, issue: Issue) -> None:
        self.issues[issue.id] = issue
        self._indexed(issue.id, copy.deepcopy(issue))

    def remove(self, issue: Issue) -> None:
        del self.issues[issue.id]
        self._indexed(issue.id, None)

    def _indexed(self, issue_id: str, state: Issue | None) -> None:
        now = datetime.now(UTC)
        history = self._index.setdefault(issue_id, [])
        history.append((now, state))
        while len(history) > 1 and history[1][0] < now - HISTORY_KEPT:
            del history[0]

    def searchable(self, reconciled: frozenset[str] = frozenset()) -> list[Issue]:
        """The issues as the index knows them, `controls.lag_s` behind; those in `reconciled` as they are."""
        horizon = datetime.now(UTC) - timedelta(seconds=self.controls.lag_s)
        seen: list[Issue] = []
        for issue_id, history in self._index.items():
            if issue_id in reconciled:
                state = self.issues.get(issue_id)
            else:
                state = next((state for at, state in reversed(history) if at <= horizon), None)
            if state is not None:
                seen.append(state)
        return seen

    def record(self, actor: User, action: str, item: str, **detail: JsonValue) -> None:
        self.log.append(Record(at=datetime.now(UTC).isoformat(), actor=actor.name, action=action, item=item, detail=detail))
