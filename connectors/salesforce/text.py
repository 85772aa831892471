"""Texts on their way to and from Salesforce, and the mark in them.

Descriptions, case comments and posts are plain text there: neutral text goes as it is but for HTML in it, which would only be in people's
way, and a line break that they typed is one here, too. Rich text areas are HTML. Salesforce has no hidden place for a mark in a comment, so
a text that we wrote ends with `[twinline:MARKER]` on a line of its own, as the thread ids of Email-to-Case do.
"""

import re

from connectors.kit.html import from_html, to_html
from connectors.kit.pictures import in_words, out_of_words
from connectors.kit.richtext import tidy

_MARK = re.compile(r"^[ \t]*\[twinline:([a-z0-9:-]{1,80})\][ \t]*$", re.MULTILINE)
_LABEL = re.compile(r"twinline:([a-z0-9:-]{1,80})")
_FENCE = re.compile(r"^ *(`{3,}|~{3,})")
_BLOCK = re.compile(r"^ *(?:[-*+] |\d+[.)] |#{1,6} |>|\||`{3}|~{3}|(?:-{3,}|\*{3,}|_{3,}|={3,}) *$)|^ {4}")
_WHOLE_LINE = re.compile(r"^ *(?:#{1,6} |\||(?:-{3,}|\*{3,}|_{3,}|={3,}) *$)")


_LAST_BREAK = re.compile(r"(?<!\\)<br[ ]*/?>$")
_CODE_OR_TAG = re.compile(
    r"""
      (?P<code>(?<![`\\])(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))
    | (?P<br>(?<!\\)<br[ ]*/?>)
    | (?<!\\)</?(?:span|time|u|aside|details|summary|sub|sup|div|figure|figcaption)(?:\s(?:'[^']*'|"[^"]*"|[^<>'"])*)?>
    """,
    re.VERBOSE | re.DOTALL,
)


def sent(text: str, marker: str | None) -> str:
    """The plain text to write for neutral `text`; `received` gives both back."""
    own = tidy(_MARK.sub("", _softened(in_words(text))))
    return own if marker is None else f"{own}\n\n[twinline:{marker}]".lstrip()


def received(body: str | None) -> tuple[str, str | None]:
    """Neutral text and marker of a plain one; the last marker counts, which is the one at the end."""
    unified = tidy(body or "")
    markers: list[str] = _MARK.findall(unified)
    return out_of_words(_hardened(tidy(_MARK.sub("", unified)))), markers[-1] if markers else None


def sent_rich(text: str) -> str:
    """The content of a rich text area."""
    return to_html(in_words(text))


def received_rich(html: str) -> str:
    return out_of_words(tidy(from_html(html)))


def label(marker: str) -> str:
    """The description of a file that carries `marker`."""
    return f"twinline:{marker}"


def marker_of(description: str | None) -> str | None:
    found = _LABEL.fullmatch((description or "").strip())
    return found[1] if found else None


def _hardened(text: str) -> str:
    """With line breaks as people see them in plain text, which Markdown would join."""
    lines = text.split("\n")
    fence = ""
    for place, line in enumerate(lines):
        fence, inside = _fenced(fence, line)
        if not inside and _goes_on(lines, place):
            lines[place] = f"{line}\\\\" if _ends_in_break(line) else f"{line}\\"
    return "\n".join(lines)


def _softened(text: str) -> str:
    """Without tags, and without what stands for line breaks, but in code."""
    lines = tidy(text).split("\n")
    fence = ""
    for place, line in enumerate(lines):
        fence, inside = _fenced(fence, line)
        if not inside:
            bare = line[:-1].rstrip() if _goes_on(lines, place) and _ends_in_break(line) else line
            lines[place] = _untagged(_LAST_BREAK.sub("", bare))
    return "\n".join(lines)


def _goes_on(lines: list[str], place: int) -> bool:
    """Whether Markdown would join the line and the next."""
    line, following = lines[place], lines[place + 1] if place + 1 < len(lines) else ""
    return bool(line and following) and not _WHOLE_LINE.match(line) and not _BLOCK.match(following)


def _ends_in_break(line: str) -> bool:
    """Whether the last backslash is not itself escaped."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _untagged(line: str) -> str:
    """Without tags, also those that come about when one is taken out."""
    while (bare := _CODE_OR_TAG.sub(_kept, line)) != line:
        line = bare
    return line


def _kept(found: re.Match[str]) -> str:
    return found[0] if found["code"] else "\n" if found["br"] else ""


def _fenced(fence: str, line: str) -> tuple[str, bool]:
    """The fence that is open after the line, and whether the line belongs to fenced code."""
    found = _FENCE.match(line)
    if fence:
        closes = found is not None and found[1].startswith(fence) and not line.strip().strip(fence[0])
        return ("" if closes else fence), True
    return (found[1], True) if found else ("", False)
