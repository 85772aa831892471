"""What of a work log changed: its start, its time or its words, each by itself, as the other side may hold less of them."""

import re

from model.agreement import Trace
from model.item import Fields, Work, work_of
from model.text import tidy
from model.words import ChildKind, Side


def worked(source: Side, source_id: str, target_id: str, source_text: str, target_text: str) -> Trace:
    """A new pair of work logs. Its `line` is what the words of the copy begin with, on one line, as platforms break lines anew."""
    original, copy = (_on_one_line(Work.parsed(text).comment) for text in (source_text, target_text))
    line = copy[: len(copy) - len(original)] if copy.endswith(original) else ""
    pair = Trace.pair(ChildKind.WORK_LOG, source, source_id, target_id, source_text, target_text)
    return pair.model_copy(update={"line": line})


def changed_parts(child: Fields, trace: Trace, side: Side) -> Fields:
    """The changed work log of `side`, with what did not change there as the other side has it.

    So a platform that keeps days leaves the hour alone. A copy (`ours`) gives its words without those that name the author.
    """
    now, here, there = work_of(child), Work.parsed(trace.text_on(side)), Work.parsed(trace.text_on(side.other))
    own = trace.origin is side
    parts: Fields = {} if own else {"ours": True}
    if now.started.replace(microsecond=0) == here.started:
        parts["startDate"] = int(there.started.timestamp() * 1000)
    if now.spent == here.spent:
        parts["timeSpent"] = there.spent
    parts["comment"] = _comment(now.comment, there.comment, trace, own=own, changed=tidy(now.comment) != here.comment) or None
    return {**child, **parts}


def _comment(now: str, there: str, trace: Trace, *, own: bool, changed: bool) -> str:
    if not own:
        return _without(trace.line, now) if changed else there
    return _without(trace.line, there) if trace.line and not changed else now


def _without(line: str, text: str) -> str:
    """The text without that beginning, however its lines are broken."""
    beginning = r"\s+".join(map(re.escape, line.split()))
    return tidy(re.sub(rf"\A\s*{beginning}\s*", "", text))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
