"""The generated pages of docs/rules: `python -m tests.rules.pages` writes them."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from model.item import Fields
from rules import compile_rule
from rules.host.classes import HUB_CLASSES, NAMED, Constants
from rules.host.described import HELPERS
from rules.host.described_values import SHAPES, VARIABLES
from rules.host.description import Call, Helper
from rules.host.not_offered import AREAS
from rules.trial import Given, Trial, try_incoming, try_outgoing

DOCS = Path(__file__).parents[2] / "docs" / "rules"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
USER: Fields = {"key": "u1", "username": "ann", "email": "ann@acme.test", "displayName": "Ann Example"}
ANSWERS: Fields = {
    "type or null": {"id": "3", "name": "Bug"}, "priority or null": {"id": "2", "name": "High"},
    "status or null": {"id": "5", "name": "Done"},
    "resolution or null": {"id": "1", "name": "Fixed"}, "level or null": {"id": "9", "name": "Staff"},
    "project or null": {"id": "10", "key": "ACME", "name": "Acme"}, "version or null": {"id": "50", "name": "1.0"},
    "version": {"id": "50", "name": "1.0"}, "component or null": {"id": "60", "name": "Web"}, "component": {"id": "60", "name": "Hardware"},
    "option or null": {"id": "70", "value": "Red"}, "option": {"id": "70", "value": "Red"}, "value or null": "Red",
    "custom field or null": {"id": "10060", "name": "Team", "type": "option"}, "user or null": USER, "boolean": True, "text": "https://acme.test",
    "text or null": "12", "group or null": {"name": "staff"}, "key or null": {"id": "1000", "key": "ACME-6", "urn": "ACME-6"},
    "record or null": {"sys_id": "46d4", "email": "ann@acme.test"}, "request type or null": {"id": "20", "name": "Get help"},
    "organisation or null": {"id": "30", "name": "Acme"}, "list": [USER],
}  # fmt: skip
REPLIES: Fields = {
    "httpClient.get": {"*": {"fields": {"parent": {"key": "ACME-6"}}}},
    "httpClient.post": {"*": {"id": "80"}},
    "httpClient.put": {"*": None},
    "httpClient.patch": {"*": None},
    "httpClient.delete": {"*": None},
    "httpClient.http": {"*": {"code": 200, "body": {"relations": [{"rel": "Parent"}]}}},
    "nodeHelper.mergeLinks": {"*": [{"otherIssueId": "1000", "linkTypeName": "Blocks", "linkName": "blocks", "isOutward": True}]},
    "nodeHelper.getOptions": {"*": [{"id": "70", "value": "Red"}, {"id": "71", "value": "Blue"}]},
}
NOTE = "<!-- Made from the description of the helpers; `python -m tests.rules.pages` writes it anew. -->"


def sample(name: str) -> Fields:
    return cast("Fields", json.loads((DOCS / "samples" / f"{name}.json").read_text(encoding="utf-8")))


def example(helper: Helper, call: Call) -> Trial:
    """The call's example, run on the samples."""
    answers: Fields = {
        f"{helper.name}.{one.name}": {"*": ANSWERS[one.result]} for one in helper.calls if one.asks and one.result in ANSWERS
    }
    answers |= {"nodeHelper.getUser": {"*": USER}, "userHelper.getByKey": {"*": USER}, **REPLIES}
    given = Given(item=sample("item"), replica=sample("replica"), answers=answers, first_sync=True, now=NOW)
    outgoing = call.example.startswith("replica.")
    program = compile_rule(call.example, call.name)
    return try_outgoing(program, given) if outgoing else try_incoming(program, given)


def shown(trial: Trial) -> str:
    """What came of an example: properties, effects, log lines, or the failure."""
    if trial.result is None:
        return f"```text\n{trial.failure}\n```"
    parts = [json.dumps(trial.result, indent=2, ensure_ascii=False)] if trial.result else []
    parts += [f"// effect {name}: {json.dumps(value)}" for name, value in trial.effects.items()]
    parts += [f"// {line}" for line in trial.lines]
    return "\n".join(("```json", *(parts or ["{}"]), "```"))


def helper_page(helper: Helper) -> str:
    title = f"`{helper.name}`" if helper.name else "Functions"
    return "\n".join((f"# {title}", "", NOTE, "", helper.says, "", *_calls(helper)))


def _calls(helper: Helper) -> Iterator[str]:
    prefix = f"{helper.name}." if helper.name else ""
    for call in helper.calls:
        yield from (f"## `{prefix}{call.signature}`", "", call.says, "")
        yield from ("| | |", "|---|---|")
        yield from (f"| `{one.name}` | {one.type}{', may be left out' if one.optional else ''} |" for one in call.parameters)
        yield from (f"| result | {call.result} |", f"| errors | {call.errors} |", "")
        if call.when != "both":
            yield from (f"In {call.when} scripts only.", "")
        yield from ("```groovy", call.example, "```", "", shown(example(helper, call)), "")


def variables_page() -> str:
    lines = ["# Variables and their properties", "", NOTE, "", "## Variables", "", "| name | in | type | what it is |", "|---|---|---|---|"]
    lines += [f"| `{one.name}` | {one.when} | {one.type} | {one.says} |" for one in VARIABLES]
    for shape in SHAPES:
        lines += ["", f"## {shape.name[0].upper()}{shape.name[1:]}", "", shape.says, "", "| property | type | |", "|---|---|---|"]
        lines += [f"| `{one.name}` | {one.type} | {one.says}{_on(one.platforms)} |" for one in shape.fields]
    return "\n".join((*lines, ""))


def _on(platforms: tuple[str, ...]) -> str:
    return f" ({', '.join(platforms)})" if platforms else ""


def not_offered_page() -> str:
    lines = [
        "# What is not offered",
        "",
        NOTE,
        "",
        "A script is closed in: it works on values, and reaches the platform through the helpers.",
    ]
    lines += ["`twinline rules check` finds what a script reaches beyond that, and names what to write instead.", ""]
    lines += ["| code | what | instead | found by |", "|---|---|---|---|"]
    for one in AREAS:
        names = ", ".join(f"`{name}`" for name in (*one.packages, *one.classes, *one.variables, *one.members))
        lines.append(f"| `{one.code}` | {one.what} | {one.instead} | {names} |".replace(" -> ", " → "))
    return "\n".join((*lines, ""))


def classes_page() -> str:
    lines = ["# Exalate's classes", "", NOTE, ""]
    lines += ["Known with and without their package, such as `com.exalate.basic.domain.BasicIssueKey`.", ""]
    lines += ["`new BasicIssueKey(id, key)` names an item. `new scala.Tuple2(key, traces)` is what a script returns for an item that it"]
    lines += ["has handled itself: nothing of the item is set then, and on the first sync the key names the item to pair with.", ""]
    lines += [f"Maps with any properties, empty or with named arguments: {_names(HUB_CLASSES)}.", ""]
    lines += ["| class | methods | names |", "|---|---|---|"]
    for name, one in sorted(NAMED.items()):
        lines.append(f"| `{name}` | {_names(one.table)} | {_names(one.values if isinstance(one, Constants) else ())} |")
    return "\n".join((*lines, ""))


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{one}`" for one in names)


def pages() -> dict[str, str]:
    """Every generated page by its path below docs/rules."""
    helpers = {f"helpers/{helper.name or 'functions'}.md": helper_page(helper) for helper in HELPERS}
    return {**helpers, "variables.md": variables_page(), "classes.md": classes_page(), "not-offered.md": not_offered_page()}


def write() -> None:
    for path, text in pages().items():
        (DOCS / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
