"""Every method of the library is in a case, so that Groovy has its say on each."""

import re

from rules.library.dispatch import VALUE_TABLES
from rules.library.statics import MAKERS, OBJECT_TABLES, STATICS, StaticClass
from tests.rules.chunks import chunks

PROGRAMS = "\n".join(one.program for one in chunks())
USED = frozenset(re.findall(r"[.&]\s*(\w+)", PROGRAMS))
OURS = frozenset(
    {
        "asMatchPredicate", "boxed", "containsAny", "endsWithAny", "getChars", "getTimezoneOffset", "mapToInt", "mapToLong", "mapToObj",
        "normalize", "printStackTrace", "removeFirstFrom", "startsWithAny", "synchronizedList", "toBuffer", "toCalendar", "toDate",
        "toLocalDateTime", "toSeq", "toTimestamp", "toZonedDateTime", "truncate", "reversed", "accept", "andThen", "compose",
        "hasProperty", "atZoneSameInstant", "getDisplayName",
    }
)  # fmt: skip
"""What Groovy 4.0 on Java 17 with its core jars does not have, or not as a method of that value."""


def used(name: str) -> bool:
    if name in USED or name in OURS:
        return True
    for prefix in ("get", "is", "set"):
        rest = name[len(prefix) :]
        if name.startswith(prefix) and rest[:1].isupper() and rest[0].lower() + rest[1:] in USED:
            return True
    return False


def test_every_method_of_a_value_is_used() -> None:
    assert [f"{table.kind}: {name}" for table in (*VALUE_TABLES, *OBJECT_TABLES) for name in table if not used(name)] == []


def test_every_static_method_is_used() -> None:
    found = ((name, one) for name, one in STATICS.items() if isinstance(one, StaticClass))
    assert [f"{name}.{method}" for name, one in found for method in one.table if not used(method)] == []


def test_every_class_is_made() -> None:
    missing = [name for name in MAKERS if not re.search(rf"new [\w.]*\b{name}\b", PROGRAMS)]
    assert missing == ["BasicIssueKey"]
