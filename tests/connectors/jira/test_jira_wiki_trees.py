"""Wiki markup, there and back: for any text that people could write, the second way changes nothing, and no word is lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass

import marklas
from hypothesis import given, settings
from hypothesis import strategies as st
from marklas import ast
from wiki_trees import DOCUMENTS, SIGNS

from connectors.jira.wiki import from_wiki, to_wiki
from connectors.jira.wiki_blocks import read_wiki
from connectors.jira.wiki_writing import write_wiki

MARKUP = st.sampled_from(
    ["\n", "\n\n", "* ", "# ", "** ", "*# ", "- ", "h2. ", "bq. ", "||", "|", "{code}", "{code:java}", "{noformat}", "{quote}",
     "{panel:title=T}", "{panel}", "{color:red}", "{color}", "{{", "}}", "{*}", "[~ann]", "[", "]", "!a.png!", "http://a.test/b",
     "\\\\", "----", "{anchor:x}", "[ ] ", "&lt;", *SIGNS, "a", "b c", "1."]
)  # fmt: skip


def words(tree: object) -> str:
    """The letters and digits of all texts, in order."""
    return re.sub(r"[\W_]", "", "".join(_texts(tree)))


def _texts(node: object) -> Iterator[str]:
    if isinstance(node, ast.Text):
        yield node.text
    elif isinstance(node, ast.Mention):
        yield node.text or ""
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for one in node:  # pyright: ignore[reportUnknownVariableType]
            yield from _texts(one)  # pyright: ignore[reportUnknownArgumentType]
    elif is_dataclass(node):
        for one in fields(node):
            yield from _texts(getattr(node, one.name))


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS)
def test_what_is_written_is_read_and_stays(document: ast.Doc) -> None:
    wiki = write_wiki(document)
    assert words(read_wiki(wiki)) == words(document)
    once = from_wiki(wiki)
    assert from_wiki(to_wiki(once)) == once


@settings(max_examples=120, deadline=None)
@given(DOCUMENTS)
def test_neutral_text_keeps_its_words(document: ast.Doc) -> None:
    neutral = marklas.render_md(document)
    assert words(read_wiki(to_wiki(neutral))) == words(marklas.parse_md(neutral))


@settings(max_examples=150, deadline=None)
@given(st.lists(MARKUP, max_size=30).map("".join))
def test_any_markup_comes_to_rest(wiki: str) -> None:
    rest = from_wiki(to_wiki(from_wiki(wiki)))
    assert from_wiki(to_wiki(rest)) == rest
