"""`docs/rules/library.md`, made from the tables of the library: `python -m tests.rules.library_page` writes it."""

from collections.abc import Mapping
from pathlib import Path

from rules.library.dispatch import VALUE_TABLES
from rules.library.errors import HIERARCHY
from rules.library.refused import PACKAGES, REFUSED
from rules.library.statics import MAKERS, OBJECT_TABLES, STATICS, StaticClass
from rules.library.table import Method, Table

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "library.md"
_HEAD = """# The library

What scripts can call on values, and the classes they can use, beside the [helpers](README.md#helpers). It is made from the library itself:
`python -m tests.rules.library_page` writes it. `name(1..2)` takes one or two arguments, `name` none. A closure counts as an argument.
Properties stand for their getters: `date.time` is `date.getTime()`.
"""


def _call(name: str, method: Method) -> str:
    if method.most == 0:
        return f"`{name}`"
    counts = str(method.least) if method.least == method.most else f"{method.least}..{method.most}"
    return f"`{name}({counts})`"


def _methods(table: Mapping[str, Method]) -> str:
    return ", ".join(_call(name, table[name]) for name in sorted(table))


def _tables(title: str, tables: tuple[Table, ...]) -> list[str]:  # type: ignore[type-arg]  # pyright: ignore[reportMissingTypeArgument, reportUnknownParameterType]
    lines = [f"## {title}", ""]
    for table in tables:  # pyright: ignore[reportUnknownVariableType]
        lines += [f"**{table.kind[0].upper()}{table.kind[1:]}**: {_methods(table)}.", ""]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
    return lines


def page() -> str:
    """The page as it should be."""
    lines = [_HEAD, *_tables("Values", VALUE_TABLES), *_tables("What classes make", OBJECT_TABLES)]
    lines += ["## Classes", "", "| class | static methods | constants |", "|---|---|---|"]
    for name, one in sorted(STATICS.items()):
        if isinstance(one, StaticClass):
            constants = ", ".join(f"`{each}`" for each in sorted(one.fixed))
            lines.append(f"| `{name}` | {_methods(one.table)} | {constants} |")
    made = ", ".join(f"`{one}`" for one in sorted(MAKERS))
    errors = ", ".join(f"`{one}`" for one in sorted(HIERARCHY))
    lines += ["", f"With `new`: {made}.", "", f"Exceptions, for `new`, `throw` and `catch`: {errors}.", ""]
    lines += [
        "## Names that are not offered",
        "",
        "Of [what rules cannot reach](not-offered.md), names for which the check knows more.",
        "",
    ]
    lines += ["| name | instead |", "|---|---|"]
    lines += [f"| `{name}` | {instead} |" for name, instead in sorted({**PACKAGES, **REFUSED}.items())]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
