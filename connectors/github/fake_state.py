"""What the fake GitHub holds."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from connectors.kit.fake import Record

ROLES = ("read", "triage", "write", "maintain", "admin")


class Stored(BaseModel):
    model_config = ConfigDict(extra="forbid")


class User(Stored):
    """`scopes` are those of a classic token, None for a fine-grained one, which may do what `issues` and `webhooks` say."""

    id: int
    login: str
    token: str
    name: str | None = None
    email: str | None = None
    scopes: list[str] | None = None
    issues: str = "write"
    webhooks: str = "none"


class Label(Stored):
    id: int
    name: str
    color: str = "ededed"
    description: str | None = None


class Milestone(Stored):
    id: int
    number: int
    title: str
    description: str | None = None
    state: str = "open"
    due_on: str | None = None
    creator: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None


class Reaction(Stored):
    id: int
    content: str
    user: str
    created_at: datetime


class Comment(Stored):
    id: int
    body: str
    user: str
    created_at: datetime
    updated_at: datetime
    reactions: list[Reaction] = []


class Event(Stored):
    id: int
    event: str
    actor: str
    created_at: datetime
    detail: dict[str, JsonValue] = {}


class Issue(Stored):
    """`draft` and the branches `head` and `base` are those of a pull request.

    `labels`, `assignees` and `milestone` are names, logins and a number; `sub_issues` and `blocked_by` ids of issues anywhere.
    """

    id: int
    number: int
    title: str
    body: str | None = None
    user: str
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = []
    assignees: list[str] = []
    milestone: int | None = None
    type: str | None = None
    locked: bool = False
    lock_reason: str | None = None
    pull_request: bool = False
    draft: bool = False
    head: str = ""
    base: str = "main"
    merged_at: datetime | None = None
    sub_issues: list[int] = []
    blocked_by: list[int] = []
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    closed_by: str | None = None
    comments: list[Comment] = []
    events: list[Event] = []
    reactions: list[Reaction] = []
    pinned: bool = False

    def told(self) -> dict[str, JsonValue]:
        """The values that people can change, as the log tells them."""
        changeable = {"title", "body", "state", "state_reason", "labels", "assignees", "milestone", "type", "locked", "draft", "base"}
        return self.model_dump(mode="json", include=changeable)


class Snapshot(Stored):
    """An issue as the search index sees it from `at` (seconds since 1970) on; None once deleted."""

    at: float
    issue: Issue | None


class Sent(Stored):
    """One delivery of a webhook; `status` is 0 until it is answered, and where nobody answers. A redelivery has the guid of the first."""

    id: int
    guid: str
    event: str
    at: datetime
    headers: dict[str, str]
    payload: dict[str, JsonValue]
    body: bytes
    status: int = 0
    redelivery: bool = False


class Hook(Stored):
    id: int
    url: str
    secret: str = ""
    events: list[str]
    active: bool = True
    content_type: str = "json"
    created_at: datetime
    updated_at: datetime
    sent: list[Sent] = []


class Commit(Stored):
    """A write to the repository's files; `parent` is empty for the first."""

    sha: str
    parent: str
    message: str
    user: str
    at: datetime


class Repository(Stored):
    """`moved` maps the number of a transferred issue to its new repository and number; `roles` a login to its role, else `write`."""

    id: int
    owner: str
    name: str
    description: str | None = None
    private: bool = True
    has_issues: bool = True
    archived: bool = False
    roles: dict[str, str] = {}
    issue_types: list[str] = []
    labels: list[Label] = []
    milestones: list[Milestone] = []
    issues: dict[int, Issue] = {}
    deleted: list[int] = []
    moved: dict[int, tuple[str, int]] = {}
    hooks: list[Hook] = []
    files: dict[str, bytes] = {}
    commits: list[Commit] = []
    index: dict[int, list[Snapshot]] = {}
    last_number: int = 0
    last_milestone: int = 0
    created_at: datetime

    @property
    def full_name(self) -> str:
        return f"{self.owner}/{self.name}"

    def may(self, login: str, role: str) -> bool:
        return ROLES.index(self.roles.get(login, "write")) >= ROLES.index(role)

    def label(self, name: str) -> Label | None:
        """GitHub compares label names without case."""
        return next((one for one in self.labels if one.name.lower() == name.lower()), None)


class Installation(Stored):
    """Of the app, for one owner of repositories. `permissions` are as `issues: write`."""

    id: int
    owner: str
    permissions: dict[str, str]
    suspended: bool = False


class AppToken(Stored):
    value: str
    installation: int
    until: datetime


class App(Stored):
    """`public_key` is in PEM form; without one any signature is taken. `bot` is in whose name the app writes."""

    id: int
    client_id: str
    slug: str
    public_key: str = ""
    token_seconds: int = 3600
    installations: list[Installation] = []
    tokens: list[AppToken] = []
    bot: User
    created_at: datetime

    def installed(self, token: str, now: datetime) -> Installation | None:
        """What a token is good for, as long as it is."""
        known = next((one for one in self.tokens if one.value == token and one.until > now), None)
        return next((one for one in self.installations if known is not None and one.id == known.installation), None)


class State(Stored):
    """Everything, and the log of all writes."""

    app: App
    users: list[User] = []
    repositories: list[Repository] = []
    log: list[Record] = []
    last_id: int = Field(default=1000)

    def new_id(self) -> int:
        self.last_id += 1
        return self.last_id

    def user(self, login: str) -> User | None:
        return next((one for one in (*self.users, self.app.bot) if one.login.lower() == login.lower()), None)

    def by_token(self, token: str) -> User | None:
        return next((one for one in self.users if one.token == token), None)

    def repository(self, full_name: str) -> Repository | None:
        return next((one for one in self.repositories if one.full_name.lower() == full_name.lower()), None)

    def issue(self, identity: int) -> tuple[Repository, Issue] | None:
        """The issue of that id, wherever it is."""
        return next(((one, issue) for one in self.repositories for issue in one.issues.values() if issue.id == identity), None)

    def parent(self, identity: int) -> tuple[Repository, Issue] | None:
        return next(((one, issue) for one in self.repositories for issue in one.issues.values() if identity in issue.sub_issues), None)
