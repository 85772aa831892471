"""What each platform's calls come to: for people who run the bench, and as the page docs/vendor-calls.md.

`python -m bench.calls_table` writes the page anew from the figures of the last run, which are kept in docs/runs.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import TypeAdapter
from rich.table import Table

from bench.least import COMMENTS
from bench.report import PlatformCalls, Work

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "vendor-calls.md"
RUN = DOCS / "runs" / "vendor-calls.json"

_CALLS = TypeAdapter(tuple[PlatformCalls, ...])
_COLUMNS = [(Work.IDLE_POLL, "source"), *((work, side) for work in Work if work is not Work.IDLE_POLL for side in ("source", "target"))]
_HEAD = f"""\
# What a sync costs of a platform's quota

How many HTTP calls Twinline makes to a platform, counted at the platform, and beside it in brackets the fewest that its API allows for the
same. `make bench` counts them, `python -m bench.platform_calls --page` writes this page: on the fakes, with the rules that are used where
none are given.

- **source**: it happens here and is carried to the other platform. **target**: it happened there and arrives here. A connection takes from
  your quota the sum of both, and an idle poll each time that the system's `poll` says, every 30 seconds if it says nothing.
- **edit**: somebody changes the summary of an item under sync. **comment**: somebody adds a comment. **first sync**: an item with
  {COMMENTS} comments comes under sync, because somebody edits it and the trigger matches. **backfill**: a new connection brings items under
  sync that were there before, none of them with comments. **idle poll**: nothing has changed.
- Webhooks tell of changes, the vendor's own, or those of the flow or business rule in the connector's README. Redmine has none, so a poll
  finds the change. After each piece of work both sides are polled twice. What these polls have read again because of it counts, but not
  what an idle one calls, too.
- What is remembered for five minutes (fields, people, statuses) was asked before, but for the backfill, which begins with nothing. Redmine
  is asked who we are every 30 seconds, whatever is done.
- One run differs from another by a few calls: whether a search is made once or twice depends on how close together webhooks come. A
  backfill costs so many calls for each item however large it is; `make bench ITEMS=1000` measures a thousand.
- The fakes answer at once, so that few reads come together. Of a platform that takes its time many items are read by one call, since what
  is asked for while a call is under way is asked for by the next: of Jira Cloud, Azure DevOps, Salesforce, ServiceNow, Zendesk and GitHub.
- Left out: that a trigger query is asked once more every five minutes, the daily look at webhooks, and attachments.

The fewest calls are those of a sync that trusts everything: it reads nothing before it is written, though that is how an edit of the same
moment is kept, and nothing again that a webhook told, though webhooks come late, twice and in any order.
"""


def calls_table(found: Sequence[PlatformCalls]) -> Table:
    """One row for each platform: what was made, and in brackets the fewest that its API allows."""
    known = {(one.platform, one.work, one.side): one for one in found}
    items = max([one.items for one in found if one.work is Work.BACKFILL], default=0)
    shown = Table("vendor calls", *(_title(work, side, items) for work, side in _COLUMNS), box=None)
    for platform in _platforms(found):
        cells = [known.get((platform, work, side)) for work, side in _COLUMNS]
        shown.add_row(platform, *(_cell(one) for one in cells))
    return shown


def _cell(one: PlatformCalls | None) -> str:
    return "" if one is None else f"{one.made:,.0f} ({one.least:,.0f})"


def _platforms(found: Iterable[PlatformCalls]) -> list[str]:
    return list(dict.fromkeys(one.platform for one in found))


def _title(work: str, side: str, items: int) -> str:
    if work == Work.IDLE_POLL:
        return "idle poll"
    return f"{work} of {items} as {side}" if work == Work.BACKFILL else f"{work} as {side}"


def write_page(found: Sequence[PlatformCalls]) -> None:
    RUN.write_bytes(_CALLS.dump_json(tuple(found), indent=1) + b"\n")
    PAGE.write_text(page())


def page() -> str:
    """From the figures that are kept."""
    found = _CALLS.validate_json(RUN.read_bytes())
    return "\n".join([_HEAD, *_overview(found), *(line for platform in _platforms(found) for line in _of(platform, found))])


def _overview(found: Sequence[PlatformCalls]) -> list[str]:
    known = {(one.platform, one.work, one.side): one for one in found}
    items = max(one.items for one in found)
    titles = [_title(work, side, items) for work, side in _COLUMNS]
    lines = ["Made, and in brackets the fewest:", "", f"| platform | {' | '.join(titles)} |", "|---" * (len(titles) + 1) + "|"]
    for platform in _platforms(found):
        cells = [known.get((platform, work, side)) for work, side in _COLUMNS]
        lines.append(f"| {platform} | {' | '.join(_cell(one) for one in cells)} |")
    return [*lines, ""]


def _of(platform: str, found: Sequence[PlatformCalls]) -> list[str]:
    """What was called, and why the fewest calls are so many."""
    own = [one for one in found if one.platform == platform]
    pairs = " and ".join(sorted({f"as the {one.side} with {one.other}" for one in own}))
    lines = [f"## {platform}", "", f"Measured {pairs}.", ""]
    lines += ["| work | made | fewest | why not fewer | what was called |", "|---|---|---|---|---|"]
    for one in own:
        called = ", ".join(f"{count:,.0f} × `{what}`" for what, count in one.made_by_kind.items())
        lines.append(f"| {_title(one.work, one.side, one.items)} | {one.made:,.0f} | {one.least:,.0f} | {one.why} | {called} |")
    return [*lines, ""]


if __name__ == "__main__":
    PAGE.write_text(page())
