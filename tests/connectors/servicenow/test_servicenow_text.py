"""Texts on their way there and back."""

import pytest

from connectors.servicenow.text import column_text, column_value, entry, from_entry

MARKER = "m-1"


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, (with) punctuation: fine?",
        "Two\n\nparagraphs",
        "**bold** and `code` and [a link](https://acme.test/x)",
        "- one\n- two\n  - deeper",
        "1. first\n2. second",
        "```\nfor x in y:\n    print(x)\n```",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "a < b & c > d",
        "> quoted",
        "",
    ],
)
def test_an_entry_gives_text_and_marker_back(text: str) -> None:
    assert from_entry(entry(text, MARKER)) == (text, MARKER)


def test_plain_text_is_sent_as_it_is_and_the_marker_shows_nothing() -> None:
    assert entry("Hello\n\nAnn", MARKER) == "Hello\n\nAnn\n[code]<!-- twinline:m-1 -->[/code]"
    assert entry("**Hello**", MARKER).startswith("[code]<p><strong>Hello</strong></p>[/code]\n")


@pytest.mark.parametrize(
    "text",
    [
        "[code]<script>steal()</script>[/code]",
        "[/code]<img src=x onerror=steal()>[code]",
        "`[code]` <b onclick='x()'>y</b> [/CODE]",
        "<script>x</script>",
    ],
)
def test_a_text_cannot_bring_html_of_its_own(text: str) -> None:
    """What stands between our two pairs of tags is clean, and there is no other pair."""
    sent = entry(text, MARKER)
    assert sent.lower().count("[code]") == sent.lower().count("[/code]") == 2
    assert not any(one in sent.lower() for one in ("<script", "onerror=", "onclick="))


def test_a_marker_in_the_text_of_another_is_taken_out() -> None:
    text = "Copied\n[code]<!-- twinline:someone-elses -->[/code]"
    assert from_entry(entry(text, MARKER)) == ("Copied", MARKER)


def test_entries_of_people() -> None:
    assert from_entry("Line one\r\nline two  \r\n") == ("Line one\nline two", None)
    assert from_entry("Before [code]<ul><li>a</li><li>b</li></ul>[/code]")[0] == "Before - a\n- b"
    assert from_entry("[CODE]<b>loud</b>[/CODE] and [code]<i>soft</i>[/code]")[0] == "**loud** and *soft*"
    assert from_entry("@[0123456789abcdef0123456789abcdef:Ann Archer] look")[0] == "@Ann Archer look"
    assert from_entry("Not closed [code]<b>x")[0] == "Not closed [code]<b>x"
    assert from_entry("<!-- twinline:m-2 -->") == ("", "m-2")


def test_columns_are_plain_or_html() -> None:
    assert column_text("string", "It **burns**.\r\n") == column_value("string", "It **burns**.\n") == "It **burns**."
    assert column_value("html", "It **burns**.") == "<p>It <strong>burns</strong>.</p>"
    assert column_text("html", "<p>It <b>burns</b>.<script>x()</script></p>") == "It **burns**."
