"""One run of text, written as Jira's wiki markup. Pure."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import unquote

from marklas import ast

from connectors.jira.wiki_escapes import Place, escaped, monospaced
from connectors.jira.wiki_signs import IMAGE, IMAGE_TITLE, is_target, name_of

SIGNS: tuple[tuple[ast.Mark, str], ...] = (
    (ast.StrongMark(), "*"),
    (ast.EmMark(), "_"),
    (ast.StrikeMark(), "-"),
    (ast.UnderlineMark(), "+"),
    (ast.SubSupMark("sup"), "^"),
    (ast.SubSupMark("sub"), "~"),
)

FURTHER = "\\\\\n"
"""A line break after a line break: an empty line would end the paragraph."""

_NAME = re.compile(r"(?![0-9a-f]{24}$)[^\s:|\[\]\\{}!]+")
_COLOUR = re.compile(r"#?\w+")
_WORDS = re.compile(r"[\w .-]+")
_UNSAFE = {" ": "%20", "|": "%7C", "[": "%5B", "]": "%5D", "\\": "%5C", "!": "%21", "{": "%7B", "}": "%7D", "\n": "", "\r": ""}


@dataclass(frozen=True)
class _Delimiter:
    """The beginning or end of an emphasis; in braces where a letter or digit stands next to it."""

    sign: str
    opens: bool


@dataclass(frozen=True)
class _Apart:
    """A picture, which is none right behind a letter or digit."""

    text: str


Piece = str | _Delimiter | _Apart


def write_inline(nodes: Sequence[ast.Inline], place: Place) -> str:
    """One line, but for the breaks that `place` writes as new lines."""
    return _joined(_Writer(place).pieces(list(nodes)))


def _joined(pieces: list[Piece]) -> str:
    text = ""
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            text += piece
            continue
        if isinstance(piece, _Apart):
            text += f" {piece.text}" if text[-1:].isalnum() else piece.text
            continue
        following = next((one for one in pieces[number + 1 :] if one), "")
        beside = text[-1:] if piece.opens else following[:1] if isinstance(following, str) else ""
        text += f"{{{piece.sign}}}" if beside.isalnum() or beside == "\\" else piece.sign
    return text


class _Writer:
    def __init__(self, place: Place) -> None:
        self._place = place

    def pieces(self, nodes: list[ast.Inline]) -> list[Piece]:
        made: list[Piece] = []
        while nodes:
            mark = _outermost(nodes[0])
            if mark is None:
                node = nodes.pop(0)
                again = isinstance(node, ast.HardBreak) and made[-1:] in (["\n"], [FURTHER])
                made += [FURTHER] if again else self._atom(node)
                continue
            count = next((number for number, one in enumerate(nodes) if not _has(one, mark)), len(nodes))
            inside = [_without(one, mark) for one in nodes[:count] if isinstance(one, ast.Text)]
            made += self._marked(mark, inside)
            nodes = nodes[count:]
        return made

    def _marked(self, mark: ast.Mark, inside: list[ast.Text]) -> list[Piece]:
        """Blanks at the ends stand outside of the mark."""
        text = "".join(one.text for one in inside)
        if not text.strip():
            return [text]
        before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
        inside = _stripped(inside)
        match mark:
            case ast.LinkMark(href=href, title=title):
                made = self._link(href, title or "", inside)
            case ast.TextColorMark(color=colour):
                made = self._coloured(colour, inside)
            case ast.CodeMark():
                made = ["{{" + monospaced("".join(one.text for one in inside)) + "}}"]
            case _:
                sign = next(sign for one, sign in SIGNS if one == mark)
                inner = _Writer(replace(self._place, closers=self._place.closers | {sign})).pieces(list(inside))
                made = [_Delimiter(sign, opens=True), *inner, _Delimiter(sign, opens=False)]
        return [before, *made, after]

    def _coloured(self, colour: str, inside: list[ast.Text]) -> list[Piece]:
        inner = self.pieces(list(inside))
        return [f"{{color:{colour}}}", *inner, "{color}"] if _COLOUR.fullmatch(colour) else inner

    def _link(self, href: str, title: str, inside: list[ast.Text]) -> list[Piece]:
        label = "".join(one.text for one in inside)
        href = href if "://" in href else unquote(href)
        if title.startswith(IMAGE_TITLE) and (image := _image(href, label, title.removeprefix(IMAGE_TITLE))):
            return [_Apart(image)]
        target = "".join(_UNSAFE.get(one, one) for one in href)
        if not is_target(target):
            return [*self.pieces(list(inside)), escaped(f" ({href})", self._place) if href and href != label else ""]
        bare = len(inside) == 1 and not inside[0].marks and label in {href, href.removeprefix("^"), href.removeprefix("mailto:")}
        if bare:
            return [f"[{target}]"]
        inner = _Writer(replace(self._place, label=True)).pieces(list(inside))
        return ["[", *inner, f"|{target}]"]

    def _atom(self, node: ast.Inline) -> list[Piece]:
        match node:
            case ast.Text(text=text):
                return [escaped(text, self._place)]
            case ast.HardBreak():
                return [self._place.newline]
            case ast.Mention(id=name, text=text):
                return [f"[~{name}]" if _NAME.fullmatch(name) else escaped(text or "", self._place)]
            case ast.MediaInline(id=name, alt=alt):
                return [_Apart(media(alt or name, None))]
            case ast.InlineCard(url=url):
                return self._link(url or "", "", [ast.Text(url or "")])
            case _:
                return [escaped(_words(node), self._place)]


def _words(node: ast.Inline) -> str:
    """What the markup has no sign for."""
    match node:
        case ast.Status(text=text) | ast.Placeholder(text=text):
            return text
        case ast.Emoji(short_name=name, text=text):
            return text or name
        case ast.Date(timestamp=at):
            return _day(at)
        case ast.InlineExtension(text=text):
            return text or ""
        case _:
            return ""


def media(name: str, url: str | None) -> str:
    """A file or picture of the item by its name, or one from elsewhere."""
    return _image(url or name, name, "") or (f"[^{name}]" if name and not set(name) & set("[]|\\\n") else "")


def _image(href: str, label: str, attributes: str) -> str:
    """Empty where the markup cannot show it."""
    target = "".join(_UNSAFE.get(one, one) for one in href) if "://" in href else href
    alt = f"alt={label}" if label != name_of(href) and _WORDS.fullmatch(label) else ""
    told = ",".join(one for one in (alt, attributes) if one)
    image = f"!{target}|{told}!" if told else f"!{target}!"
    found = IMAGE.fullmatch(image)
    return image if found and found[1] == target else ""


def _day(timestamp: str) -> str:
    return datetime.fromtimestamp(int(timestamp) / 1000, UTC).date().isoformat() if timestamp.lstrip("-").isdigit() else timestamp


_ORDER: tuple[Callable[[ast.Mark], bool], ...] = (
    lambda mark: isinstance(mark, ast.LinkMark),
    lambda mark: isinstance(mark, ast.TextColorMark),
    *((lambda mark, one=one: mark == one) for one, _ in SIGNS),
    lambda mark: isinstance(mark, ast.CodeMark),
)


def _outermost(node: ast.Inline) -> ast.Mark | None:
    marks = node.marks if isinstance(node, ast.Text) else ()
    return next((mark for wanted in _ORDER for mark in marks if wanted(mark)), None)


def _has(node: ast.Inline, mark: ast.Mark) -> bool:
    return isinstance(node, ast.Text) and mark in node.marks


def _without(node: ast.Text, mark: ast.Mark) -> ast.Text:
    return ast.Text(node.text, [one for one in node.marks if one != mark])


def _stripped(nodes: list[ast.Text]) -> list[ast.Text]:
    kept = [one for one in nodes if one.text]
    while kept and not kept[0].text.strip():
        del kept[0]
    while kept and not kept[-1].text.strip():
        del kept[-1]
    kept[0] = ast.Text(kept[0].text.lstrip(), kept[0].marks)
    kept[-1] = ast.Text(kept[-1].text.rstrip(), kept[-1].marks)
    return kept
