"""The fake's data at the start, and what `GET /_fake/state` shows of it."""

from datetime import datetime, timedelta
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from connectors.github import text
from connectors.github.fake_state import App, Comment, Hook, Installation, Issue, Label, Repository, Snapshot, State, User
from connectors.kit.fake import writes
from connectors.kit.interface import FakeOptions

DEFAULT: dict[str, JsonValue] = {
    "repositories": [
        {
            "name": "acme/app",
            "description": "The Acme web shop",
            "roles": {"ann": "admin"},
            "issue_types": ["Bug", "Feature", "Task"],
            "labels": ["bug", "enhancement", "question", "sync"],
            "issues": [
                {
                    "title": "Checkout fails with an expired card",
                    "body": "The page answers **500** when the card expired last month.\n\n1. Put an anvil into the basket\n2. Pay",
                    "user": "ann",
                    "labels": ["bug"],
                    "assignees": ["bob"],
                    "type": "Bug",
                    "comments": [{"user": "bob", "body": "I can reproduce it."}],
                },
                {
                    "title": "Export orders as CSV",
                    "body": "Accounting asks for it each month.",
                    "user": "bob",
                    "labels": ["enhancement"],
                },
                {"title": "Bump the shop's fonts", "body": "A pull request, not an issue.", "user": "bob", "pull_request": True},
                {
                    "title": "How are parcels weighed?",
                    "body": "By hand, or on the belt?",
                    "user": "ann",
                    "labels": ["question"],
                    "state": "closed",
                    "state_reason": "completed",
                },
            ],
        },
        {"name": "acme/tools", "description": "Scripts around the shop", "labels": ["bug", "sync"]},
        {
            "name": "acme/sync",
            "description": "To try a connection with",
            "issue_types": ["Bug", "Feature", "Task"],
            "labels": ["bug", "sync"],
        },
    ],
}
PEOPLE = (("ann", "Ann Archer"), ("bob", "Bob Baker"))


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid")


class UserForm(Form):
    login: str
    token: str
    name: str | None = None
    email: str | None = None
    scopes: list[str] | None = ["read:org", "repo", "read:user", "admin:repo_hook"]
    issues: Literal["none", "read", "write"] = "write"
    webhooks: Literal["none", "read", "write"] = "none"


class CommentForm(Form):
    user: str
    body: str


class IssueForm(Form):
    title: str
    body: str | None = None
    user: str = ""
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = []
    assignees: list[str] = []
    type: str | None = None
    pull_request: bool = False
    draft: bool = False
    head: str = ""
    base: str = "main"
    comments: list[CommentForm] = []


class RepositoryForm(Form):
    name: str = Field(pattern=r"^[^/]+/[^/]+$")
    description: str | None = None
    private: bool = True
    has_issues: bool = True
    archived: bool = False
    roles: dict[str, str] = {}
    issue_types: list[str] = []
    labels: list[str] = []
    issues: list[IssueForm] = []


class InstallationForm(Form):
    owner: str
    permissions: dict[str, str] = {"issues": "write", "metadata": "read", "pull_requests": "write", "repository_hooks": "write"}
    suspended: bool = False


class AppForm(Form):
    """Without `installations` every owner of a repository has one. `public_key` is in PEM form; without one any signature is taken."""

    id: int = 1001
    client_id: str = "Iv23liTwinline"
    slug: str = "twinline-app"
    public_key: str = ""
    token_seconds: int = 3600
    installations: list[InstallationForm] | None = None


class Seed(Form):
    """The fake's own form of a seed. `limits` are calls that are refused beyond, by resource."""

    users: list[UserForm] = []
    repositories: list[RepositoryForm] = []
    app: AppForm = AppForm()
    limits: dict[Literal["core", "search", "graphql"], int] = {}


def seed_of(options: FakeOptions) -> Seed:
    return Seed.model_validate(DEFAULT if options.seed is None else options.seed)


def start(options: FakeOptions, seed: Seed, now: datetime) -> State:
    """Twinline's account, ann and bob, and the seed, all a day old."""
    yesterday = now - timedelta(days=1)
    state = State(app=_app(seed.app, yesterday))
    _add_user(state, UserForm(login=options.user, token=options.secret, name="Twinline"))
    for login, name in PEOPLE:
        _add_user(state, UserForm(login=login, token=f"{login}-token", name=name, email=f"{login}@acme.test"))
    for user in seed.users:
        _add_user(state, user)
    for form in seed.repositories:
        state.repositories.append(_repository(state, form, options, yesterday))
    owners = dict.fromkeys(one.owner for one in state.repositories)
    places = [InstallationForm(owner=one) for one in owners] if seed.app.installations is None else seed.app.installations
    state.app.installations = [Installation(id=state.new_id(), **one.model_dump()) for one in places]
    return state


def _app(form: AppForm, now: datetime) -> App:
    bot = User(id=form.id + 900_000, login=f"{form.slug}[bot]", token="")
    return App(bot=bot, created_at=now, **form.model_dump(exclude={"installations"}))


def _add_user(state: State, form: UserForm) -> None:
    state.users = [one for one in state.users if one.login != form.login]
    state.users.append(User(id=state.new_id(), **form.model_dump()))


def _repository(state: State, form: RepositoryForm, options: FakeOptions, now: datetime) -> Repository:
    owner, name = form.name.split("/")
    own = form.model_dump(exclude={"name", "labels", "issues"})
    repository = Repository(id=state.new_id(), owner=owner, name=name, created_at=now, **own)
    if options.seed is None:
        repository.roles[options.user] = "admin"
    used = {label for issue in form.issues for label in issue.labels}
    repository.labels = [Label(id=state.new_id(), name=one) for one in dict.fromkeys([*form.labels, *sorted(used)])]
    for one in form.issues:
        issue = _issue(state, one, repository.last_number + 1, options.user, now)
        repository.last_number = issue.number
        repository.issues[issue.number] = issue
        repository.index[issue.number] = [Snapshot(at=0, issue=issue.model_copy(deep=True))]
    if options.webhook_url:
        repository.hooks.append(_hook(state, options, now))
    return repository


def _hook(state: State, options: FakeOptions, now: datetime) -> Hook:
    return Hook(
        id=state.new_id(),
        url=options.webhook_url,
        secret=options.webhook_secret,
        events=["issues", "issue_comment", "pull_request"],
        created_at=now,
        updated_at=now,
    )


def _issue(state: State, form: IssueForm, number: int, author: str, now: datetime) -> Issue:
    author = form.user or author
    return Issue(
        id=state.new_id(),
        number=number,
        user=author,
        created_at=now,
        updated_at=now,
        closed_at=now if form.state == "closed" else None,
        closed_by=author if form.state == "closed" else None,
        comments=[Comment(id=state.new_id(), created_at=now, updated_at=now, **one.model_dump()) for one in form.comments],
        **form.model_dump(exclude={"user", "comments"}),
    )


def shown(state: State) -> JsonValue:
    """All items with all fields, the people, and the log."""
    items: list[JsonValue] = [_item(one, issue) for one in state.repositories for issue in one.issues.values()]
    deleted: list[JsonValue] = [f"{one.full_name}#{number}" for one in state.repositories for number in one.deleted]
    repositories: list[JsonValue] = [one.model_dump(mode="json", exclude={"issues", "index", "hooks"}) for one in state.repositories]
    app = state.app.model_dump(mode="json", exclude={"bot"})
    users: list[JsonValue] = [one.model_dump(mode="json", exclude={"token"}) for one in state.users]
    held: dict[str, JsonValue] = {"items": items, "deleted": deleted, "repositories": repositories, "users": users, "app": app}
    return {**held, "log": writes(state.log)}


def _item(repository: Repository, issue: Issue) -> dict[str, JsonValue]:
    key = f"{repository.full_name}#{issue.number}"
    comments: list[JsonValue] = [{**one.model_dump(mode="json"), "marker": text.received(one.body)[1]} for one in issue.comments]
    own: dict[str, JsonValue] = issue.model_dump(mode="json", exclude={"comments"})
    attachments: list[JsonValue] = []
    return {
        **own,
        "id": key.lower(),
        "key": key,
        "issue_id": issue.id,
        "repository": repository.full_name,
        "marker": text.received(issue.body)[1],
        "comments": comments,
        "attachments": attachments,
    }
