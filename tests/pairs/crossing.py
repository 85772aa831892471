"""What is to be seen on one platform of an item on another, told by the default rules and the capabilities of both."""

import re
from collections.abc import Iterable

from connectors import declaration
from tests.pairs.platform import Platform, Said, Seen, first_name

_SENT = re.compile(r"^replica\.(\w+)\s*=", re.MULTILINE)
_TAKEN = re.compile(r"^\s*issue\.(\w+)\s*=", re.MULTILINE)
_BREAK = re.compile(r"\\$|<br>", re.MULTILINE)


def crossing(source: Platform, target: Platform) -> frozenset[str]:
    """The properties that the default rule of the source sends and that of the target sets."""
    sent, taken = _SENT.findall(declaration(source.kind).outgoing), _TAKEN.findall(declaration(target.kind).incoming)
    return frozenset(sent) & frozenset(taken)


def files_cross(source: Platform, target: Platform) -> bool:
    return source.capabilities.attachments and target.capabilities.attachments and "attachments" in crossing(source, target)


def work_crosses(source: Platform, target: Platform) -> bool:
    return source.capabilities.work_logs and target.capabilities.work_logs and "workLogs" in crossing(source, target)


def differences(source: Platform, here: Seen, target: Platform, there: Seen) -> list[str]:
    """What is not on the target as it is on the source.

    Where nobody can edit a description, a later one is told in an internal comment, and the other side goes on without it.
    """
    fields = crossing(source, target)
    description = target.as_read(here.description)
    told = not target.rewords and any(one.internal and plain(description) in plain(one.text) for one in there.comments)
    told |= not source.rewords and there.description.startswith(description)
    told |= source.as_read(there.description) == here.description
    pairs = {
        "summary": (here.summary, there.summary),
        "description": (description, description if told else there.description),
        "status": (here.done, there.done),
        "priority": (here.high, there.high),
        "assignee": (here.assignee, there.assignee),
        "labels": (here.labels, there.labels),
    }
    wrong = [f"{name}: {ours!r} is {theirs!r}" for name, (ours, theirs) in pairs.items() if name in fields and ours != theirs]
    return wrong + list(_comments(here.comments, target, there.comments))


def _comments(said: Iterable[Said], target: Platform, there: Iterable[Said]) -> Iterable[str]:
    """Each comment of a person is there once, with its privacy; an internal one is nowhere where the target knows none."""
    told = [(plain(one.text), one.internal) for one in there]
    for one in said:
        if not first_name(one.author):
            continue
        copies = [internal for text, internal in told if plain(one.text) in text]
        wanted = [one.internal] if not one.internal or "internal" in target.capabilities.comments else []
        if copies != wanted:
            yield f"comment {one.text!r}, internal {one.internal}: there are {copies}"


def plain(text: str) -> str:
    """How lines are broken does not count."""
    return " ".join(_BREAK.sub("\n", text).split())
