"""A world's story as lines for people, kept where the oracle found something."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from tests.oracle.records import Kind, Record, Story


def write_story(path: Path, story: Story, findings: Iterable[str]) -> None:
    """What was found, and all that the oracle was told, by time; readings come as `read`."""
    records = sorted(story.records, key=lambda one: one.at)
    conflicts = [f"conflict {one.items} {one.subject} {one.left!r} | {one.right!r} held={one.held}" for one in story.conflicts]
    intents = [
        f"intent {one.side} {one.item} {one.kind} {', '.join(one.subjects)} sends={one.sends} open={one.open}" for one in story.intents
    ]
    path.write_text("\n".join([*findings, "", *map(_line, records), "", *conflicts, "", *intents, ""]))


def _line(one: Record) -> str:
    at = datetime.fromtimestamp(one.at, UTC).strftime("%H:%M:%S.%f")[:-3]
    what = f"{one.subject} {one.child}".strip()
    values = " ".join(f"{name}={value!r}" for name, value in one.values.items())
    change = "" if one.kind is Kind.READ else values or f"{one.old!r} → {one.new!r}"
    return f"{at} {one.side:5} {one.item:12} {one.actor:9} {one.kind:6} {what} {change} {one.marker}".rstrip()
