"""The parts of GitHub's JSON that Twinline reads: https://docs.github.com/en/rest/issues."""

from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel, ValidationError

from connectors.kit.http import Answer
from model.errors import Unavailable


class Payload(BaseModel):
    """A part of an answer; what we do not use is left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Installations(RootModel[tuple["Installation", ...]]):
    """Of one app."""


P = TypeVar("P", bound=BaseModel)


class User(Payload):
    id: int
    login: str
    email: str | None = None


class Named(Payload):
    """A label or an issue type."""

    id: int | None = None
    name: str


class Milestone(Payload):
    """`number` is its own in the repository."""

    number: int
    title: str
    description: str | None = None
    state: str = "open"


def _as_object(label: object) -> object:
    return {"name": label} if isinstance(label, str) else label


Label = Annotated[Named, BeforeValidator(_as_object)]


class Merging(Payload):
    """What an issue tells of the pull request that it is."""

    merged_at: datetime | None = None


class Numbered(Payload):
    """What issues and pull requests have in common, which share the numbers of their repository."""

    id: int = 0
    number: int
    title: str
    body: str | None = None
    state: str = "open"
    user: User | None = None
    labels: tuple[Label, ...] = ()
    assignees: tuple[User, ...] = ()
    milestone: Milestone | None = None
    comments: int = 0
    html_url: str
    created_at: datetime
    updated_at: datetime
    draft: bool = False


class DependencyCounts(Payload):
    """How many issues wait for an issue, and for how many it waits, open and closed ones."""

    total_blocking: int = 0
    total_blocked_by: int = 0


class Issue(Numbered):
    """An issue, or a pull request where `pull_request` is there; a server without dependencies counts none."""

    state_reason: str | None = None
    type: Named | None = None
    pull_request: Merging | None = None
    parent_issue_url: str | None = None
    issue_dependencies_summary: DependencyCounts | None = None


class Branch(Payload):
    ref: str


class Pull(Numbered):
    """A pull request as its own part of the API, and its webhook, tell it."""

    merged_at: datetime | None = None
    head: Branch
    base: Branch

    def as_issue(self) -> Issue:
        """As lists of issues and the search tell it."""
        told = {name: value for name, value in self if name in Numbered.model_fields}
        return Issue.model_validate({**told, "pull_request": Merging(merged_at=self.merged_at)})


class Comment(Payload):
    id: int
    body: str | None = None
    user: User | None = None
    html_url: str
    issue_url: str
    created_at: datetime
    updated_at: datetime


class Rights(Payload):
    """What the account's role in a repository is good for; a fine-grained token may be good for less."""

    pull: bool = False
    triage: bool = False
    push: bool = False


class Repository(Payload):
    """`permissions` are those of the caller."""

    full_name: str
    name: str
    has_issues: bool = True
    private: bool = True
    archived: bool = False
    permissions: Rights = Rights()


class HookConfig(Payload):
    url: str = ""


class LastResponse(Payload):
    """What the last call was answered; `code` is None as long as there was none, and 0 where nobody answered."""

    code: int | None = None
    status: str | None = None
    message: str | None = None


class Hook(Payload):
    """A webhook of a repository."""

    id: int
    active: bool = True
    config: HookConfig = HookConfig()
    last_response: LastResponse = LastResponse()


class AppFound(Payload):
    slug: str


class Installation(Payload):
    """`account` is who installed the app."""

    id: int
    account: User | None = None


class AppToken(Payload):
    """`permissions` have values such as `write`."""

    token: str = Field(min_length=1, repr=False)
    expires_at: datetime
    permissions: dict[str, str] = {}


class RepositoriesFound(Payload):
    repositories: tuple[Repository, ...]


class IssuesFound(Payload):
    incomplete_results: bool = False
    items: tuple[Issue, ...]


class UsersFound(Payload):
    items: tuple[User, ...]


def parsed(model: type[P], answer: Answer) -> P:
    """The answer's body as `model`; Unavailable if it is something else, as from a log-in page."""
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as error:
        raise Unavailable(f"{answer.url} answered {answer.status} with something that is not GitHub's JSON; check the URL") from error
