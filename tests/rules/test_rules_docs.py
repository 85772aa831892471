"""Everything a script can call is on the user's page."""

import re
from pathlib import Path

from rules.host.vocabulary import HOST_TABLES, VOCABULARY
from rules.library.dispatch import VALUE_TABLES
from rules.library.errors import HIERARCHY
from rules.library.statics import JSON, MAKERS, STATICS, StaticClass

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def quoted(name: str) -> bool:
    return re.search(rf"`{re.escape(name)}(?:\([^`]*)?`", PAGE) is not None


def test_every_variable_is_documented() -> None:
    assert [one for one in sorted(VOCABULARY.variables - HOST_TABLES.keys()) if not quoted(one)] == []


def test_every_helper_is_documented() -> None:
    calls = [f"{variable}.{name}" for variable, table in HOST_TABLES.items() for name in table]
    assert [one for one in [*calls, *VOCABULARY.functions] if not re.search(rf"`{re.escape(one)}[(`]", PAGE)] == []


def test_every_method_of_a_value_is_documented() -> None:
    missing: list[str] = []
    for table in VALUE_TABLES:
        heading = f"**{table.kind[0].upper()}{table.kind[1:]}**"
        section = PAGE[PAGE.index(heading) :].split("\n\n", 1)[0]
        missing += [f"{table.kind}: {name}" for name in table if f"`{name}`" not in section]
    assert missing == []


def test_every_class_is_documented() -> None:
    rows = {line.split("`")[1]: line for line in PAGE.splitlines() if line.startswith("| `")}
    for name, static in STATICS.items():
        assert isinstance(static, StaticClass)
        assert [method for method in static.table if f"`{method}`" not in rows[name]] == []
    assert [one for one in [*JSON, *MAKERS, *HIERARCHY] if not quoted(one)] == []
