"""One run of Jira's wiki markup, read: emphasis, links, mentions, images, colours, line breaks. Pure.

The rules are those of Jira's own renderer: an emphasis begins after and ends before what is no letter or digit, or stands in braces
(`{*}`), and stays within its line. What is not understood stays text as it is.
"""

import re
from dataclasses import dataclass

from marklas import ast

from connectors.jira.wiki_signs import COLOUR, ENTITY, GUARD, IMAGE, IMAGE_TITLE, LINK, URL, entities, is_target, name_of

MARKS: dict[str, ast.Mark] = {
    "*": ast.StrongMark(),
    "_": ast.EmMark(),
    "-": ast.StrikeMark(),
    "+": ast.UnderlineMark(),
    "^": ast.SubSupMark("sup"),
    "~": ast.SubSupMark("sub"),
}

_CODE = re.compile(r"\{\{(?!\s)((?:\\.|[^\\\n])+?)(?<!\s)\}\}")
_ALT = re.compile(r"(?:^|,)\s*alt=([^,]+)")
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def read_inline(text: str) -> list[ast.Inline]:
    """The nodes of a run, without blanks and breaks around it and blanks around its breaks."""
    return _trimmed(_Reader(text, ()).read())


def unescaped(text: str) -> str:
    """Text in which only backslashes and entities mean anything."""
    return entities(re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text))


@dataclass(frozen=True)
class _Span:
    """Something that ends at `end` of the text and stands for `nodes`."""

    nodes: list[ast.Inline]
    end: int


class _Reader:
    def __init__(self, text: str, marks: tuple[ast.Mark, ...]) -> None:
        self._text = text
        self._marks = marks
        self._plain: list[str] = []
        self._nodes: list[ast.Inline] = []
        self._unclosed: dict[str, int] = {}

    def read(self) -> list[ast.Inline]:
        at = 0
        while at < len(self._text):
            span = self._span(at)
            if span is None:
                self._plain.append(self._text[at])
                at += 1
            else:
                self._flush()
                self._nodes.extend(span.nodes)
                at = span.end
        self._flush()
        return _merged(self._nodes)

    def _flush(self) -> None:
        if self._plain:
            self._nodes.append(self._said("".join(self._plain)))
            self._plain = []

    def _said(self, text: str, *marks: ast.Mark) -> ast.Text:
        return ast.Text(text, [*self._marks, *marks])

    def _span(self, at: int) -> _Span | None:
        match self._text[at]:
            case "\\":
                return self._escape(at)
            case "\n":
                return _Span([ast.HardBreak()], at + 1)
            case "&":
                found = ENTITY.match(self._text, at)
                return _Span([self._said(entities(found[0]))], found.end()) if found else None
            case "{":
                return self._brace(at)
            case "[":
                return self._link(at)
            case "!":
                return self._image(at)
            case "h" | "f":
                return self._address(at)
            case sign if sign in MARKS:
                return self._emphasis(at, 1)
            case _:
                return None

    def _escape(self, at: int) -> _Span | None:
        after = self._text[at + 1 : at + 2]
        if after == "\\":
            end = at + 2
            return _Span([ast.HardBreak()], end + 1 if self._text[end : end + 1] == "\n" else end)
        return _Span([self._said(after)], at + 2) if after in _PUNCTUATION and after else None

    def _brace(self, at: int) -> _Span | None:
        if found := _CODE.match(self._text, at):
            return _Span([self._said(unescaped(found[1]), ast.CodeMark())], found.end())
        if found := COLOUR.match(self._text, at):
            return _Span(self._inside(found[2], ast.TextColorMark(found[1])), found.end())
        if self._text[at + 1 : at + 2] in MARKS and self._text[at + 2 : at + 3] == "}":
            return self._emphasis(at, 3)
        return None

    def _inside(self, text: str, mark: ast.Mark) -> list[ast.Inline]:
        return _Reader(text, (*self._marks, mark)).read()

    def _emphasis(self, at: int, length: int) -> _Span | None:
        """`length` is that of the delimiter, which is three in braces."""
        text, sign = self._text, self._text[at + length // 2]
        start = at + length
        if length == 1 and at and (text[at - 1].isalnum() or text[at - 1] == "\\"):
            return None
        if start >= len(text) or text[start].isspace() or text[start] == sign or start < self._unclosed.get(sign, 0):
            return None
        at = start
        while at < len(text) and text[at] != "\n":
            if text[at] == "\\":
                at += 2
                continue
            braced = text[at : at + 3] == f"{{{sign}}}"
            bare = text[at] == sign and not text[at + 1 : at + 2].isalnum()
            if (braced or bare) and at > start and not text[at - 1].isspace() and text[at - 1] != sign:
                return _Span(self._inside(text[start:at], MARKS[sign]), at + (3 if braced else 1))
            at += 1
        self._unclosed[sign] = at
        return None

    def _link(self, at: int) -> _Span | None:
        found = LINK.match(self._text, at)
        if found is None:
            return None
        label, _, target = found[1].rpartition("|")
        target = target.strip()
        if target.startswith("~") and len(target) > 1:
            name = unescaped(target[1:])
            return _Span([ast.Mention(name, label or f"@{name}")], found.end())
        if not is_target(target):
            return None
        shown = label or target.removeprefix("mailto:").removeprefix("^")
        mark = ast.LinkMark(entities(target))
        nodes: list[ast.Inline] = self._inside(shown, mark) if label else [self._said(entities(shown), mark)]
        return _Span(nodes, found.end())

    def _image(self, at: int) -> _Span | None:
        found = IMAGE.match(self._text, at)
        inside_link = any(isinstance(one, ast.LinkMark) for one in self._marks)
        if found is None or inside_link or (at and self._text[at - 1].isalnum()):
            return None
        target = entities(found[1])
        attributes = found[2] or ""
        alt = _ALT.search(attributes)
        rest = _ALT.sub("", attributes).strip(" ,")
        shown = alt[1].strip() if alt else name_of(target)
        return _Span([ast.Text(shown, [ast.LinkMark(target, IMAGE_TITLE + rest)])], found.end())

    def _address(self, at: int) -> _Span | None:
        """An address in the text is never emphasised within."""
        found = URL.match(self._text, at)
        if found is None or (at and self._text[at - 1].isalnum()):
            return None
        return _Span([self._said(entities(found[0]))], found.end())


def _merged(nodes: list[ast.Inline]) -> list[ast.Inline]:
    """Neighbours of the same marks as one."""
    merged: list[ast.Inline] = []
    for node in nodes:
        last = merged[-1] if merged else None
        if isinstance(node, ast.Text) and isinstance(last, ast.Text) and list(last.marks) == list(node.marks):
            merged[-1] = ast.Text(last.text + node.text, last.marks)
        else:
            merged.append(node)
    return merged


def _trimmed(nodes: list[ast.Inline]) -> list[ast.Inline]:
    kept: list[ast.Inline] = []
    for number, node in enumerate(nodes):
        begins = not kept or isinstance(kept[-1], ast.HardBreak)
        ends = number + 1 == len(nodes) or isinstance(nodes[number + 1], ast.HardBreak)
        if isinstance(node, ast.Text):
            text = node.text.lstrip() if begins else node.text
            text = text.rstrip() if ends else text
            kept += [ast.Text(text, node.marks)] if text else []
        elif kept or not isinstance(node, ast.HardBreak):
            kept.append(node)
    while kept and isinstance(kept[-1], ast.HardBreak):
        del kept[-1]
    return [_before_link(one, following) for one, following in zip(kept, [*kept[1:], None], strict=False)]


def _before_link(node: ast.Inline, following: ast.Inline | None) -> ast.Inline:
    """Markdown would make a picture of an exclamation mark and a link."""
    linked = isinstance(following, ast.Text) and any(isinstance(mark, ast.LinkMark) for mark in following.marks)
    if linked and isinstance(node, ast.Text) and node.text.endswith("!") and not any(isinstance(mark, ast.CodeMark) for mark in node.marks):
        return ast.Text(f"{node.text[:-1]}{GUARD}!", node.marks)
    return node
