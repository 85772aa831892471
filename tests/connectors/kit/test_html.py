"""HTML to neutral text and back."""

from html import escape, unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.kit.html import clean, from_html, to_html
from tests.connectors.kit.pages import text_of

PAGES = [
    ("<p>Tom <b>b</b> <i>i</i> <strong>s</strong> <em>e</em></p>", "Tom **b** *i* **s** *e*"),
    ("<h2>Title</h2><p>a<br>b</p>", "## Title\n\na\\\nb"),
    ("<ul><li>a<ul><li>b</li></ul></li></ul>", "- a\n  - b"),
    ("<ol><li>x</li><li>y</li></ol>", "1. x\n2. y"),
    ("<pre><code>x * 1.\n</code></pre>", "```\nx * 1.\n```"),
    ("<p>see <code>a_b.c</code></p>", "see `a_b.c`"),
    ('<a href="https://acme.test/a?b=1&amp;c=2">here</a>', "[here](https://acme.test/a?b=1&c=2)"),
    ('<img src="https://acme.test/i.png" alt="pic">', "![pic](https://acme.test/i.png)"),
    ("<table><tr><th>A</th></tr><tr><td>1|2</td></tr></table>", "| A |\n| --- |\n| 1\\|2 |"),
    ("<div>a</div><div>b</div>", "a\n\nb"),
    ("<s>gone</s>", "~~gone~~"),
    ("", ""),
]
PLAIN = [
    ("v1.2. Hello! (a-b) c+d = #1", "v1.2. Hello! (a-b) c+d = #1"),
    ("snake_case and 5 * 3", "snake_case and 5 * 3"),
    ("<b>no</b>", "\\<b>no\\</b>"),
    ("[x](y) ![z]", "\\[x\\](y) !\\[z\\]"),
    ("1. first", "1\\. first"),
    ("# head", "\\# head"),
    ("- item", "\\- item"),
    ("> quote", "\\> quote"),
    ("a\\b", "a\\\\b"),
    ("R&amp;D", "R\\&amp;D"),
]
HOSTILE = [
    '<script>alert(1)</script><p onclick="x()">a</p>',
    '<a href="javascript:alert(1)">a</a>',
    '<iframe src="https://acme.test"></iframe><p>a</p>',
    '<img src="data:text/html,x" onerror="x()"><p>a</p>',
    '<svg onload="x()"><p>a</p></svg>',
    "<style>p { background: url(x) }</style><p>a</p>",
    '<form action="x"><input></form><p>a</p>',
]


@pytest.mark.parametrize(("page", "text"), PAGES)
def test_markup_has_its_neutral_form(page: str, text: str) -> None:
    assert from_html(page) == text


@pytest.mark.parametrize(("page", "text"), PAGES)
def test_neutral_text_comes_back_as_it_was(page: str, text: str) -> None:
    assert from_html(to_html(text)) == text


@pytest.mark.parametrize(("plain", "text"), PLAIN)
def test_plain_text_is_escaped_where_it_would_be_markup(plain: str, text: str) -> None:
    assert from_html(f"<p>{escape(plain)}</p>") == text
    assert text_of(to_html(text)) == plain


@pytest.mark.parametrize("page", HOSTILE)
def test_nothing_that_could_run_or_load_comes_through(page: str) -> None:
    for shown in (clean(page), to_html(page), to_html(from_html(page))):
        assert not any(
            word in unescape(shown).casefold() for word in ("script", "onclick", "onerror", "onload", "data:", "<iframe", "<form", "url(")
        )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("ab1 .*_#-+>!<&;[]()`~|\\=:/", min_size=1), min_size=1, max_size=3))
def test_plain_text_shows_the_same_after_a_round_trip(lines: list[str]) -> None:
    plain = [" ".join(line.split()) for line in lines]
    page = "".join(f"<p>{escape(line)}</p>" for line in plain)
    assert text_of(to_html(from_html(page))).split() == " ".join(plain).split()
