"""A mention on its way to each platform that has a form for it, and back."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.azure_devops import text as azure
from connectors.github import text as github
from connectors.jira.dialect import Cloud, DataCenter
from connectors.kit.html import from_html
from model.mentions import plain

GUID = "6f9619ff-8b86-d011-b42d-00cf4fc964ff"
ANN = f"[@Ann A\\_b](mention:{GUID}/ann-gh)"
IN_CODE = f"`{ANN}`\n\n```\n{ANN}\n```"


def test_azure_devops_has_anchors() -> None:
    sent = azure.sent(f"Hi {ANN}, look")

    assert sent == f'<p>Hi <a href="#" data-vss-mention="version:2.0,{GUID}">@Ann A_b</a>, look</p>'
    assert azure.received(sent)[0] == f"Hi [@Ann A_b](mention:{GUID}), look"
    assert azure.sent_markdown(f"Hi {ANN}") == "Hi @Ann A\\_b"


def test_github_has_logins() -> None:
    assert github.sent(f"Hi {ANN}, not @ann", None) == "Hi @ann-gh, not @\u2060ann"
    assert github.received("Hi @ann-gh, not @\u2060ann")[0] == "Hi @ann-gh, not @ann"


def test_jira_has_nodes_and_names() -> None:
    cloud, server = Cloud(), DataCenter()

    assert cloud.text(cloud.document(f"Hi {ANN}")) == f"""Hi <span adf="mention" params='{{"id":"{GUID}"}}'>@Ann A\\_b</span>"""
    assert server.document(f"Hi {ANN}") == "Hi [~ann-gh]"


@pytest.mark.parametrize("key", ["a b", "'><script>", 'é"'])
def test_whom_a_platform_cannot_have_is_a_name(key: str) -> None:
    mention = f"[@Ann](mention:{quote(key, safe='')}/{quote(key, safe='')})"

    assert azure.sent(mention) == "<p>@Ann</p>"
    assert github.sent(mention, None) == "@\u2060Ann"
    assert DataCenter().document(mention) == "@Ann"
    assert Cloud().text(Cloud().document(mention)) == "@Ann"


@pytest.mark.parametrize("text", [f"x{ANN}", f"{ANN}s", f"{ANN}-s"])
def test_a_mention_within_a_word_rings_nobody(text: str) -> None:
    assert "data-vss-mention" not in azure.sent(text)
    assert "ann-gh" not in github.sent(text, None)


def test_in_code_nobody_is_mentioned() -> None:
    assert "data-vss-mention" not in azure.sent(IN_CODE)
    assert github.sent(IN_CODE, None) == IN_CODE
    assert azure.received(f'<code><a href="#" data-vss-mention="version:2.0,{GUID}">@Ann</a></code>')[0] == "`@Ann`"


def test_an_anchor_without_an_id_or_a_name_is_its_words() -> None:
    assert azure.received('<a href="#" data-vss-mention="version:1.0">@Ann</a> looked')[0] == "@Ann looked"
    assert azure.received(f'<a data-vss-mention="version:2.0,{GUID}">Ann</a> looked')[0] == "Ann looked"


@given(st.text("aZ _*[](){}#!~`&.@\\\\é-", max_size=12))
def test_the_name_of_a_mention_is_what_it_would_be_as_text(name: str) -> None:
    inside = name.replace("&", "&amp;")
    read = azure.received(f'<p>Hi <a href="#" data-vss-mention="version:2.0,{GUID}">@A{inside}</a>, look</p>')[0]

    assert plain(read) == from_html(f"<p>Hi @A{inside}, look</p>")
