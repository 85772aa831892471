"""Jira's wiki markup, read into the tree that neutral text and Atlassian documents share. Pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, cast

from marklas import ast

from connectors.jira.wiki_code import read_code
from connectors.jira.wiki_frames import bold, in_cell, quotes
from connectors.jira.wiki_inline import read_inline
from connectors.jira.wiki_lists import ITEM, read_lists
from connectors.jira.wiki_panels import panels
from connectors.jira.wiki_signs import COLOUR, GUARD, IMAGE, LINK, OURS, STASH, STASHED, UNSTASH

HEADING = re.compile(r"[ \t]*h([1-6])\.[ \t]+(\S.*)")
QUOTED_LINE = re.compile(r"[ \t]*bq\.[ \t]+(\S.*)")
RULE = re.compile(r"[ \t]*-{4,5}[ \t]*")
ROW = re.compile(r"[ \t]*\|")

_VERBATIM = re.compile(r"(?<!\\)\{(code|noformat)(?::([^}\n]*))?\}(.*?)(?<!\\)\{\1\}", re.DOTALL)
_FRAME = re.compile(r"(?<!\\)\{(quote|panel)(?::((?:\\.|[^}\n\\])*))?\}(.*?)(?<!\\)\{\1\}", re.DOTALL)
_GUARDED = re.compile(r"#{1,6}(?:\s|$)|>|[+-]$|(?:-[ ]*){3,}$|(?P<number>\d{1,9})[.)]$")
"""What marklas leaves as it is at the beginning of a line, though Markdown means something by it."""
_PIECES = re.compile(f"({STASH}\\d+{UNSTASH})")
_LEAD = re.compile(r"[ \t]*(?:[*#-]+[ \t]|h[1-6]\.[ \t]|bq\.[ \t]|\|{1,2})?")


def read_wiki(text: str) -> ast.Doc:
    """The document that Jira would show."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").translate(OURS)
    return ast.Doc(cast("list[ast.DocContent]", _Page(plain).blocks()))


class _Page:
    """Passages in which markup means nothing are set aside first, then quotes and panels, which hold blocks of their own."""

    def __init__(self, text: str) -> None:
        self._aside: list[list[ast.Node]] = []
        text = _VERBATIM.sub(self._verbatim, text)
        self._text = _FRAME.sub(self._framed, COLOUR.sub(_coloured, text))

    def blocks(self) -> list[ast.Node]:
        return self._read(self._text)

    def _set_aside(self, blocks: list[ast.Node]) -> str:
        self._aside.append(blocks)
        return f"{STASH}{len(self._aside) - 1}{UNSTASH}"

    def _verbatim(self, found: re.Match[str]) -> str:
        language, title = read_code(found[2] or "") if found[1] == "code" else (None, "")
        content = found[3].removeprefix("\n").removesuffix("\n")
        heading = [ast.Paragraph(bold([ast.Text(title)]))] if title else []
        return self._set_aside([*heading, ast.CodeBlock(language, [ast.Text(content)] if content else [])])

    def _framed(self, found: re.Match[str]) -> str:
        inside = self._read(_FRAME.sub(self._framed, found[3]))
        return self._set_aside(panels(found[2] or "", inside) if found[1] == "panel" else quotes(inside))

    def _read(self, text: str) -> list[ast.Node]:
        return _Lines(text, self._aside).blocks()


def _coloured(found: re.Match[str]) -> str:
    """A colour over several lines as one for each of them."""
    return "\n".join(_coloured_line(found[1], line) for line in found[2].split("\n"))


def _coloured_line(colour: str, line: str) -> str:
    lead = _LEAD.match(line)
    at = lead.end() if lead else 0
    rest = line[at:]
    return line if not rest.strip() or STASHED.fullmatch(rest.strip()) else f"{line[:at]}{{color:{colour}}}{rest}{{color}}"


class _Lines:
    """Lines, block by block; a block ends with an empty line or where another kind begins."""

    def __init__(self, text: str, aside: Sequence[list[ast.Node]]) -> None:
        self._lines = text.split("\n")
        self._aside = aside
        self._at = 0

    def blocks(self) -> list[ast.Node]:
        found: list[ast.Node] = []
        while self._at < len(self._lines):
            self._part()
            if self._lines[self._at].strip():
                found.extend(self._block())
            else:
                self._at += 1
        return found

    def _part(self) -> None:
        """Give what was set aside lines of its own, but in a table's row."""
        line = self._lines[self._at]
        if STASH in line and not ROW.match(line):
            self._lines[self._at : self._at + 1] = [one for one in _PIECES.split(line) if one.strip()]

    def _block(self) -> list[ast.Node]:
        line = self._lines[self._at]
        if (aside := self._kept(line)) is not None:
            self._at += 1
            return aside
        if ITEM.fullmatch(line) and not RULE.fullmatch(line):
            return read_lists(self._taken(self._goes_on_in_list), _inline, self._kept)
        if ROW.match(line):
            return [self._table()]
        single = self._single(line)
        if single is not None:
            self._at += 1
            return [single]
        content = _inline("\n".join(one.strip() for one in self._taken(self._goes_on_in_paragraph)))
        return [ast.Paragraph(content)] if content else []

    @staticmethod
    def _single(line: str) -> ast.Node | None:
        """A block that is one line."""
        if heading := HEADING.fullmatch(line):
            return ast.Heading(cast("Literal[1, 2, 3, 4, 5, 6]", int(heading[1])), _inline(heading[2]))
        if quoted := QUOTED_LINE.fullmatch(line):
            return ast.Blockquote([ast.Paragraph(_inline(quoted[1]))])
        return ast.Rule() if RULE.fullmatch(line) else None

    def _kept(self, line: str) -> list[ast.Node] | None:
        found = STASHED.fullmatch(line.strip())
        return self._aside[int(found[1])] if found else None

    def _taken(self, goes_on: Callable[[str], bool]) -> list[str]:
        """The line and those after it that go on with it."""
        taken = [self._lines[self._at]]
        self._at += 1
        while self._at < len(self._lines):
            self._part()
            line = self._lines[self._at]
            if not line.strip() or not goes_on(line):
                break
            taken.append(line)
            self._at += 1
        return taken

    def _goes_on_in_list(self, line: str) -> bool:
        aside = self._kept(line)
        if aside is not None:
            return all(isinstance(one, ast.CodeBlock | ast.Paragraph) for one in aside)
        return not ROW.match(line) and self._single(line) is None

    def _goes_on_in_paragraph(self, line: str) -> bool:
        return self._kept(line) is None and not ROW.match(line) and not ITEM.fullmatch(line) and self._single(line) is None

    def _table(self) -> ast.Table:
        rows: list[ast.TableRow] = []
        while self._at < len(self._lines) and ROW.match(self._lines[self._at]):
            rows.append(ast.TableRow([self._cell(header, text) for header, text in _cells(self._row())]))
        return ast.Table(_rectangular(rows))

    def _row(self) -> str:
        """A row, which goes on in further lines until one ends with a bar."""
        row = self._lines[self._at].strip()
        self._at += 1
        while self._at < len(self._lines) and not _ended(row):
            line = self._lines[self._at].strip()
            if not line or line.startswith("|"):
                break
            row += "\n" + line
            self._at += 1
        return row

    def _cell(self, header: bool, text: str) -> ast.TableCell:
        content = in_cell(_Lines(text.strip(), self._aside).blocks())
        return ast.TableHeader(content) if header else ast.TableCell(content)


def _inline(text: str) -> list[ast.Inline]:
    nodes = read_inline(text.strip())
    match nodes:
        case [ast.Text(text=begin, marks=[]), *rest] if found := _GUARDED.match(begin):
            at = found.end("number")
            return [ast.Text(begin[: max(at, 0)] + GUARD + begin[max(at, 0) :]), *rest]
        case _:
            return nodes


def _ended(row: str) -> bool:
    return row.endswith("|") and not row.endswith("\\|") and row.strip("|") != ""


def _cells(row: str) -> Iterator[tuple[bool, str]]:
    """Each cell's text, and whether it is a header; bars of links and images end no cell."""
    at = 0
    while at < len(row):
        header = row.startswith("||", at)
        at += 2 if header else 1
        start = at
        while at < len(row) and row[at] != "|":
            inner = LINK.match(row, at) or IMAGE.match(row, at)
            at = inner.end() if inner else at + (2 if row[at] == "\\" else 1)
        if row[start:at].strip() or at < len(row):
            yield header, row[start:at]


def _rectangular(rows: list[ast.TableRow]) -> list[ast.TableRow]:
    width = max(len(row.content) for row in rows)
    return [ast.TableRow([*row.content, *(ast.TableCell([ast.Paragraph()]) for _ in range(width - len(row.content)))]) for row in rows]
