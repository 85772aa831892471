import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.item import Fields
from model.mentions import Mention, plain, spelled
from sync.canonical import same
from sync.mentions import Form, localized, mentioned

ANN = Mention("Ann Archer", "acc/1", "ann")
PEOPLE = {"712020:1": ANN, "ann-gh": ANN}
ANN_HERE = "[@Ann Archer](mention:acc%2F1/ann)"
SPAN = """<span adf="mention" params='{"id":"712020:1"}'>@Ann</span>"""
STRANGER = """<span adf="mention" params='{"id":"9"}'>@Eve</span>"""


def crossed(text: str, form: Form) -> str:
    return str(localized({"description": text}, form, PEOPLE)["description"])


@pytest.mark.parametrize(
    ("form", "text", "here"),
    [
        ("marked", f"Hi {SPAN}, look", f"Hi {ANN_HERE}, look"),
        ("marked", "Hi [@Ann A.](mention:712020%3A1), look", f"Hi {ANN_HERE}, look"),
        ("login", "Hi @ann-gh, (@ann-gh) and\n@ann-gh.", f"Hi {ANN_HERE}, ({ANN_HERE}) and\n{ANN_HERE}."),
    ],
)
def test_a_mention_of_a_known_person_is_one_of_this_side(form: Form, text: str, here: str) -> None:
    assert crossed(text, form) == here


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("marked", f"Hi {STRANGER}"),
        ("marked", f"`{SPAN}`"),
        ("marked", f"```\n{SPAN}\n```"),
        ("marked", """<span adf="mention" params='{"id":712020}'>@Ann</span> <span adf="mention" params='{'>@Ann</span>"""),
        ("marked", "@ann-gh, @712020:1"),
        ("login", "@eve, @ann-ghost, @ann-gh/team, @ann-gh@acme.test, bob@ann-gh.test, x.@ann-gh, a/@ann-gh \\\\@ann-gh"),
        ("login", "`@ann-gh` ``a ` @ann-gh``"),
        ("login", "```\n@ann-gh\n```\n\n    @ann-gh\n\t@ann-gh"),
        ("login", "https://acme.test/@ann-gh [x](/u/@ann-gh) <a title='@ann-gh'>"),
        ("login", """<span adf="mention" params='{"id":"712020:1"}'>@ann-gh</span>"""),
        ("none", f"@ann-gh {SPAN}"),
    ],
)
def test_everything_else_stays(form: Form, text: str) -> None:
    assert crossed(text, form) == text


@pytest.mark.parametrize("form", ["none", "marked", "login"])
def test_a_mention_of_a_stranger_is_a_name(form: Form) -> None:
    assert crossed("Hi [@Eve \\[x\\]](mention:9/eve) `[@E](mention:9)` ![@E](mention:9)", form) == (
        "Hi @Eve \\[x\\] `[@E](mention:9)` ![@E](mention:9)"
    )


def test_mentions_stand_in_descriptions_comments_and_work_logs_only() -> None:
    texts: Fields = {
        "summary": "@ann-gh",
        "description": "@ann-gh",
        "comments": [{"id": "1", "body": "@ann-gh", "author": {"username": "@ann-gh"}}],
        "workLogs": [{"comment": "@ann-gh", "timeSpent": 60}],
        "customFields": {"Notes": {"value": ["[@Ann](mention:712020%3A1) and @ann-gh"]}},
    }

    assert localized(texts, "login", PEOPLE) == {
        "summary": "@ann-gh",
        "description": ANN_HERE,
        "comments": [{"id": "1", "body": ANN_HERE, "author": {"username": "@ann-gh"}}],
        "workLogs": [{"comment": ANN_HERE, "timeSpent": 60}],
        "customFields": {"Notes": {"value": ["@Ann and @ann-gh"]}},
    }


def test_who_is_mentioned_is_told_once() -> None:
    text = f"{SPAN} {SPAN} {STRANGER} [@Bob](mention:b%2F1/bob)"

    assert mentioned([{"description": text}, {"comments": [{"body": SPAN}]}], "marked") == ("712020:1", "9", "b/1")
    assert mentioned([{"description": "@one @two"}], "login") == ("one", "two")


def test_texts_that_differ_in_who_a_name_is_say_the_same() -> None:
    assert same("Hi [@Ann](mention:1/ann)", "Hi @Ann")
    assert not same("Hi [@Ann](mention:1/ann)", "Hi Ann")


@given(st.text(), st.text(min_size=1), st.text())
def test_a_mention_that_is_read_is_the_one_that_was_written(name: str, key: str, username: str) -> None:
    mention = Mention(spelled(f"x{name}"), key, username)
    text = f"Hi {mention}, look"

    assert mentioned([{"description": text}], "marked") == (key,)
    assert plain(text) == f"Hi @{mention.name}, look"
