"""Pictures of files in words, and out of them again."""

import pytest

from connectors.kit.pictures import in_words, out_of_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("See ![](attachment:a%20fire.png).", "See [image: a fire.png]."),
        ("![](attachment:%5Ba%5D%25.png)", "[image: %5Ba%5D%25.png]"),
        ("`![](attachment:a.png)` ![x](https://acme.test/a.png)", "`![](attachment:a.png)` ![x](https://acme.test/a.png)"),
    ],
)
def test_a_picture_comes_back(text: str, words: str) -> None:
    assert in_words(text) == words
    assert out_of_words(words) == text


def test_its_own_words_do_not() -> None:
    assert out_of_words(in_words("![flames](attachment:a.png)")) == "![](attachment:a.png)"


@pytest.mark.parametrize(
    "text",
    [
        "[image: a.png](https://acme.test)",
        "[image: a.png][1]",
        "![image: a.png](x)",
        "`[image: a.png]`",
        "[image: here]",
        "[image: ../a.png]",
    ],
)
def test_other_brackets_stay(text: str) -> None:
    assert out_of_words(text) == text


def test_brackets_that_a_platform_escaped_are_the_same() -> None:
    assert out_of_words(r"\[image: a.png\]") == "![](attachment:a.png)"
