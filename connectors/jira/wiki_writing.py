"""The tree that neutral text and Atlassian documents share, written as Jira's wiki markup. Pure.

What the markup cannot say is told in words: the title and content of an expandable part, the name of a file, the text of a macro.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from marklas import ast
from pydantic import JsonValue

from connectors.jira import wiki_panels
from connectors.jira.wiki_code import write_code
from connectors.jira.wiki_escapes import Place, line_safe
from connectors.jira.wiki_spans import media, write_inline

PAGE = Place()
LINE = Place(newline="\\\\")


def write_wiki(document: ast.Doc) -> str:
    """The page as Jira stores it."""
    return _page(document.content, PAGE)


def _page(blocks: Sequence[ast.Node], place: Place) -> str:
    return "\n\n".join(text for one in blocks if (text := _block(one, place)))


def _block(node: ast.Node, place: Place) -> str:
    match node:
        case ast.Paragraph(content=content):
            return line_safe(write_inline(content, place)).strip("\n")
        case ast.Heading(level=level, content=content):
            return f"h{level}. {write_inline(content, replace(place, newline=LINE.newline)).strip()}"
        case ast.BulletList() | ast.OrderedList() | ast.TaskList() | ast.DecisionList():
            return "\n".join(_list(node, "", place))
        case ast.CodeBlock(language=language, content=content):
            return write_code(language or "", "".join(one.text for one in content))
        case ast.Blockquote(content=content):
            return f"{{quote}}\n{_page(content, place)}\n{{quote}}"
        case ast.Panel():
            return _panel(node, place)
        case ast.Rule():
            return "----"
        case ast.Table():
            return "\n".join(_row(one, place) for one in node.content)
        case _:
            return _told(node, place)


def _panel(panel: ast.Panel, place: Place) -> str:
    parameters, content = wiki_panels.told(panel)
    return f"{{panel{':' + parameters if parameters else ''}}}\n{_page(content, place)}\n{{panel}}"


def _told(node: ast.Node, place: Place) -> str:
    """Blocks that the markup does not know."""
    match node:
        case ast.Expand(title=title, content=content) | ast.NestedExpand(title=title, content=content):
            heading = [ast.Paragraph([ast.Text(title, [ast.StrongMark()])])] if title else []
            return _page([*heading, *content], place)
        case ast.MediaSingle(content=content):
            return "\n".join(filter(None, [_media(one, place) for one in content]))
        case ast.MediaGroup(content=content):
            return "\n".join(filter(None, [_media(one, place) for one in content]))
        case ast.BlockCard(url=url) | ast.EmbedCard(url=url):
            return write_inline([ast.InlineCard(url)], place)
        case ast.LayoutSection(content=columns):
            return _page([block for column in columns for block in column.content], place)
        case ast.BodiedExtension(content=content) | ast.BodiedSyncBlock(content=content):
            return _page(content, place)
        case ast.Extension(text=text):
            return _block(ast.Paragraph([ast.Text(text or "")]), place)
        case ast.UnknownBlock(raw=raw):
            return _block(ast.Paragraph([ast.Text(_words(cast("JsonValue", raw)))]), place)
        case _:
            return ""


def _media(node: ast.Media | ast.Caption, place: Place) -> str:
    return write_inline(node.content, place) if isinstance(node, ast.Caption) else media(node.alt or node.id or "", node.url)


def _words(raw: JsonValue) -> str:
    """The words of a node of a kind that nobody knows."""
    if isinstance(raw, list):
        return " ".join(filter(None, map(_words, raw)))
    if not isinstance(raw, dict):
        return ""
    text = raw.get("text")
    return text if isinstance(text, str) else _words(raw.get("content"))


def _list(node: ast.Node, outer: str, place: Place) -> list[str]:
    """The lines of a list; `outer` are the signs of those around it."""
    line = replace(place, newline=LINE.newline)
    lines: list[str] = []
    match node:
        case ast.BulletList(content=items) | ast.OrderedList(content=items):
            marker = outer + ("#" if isinstance(node, ast.OrderedList) else "*")
            for item in items:
                lines += _item(item, marker, line)
        case ast.TaskList(content=tasks):
            for task in tasks:
                lines += _task(task, outer, line)
        case ast.DecisionList(content=decisions):
            lines += [f"{outer}* {write_inline(one.content, line)}" for one in decisions]
        case _:
            pass
    return lines


def _task(task: ast.TaskListContent, outer: str, line: Place) -> list[str]:
    if isinstance(task, ast.TaskList):
        return _list(task, outer + "*", line)
    box = "\\[x\\]" if task.state == "DONE" else "\\[ \\]"
    if isinstance(task, ast.TaskItem):
        return [f"{outer}* {box} {write_inline(task.content, line)}"]
    return [f"{outer}* {box} {line.newline.join(_block(one, line) for one in task.content)}"]


def _item(item: ast.ListItem, marker: str, line: Place) -> list[str]:
    """The text of an item stands in its line, the code behind it, and the lists in it below."""
    lines = [""]
    below: list[str] = []
    for block in item.content:
        match block:
            case ast.BulletList() | ast.OrderedList() | ast.TaskList():
                below += _list(block, marker, line)
            case ast.CodeBlock():
                lines += [_block(block, line), ""]
            case _:
                text = write_inline(block.content, line) if isinstance(block, ast.Paragraph) else _block(block, line)
                lines[-1] = line.newline.join(filter(None, [lines[-1] + line.newline if lines[-1] else "", text]))
    first, *rest = lines
    return [f"{marker} {first}", *(line_safe(one) if not one.startswith("{") else one for one in rest if one), *below]


def _row(row: ast.TableRow, place: Place) -> str:
    cells = [(isinstance(cell, ast.TableHeader), _cell(cell, replace(place, bars=True))) for cell in row.content]
    text = "".join(("||" if header else "|") + content for header, content in cells)
    return text + ("||" if cells and cells[-1][0] else "|")


def _cell(cell: ast.TableCell, place: Place) -> str:
    """A single line, or lines of their own after a break: a bar at the end of a line, or an empty line, would end the row."""
    line = replace(place, newline=LINE.newline)
    match list(cell.content):
        case [ast.Paragraph(content=content)]:
            return line_safe(write_inline(content, line)) or " "
        case blocks:
            lines = [text for one in blocks if (text := _block(one, line))]
            return f"{LINE.newline}\n" + "\n".join(lines) if lines else " "
