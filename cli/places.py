"""YAML with the line of every value, so that an error can say where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml
from pydantic import JsonValue

from model.errors import BadInput
from operations.problems import Problem, joined

_IN_RULE = re.compile(r" line \d+ column \d+$")
_LEAVES = str | int | float | bool | None


@dataclass(frozen=True)
class Places:
    """`lines` by dotted path; a path that is not in the file counts as its nearest parent."""

    file: Path
    lines: dict[str, int]

    def line(self, place: str) -> int:
        place = _IN_RULE.sub("", place)
        while place and place not in self.lines:
            place = place.rpartition(".")[0]
        return self.lines.get(place, 1)

    def located(self, problem: Problem) -> Problem:
        """`twinline.yaml line 12: connections.app-bugs.integration: ...`."""
        return Problem(place=f"{self.file.name} line {self.line(problem.place)}", message=str(problem))


@dataclass(frozen=True)
class Document:
    content: dict[str, JsonValue]
    places: Places


def load(file: Path) -> Document:
    """The file's mapping; BadInput with line and column if it cannot be read."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} cannot be read: {error}; name a deployment file in YAML") from error
    try:
        node = yaml.SafeLoader(text).get_single_node()
        content = cast("object", yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"line {mark.line + 1} column {mark.column + 1}" if mark else "somewhere"
        raise BadInput(
            f"{file.name} {place}: this is not YAML: {error.problem or error.context}; correct it there or just before"
        ) from error
    except (yaml.YAMLError, ValueError) as error:
        raise BadInput(f"{file.name}: this is not YAML: {error}") from error
    if not isinstance(node, yaml.MappingNode):
        raise BadInput(f"{file.name} line 1: there must be keys such as systems and connections; see docs/configuration.md")
    lines = dict(_lines(node, "", file))
    return Document(_mapping(content, file, lines), Places(file, lines))


def _lines(node: yaml.Node, place: str, file: Path) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        yield from _keys(node, place, file)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(cast("list[yaml.Node]", node.value)):
            inner = joined(place, number)
            yield inner, value.start_mark.line + 1
            yield from _lines(value, inner, file)


def _keys(node: yaml.MappingNode, place: str, file: Path) -> Iterator[tuple[str, int]]:
    seen: set[str] = set()
    for key, value in cast("list[tuple[yaml.Node, yaml.Node]]", node.value):
        line, name = key.start_mark.line + 1, str(cast("object", key.value))
        if name in seen:
            raise BadInput(f"{file.name} line {line}: {joined(place, name)} is there twice; keep one of them")
        seen.add(name)
        yield joined(place, name), line
        yield from _lines(value, joined(place, name), file)


def _mapping(content: object, file: Path, lines: dict[str, int]) -> dict[str, JsonValue]:
    value = _json(content, "", Places(file, lines))
    return value if isinstance(value, dict) else {}


def _json(value: object, place: str, places: Places) -> JsonValue:
    if isinstance(value, dict):
        return {
            _name(key, place, places): _json(inner, joined(place, str(key)), places)
            for key, inner in cast("dict[object, object]", value).items()
        }
    if isinstance(value, list):
        return [_json(inner, joined(place, number), places) for number, inner in enumerate(cast("list[object]", value))]
    if isinstance(value, _LEAVES):
        return value
    raise BadInput(str(places.located(Problem(place=place, message=f"{str(value)!r} is read as a date; put it in quotes"))))


def _name(key: object, place: str, places: Places) -> str:
    if isinstance(key, str):
        return key
    raise BadInput(str(places.located(Problem(place=place, message=f"the key {key!r} is not text; put it in quotes"))))
