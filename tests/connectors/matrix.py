"""`python -m tests.connectors.matrix`: writes docs/connectors/README.md out of the connectors' quality.toml files."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from connectors import declarations
from connectors.kit.conformance.capability import TITLES, Capability
from connectors.kit.conformance.quality import Quality, load
from connectors.kit.registry import found

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "connectors" / "README.md"
INTRODUCTION = """\
# Connectors

What each connector of this repository does. This page is made of their `quality.toml` files: `python -m tests.connectors.matrix`.
[Writing a connector](writing.md) tells how to add one of your own.

Each *yes* is proven in every test run by the conformance suite (`connectors/kit/conformance`), on the connector's own fake of the platform
and over HTTP. A fake is written from the platform's documentation; what was compared with something real stands below each platform.

A picture in a text that shows a file of the item is `![ALT](attachment:NAME)` for sync rules, with NAME percent-encoded. On each side it
shows the file of that name there; where two files have one name, the first of them, but on Redmine the newest. A picture whose file is not
there leads nowhere, and keeps its name. Rules that leave files out leave out what pictures show.
"""
EVIDENCE: Mapping[str, str] = {
    "client_library": "Independent client library that runs against the fake",
    "openapi": "API description",
    "examples": "Examples of the platform's documentation",
    "real_server": "Real server",
    "end_to_end": "End to end",
}


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join([_row(heads), _row("---" for _ in heads), *map(_row, rows)])


def _mark(holds: bool) -> str:
    return "yes" if holds else "–"


def _section(title: str, folder: str, quality: Quality) -> str:
    supported = {TITLES[Capability(name)]: note for name, note in quality.supported.items() if note}
    absent = {name.replace("_", " "): why for name, why in quality.missing.items()}
    parts = [
        f"## {title}",
        f"[Set-up](../../connectors/{folder}/README.md). Written for: {'; '.join(quality.versions)}.",
        f"Tried on a real site: {'; '.join(quality.tried_on) or 'never'}.",
        *_list("", {EVIDENCE[name]: text for name, text in quality.evidence.items()}),
        *_list("How:", supported),
        *_list("Its own tests prove, beyond the suite:", {name.replace("_", " "): text for name, text in quality.further.items()}),
        *_list("Not verified by any documentation:", {name.replace("_", " "): text for name, text in quality.unverified.items()}),
        *_list("Missing:", absent),
    ]
    return "\n\n".join(parts)


def _list(heading: str, entries: Mapping[str, str]) -> list[str]:
    if not entries:
        return []
    shown = "\n".join(f"- {name}: {text}" for name, text in entries.items())
    return [heading, shown] if heading else [shown]


def page() -> str:
    """The page as the files have it now."""
    own = {kind: one for kind in declarations() if (one := found(kind)).package.startswith("connectors.")}
    qualities = {kind: load(one.package) for kind, one in own.items()}
    titles = [quality.platform for quality in qualities.values()]
    capabilities = [[TITLES[one], *(_mark(one in quality.supported) for quality in qualities.values())] for one in Capability]
    names = sorted({name for quality in qualities.values() for name in quality.fields_written})
    fields = [[f"`{name}`", *(_mark(name in quality.fields_written) for quality in qualities.values())] for name in names]
    sections = [_section(quality.platform, own[kind].package.rpartition(".")[2], quality) for kind, quality in qualities.items()]
    parts = [
        INTRODUCTION.strip(),
        _table(["capability", *titles], capabilities),
        "Properties that rules can write; a platform's own fields come on top where it says so above:",
        _table(["property", *titles], fields),
        *sections,
    ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
