"""Everything a script can call is on the user's pages, the generated ones are fresh, and every example does what is said of it."""

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from model.item import Fields
from rules import RuleErrors, compile_rule
from rules.host.described import HELPERS
from rules.host.description import Call, Helper
from rules.host.vocabulary import ALIASES, HOST_TABLES, VOCABULARY
from rules.trial import Given, try_incoming, try_outgoing
from tests.rules.pages import DOCS, NOW, example, pages, sample

BLOCK = re.compile(r"```groovy([^\n]*)\n(.*?)```(?:\n+```(json|text)\n(.*?)```)?", re.DOTALL)
WRITTEN = sorted(path for path in DOCS.rglob("*.md") if str(path.relative_to(DOCS)) not in {*pages(), "library.md"})


class Example(NamedTuple):
    """A script of a page; `words` stand behind ```groovy, `kind` and `expected` are the block after it."""

    words: tuple[str, ...]
    script: str
    kind: str
    expected: str


def examples(page: Path) -> list[Example]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [Example(tuple(words.split()), script, kind, expected) for words, script, kind, expected in found]


EXAMPLES = [(page, one) for page in WRITTEN for one in examples(page)]
CALLS = [(helper, call) for helper in HELPERS for call in helper.calls]


@pytest.mark.parametrize(("path", "text"), pages().items(), ids=list(pages()))
def test_generated_page_is_fresh(path: str, text: str) -> None:
    assert (DOCS / path).read_text(encoding="utf-8") == text, "run `python -m tests.rules.pages`"


def test_what_is_described_is_what_can_be_called() -> None:
    described = {helper.name: {call.name for call in helper.calls} for helper in HELPERS}
    offered = {name: set(table) for name, table in HOST_TABLES.items() if name not in ALIASES}
    assert described == {**offered, "": set(VOCABULARY.functions)}


@pytest.mark.parametrize(("helper", "call"), CALLS, ids=[f"{helper.name}.{call.name}" for helper, call in CALLS])
def test_example_of_a_call_runs(helper: Helper, call: Call) -> None:
    assert call.name in call.example
    assert example(helper, call).failure == ""


@pytest.mark.parametrize(("page", "one"), EXAMPLES, ids=[f"{page.stem}-{number}" for number, (page, _) in enumerate(EXAMPLES)])
def test_example_of_a_page(page: Path, one: Example) -> None:
    if one.kind == "text" and "fails" in one.words:
        with pytest.raises(RuleErrors) as caught:
            compile_rule(one.script, page.stem)
        assert [shown.strip() for shown in one.expected.strip().splitlines()] == [found.said for found in caught.value.diagnostics]
        return
    program = compile_rule(one.script, page.stem)
    if not one.words:
        return
    first = "first-sync" in one.words
    item: Fields = {} if "new" in one.words else sample("item")
    given = Given(item=item, replica=sample("replica"), answers=sample("helpers"), first_sync=first, now=NOW)
    trial = try_outgoing(program, given) if "outgoing" in one.words else try_incoming(program, given)
    assert trial.failure.split("\n")[0] == (one.expected.strip() if one.kind == "text" else "")
    if one.kind == "json":
        assert trial.result is not None
        assert {**trial.result, **{f"effect {name}": value for name, value in trial.effects.items()}} == json.loads(one.expected)


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL))
    assert [link for link in links if not (page.parent / link).exists()] == []
