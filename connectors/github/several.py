"""Several issues in one question of GraphQL, and its answer in the form in which REST tells each of them. Pure.

https://docs.github.com/en/graphql/reference/objects#issue
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from connectors.github.payloads import Comment, Issue, Milestone, Named, Payload, User

COMMENTS = "comments(first: 100{after}) {{ totalCount pageInfo {{ hasNextPage endCursor }} nodes {{ ...said }} }}"
_FRAGMENTS = """
fragment actor on Actor { __typename login ... on User { databaseId } ... on Bot { databaseId } }
fragment said on IssueComment { fullDatabaseId body url createdAt updatedAt author { ...actor } }
"""
_WHOLE = f"""{_FRAGMENTS}
fragment asked on Issue {{
  fullDatabaseId number title body url state {{REASON}} createdAt updatedAt
  author {{ ...actor }}
  labels(first: 100) {{ nodes {{ name }} }}
  assignedActors(first: 2) {{ totalCount nodes {{ ...actor }} }}
  milestone {{ number title description state }}
  issueType {{ name }}
  parent {{ number repository {{ nameWithOwner }} }}
  issueDependenciesSummary {{ totalBlocking totalBlockedBy }}
  {COMMENTS.format(after="")}
}}"""

Place = tuple[str, int]
T = TypeVar("T", bound="Told")


class Told(Payload):
    """A part of an answer, whose names GraphQL writes in camel case."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class Actor(Told):
    """`database_id` is the id that REST tells; accounts other than people and bots come without."""

    kind: str = Field(alias="__typename")
    login: str
    database_id: int | None = None


class Said(Told):
    full_database_id: int
    body: str
    url: str
    created_at: str
    updated_at: str
    author: Actor | None


class PageInfo(Told):
    has_next_page: bool
    end_cursor: str | None = None


class Talk(Told):
    """One page of the comments; `total_count` is that of all."""

    total_count: int
    page_info: PageInfo
    nodes: tuple[Said, ...]


class Labels(Told):
    nodes: tuple[Named, ...]


class Assigned(Told):
    total_count: int
    nodes: tuple[Actor, ...]


class Home(Told):
    name_with_owner: str


class Above(Told):
    number: int
    repository: Home


class Kind(Told):
    name: str


class Goal(Told):
    number: int
    title: str
    description: str | None
    state: str


class Counts(Told):
    total_blocking: int
    total_blocked_by: int


class Found(Told):
    """An issue with the first page of its comments."""

    full_database_id: int
    number: int
    title: str
    body: str
    url: str
    state: str
    state_reason: str | None
    created_at: str
    updated_at: str
    author: Actor | None
    labels: Labels
    assigned_actors: Assigned
    milestone: Goal | None
    issue_type: Kind | None
    parent: Above | None
    issue_dependencies_summary: Counts
    comments: Talk


class Further(Told):
    """A further page of an issue's comments."""

    comments: Talk


class Fault(Told):
    """`path` leads to what is missing from the answer because of it; empty where all is."""

    type: str = ""
    message: str = ""
    path: tuple[str | int, ...] = ()


class Answer(Told):
    """`data` holds what was asked by repository and issue, None where there was nothing to ask it of."""

    data: dict[str, dict[str, dict[str, JsonValue] | None] | None] | None = None
    errors: tuple[Fault, ...] = ()

    def of(self, asked: Iterable[Place], model: type[T]) -> dict[Place, T]:
        """The issues that were answered whole, by where they were asked for; pull requests are left out."""
        wanted = tuple(asked)
        names, broken = _names(wanted), [one.path[:2] for one in self.errors]
        found: dict[Place, T] = {}
        for place in wanted:
            repository, issue = names[place[0]], f"i{place[1]}"
            told = ((self.data or {}).get(repository) or {}).get(issue)
            if not told or told.get("__typename") != "Issue" or any(one == (repository, issue)[: len(one)] for one in broken):
                continue
            with suppress(ValidationError):
                found[place] = model.model_validate(told)
        return found

    @property
    def is_no_use(self) -> bool:
        """Whether something else is wrong than that there are no such issues."""
        return any(one.type != "NOT_FOUND" for one in self.errors)


@dataclass(frozen=True)
class Whole:
    """An issue with all its comments, as REST tells them."""

    issue: Issue
    comments: tuple[Comment, ...]


@dataclass(frozen=True)
class Around:
    """What GraphQL tells otherwise than REST: the `logins` of bots by their ids, and the ids of issue types by their names."""

    logins: Mapping[int, str]
    types: Mapping[str, int | None]


def question(asked: Iterable[Place], *, server: bool) -> str:
    """For those issues, with the first comments of each; an Enterprise Server tells of duplicates only where it is asked to.

    https://docs.github.com/en/graphql/overview/breaking-changes has the removal of that argument elsewhere.
    """
    reason = "stateReason(enableDuplicate: true)" if server else "stateReason"
    return _query(dict.fromkeys(asked, "...asked"), _WHOLE.replace("{REASON}", reason))


def question_further(asked: Mapping[Place, str]) -> str:
    """For the comments of those issues that come after a cursor."""
    parts = {place: f"... on Issue {{ {COMMENTS.format(after=f', after: {json.dumps(cursor)}')} }}" for place, cursor in asked.items()}
    return _query(parts, _FRAGMENTS)


def whole(found: Found, said: Sequence[Said], place: Place, around: Around) -> Whole | None:
    """As REST tells the issue and its comments; None where that cannot be known from what GraphQL tells.

    Of an account that was deleted GraphQL tells nothing, of several assignees not their order, and bots have other names there. Of
    dependencies only their number is asked.
    """
    author = _user(found.author, around)
    assignees = [_user(one, around) for one in found.assigned_actors.nodes]
    comments = [_comment(one, place, around) for one in said]
    kind = found.issue_type
    counts = found.issue_dependencies_summary
    if counts.total_blocking or counts.total_blocked_by:
        return None
    if author is None or found.assigned_actors.total_count > 1 or (kind is not None and kind.name not in around.types):
        return None
    known_assignees, known_comments = [one for one in assignees if one], [one for one in comments if one]
    if len(known_assignees) < len(assignees) or len(known_comments) < found.comments.total_count:
        return None
    issue = Issue.model_validate(
        {
            "id": found.full_database_id,
            "number": found.number,
            "title": found.title,
            "body": found.body,
            "state": found.state.lower(),
            "state_reason": found.state_reason and found.state_reason.lower(),
            "user": author,
            "labels": found.labels.nodes,
            "assignees": known_assignees,
            "milestone": _milestone(found.milestone),
            "comments": found.comments.total_count,
            "html_url": found.url,
            "created_at": found.created_at,
            "updated_at": found.updated_at,
            "type": None if kind is None else Named(id=around.types[kind.name], name=kind.name),
            "parent_issue_url": found.parent and f"/{found.parent.repository.name_with_owner}/issues/{found.parent.number}",
        }
    )
    return Whole(issue, tuple(sorted(known_comments, key=lambda one: one.id)))


def _query(parts: Mapping[Place, str], fragments: str) -> str:
    asked: list[str] = []
    for repository, name in _names(parts).items():
        owner, _, own = repository.partition("/")
        issues = [_issue(number, part) for (home, number), part in parts.items() if home == repository]
        asked.append(f"{name}: repository(owner: {json.dumps(owner)}, name: {json.dumps(own)}) {{ {' '.join(issues)} }}")
    return f"query {{ {' '.join(asked)} }}{fragments}"


def _issue(number: int, part: str) -> str:
    return f"i{number}: issueOrPullRequest(number: {number}) {{ __typename {part} }}"


def _names(asked: Iterable[Place]) -> dict[str, str]:
    """What the part of a question is called that asks of a repository."""
    return {repository: f"r{number}" for number, repository in enumerate(dict.fromkeys(repository for repository, _ in asked))}


def _user(one: Actor | None, around: Around) -> User | None:
    if one is None or one.database_id is None:
        return None
    login = one.login if one.kind == "User" else around.logins.get(one.database_id)
    return None if login is None else User(id=one.database_id, login=login)


def _comment(one: Said, place: Place, around: Around) -> Comment | None:
    author = _user(one.author, around)
    if author is None:
        return None
    told = {"id": one.full_database_id, "body": one.body, "user": author, "html_url": one.url}
    times = {"created_at": one.created_at, "updated_at": one.updated_at}
    return Comment.model_validate({**told, **times, "issue_url": f"/{place[0]}/issues/{place[1]}"})


def _milestone(one: Goal | None) -> Milestone | None:
    return one and Milestone(number=one.number, title=one.title, description=one.description, state=one.state.lower())
