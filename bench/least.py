"""The fewest calls that each platform's API allows for a piece of work, and why not fewer.

The counterpart costs nothing here, lookups are remembered, and nothing goes wrong. A webhook is believed where its payload has all that is
to be carried. What a safe sync needs beyond that is not counted, such as reading an item before it is written.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Literal

from bench.report import Work

COMMENTS = 10
"""What the item of a first sync has."""

End = Literal["source", "target"]


@dataclass(frozen=True)
class Least:
    """`calls` of a number of items."""

    calls: Callable[[int], int]
    why: str


def _always(calls: int, why: str) -> Least:
    return Least(lambda _: calls, why)


def _each(why: str) -> Least:
    return Least(lambda items: items, why)


def _pages(size: int, why: str, more: int = 0) -> Least:
    """As many calls as there are pages of `size` items, and `more`."""
    return Least(lambda items: ceil(items / size) + more, why)


_WRITE = _always(1, "one write; its answer has what the platform made of it")
_LISTED = "one listing of what changed"

LEAST: Mapping[str, Mapping[tuple[Work, End], Least]] = {
    "jira": {
        (Work.EDIT, "source"): _always(1, "the webhook has texts as wiki markup only, so the issue is read"),
        (Work.EDIT, "target"): _always(1, "one PUT with `returnIssue=true`"),
        (Work.COMMENT, "source"): _always(1, "the webhook has the comment as wiki markup only, so it is read"),
        (Work.COMMENT, "target"): _WRITE,
        (Work.FIRST_SYNC, "source"): _always(1, "`search/jql` with all fields, of which comments are one"),
        (Work.FIRST_SYNC, "target"): _always(11, "the creation, and each comment by itself: no call takes several and tells their ids"),
        (Work.BACKFILL, "source"): _pages(100, "`search/jql` with all fields, 100 a page"),
        (Work.BACKFILL, "target"): _pages(50, "`issue/bulk` takes 50"),
        (Work.IDLE_POLL, "source"): _always(1, _LISTED),
    },
    "azure-devops": {
        (Work.EDIT, "source"): _always(0, "the service hook has the whole work item"),
        (Work.EDIT, "target"): _always(1, "one PATCH, refused by `test /rev` where the item moved on"),
        (Work.COMMENT, "source"): _always(0, "the service hook has the comment"),
        (Work.COMMENT, "target"): _WRITE,
        (Work.FIRST_SYNC, "source"): _always(3, "WIQL tells ids only; then the work item, and its comments, which it does not hold"),
        (Work.FIRST_SYNC, "target"): _always(11, "the creation, and each comment by itself: `$batch` takes work items only"),
        (Work.BACKFILL, "source"): _pages(200, "WIQL for the ids, `workitemsbatch` for 200 each, which tells who has comments", 1),
        (Work.BACKFILL, "target"): _pages(200, "`$batch` takes 200"),
        (Work.IDLE_POLL, "source"): _always(2, "reporting revisions, and edited comments, which are no revisions"),
    },
    "servicenow": {
        (Work.EDIT, "source"): _always(0, "the business rule can send the whole record"),
        (Work.EDIT, "target"): _always(1, "one PATCH, whose answer has the record"),
        (Work.COMMENT, "source"): _always(0, "the business rule can send the journal entry"),
        (Work.COMMENT, "target"): _always(2, "the PATCH, whose answer lacks the entry, and a look for its id"),
        (Work.FIRST_SYNC, "source"): _always(2, "the query gives whole records, a second one the journal entries"),
        (Work.FIRST_SYNC, "target"): _always(3, "the creation, the Batch API for ten PATCHes, and a look for the entries' ids"),
        (Work.BACKFILL, "source"): _pages(10_000, "the query gives 10,000 whole records, a second one the journal entries", 1),
        (Work.BACKFILL, "target"): _always(1, "the Batch API takes them all; ServiceNow names no limit but that of time and size"),
        (Work.IDLE_POLL, "source"): _always(3, "records, attachments and deletions: neither of the latter touches the record"),
    },
    "salesforce": {
        (Work.EDIT, "source"): _always(0, "the flow can send the whole record"),
        (Work.EDIT, "target"): _always(
            1, "one composite call of the PATCH and a reading, which would take `@{a.b}` in a text for a reference"
        ),
        (Work.COMMENT, "source"): _always(0, "the flow can send the comment"),
        (Work.COMMENT, "target"): _WRITE,
        (Work.FIRST_SYNC, "source"): _always(1, "the query of the trigger, with comments as a subquery"),
        (Work.FIRST_SYNC, "target"): _always(1, "one composite call of 11 creations, which would take `@{a.b}` in a text for a reference"),
        (Work.BACKFILL, "source"): _pages(2000, "a query gives 2,000 records with comments as a subquery"),
        (Work.BACKFILL, "target"): _pages(200, "`composite/sobjects` takes 200"),
        (Work.IDLE_POLL, "source"): _always(1, "one composite call of cases, comments, files and deletions; it takes five queries"),
    },
    "github": {
        (Work.EDIT, "source"): _always(0, "the webhook has the whole issue"),
        (Work.EDIT, "target"): _WRITE,
        (Work.COMMENT, "source"): _always(0, "the webhook has the comment"),
        (Work.COMMENT, "target"): _WRITE,
        (Work.FIRST_SYNC, "source"): _always(1, "GraphQL's search gives whole issues with their comments"),
        (Work.FIRST_SYNC, "target"): _always(11, "the creation, and each comment by itself, so that one of them alone can be in doubt"),
        (Work.BACKFILL, "source"): _pages(100, "whole issues with their comments, by GraphQL 100 a page"),
        (Work.BACKFILL, "target"): _each("one by one; besides, GitHub lets 80 a minute and 500 an hour be created"),
        (Work.IDLE_POLL, "source"): _always(2, "issues and comments; both answer 304, which is not taken from the quota"),
    },
    "zendesk": {
        (Work.EDIT, "source"): _always(1, "the webhook lacks custom fields and formatted text, so the ticket is read"),
        (Work.EDIT, "target"): _always(1, "one PUT, refused by `safe_update` where the ticket moved on"),
        (Work.COMMENT, "source"): _always(1, "the webhook has the comment as plain text only, so comments are read"),
        (Work.COMMENT, "target"): _always(1, "one PUT, whose audit has the comment's id"),
        (Work.FIRST_SYNC, "source"): _always(2, "the search gives whole tickets; then the comments"),
        (Work.FIRST_SYNC, "target"): _always(11, "the creation, and each comment by itself: an update takes one"),
        (Work.BACKFILL, "source"): _pages(100, "`search/export`, 100 whole tickets a page"),
        (Work.BACKFILL, "target"): _pages(100, "`create_many` takes 100; one look at all the jobs", 1),
        (Work.IDLE_POLL, "source"): _always(1, "one incremental export"),
    },
    "redmine": {
        (Work.EDIT, "source"): _always(0, "the poll that finds the change has all fields"),
        (Work.EDIT, "target"): _always(2, "one PUT, which answers with nothing, and a reading"),
        (Work.COMMENT, "source"): _always(1, "listings have no notes, so the issue is read"),
        (Work.COMMENT, "target"): _always(2, "one PUT, which answers with nothing, and a reading for the note's id"),
        (Work.FIRST_SYNC, "source"): _always(2, "the query gives whole issues; then the notes"),
        (Work.FIRST_SYNC, "target"): _always(12, "the creation, each note by itself, and a reading for their ids"),
        (Work.BACKFILL, "source"): Least(lambda items: ceil(items / 100) + items, "100 issues a page, and each for its notes"),
        (Work.BACKFILL, "target"): _each("one by one"),
        (Work.IDLE_POLL, "source"): _always(
            1, "one listing; for edited notes, which it does not tell, Twinline reads one issue in turn, and it asks who it is"
        ),
    },
}
