"""Pictures in comments that show files of the ticket."""

import pytest
from zendesk_site import ZendeskSite, chunks

from connectors.zendesk import text
from connectors.zendesk.connector import ZendeskConnector
from connectors.zendesk.pictures import Files
from model.item import Attachment

ROOT = "https://acme.zendesk.com"
FILES = Files(ROOT, {"a fire.png": f"{ROOT}/attachments/token/abc/?name=a+fire.png", "x.png": "https://files.test/1"})
FIRE = Attachment(id="", filename="a fire.png", mimetype="image/png", size=3)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("a%20fire.png", f"{ROOT}/attachments/token/abc/?name=a+fire.png"),
        ("x.png", "https://files.test/1"),
        ("new%20%28%C3%A9%29.png", f"{ROOT}/attachments/token/pending/?name=new%20%28%C3%A9%29.png"),
    ],
)
def test_a_picture_comes_back_whether_the_file_is_there_or_not(name: str, address: str) -> None:
    neutral = f"It burns:\n\n![flames](attachment:{name})"
    stored = text.sent(neutral, FILES)
    assert f'<img src="{address}" alt="flames">' in stored
    assert text.received(stored, None, FILES) == neutral
    assert text.as_read(neutral, Files(ROOT)) == neutral


@pytest.mark.parametrize(
    "address",
    [
        "https://other.test/attachments/token/abc/?name=a.png",
        f"{ROOT}/attachments/token/abc/",
        f"{ROOT}/attachments/token/abc/?name=..%2Fa.png",
    ],
)
def test_other_pictures_stay_where_they_are(address: str) -> None:
    assert text.received(f'<p><img src="{address}" alt="x"></p>', None, FILES) == f"![x]({address})"


@pytest.mark.parametrize("odd", ["[x](attachment:y.png)", "![x](attachment:..%2Fy.png)", "![x](attachment:%3Cscript%3E)"])
def test_nothing_else_goes_by_that_scheme(odd: str) -> None:
    assert "attachment" not in text.sent(odd, FILES)


async def test_a_comment_shows_a_file_of_the_ticket(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    neutral = "It burns:\n\n![](attachment:a%20fire.png)"
    early = await zendesk.add_comment("1", neutral, internal=False, marker="c-1")
    file = await zendesk.upload("1", FIRE, chunks(b"png"), "f-1")
    late = await zendesk.add_comment("1", neutral, internal=True, marker="c-2")
    assert (early.body, late.body) == (neutral, neutral)
    assert [one.body for one in (await zendesk.read("1")).comments[-2:]] == [neutral, neutral]
    assert await zendesk.find_comment("1", "c-2") == late
    bodies = [str(one["html_body"]) for one in (await site.call("ann", "GET", "/tickets/1/comments")).json()["comments"]]
    assert "/attachments/token/pending/?name=a%20fire.png" in next(one for one in bodies if "pending" in one)
    assert file.location in next(one for one in bodies if "burns" in one and "pending" not in one)


async def test_a_description_is_not_written_again(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    text_of_it = "It burns:\n\n![](attachment:a%20fire.png)"
    written = await zendesk.create({}, {"summary": "Fire", "description": text_of_it}, "m-1")
    assert written.fields["description"] == text_of_it
    before = await site.writes()
    assert (await zendesk.update(written.ref.id, {"description": text_of_it})).fields == {}
    assert await site.writes() == before
