"""What becomes of rich text, as docs/connectors/fidelity.md tells it; see `python -m tests.fidelity`."""

import re
from pathlib import Path

from tests.fidelity.constructs import CONSTRUCTS, Construct
from tests.fidelity.ways import WAYS, Way

PAGE = Path(__file__).resolve().parents[2] / "docs" / "connectors" / "fidelity.md"
HEAD = """\
# What becomes of rich text

Made by `python -m tests.fidelity` out of the connectors' own conversions, for descriptions. A text goes to the platform as
Twinline writes it, and is read back. How Markdown is shown is taken to be CommonMark with tables and task lists; what a
platform takes out by itself is not looked at. A mention is of somebody whom no user map knows; what becomes of others,
docs/configuration.md tells.

| word | meaning |
|---|---|
| exact | people see it as such, and it comes back as it went |
| kept | it comes back, but people see it in another form, often as the characters of Markdown |
| shown | people see it as such, but it does not come back |
| plain | the words are there, the formatting is not |
| lost | words are missing |

"""
PAIRS = """\

## There and back

A text as the first platform has it goes to the second and comes back to the first, as it does when somebody edits it there.
Named is what the first platform has and gets back without its formatting; the words stay.

| from | by way of | survives | does not |
|---|---|---|---|
"""


def outcome(construct: Construct, way: Way) -> str:
    back = way.as_read(construct.text)
    if any(word not in back for word in construct.words):
        return "lost"
    kept, seen = construct.is_in(back), is_shown(construct, way)
    if kept:
        return "exact" if seen else "kept"
    return "shown" if seen else "plain"


def is_shown(construct: Construct, way: Way) -> bool:
    stored = way.kept(construct.text)
    if way.nodes:
        return f'"type": "{construct.node}"' in stored.replace("subsup", "subSup")
    visible = re.sub(r"""\sadf=(["']).*?\1""", "", way.page(stored))
    return re.search(construct.html, visible, re.DOTALL) is not None


def survivors(here: Way, there: Way) -> tuple[list[str], list[str]]:
    """The constructs that the first platform has: those that come back to it by way of the second, and those that do not."""
    known = {one: here.as_read(one.text) for one in CONSTRUCTS}
    own = [(one, text) for one, text in known.items() if one.is_in(text)]
    back = [(one, here.as_read(there.as_read(text))) for one, text in own]
    return [one.name for one, text in back if one.is_in(text)], [one.name for one, text in back if not one.is_in(text)]


def page() -> str:
    rows = [f"| | {' | '.join(way.title for way in WAYS)} |", f"|---|{'---|' * len(WAYS)}"]
    rows += [f"| {one.name} | {' | '.join(outcome(one, way) for way in WAYS)} |" for one in CONSTRUCTS]
    pairs: list[str] = []
    for here in WAYS:
        for there in WAYS:
            if here is not there:
                kept, gone = survivors(here, there)
                pairs.append(f"| {here.title} | {there.title} | {len(kept)} of {len(kept) + len(gone)} | {', '.join(gone) or '-'} |")
    return HEAD + "\n".join(rows) + "\n" + PAIRS + "\n".join(pairs) + "\n"
