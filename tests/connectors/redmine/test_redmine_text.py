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


@pytest.mark.parametrize(
    ("neutral", "stored"),
    [
        ("It burns:\n\n![flames](attachment:a%20fire.png)", "It burns:\n\n![flames](a%20fire.png)"),
        ("![](attachment:%28%27%2B.png) and `![](attachment:a.png)`", "![](%28%27%2B.png) and `![](attachment:a.png)`"),
        ("![x](https://acme.test/x.png)", "![x](https://acme.test/x.png)"),
        ("![](attachment:fire)", "![](attachment:fire)"),
    ],
)
def test_pictures_show_files_by_their_names(neutral: str, stored: str) -> None:
    assert sent(neutral, None) == stored
    assert received(stored)[0] == neutral


@pytest.mark.parametrize(
    ("stored", "neutral"),
    [
        ("see !a fire.PNG! now", "see ![](attachment:a%20fire.PNG) now"),
        ("!fire.png(flames)!", "![flames](attachment:fire.png)"),
        ("`!fire.png!` Wow!fire.png! a !b.png!c", "`!fire.png!` Wow!fire.png! a !b.png!c"),
        ("!https://acme.test/x.png!", "!https://acme.test/x.png!"),
        ("![x](plans/x.png) ![x](x) ![x](..%2Fx.png) ![x](a.png?b)", "![x](plans/x.png) ![x](x) ![x](..%2Fx.png) ![x](a.png?b)"),
    ],
)
def test_textile_shows_files_too(stored: str, neutral: str) -> None:
    assert received(stored)[0] == neutral


@pytest.mark.parametrize("odd", ["[x](attachment:y.png)", "![x](attachment:..%2Fy.png)", "![x](attachment:%3Cscript%3E)"])
def test_nothing_else_goes_by_that_scheme(odd: str) -> None:
    assert "attachment:" not in sent(odd, None)
