"""How it has to be in the end: on both platforms, as they tell it themselves, and in the audit log."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, cast

from model.audit import AuditEntry, Outcome
from model.item import Fields

REMARK = re.compile(r"remark-\d+-\w+")
_MARKER = re.compile(r"\s*<!-- twinline:(\S+) -->")
_NUMBER = re.compile(r"item-\d+")
_DONE = {"closed": True, "open": False}

Deed = tuple[str, str]
"""An operation as the audit log calls it, and what it was done to."""


class Seen(NamedTuple):
    """What of an item has to be equal on both sides. `remarks` are the comments of people, sorted."""

    summary: str
    description: str
    labels: tuple[str, ...]
    done: bool
    remarks: tuple[str, ...]


def in_jira(state: Fields) -> list[Seen]:
    return [_of_issue(one) for one in cast("list[Fields]", state["items"])]


def on_github(state: Fields) -> list[Seen]:
    return [_of_ticket(one) for one in cast("list[Fields]", state["items"])]


def _of_issue(item: Fields) -> Seen:
    fields = cast("Fields", item["fields"])
    status = cast("Mapping[str, Fields]", fields["status"])
    labels, remarks = cast("list[str]", fields["labels"]), _remarks(item, "text")
    done = status["statusCategory"]["key"] == "done"
    return Seen(str(fields["summary"]), str(item["text"]).strip(), tuple(sorted(labels)), done, remarks)


def _of_ticket(item: Fields) -> Seen:
    labels = cast("list[str]", item["labels"])
    description = _MARKER.sub("", str(item["body"] or "")).strip()
    return Seen(str(item["title"]), description, tuple(sorted(labels)), _DONE[str(item["state"])], _remarks(item, "body"))


def _remarks(item: Fields, text: str) -> tuple[str, ...]:
    return tuple(sorted(found for one in cast("list[Fields]", item["comments"]) for found in REMARK.findall(str(one[text]))))


def differences(left: Sequence[Seen], right: Sequence[Seen], numbers: Iterable[int], remarks: Sequence[str]) -> list[str]:
    """What is there twice, missing, or not the same on both sides; items are known by the number in their summary."""
    wanted, told = Counter(f"item-{number}" for number in numbers), Counter(remarks)
    found: list[str] = []
    for side, items in (("Jira", left), ("GitHub", right)):
        there = Counter(number for one in items for number in _NUMBER.findall(one.summary))
        heard = Counter(remark for one in items for remark in one.remarks)
        found += [f"{side} has {one} {there[one]} times, not {wanted[one]}" for one in there | wanted if there[one] != wanted[one]]
        found += [f"{side} has {one} {heard[one]} times, not {told[one]}" for one in heard | told if heard[one] != told[one]]
    for one, other in zip(sorted(left), sorted(right), strict=False):
        found += [f"not equal: {one} and {other}"] if one != other else []
    return found


def markers(state: Fields) -> Counter[str]:
    """How many items and comments each marker is on."""
    items = cast("list[Fields]", state["items"])
    comments = [comment for one in items for comment in cast("list[Fields]", one["comments"])]
    return Counter(str(one["marker"]) for one in (*items, *comments) if one.get("marker"))


def gaps(log: Sequence[AuditEntry], who: str, deeds: Sequence[Deed]) -> list[str]:
    """What that member did and the log has not, or has otherwise."""
    kept = Counter((one.operation, one.subject) for one in log if one.who == who and one.outcome is Outcome.DONE)
    wanted = Counter(deeds)
    return [f"{deed} is {kept[deed]} times in the audit log, not {wanted[deed]}" for deed in kept | wanted if kept[deed] != wanted[deed]]
