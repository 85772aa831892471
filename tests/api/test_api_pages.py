"""Every endpoint and every status is explained to people."""

import asyncio
import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from model.words import ConnectionStatus, Stage, TwinStatus, VersionStatus
from tests.api.api_site import Site
from tests.api.pages import PAGE, operations, page

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = dict(operations())


def test_the_reference_is_as_the_api_is():
    assert page() == PAGE.read_text(encoding="utf-8"), "write it anew: python -m tests.api.pages"


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_endpoint_says_what_it_does_with_examples(name: str):
    operation: dict[str, Any] = OPERATIONS[name]
    bodies = [operation["requestBody"]] if "requestBody" in operation else []
    answers = [one for status, one in operation["responses"].items() if status < "3"]

    assert operation["summary"]
    assert operation.get("description"), "give the route a docstring"
    assert answers
    for body in (*bodies, *answers):
        assert all(content["example"] not in (None, {}, "") for content in body["content"].values()), "give api/examples.py a sample"


@pytest.mark.parametrize("kind", [ConnectionStatus, TwinStatus, Stage, VersionStatus])
def test_every_status_is_explained(kind: type[StrEnum]):
    explained = (DOCS / "statuses.md").read_text(encoding="utf-8")
    section = explained.partition(f"## {kind.__name__}\n")[2].partition("\n## ")[0]
    assert [status for status in kind if f"| `{status}` |" not in section] == []


async def test_the_calls_that_the_page_shows_work(site: Site, tmp_path: Path):
    """In the order of the page, as a person would paste them into a shell."""
    await site.post("/api/v1/deployment", site.content())
    shown = re.findall(r"```bash\n(.*?)```", (DOCS / "api.md").read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    for call in shown:
        process = await asyncio.create_subprocess_shell(
            f"set -e\n{call}", cwd=tmp_path, env={**os.environ, "TWINLINE_API": site.url}, stdout=asyncio.subprocess.PIPE
        )
        said, _ = await process.communicate()
        assert (process.returncode, bool(said)) == (0, True), call
