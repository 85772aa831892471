"""Everything that the host gives to scripts is on the user's page."""

import re
from pathlib import Path

from rules.host.vocabulary import HOST_TABLES, VOCABULARY

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")


def quoted(name: str) -> bool:
    return re.search(rf"`{re.escape(name)}(?:\([^`]*)?`", PAGE) is not None


def test_every_variable_is_documented() -> None:
    assert [one for one in sorted(VOCABULARY.variables - HOST_TABLES.keys()) if not quoted(one)] == []


def test_every_helper_is_documented() -> None:
    calls = [f"{variable}.{name}" for variable, table in HOST_TABLES.items() for name in table]
    assert [one for one in [*calls, *VOCABULARY.functions] if not re.search(rf"`{re.escape(one)}[(`]", PAGE)] == []
