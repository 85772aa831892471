"""Jira's wiki markup, which Data Center keeps rich text in, to and from the neutral form.

The way goes over the tree by which marklas reads and writes Markdown and Atlassian documents, so that both dialects of Jira say the same
in neutral text. Pictures are pictures of Markdown there; the tree of marklas has them as links of a certain title.

https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all
"""

import re

import marklas

from connectors.jira.wiki_blocks import read_wiki
from connectors.jira.wiki_signs import GUARD, IMAGE_TITLE, name_of
from connectors.jira.wiki_writing import write_wiki
from model.text import tidy

_FENCED = r"^[ >]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?^[ >]*(?P=fence)[ \t]*$|.*\Z)"
_CODE = rf"(?P<code>{_FENCED}|(?<![`\\])(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`))"
_ALT = r"\[(?P<alt>(?:\\.|[^\[\]\\\n])*)\]"
_TARGET = r"(?P<target><[^<>\n]*>|[^\s()<>]+)"
_PICTURE = re.compile(rf'{_CODE}|(?<!\\)(?P<bangs>!+){_ALT}\({_TARGET}(?:[ ]+"(?P<title>[^"\n]*)")?[ ]*\)', re.MULTILINE | re.DOTALL)
_LINKED = re.compile(rf'{_CODE}|(?<!\\){_ALT}\({_TARGET} "{IMAGE_TITLE}(?P<title>[^"\n]*)"\)', re.MULTILINE | re.DOTALL)
_ATTRIBUTES = re.compile(r"thumbnail|[\w-]+=[\w%.#-]+(?:, ?[\w-]+=[\w%.#-]+)*")


def from_wiki(text: str) -> str:
    """Neutral text of wiki markup."""
    return tidy(_LINKED.sub(_as_picture, marklas.render_md(read_wiki(text)).replace(GUARD, "\\")))


def to_wiki(text: str) -> str:
    """Wiki markup that shows neutral text."""
    return write_wiki(marklas.parse_md(_PICTURE.sub(_as_link, text)))


def _as_link(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return found[0]
    title = found["title"] or ""
    target = found["target"].strip("<>")
    alt = found["alt"] or name_of(target).replace("[", "").replace("]", "")
    before = "\\!" * (len(found["bangs"]) - 1)
    return f'{before}[{alt}](<{target}> "{IMAGE_TITLE}{title if _ATTRIBUTES.fullmatch(title) else ""}")' if alt else found[0]


def _as_picture(found: re.Match[str]) -> str:
    if found["code"] is not None:
        return found[0]
    title = f' "{found["title"]}"' if found["title"] else ""
    return f"![{found['alt']}](<{found['target'].strip('<>')}>{title})"
