import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.github.text import JOINER, received, sent
from connectors.kit.richtext import tidy


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@ann", f"@{JOINER}ann"),
        ('<span adf="mention" params=\'{"id":"1"}\'>@Ann</span>', f'<span adf="mention" params=\'{{"id":"1"}}\'>@{JOINER}Ann</span>'),
        ("see #12, acme/app#3 and GH-4", f"see #{JOINER}12, acme/app#{JOINER}3 and GH-{JOINER}4"),
        ("mail ann@acme.test", "mail ann@acme.test"),
        ("`@ann #12`", "`@ann #12`"),
        ("```\n@ann #12\n```\n@bob", f"```\n@ann #12\n```\n@{JOINER}bob"),
        ("~~~\n@ann", "~~~\n@ann"),
        ("https://acme.test/@ann#12", "https://acme.test/@ann#12"),
        ("[here](/page#12)", "[here](/page#12)"),
        ("&#64; # Title", "&#64; # Title"),
        ("unclosed ` tick @ann", f"unclosed ` tick @{JOINER}ann"),
    ],
)
def test_foreign_references_are_kept_asleep(text: str, written: str) -> None:
    assert sent(text, None) == written
    assert received(written) == (text, None)


@given(st.text(alphabet=f"@#gGhH-1a`~ \n\r<>()[]/:&;!{JOINER}".replace(JOINER, ""), max_size=60), st.none() | st.just("acme:1"))
def test_what_is_sent_comes_back(text: str, marker: str | None) -> None:
    assert received(sent(text, marker)) == (tidy(text), marker)


def test_the_marker_is_out_of_sight_and_the_last_one_counts() -> None:
    body = sent("Hello", "new-1")
    assert body == "Hello\n\n<!-- twinline:new-1 -->"
    assert received(f"<!-- twinline:old-1 -->\r\n{body}\r\nA line of somebody else") == ("Hello\n\nA line of somebody else", "new-1")
    assert sent(body, "new-2") == "Hello\n\n<!-- twinline:new-2 -->"


def test_a_quoted_marker_does_not_count() -> None:
    assert received("> <!-- twinline:old-1 -->\n\nYes.")[1] is None


def test_an_empty_body() -> None:
    assert received(None) == ("", None)
    assert received(sent("", "m-1")) == ("", "m-1")
