"""How high a priority is, in words that platforms share, so that one can stand for another that has a different name."""

LEVELS = {
    "highest": frozenset({"highest", "critical", "blocker", "urgent", "immediate", "emergency", "p1", "1"}),
    "high": frozenset({"high", "major", "p2", "2"}),
    "medium": frozenset({"medium", "normal", "moderate", "p3", "3"}),
    "low": frozenset({"low", "minor", "p4", "4"}),
    "lowest": frozenset({"lowest", "trivial", "planning", "p5", "5"}),
}


def level_of(name: str) -> str | None:
    """One of `LEVELS` by a name that platforms ship, such as `2 - High` or `Urgent`; None for a name of one's own."""
    word = name.rpartition(" - ")[2].strip().casefold()
    return next((level for level, words in LEVELS.items() if word in words), None)
