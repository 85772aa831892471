"""Rich text between HTML, Markdown and plain text, as far as scripts convert it themselves."""

import re
from html import unescape

from markdown_it import MarkdownIt

_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "s": "~~", "del": "~~", "strike": "~~"}
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_PARAGRAPHS = frozenset({"p", "div", "ul", "ol", "table", "blockquote", "pre", *_HEADINGS})
_SILENT = frozenset({"script", "style", "head", "title"})
DEEPEST = 100
_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:-]*)")
_ATTRIBUTE = re.compile(r"""([A-Za-z][\w:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_MARKDOWN = MarkdownIt("commonmark", {"breaks": True, "html": False}).enable("table").enable("strikethrough")


def without_tags(text: str) -> str:
    """The text of HTML: a line end for what ends a line, entities decoded."""
    pieces: list[str] = []
    at = 0
    while (opened := text.find("<", at)) >= 0:
        closed = text.find(">", opened)
        if closed < 0:
            break
        pieces.append(text[at:opened])
        name = text[opened + 1 : closed].strip("/ ").split(" ", 1)[0].lower()
        ends = text[opened + 1] == "/" and name in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4")
        if ends or name == "br":
            pieces.append("\n")
        at = closed + 1
    pieces.append(text[at:])
    return unescape("".join(pieces)).strip()


def markdown_of(html: str) -> str:
    """Markdown for HTML: headings, emphasis, code, links, pictures, lists, quotes, tables; other tags leave their text."""
    writer = _Writer()
    writer.read(html)
    return writer.markdown()


def html_of(markdown: str) -> str:
    """HTML for Markdown; tags inside the text are shown, not obeyed."""
    return _MARKDOWN.render(markdown).rstrip("\n")


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in _ATTRIBUTE.findall(text)}


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = [""]
        self.lists: list[int] = []
        self.quotes = 0
        self.silent = 0
        self.verbatim = 0
        self.address = ""
        self.cells = 0

    def read(self, html: str) -> None:
        at = 0
        while (opened := html.find("<", at)) >= 0:
            comment = html.startswith("<!--", opened)
            closed = html.find("-->" if comment else ">", opened)
            if closed < 0:
                break
            self._data(html[at:opened])
            inside = html[opened + 1 : closed]
            at = closed + (3 if comment else 1)
            if comment or inside[:1] in ("!", "?"):
                continue
            found = _TAG.match(inside)
            if found is None:
                self._data(f"<{inside}>")
            elif found[1]:
                self._end(found[2].lower())
            else:
                self._start(found[2].lower(), _attributes(inside[found.end() :]))
        self._data(html[at:])

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _MARKS and not self.verbatim:
            self._write(_MARKS[tag])
        elif tag in ("br", "hr"):
            self._line("---" if tag == "hr" else "")
        elif tag == "a":
            self.address = given.get("href", "")
            self._write("[")
        elif tag == "img":
            self._write(f"![{given.get('alt', '')}]({given.get('src', '')})")
        elif tag in ("td", "th", "tr"):
            self._row(tag)
        elif tag == "li":
            self._item()
        elif tag in _PARAGRAPHS:
            self._open(tag)

    def _end(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _MARKS and not self.verbatim:
            self._write(_MARKS[tag])
        elif tag == "a":
            self._write(f"]({self.address})")
        elif tag == "tr":
            self._write(" |")
            if self.cells > 0:
                self._line("|" + " --- |" * self.cells)
                self.cells = -1
        elif tag in _PARAGRAPHS:
            self._close(tag)

    def _data(self, text: str) -> None:
        if self.silent or not text:
            return
        data = unescape(text)
        if self.verbatim:
            first, *rest = data.split("\n")
            self._write(first)
            for line in rest:
                self._line(line)
        else:
            words = " ".join(data.split())
            before = " " if data[:1].isspace() and self.lines[-1][-1:] not in ("", " ") else ""
            self._write(before + words + (" " if words and data[-1:].isspace() else ""))

    def markdown(self) -> str:
        """What was read, without empty lines in a row."""
        kept: list[str] = []
        for line in self.lines:
            if line.strip(" >") or (kept and kept[-1].strip(" >")):
                kept.append(line.rstrip())
        return "\n".join(kept).strip()

    def _open(self, tag: str) -> None:
        if tag in ("ul", "ol") and len(self.lists) < DEEPEST:
            self.lists.append(1 if tag == "ol" else 0)
            if len(self.lists) > 1:
                return
        if tag == "table":
            self.cells = 0
        self._line("")
        if tag == "blockquote":
            self.quotes = min(self.quotes + 1, DEEPEST)
        self._line("```" if tag == "pre" else _HEADINGS.get(tag, ""))
        if tag == "pre":
            self.verbatim += 1
            self._line("")

    def _close(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
            if self.lists:
                return
        if tag == "pre" and self.verbatim:
            self.verbatim -= 1
            self._line("```")
        if tag == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        self._line("")
        if tag != "li":
            self._line("")

    def _item(self) -> None:
        count = self.lists[-1] if self.lists else 0
        mark = f"{count}. " if count else "- "
        if count:
            self.lists[-1] += 1
        self._line("  " * (len(self.lists) - 1) + mark)

    def _row(self, tag: str) -> None:
        if tag == "tr":
            self._line("|")
        else:
            self._write(" " if self.lines[-1].endswith("|") else " | ")
            if self.cells >= 0:
                self.cells += 1

    def _line(self, text: str) -> None:
        self.lines.append("> " * self.quotes + text)

    def _write(self, text: str) -> None:
        if not self.silent:
            self.lines[-1] += text
