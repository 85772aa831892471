"""What the engine wrote: no more than people gave cause for, and nothing that it did not announce."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.oracle.pairs import Pair
from tests.oracle.records import COMMENT, ENGINE, Intent, Kind, Record, Story, Verdict


def check_count(
    intents: Iterable[Intent], pair: Pair, subject: str, changes: Sequence[Record], verdict: Verdict, child: Record | None = None
) -> None:
    """Per value the engine writes at most once more than people do; a write of unknown outcome may be sent again."""
    written = sum(1 for one in changes if one.actor == ENGINE)
    people = sum(1 for one in changes if one.actor != ENGINE and one.old != one.new)
    named = COMMENT if child else subject
    items = set(pair.items)
    again = sum(max(0, one.sends - 1) for one in intents if one.item in items and named in one.subjects)
    if written > people + 1 + again:
        verdict.findings.append(
            f"{pair}: {subject} was written {written} times by the engine and {people} times by people ({again} sent again)"
        )


def check_journal(story: Story, verdict: Verdict) -> None:
    """Each write in the platforms' logs was announced as often as it was sent, and no announcement is open.

    What was found not to have happened is announced anew, which counts from the beginning.
    """
    announced: Counter[tuple[str, ...]] = Counter((one.side, one.item, Kind.ADD, one.subject) for one in verdict.again)
    for intent in story.intents:
        if intent.open:
            told = ", ".join(intent.subjects)
            verdict.findings.append(
                f"the intent to {intent.kind} {told} of {intent.item} ({intent.side}) is still open after {intent.sends} sends"
            )
        for subject in intent.subjects:
            announced[intent.side, intent.item, intent.kind, subject] += intent.sends
    made: Counter[tuple[str, ...]] = Counter()
    for one in story.records:
        if one.actor == ENGINE and one.kind is not Kind.READ:
            item = one.marker if one.kind is Kind.CREATE else one.item
            made[one.side, item, one.kind, one.subject] += 1
    for (side, item, kind, subject), times in (made - announced).items():
        verdict.findings.append(f"the {side} log has {times} more {kind} {subject} of {item} than the journal")
