"""What could run is taken out of neutral text, and nothing else is touched."""

import pytest

from connectors.kit.safety import harmless

ORDINARY = (
    "It **jams** at <b>dawn</b>, see [the plan](https://acme.test/a?data=1&b=2).",
    'Type `<script>alert(1)</script>`, or:\n\n```html\n<img onerror="alert(1)">\n[a](javascript:b)\n```',
    """<span adf="mention" params='{"id":"712020:1"}'>@Bob Baker</span> & <javac>""",
    "javascript: a language; data: what it eats; one == on, but a < b",
    "![flames](attachment:a%20fire.png) and `[x](attachment:y)`, attachment: none",
    "[mail](mailto:ann@acme.test) or [call](tel:+491234)",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def test_the_words_of_a_link_that_runs_something_stay() -> None:
    assert "the **plan**" in harmless("See [the **plan**](javascript:alert(1)), and *hurry*.")
    assert "*hurry*" in harmless("See [the **plan**](javascript:alert(1)), and *hurry*.")


@pytest.mark.parametrize(
    "text",
    [
        "[whale](attachment:y.png)",
        "[whale](AttachMent:y.png)",
        "![whale](attachment:..%2Fy.png)",
        "![whale](attachment:%22onerror=alert(1))",
        "[whale][1]\n\n[1]: attachment:y.png",
        '<iframe src="attachment:y.png"></iframe>whale',
    ],
)
def test_only_a_picture_shows_a_file_of_the_item(text: str) -> None:
    assert "whale" in harmless(text)
    assert "attachment:" not in harmless(text).lower()


def test_what_is_left_is_harmless_and_stays_so() -> None:
    left = harmless('Hello <script>alert(1)</script><img src="https://acme.test/a.png" onerror="alert(1)">')
    assert ("script" in left, "onerror" in left, "https://acme.test/a.png" in left) == (False, False, True)
    assert harmless(left) == left
