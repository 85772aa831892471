"""What changed in a repository since a cursor.

GitHub lists issues and comments by `updated_at`, in whole seconds, and a list may lag behind a write. The cursor of a list
therefore passes an item only `SETTLING` after its change, and it may be handed out again until then. While nothing changes the same
question is asked with the ETag of its last answer, which costs no quota. The ETag lies in the cursor: it is only sent once
the items it stands for are stored.

A long list is read by moving `since` and not by page number, because items move while one pages through them.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol, TypeVar

from pydantic import ValidationError

from connectors.github import mapping, payloads
from connectors.github.client import GitHubClient, Page, Parameters
from connectors.github.payloads import Comment, Issue
from connectors.kit.interface import Change, ChangePage
from model.errors import BadInput
from model.frozen import Frozen

SETTLING = timedelta(seconds=60)
RESOLUTION = timedelta(seconds=1)
_ORDER: Parameters = {"sort": "updated", "direction": "asc"}

P = TypeVar("P", Issue, Comment)


class Place(Frozen):
    """How far a list was read."""

    since: str
    etag: str = ""


class Cursor(Frozen):
    issues: Place
    comments: Place


class Listing(Protocol[P]):
    async def __call__(self, repository: str, parameters: Parameters, etag: str = "") -> Page[P]: ...


async def changes(client: GitHubClient, repository: str, cursor: str) -> ChangePage:
    """Issues and pull requests that changed themselves or by a comment. Which of them come under sync, the triggers say."""
    if not cursor:
        now = mapping.stamp((await client.issues(repository, {"per_page": 1})).date)
        return ChangePage(changes=(), cursor=Cursor(issues=Place(since=now), comments=Place(since=now)).model_dump_json())
    place = _parsed(cursor)
    issues, issue_place, more_issues = await _read(client.issues, repository, place.issues)
    comments, comment_place, more_comments = await _read(client.repository_comments, repository, place.comments)
    return ChangePage(
        changes=_merged(repository, issues, comments),
        cursor=Cursor(issues=issue_place, comments=comment_place).model_dump_json(),
        more=more_issues or more_comments,
    )


def _parsed(cursor: str) -> Cursor:
    try:
        return Cursor.model_validate_json(cursor)
    except ValidationError as error:
        raise BadInput(f"{cursor!r} is no cursor of a GitHub feed; start again with an empty one") from error


async def _read(listing: Listing[P], repository: str, place: Place) -> tuple[list[P], Place, bool]:
    page = await listing(repository, {**_ORDER, "since": place.since}, place.etag)
    items, etag = list(page.items), page.etag
    while "next" in page.links and mapping.stamp(items[-1].updated_at) == place.since:
        page = await listing(repository, page.links["next"])
        items, etag = items + list(page.items), ""
    if "next" in page.links:
        return items, Place(since=mapping.stamp(items[-1].updated_at)), True
    settled = [one.updated_at for one in items if one.updated_at < page.date - SETTLING]
    if settled:
        return items, Place(since=mapping.stamp(settled[-1] + RESOLUTION)), False
    return items, Place(since=place.since, etag=etag), False


def _merged(repository: str, issues: list[Issue], comments: list[Comment]) -> tuple[Change, ...]:
    spoken: dict[str, list[Comment]] = {}
    keys: dict[str, str] = {}
    for one in comments:
        where = mapping.place(one.html_url)
        if where is not None:
            identity = mapping.item_id(repository, where[1])
            spoken.setdefault(identity, []).append(one)
            keys[identity] = f"{where[0]}#{where[1]}"
    found = {one.id: one for one in (mapping.change(repository, issue, _of(repository, issue, spoken)) for issue in issues)}
    only_spoken = [
        Change(id=identity, key=keys[identity], version=mapping.version(None, said))
        for identity, said in spoken.items()
        if identity not in found
    ]
    return (*found.values(), *only_spoken)


def _of(repository: str, issue: payloads.Issue, spoken: Mapping[str, list[Comment]]) -> list[Comment]:
    return spoken.get(mapping.item_id(repository, issue.number), [])
