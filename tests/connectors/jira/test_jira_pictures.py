"""Pictures in Atlassian documents and in wiki markup that show files of the issue."""

import json
from collections.abc import AsyncIterator
from typing import cast

import pytest
from jira_site import APP, Site
from pydantic import JsonValue

from connectors.jira.connector import JiraConnector
from connectors.jira.dialect import Cloud, DataCenter
from connectors.jira.pictures import Files
from model.item import Attachment, Fields

SITE = "https://acme.atlassian.net"
EMPTY = Cloud(Files(SITE))
NAMES = {"10001": "a fire.png", "10002": "plan.pdf", "10003": "a fire.png"}
CONTENT = f"{SITE}/rest/api/3/attachment/content"
CLOUD = Cloud(Files(SITE, NAMES))


def document(*content: Fields) -> JsonValue:
    return {"type": "doc", "version": 1, "content": list(content)}


def single(attributes: Fields, *below: Fields, **more: JsonValue) -> Fields:
    media: Fields = {"type": "media", "attrs": attributes}
    return {"type": "mediaSingle", "attrs": {"layout": "wide", **more}, "content": [media, *below]}


def own(name: str) -> Fields:
    return {"type": "file", "id": "5f1e", "collection": "", "alt": name, "width": 200}


def at(address: str, **more: JsonValue) -> Fields:
    return {"type": "external", "url": address, **more}


def words(text: str) -> Fields:
    return {"type": "text", "text": text}


INLINE: Fields = {"type": "mediaInline", "attrs": own("a fire.png")}
FIRE = "![a fire.png](attachment:a%20fire.png)"


@pytest.mark.parametrize(
    ("node", "neutral"),
    [
        pytest.param(single(own("a fire.png")), FIRE, id="of the media store"),
        pytest.param(single(at(f"{CONTENT}/10001", alt="f[1]")), r"![f\[1\]](attachment:a%20fire.png)", id="by id"),
        pytest.param(single(at(f"{SITE}/secure/attachment/10001/x.png")), "![](attachment:a%20fire.png)", id="as people see it"),
        pytest.param(single(at(f"{CONTENT}/0?name=new.png")), "![](attachment:new.png)", id="not there yet"),
        pytest.param(
            {"type": "mediaGroup", "content": [{"type": "media", "attrs": own("a fire.png")}] * 2}, f"{FIRE} {FIRE}", id="a group"
        ),
        pytest.param({"type": "paragraph", "content": [words("see "), INLINE, words(" now")]}, f"see {FIRE} now", id="within a line"),
        pytest.param(
            single(own("a fire.png"), {"type": "caption", "content": [words("Tray 2")]}), f"{FIRE}<br>Tray 2", id="with a caption"
        ),
        pytest.param(single(at("https://acme.test/x.png", alt="x")), "![x](https://acme.test/x.png)", id="from elsewhere"),
        pytest.param(
            single(at("https://other.test/rest/api/3/attachment/content/10001")),
            "![](https://other.test/rest/api/3/attachment/content/10001)",
            id="of another site",
        ),
    ],
)
def test_pictures_are_read_by_their_names(node: Fields, neutral: str) -> None:
    assert CLOUD.text(document(node)) == neutral


@pytest.mark.parametrize(
    "attributes",
    [
        own("plan.pdf"),
        own("unknown.png"),
        own("..%2Fa.png"),
        at("javascript:alert(1)"),
        at(f"{CONTENT}/0?name=..%2Fa.png"),
    ],
)
def test_what_is_no_picture_of_a_file_shows_none(attributes: Fields) -> None:
    assert "](attachment:" not in (CLOUD.text(document(single(attributes))) or "")


@pytest.mark.parametrize(
    "neutral",
    [
        "It burns:\n\n![flames](attachment:a%20fire.png)\n\nCome.",
        "![](attachment:new.png)",
        r"![\[x\] \*y\*](attachment:new.png)",
        "- tray\n\n  ![](attachment:a%20fire.png)\n\n- lid",
        "> ![](attachment:a%20fire.png)",
        "![x](https://acme.test/x.png)",
        "`![x](attachment:a.png)` is code",
    ],
)
def test_a_picture_comes_back_whether_the_file_is_there_or_not(neutral: str) -> None:
    for dialect in (CLOUD, EMPTY):
        stored = dialect.document(neutral)
        assert dialect.text(stored) == EMPTY.text(stored) == neutral


def test_the_first_file_of_the_name_is_shown() -> None:
    assert "/attachment/content/10001?name=a%20fire.png" in json.dumps(CLOUD.document("![](attachment:a%20fire.png)"))
    assert "/attachment/content/0?name=new.png" in json.dumps(CLOUD.document("![](attachment:new.png)"))


@pytest.mark.parametrize(
    ("neutral", "shown"),
    [
        ("a **b** ![](attachment:a.png) c", "a **b**\n\n![](attachment:a.png)\n\nc"),
        ("a\\\n![](attachment:a.png)![](attachment:b.png)", "a\n\n![](attachment:a.png)\n\n![](attachment:b.png)"),
        ("## Tray ![](attachment:a.png)", r"## Tray \[image: a.png\]"),
        ("- [ ] Tray ![x](https://acme.test/x.png)", r"- [ ] Tray \[image: https://acme.test/x.png\]"),
        ("\ue0100\ue011 ![](attachment:a.png)", "![](attachment:a.png)\n\n![](attachment:a.png)"),
        ("\ue0107\ue011 ![](attachment:a.png)", "![](attachment:a.png)"),
    ],
)
def test_a_picture_stands_between_paragraphs(neutral: str, shown: str) -> None:
    assert CLOUD.text(CLOUD.document(neutral)) == shown
    assert CLOUD.text(CLOUD.document(shown)) == shown


def test_a_picture_stays_as_people_put_it() -> None:
    big, web = single(own("a fire.png"), width=80), single(at("https://acme.test/x.png"), width=50)
    line: Fields = {"type": "paragraph", "content": [words("see "), INLINE, words(" now")]}
    ours = single(at(f"{CONTENT}/0?name=a%20fire.png", alt="late"))
    before = document(big, web, ours)
    dialect = Cloud(Files(SITE, NAMES).shown_in(before))
    after = json.dumps(dialect.document(f"Look.\n\n{dialect.text(before)}"))
    assert json.dumps(big) in after
    assert json.dumps(web) in after
    assert "/content/0?" not in after, "the file is there by now"
    assert json.dumps(line) in json.dumps(Cloud(Files(SITE, NAMES).shown_in(document(line))).document(f"see {FIRE} now"))
    assert json.dumps(big) not in json.dumps(dialect.document("![other](attachment:a%20fire.png)")), "it has other words now"


@pytest.mark.parametrize("odd", ["[x](attachment:y.png)", "![x](attachment:..%2Fy.png)", "![x](attachment:%3Cscript%3E)"])
def test_nothing_else_goes_by_that_scheme(odd: str) -> None:
    assert "attachment:" not in json.dumps(CLOUD.document(odd))
    assert "attachment:" not in str(DataCenter().document(odd))


@pytest.mark.parametrize(
    ("wiki", "neutral"),
    [
        ("!fire.png!", "![fire.png](attachment:fire.png)"),
        ("!a fire.png|thumbnail!", '![a fire.png](attachment:a%20fire.png "thumbnail")'),
        ("see !fire.png|alt=flames,width=300! now", 'see ![flames](attachment:fire.png "width=300") now'),
        ("!https://acme.test/x.png!", "![x.png](<https://acme.test/x.png>)"),
        ("!plans/x.png!", "![x.png](<plans/x.png>)"),
    ],
)
def test_data_center_shows_files_by_their_names(wiki: str, neutral: str) -> None:
    assert DataCenter().text(wiki) == neutral
    assert DataCenter().document(neutral) == wiki


def test_a_name_that_wiki_markup_cannot_say_becomes_words() -> None:
    assert DataCenter().document("![flames](attachment:a%7Cb.png)") == "flames (a|b.png)"


async def test_an_edit_keeps_the_picture_that_people_put_there(jira: JiraConnector, site: Site) -> None:
    written = await jira.create(APP, {"summary": "Printer"}, "m1")
    item_id = written.ref.id

    async def content() -> AsyncIterator[bytes]:
        yield b"png"

    file = await jira.upload(item_id, Attachment(id="", filename="a fire.png", mimetype="image/png", size=3), content(), "m2")
    node = single(own("a fire.png"), width=80)
    await site.call("PUT", f"/issue/{item_id}", {"fields": {"description": document(node)}})
    said = (await site.call("POST", f"/issue/{item_id}/comment", {"body": document(node)})).json()["id"]
    item = await jira.read(item_id)
    assert (item.fields["description"], item.comments[0].body) == (FIRE, FIRE)
    assert (await jira.update(item_id, {"description": f"{FIRE}\n\nHot."})).fields == {"description": f"{FIRE}\n\nHot."}
    assert (await jira.edit_comment(item_id, said, f"{FIRE}\n\nHot.")).body == f"{FIRE}\n\nHot."
    fields = cast("Fields", (await site.call("GET", f"/issue/{item_id}")).json()["fields"])
    body = (await site.call("GET", f"/issue/{item_id}/comment/{said}")).json()["body"]
    assert json.dumps(node) in json.dumps(fields["description"])
    assert json.dumps(node) in json.dumps(body)
    found = await jira.find_attachment(item_id, "m2", Attachment(id="", filename="a fire.png"))
    assert found == file, "the size of a pasted picture is not known"
