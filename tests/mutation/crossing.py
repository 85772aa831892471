"""Mutants of what crosses beside fields and comments: work logs, and pictures within texts."""

from tests.mutation.mutant import Mutant

CROSSING = (
    Mutant(
        "an edit of a copied work log is overwritten",
        "sync/work_logs.py",
        "        if same(here, trace.text_on(side)):\n            steps.append(edit)",
        "        if True:\n            steps.append(edit)",
    ),
    Mutant(
        "a work log that is there is added again",
        "sync/work_logs.py",
        "        if wish.source_id and wish.source_id not in sources:",
        "        if False:",
    ),
    Mutant("time that a poorer platform rounded comes back as an edit", "sync/work_parts.py", "if now.spent == here.spent:", "if False:"),
    Mutant(
        "the hour is lost where the other side keeps days",
        "sync/work_parts.py",
        "if now.started.replace(microsecond=0) == here.started:",
        "if False:",
    ),
    Mutant(
        "the words of a copied work log name the author when they come back",
        "sync/work_parts.py",
        "return _without(trace.line, now) if changed else there",
        "return now if changed else there",
    ),
    Mutant(
        "a text is written before the file that it shows",
        "sync/showing.py",
        "for place in (*creation, *moved, *rest))",
        "for place in (*creation, *rest, *moved))",
    ),
    Mutant("a text never shows a file that came later", "sync/showing.py", "    if not waiting:\n", "    if True:\n"),
    Mutant(
        "a text that was to show a file is taken for written",
        "activities/effects.py",
        "case True if isinstance(step, UpdateItem) and step.shows:",
        "case True if False:",
    ),
)
