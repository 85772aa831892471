"""Lists of Jira's wiki markup, nested by the length of their markers (`*#`), read. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from marklas import ast

ITEM = re.compile(r"[ \t]*([*#-]+)[ \t]+(.*)")

_TASK = re.compile(r"\\?\[([ xX])\\?\][ \t]+(.*)", re.DOTALL)

Inline = Callable[[str], list[ast.Inline]]
Kept = Callable[[str], list[ast.Node] | None]


@dataclass
class _Item:
    """`lines` is the text; `code` is what stands in the item after it, with the text that goes on behind."""

    marker: str
    lines: list[str] = field(default_factory=list[str])
    rest: list[ast.Node | list[str]] = field(default_factory=list["ast.Node | list[str]"])
    children: list["_Item"] = field(default_factory=list["_Item"])

    @property
    def ordered(self) -> bool:
        return self.marker.endswith("#")

    @property
    def empty(self) -> bool:
        return not "".join(self.lines).strip(" \t\\") and not self.rest and all(one.empty for one in self.children)

    @property
    def task(self) -> re.Match[str] | None:
        return None if self.rest or self.ordered else _TASK.fullmatch("\n".join(self.lines))


def read_lists(lines: Sequence[str], inline: Inline, kept: Kept) -> list[ast.Node]:
    """The lists that the lines are, more than one where the kind changes on the outermost level."""
    roots: list[_Item] = []
    trail: list[_Item] = []
    for line in lines:
        if found := ITEM.fullmatch(line):
            item = _Item(found[1], [found[2]])
            del trail[len(found[1]) - 1 :]
            (trail[-1].children if trail else roots).append(item)
            trail.append(item)
        else:
            _go_on(trail[-1], line, kept)
    return _lists(roots, inline)


def _go_on(item: _Item, line: str, kept: Kept) -> None:
    aside = kept(line)
    if aside is not None:
        item.rest.extend(aside)
    elif not item.rest:
        item.lines.append(line.strip())
    elif isinstance(last := item.rest[-1], list):
        last.append(line.strip())
    else:
        item.rest.append([line.strip()])


def _lists(items: list[_Item], inline: Inline) -> list[ast.Node]:
    made: list[ast.Node] = []
    while items:
        count = next((number for number, one in enumerate(items) if one.ordered != items[0].ordered), len(items))
        if kept := [one for one in items[:count] if not one.empty]:
            made.append(_list(kept, inline))
        items = items[count:]
    return made


def _list(items: list[_Item], inline: Inline) -> ast.Node:
    if _all_tasks(items):
        return _tasks(items, inline)
    content = [_item(one, inline) for one in items]
    return ast.OrderedList(content) if items[0].ordered else ast.BulletList(content)


def _item(item: _Item, inline: Inline) -> ast.ListItem:
    blocks: list[ast.Node] = [ast.Paragraph(inline("\n".join(item.lines)))]
    blocks += [ast.Paragraph(inline("\n".join(one))) if isinstance(one, list) else one for one in item.rest]
    return ast.ListItem(cast("list[ast.ListItemContent]", [*blocks, *_lists(item.children, inline)]))


def _all_tasks(items: list[_Item]) -> bool:
    return all(one.task is not None and _all_tasks(one.children) for one in items)


def _tasks(items: list[_Item], inline: Inline) -> ast.TaskList:
    content: list[ast.TaskListContent] = []
    for one in items:
        found = one.task
        if found is not None:
            content.append(ast.TaskItem("TODO" if found[1] == " " else "DONE", inline(found[2])))
        if one.children:
            content.append(_tasks(one.children, inline))
    return ast.TaskList(content)
