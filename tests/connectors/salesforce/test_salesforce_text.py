import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.salesforce.text import label, marker_of, received, received_rich, sent, sent_rich


@pytest.mark.parametrize(
    ("typed", "neutral"),
    [
        ("One\r\ntwo\r\n\r\nthree", "One\\\ntwo\n\nthree"),
        ("Steps:\n- one\n- two\nafter", "Steps:\n- one\n- two\\\nafter"),
        ("# Head\ntext", "# Head\ntext"),
        ("```\na\nb\n```\nc\nd", "```\na\nb\n```\nc\\\nd"),
        ("a\n    code", "a\n    code"),
        ("| a |\n| - |\n| b |", "| a |\n| - |\n| b |"),
        ("C:\\\nD:", "C:\\\\\\\nD:"),
        ("C:\\", "C:\\"),
        ("", ""),
    ],
)
def test_line_breaks_of_plain_text_stay(typed: str, neutral: str) -> None:
    assert received(typed)[0] == neutral
    assert received(sent(neutral, None))[0] == neutral


def test_backslashes_for_line_breaks_are_not_shown_to_people() -> None:
    assert sent("One\\\ntwo", None) == "One\ntwo"
    assert sent("```\na \\\nb\n```", None) == "```\na \\\nb\n```"


@pytest.mark.parametrize(
    ("neutral", "typed"),
    [
        ("a<br>b<br/>\nc", "a\nb\nc"),
        ('<span adf="mention" params=\'{"id":"1>2"}\'>@Ann</span> said <u adf="underline">this</u>', "@Ann said this"),
        ('<aside adf="panel">\n\nnote\n\n</aside>', "note"),
        ("`<br>` and ``<u>`` stay", "`<br>` and ``<u>`` stay"),
        ("```\n<br>\n```", "```\n<br>\n```"),
        ("a \\<br> b <b@acme.test> List<Bar> <https://acme.test>", "a \\<br> b <b@acme.test> List<Bar> <https://acme.test>"),
    ],
)
def test_html_is_not_shown_to_people(neutral: str, typed: str) -> None:
    assert sent(neutral, None) == typed


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab \\`~#*-|<>br/1.\n", max_size=60))
def test_what_was_written_reads_the_same_again(text: str) -> None:
    once = received(sent(text, None))[0]
    assert received(sent(once, None))[0] == once


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="ab \\`~[]:<>br/\n", max_size=60))
def test_the_mark_comes_back_and_leaves_the_text_alone(text: str) -> None:
    assert received(sent(text, "acme:1")) == (received(sent(text, None))[0], "acme:1")


def test_a_mark_inside_a_text_is_not_taken_for_the_one_at_the_end() -> None:
    quoted = "They said:\n[twinline:other:1]\nand left"
    assert received(sent(quoted, "ours:2"))[1] == "ours:2"
    for planted in (quoted, "[twin<u>line:other:1]", "[twinline:other:1]\\\nx"):
        assert received(sent(planted, None))[1] is None
    assert received("See [twinline:other:1] there") == ("See [twinline:other:1] there", None)
    assert marker_of(label("acme:1")) == "acme:1"
    assert marker_of("my twinline:x") is None
    assert marker_of(None) is None


def test_rich_text_is_html_without_anything_that_runs() -> None:
    assert sent_rich("**a** <script>alert(1)</script>") == "<p><strong>a</strong> </p>"
    assert received_rich('<p onclick="x()">a <b>b</b></p><ul><li>c</li></ul>') == "a **b**\n\n- c"
