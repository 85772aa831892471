"""How many vendor calls one field edit costs, by system and method."""

from bench.report import VendorCalls
from bench.stage import Edit, Pair, Stage
from model.words import Side

PEOPLE = {Side.LEFT: "jira PUT", Side.RIGHT: "github PATCH"}
"""The one call that a person makes for an edit."""


async def vendor_calls(stage: Stage, pairs: tuple[Pair, ...]) -> VendorCalls:
    """Edits one title after the other, first all in Jira, then all on GitHub; what our look-ups and echoes call is included."""
    from_jira = await _per_edit(stage, pairs, Side.LEFT)
    from_github = await _per_edit(stage, pairs, Side.RIGHT)
    return VendorCalls(
        edits=2 * len(pairs),
        vendor_calls_per_edit=(sum(from_jira.values()) + sum(from_github.values())) / 2,
        for_edit_in_jira=from_jira,
        for_edit_on_github=from_github,
    )


async def _per_edit(stage: Stage, pairs: tuple[Pair, ...], side: Side) -> dict[str, float]:
    await stage.rest()
    before = await stage.calls()
    for pair in pairs:
        edit = Edit(pair, side, f"{pair.key} edited on the {side} for its calls")
        await stage.make(edit)
        await stage.applied(edit)
    await stage.rest()
    made = {what: count - before.get(what, 0) for what, count in (await stage.calls()).items()}
    made[PEOPLE[side]] -= len(pairs)
    return {what: count / len(pairs) for what, count in sorted(made.items()) if count}
