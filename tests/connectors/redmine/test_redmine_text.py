import pytest

from connectors.redmine.text import label, marker_of, received, sent


@pytest.mark.parametrize(
    ("text", "marker", "stored"),
    [
        ("Hello", "a-1:b", "Hello\n\n<!-- twinline:a-1:b -->"),
        ("", "m", "<!-- twinline:m -->"),
        ("Hello\n", None, "Hello"),
        ("Hello\n\n<!-- twinline:other -->", "m", "Hello\n\n<!-- twinline:m -->"),
    ],
)
def test_what_is_sent_is_received(text: str, marker: str | None, stored: str) -> None:
    assert sent(text, marker) == stored
    assert received(stored.replace("\n", "\r\n")) == (text.split("<!--", maxsplit=1)[0].strip(), marker)


def test_text_of_a_person_behind_the_marker_is_kept() -> None:
    assert received("Hello\r\n\r\n<!-- twinline:m -->\r\nMore") == ("Hello\n\nMore", "m")


def test_a_comment_within_a_line_is_no_marker() -> None:
    assert received("Use `<!-- twinline:m -->` like this") == ("Use `<!-- twinline:m -->` like this", None)


def test_an_attachment_is_marked_by_its_description() -> None:
    assert marker_of(label("m:1")) == "m:1"
    assert marker_of("a scan") is None
    assert marker_of(None) is None
