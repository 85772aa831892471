"""docs/api-reference.md, written from the OpenAPI document: `python -m tests.api.pages`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import api.app
from config.opening import Opened

PAGE = Path(__file__).parents[2] / "docs" / "api-reference.md"

HEAD = """\
# Reference of the REST API

Written from the OpenAPI document by `python -m tests.api.pages`; [the REST API](api.md) tells what holds for every call.
"""

Part = dict[str, Any]


def document() -> Part:
    return api.app.build(cast("Opened", None), {}).openapi()


def operations() -> Iterator[tuple[str, Part]]:
    """Every operation after its method and path."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def page() -> str:
    return "\n".join((HEAD, *(line for name, operation in operations() for line in _section(name, operation))))


def _section(name: str, operation: Part) -> Iterator[str]:
    yield f"## `{name}`\n"
    yield f"{operation['description']}\n"
    if operation.get("parameters"):
        yield "| parameter | in | meaning |\n|---|---|---|"
        for one in operation["parameters"]:
            yield f"| `{one['name']}` | {one['in']} | {one.get('description') or ''}{' (required)' if one.get('required') else ''} |"
        yield ""
    if "requestBody" in operation:
        yield from _shown("Request:", operation["requestBody"])
    refusals = [f"`{status}`" for status in operation["responses"] if int(status) >= 400]
    for status, answer in operation["responses"].items():
        if int(status) < 400:
            yield from _shown(f"Answer `{status}`:", answer)
    if refusals:
        yield f"Refusals: {', '.join(refusals)}.\n"


def _shown(what: str, body: Part) -> Iterator[str]:
    for kind, content in body.get("content", {}).items():
        sample = content["example"]
        text = sample if isinstance(sample, str) else json.dumps(sample, indent=2, ensure_ascii=False)
        yield f"{what}\n\n```{'json' if kind.endswith('json') else 'text'}\n{text}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
