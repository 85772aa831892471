"""Pictures in neutral text that show a file of their item."""

import pytest

from model.pictures import Picture, name_in, names_in, redrawn, target_of


@pytest.mark.parametrize("name", ["fire.png", "a fire (2).png", "50%.png", "größe.jpg", "it's [new] & *old*.gif", "x" * 255])
def test_a_name_comes_back_from_its_target(name: str) -> None:
    assert name_in(target_of(name)) == name
    text = f"See\n\n{Picture('', target_of(name))} and {Picture('alt', target_of(name), 'wide')}"
    assert names_in(text) == {name}
    assert redrawn(text, str) == text


@pytest.mark.parametrize(
    "target",
    [
        "https://acme.test/fire.png",
        "attachment:",
        "attachment:..",
        "attachment:%2E%2E",
        "attachment:..%2Ffire.png",
        "attachment:C:%5Cfire.png",
        "attachment:%3Cscript%3E",
        "attachment:a%22b",
        "attachment:a%0Ab",
        f"attachment:{'x' * 256}",
        "ATTACHMENT:fire.png",
    ],
)
def test_anything_else_is_no_file_of_the_item(target: str) -> None:
    assert name_in(target) == ""
    assert names_in(f"![x]({target})") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "[fire](attachment:fire.png)",
        r"\![fire](attachment:fire.png)",
        "`![fire](attachment:fire.png)`",
        "```\n![fire](attachment:fire.png)\n```",
        "~~~\n![fire](attachment:fire.png)",
        "![fire] (attachment:fire.png)",
    ],
)
def test_what_is_no_picture_shows_nothing(text: str) -> None:
    assert names_in(text) == frozenset()
    assert redrawn(text, lambda picture: f"<{picture.alt}>") == text


def test_pictures_are_drawn_in_another_way() -> None:
    text = 'A ![x](<a b.png> "t") and `![y](c.png)`, ![](attachment:d.png).'
    assert redrawn(text, lambda one: f"({one.alt}|{one.target}|{one.title}|{one.name})") == (
        "A (x|a b.png|t|) and `![y](c.png)`, (|attachment:d.png||d.png)."
    )
    assert redrawn(text, str) == text
