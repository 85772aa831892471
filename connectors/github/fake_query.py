"""The language of GitHub's issue search, as far as triggers need it.

https://docs.github.com/en/search-github/searching-on-github/searching-issues-and-pull-requests
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from connectors.github.fake_state import Issue, Repository

_TOKEN = re.compile(r'\(|\)|-?[\w-]+:(?:"[^"]*"|[^\s()]*)|-?"[^"]*"|[^\s()]+')
_PERSONAL = frozenset({"author", "assignee", "commenter", "mentions", "involves"})
_OPERATORS = ("AND", "OR", "NOT")
_COMPARED = re.compile(r"^(>=|<=|>|<)?(.+)$")

Test = Callable[[Repository, Issue], bool]


class QueryError(ValueError):
    """GitHub's words for what is wrong with a query."""


@dataclass(frozen=True)
class Query:
    """`repositories`, `owners` and `people` are those named; `kinds` what tells issues from pull requests; `sort` as in `updated-asc`."""

    test: Test
    repositories: tuple[str, ...]
    owners: tuple[str, ...]
    people: tuple[str, ...]
    kinds: frozenset[str]
    sort: str


def parse(text: str, me: str) -> Query:
    """A test for issues; QueryError if GitHub would not take the query. `me` is who `@me` means."""
    tokens: list[str] = [re.sub(r"(?<=:)@me$", me, one) for one in _TOKEN.findall(text)]
    if sum(one in _OPERATORS for one in tokens) > 5:
        raise QueryError("More than five AND / OR / NOT operators were used.")
    words = " ".join(one for one in tokens if ":" not in one)
    if len(words) > 256:
        raise QueryError("The search is longer than 256 characters.")
    pairs = [one.lstrip("-").partition(":") for one in tokens if ":" in one]
    places = {place for name, _, value in pairs if name == "in" for place in _bare(value).lower().split(",")}
    test, rest = _either(_placed(tokens, places))
    if rest:
        raise QueryError(f"Unexpected {rest[0]!r} in the query.")
    return Query(
        test,
        tuple(_bare(value).lower() for name, _, value in pairs if name == "repo"),
        tuple(_bare(value).lower() for name, _, value in pairs if name in {"org", "user"}),
        tuple(_bare(value) for name, _, value in pairs if name in _PERSONAL and _bare(value) != "*"),
        frozenset(one.partition(":")[2].lower() for one in tokens if one.startswith(("is:", "type:"))) & {"issue", "pr", "pull-request"},
        next((_bare(value).lower() for name, _, value in pairs if name == "sort"), ""),
    )


def _placed(tokens: list[str], places: set[str]) -> list[str]:
    """Words as qualifiers of the places that `in` names."""
    if not places:
        return tokens
    words = {one for one in tokens if ":" not in one and one not in {*_OPERATORS, "(", ")"}}
    return [f"{'-' * one.startswith('-')}in-{'-'.join(sorted(places))}:{one.lstrip('-')}" if one in words else one for one in tokens]


def _either(tokens: list[str]) -> tuple[Test, list[str]]:
    test, rest = _both(tokens)
    while rest and rest[0] == "OR":
        other, rest = _both(rest[1:])
        test = _or(test, other)
    return test, rest


def _both(tokens: list[str]) -> tuple[Test, list[str]]:
    repositories: list[Test] = []
    test: Test = _always
    rest = tokens
    while rest and rest[0] not in {"OR", ")"}:
        if rest[0].startswith("repo:"):
            repositories.append(_leaf(rest[0]))
            rest = rest[1:]
            continue
        other, rest = _one(rest[1:] if rest[0] == "AND" else rest)
        test = _and(test, other)
    if repositories:
        test = _and(test, _any(repositories))
    return test, rest


def _one(tokens: list[str]) -> tuple[Test, list[str]]:
    if not tokens:
        raise QueryError("The query ends too early.")
    if tokens[0] == "NOT":
        test, rest = _one(tokens[1:])
        return _not(test), rest
    if tokens[0] == "(":
        test, rest = _either(tokens[1:])
        if not rest:
            raise QueryError("A parenthesis is not closed.")
        return test, rest[1:]
    return _leaf(tokens[0]), tokens[1:]


def _leaf(token: str) -> Test:
    negative = token.startswith("-") and len(token) > 1
    bare = token[1:] if negative else token
    name, colon, value = bare.partition(":")
    if name.startswith("in-"):
        test = _word(_bare(value), name.split("-")[1:])
    else:
        make = _QUALIFIERS.get(name.lower()) if colon else None
        test = make(_bare(value)) if make else _word(_bare(bare), ("title", "body", "comments"))
    return _not(test) if negative else test


def _word(text: str, places: Sequence[str]) -> Test:
    wanted = text.lower()

    def test(_: Repository, issue: Issue) -> bool:
        texts = {"title": [issue.title], "body": [issue.body or ""], "comments": [one.body for one in issue.comments]}
        return any(wanted in one.lower() for place in places for one in texts.get(place, ()))

    return test


def _is(value: str) -> Test:
    match value.lower():
        case "issue":
            return lambda _, issue: not issue.pull_request
        case "pr" | "pull-request":
            return lambda _, issue: issue.pull_request
        case "open" | "closed" as state:
            return lambda _, issue: issue.state == state
        case "public":
            return lambda repository, _: not repository.private
        case "private":
            return lambda repository, _: repository.private
        case "locked":
            return lambda _, issue: issue.locked
        case "draft":
            return lambda _, issue: issue.draft
        case "merged":
            return lambda _, issue: issue.merged_at is not None
        case "unmerged":
            return lambda _, issue: issue.pull_request and issue.merged_at is None
        case _:
            return _never


def _kind(value: str) -> Test:
    if value.lower() in {"issue", "pr", "pull-request"}:
        return _is(value)
    return lambda _, issue: (issue.type or "").lower() == value.lower()


def _label(value: str) -> Test:
    wanted = {_bare(one).lower() for one in value.split(",")}
    return lambda _, issue: any(one.lower() in wanted for one in issue.labels)


def _no(value: str) -> Test:
    match value.lower():
        case "label":
            return lambda _, issue: not issue.labels
        case "assignee":
            return lambda _, issue: not issue.assignees
        case "milestone":
            return lambda _, issue: issue.milestone is None
        case "type":
            return lambda _, issue: issue.type is None
        case _:
            return _always


def _has(value: str) -> Test:
    return _not(_no(value)) if value.lower() in {"label", "assignee", "milestone", "type"} else _always


def _assignee(value: str) -> Test:
    if value == "*":
        return lambda _, issue: bool(issue.assignees)
    return lambda _, issue: value.lower() in {one.lower() for one in issue.assignees}


def _mentions(value: str) -> Test:
    wanted = re.compile(rf"(?<![\w@])@{re.escape(value)}\b", re.IGNORECASE)
    return lambda _, issue: any(wanted.search(one) for one in (issue.body or "", *(said.body for said in issue.comments)))


def _commenter(value: str) -> Test:
    return lambda _, issue: value.lower() in {one.user.lower() for one in issue.comments}


def _author(value: str) -> Test:
    return lambda _, issue: issue.user.lower() == value.lower()


def _involves(value: str) -> Test:
    return _any([_author(value), _assignee(value), _mentions(value), _commenter(value)])


def _count(value: str) -> Test:
    """Of comments: `5`, `>5`, `<=5` or `1..5`."""
    low, dots, high = value.partition("..")
    found = _COMPARED.match(value)
    operator, number = ("", value) if found is None else (found[1] or "", found[2])
    if not all(one.isdecimal() for one in ((low, high) if dots else (number,))):
        raise QueryError(f'"{value}" is not a number or range of numbers.')

    def test(_: Repository, issue: Issue) -> bool:
        total = len(issue.comments)
        if dots:
            return int(low) <= total <= int(high)
        wanted = int(number)
        return {">=": total >= wanted, "<=": total <= wanted, ">": total > wanted, "<": total < wanted, "": total == wanted}[operator]

    return test


def _milestone(value: str) -> Test:
    def test(repository: Repository, issue: Issue) -> bool:
        return any(one.number == issue.milestone and one.title.lower() == value.lower() for one in repository.milestones)

    return test


def _time(get: Callable[[Issue], datetime | None]) -> Callable[[str], Test]:
    def make(value: str) -> Test:
        low, dots, high = value.partition("..")
        if dots:
            return _and(_compared(get, f">={low}"), _compared(get, f"<={high}"))
        return _compared(get, value)

    return make


def _compared(get: Callable[[Issue], datetime | None], value: str) -> Test:
    found = _COMPARED.match(value)
    operator, text = (found[1] or "", found[2]) if found else ("", value)
    if text == "*":
        return _always
    try:
        start = datetime.fromisoformat(text)
    except ValueError as error:
        said = f'"{text}" is not a recognized date/time format. Please provide an ISO 8601 date/time value, such as YYYY-MM-DD.'
        raise QueryError(said) from error
    start = start if start.tzinfo else start.replace(tzinfo=UTC)
    end = start + (timedelta(days=1) if "T" not in text else timedelta(seconds=1))

    def test(_: Repository, issue: Issue) -> bool:
        when = get(issue)
        if when is None:
            return False
        tests = {">=": when >= start, ">": when >= end, "<": when < start, "<=": when < end, "": start <= when < end}
        return tests[operator]

    return test


def _whatever(value: str) -> Test:
    del value
    return _always


def _bare(value: str) -> str:
    return value.strip('"')


def _always(repository: Repository, issue: Issue) -> bool:
    del repository, issue
    return True


def _never(repository: Repository, issue: Issue) -> bool:
    del repository, issue
    return False


def _and(one: Test, other: Test) -> Test:
    return lambda repository, issue: one(repository, issue) and other(repository, issue)


def _or(one: Test, other: Test) -> Test:
    return lambda repository, issue: one(repository, issue) or other(repository, issue)


def _any(tests: list[Test]) -> Test:
    return lambda repository, issue: any(test(repository, issue) for test in tests)


def _not(one: Test) -> Test:
    return lambda repository, issue: not one(repository, issue)


_QUALIFIERS: dict[str, Callable[[str], Test]] = {
    "repo": lambda value: lambda repository, _: repository.full_name.lower() == value.lower(),
    "org": lambda value: lambda repository, _: repository.owner.lower() == value.lower(),
    "user": lambda value: lambda repository, _: repository.owner.lower() == value.lower(),
    "is": _is,
    "type": _kind,
    "state": _is,
    "reason": lambda value: lambda _, issue: (issue.state_reason or "") == value.lower().replace(" ", "_"),
    "label": _label,
    "author": _author,
    "assignee": _assignee,
    "commenter": _commenter,
    "mentions": _mentions,
    "involves": _involves,
    "comments": _count,
    "no": _no,
    "has": _has,
    "archived": lambda value: lambda repository, _: repository.archived == (value.lower() == "true"),
    "milestone": _milestone,
    "draft": lambda value: lambda _, issue: issue.pull_request and issue.draft == (value.lower() == "true"),
    "head": lambda value: lambda _, issue: issue.pull_request and issue.head.startswith(value),
    "base": lambda value: lambda _, issue: issue.pull_request and issue.base.startswith(value),
    "in": _whatever,
    "sort": _whatever,
    "updated": _time(lambda issue: issue.updated_at),
    "created": _time(lambda issue: issue.created_at),
    "closed": _time(lambda issue: issue.closed_at),
}
