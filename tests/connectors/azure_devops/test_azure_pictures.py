"""Pictures in the texts of work items that show files of the item."""

import pytest
from azure_site import AzureSite, chunks, created, new_marker

from connectors.azure_devops import mapping, text
from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.azure_devops.payloads import CommentPayload, WorkItemPayload
from connectors.azure_devops.pictures import NOTHING, Files
from model.item import Attachment

LINKED, PASTED = "11111111-1111-1111-1111-111111111111", "2222BBBB-2222-2222-2222-222222222222"
SITE = "https://dev.azure.com/acme"
FILES = Files(SITE, {LINKED: "a fire.png"})


def picture(identity: str, name: str = "image.png", site: str = SITE) -> str:
    return f'<img src="{site}/_apis/wit/attachments/{identity}?fileName={name}" alt="x">'


@pytest.mark.parametrize("markdown", [False, True])
@pytest.mark.parametrize("name", ["a%20fire.png", "new.png", "%C3%A9%28%27%29.png"])
def test_a_picture_comes_back_whether_the_file_is_there_or_not(name: str, markdown: bool) -> None:
    neutral = f"It burns:\n\n![flames](attachment:{name})"
    sent = text.sent_markdown(neutral, files=FILES) if markdown else text.sent(neutral, files=FILES)
    assert "attachment:" not in sent
    assert f"{SITE}/_apis/wit/attachments/{LINKED if name == 'a%20fire.png' else NOTHING}?fileName={name}" in sent
    assert text.received(sent, FILES, markdown=markdown)[0] == neutral
    assert text.received(sent, Files(SITE), markdown=markdown)[0] == neutral


@pytest.mark.parametrize(
    ("html", "neutral"),
    [
        pytest.param(picture(LINKED, "image.png"), "![x](attachment:a%20fire.png)", id="a linked file has the name of its link"),
        pytest.param(picture(PASTED), "![x](attachment:image-2222bbbb.png)", id="a pasted one has a name of its own"),
        pytest.param(picture(PASTED, "plan.png"), "![x](attachment:plan.png)", id="one that was dropped has its own name"),
        pytest.param(picture(PASTED, "p.png", f"{SITE}/6f/p"), "![x](attachment:p.png)", id="by the address with the project"),
        pytest.param(picture(PASTED, "p.png", "https://ACME.visualstudio.com"), "![x](attachment:p.png)", id="by the former address"),
        pytest.param(picture("3", "p.png"), f"![x]({SITE}/_apis/wit/attachments/3?fileName=p.png)", id="no file"),
        pytest.param(
            picture(PASTED, "p.png", f"{SITE}2"),
            f"![x]({SITE}2/_apis/wit/attachments/{PASTED}?fileName=p.png)",
            id="elsewhere",
        ),
        pytest.param(
            picture(PASTED, "..%2Fp.png"), f"![x]({SITE}/_apis/wit/attachments/{PASTED}?fileName=..%2Fp.png)", id="no name of a file"
        ),
    ],
)
def test_pictures_are_read_by_their_names(html: str, neutral: str) -> None:
    assert text.received(f"<div>{html}</div>", FILES)[0] == neutral


@pytest.mark.parametrize(
    "odd", ["[x](attachment:y.png)", "![x](attachment:..%2Fy.png)", "![x](attachment:%3Cscript%3E)", '<a href="attachment:y.png">x</a>']
)
def test_nothing_else_goes_by_that_scheme(odd: str) -> None:
    for sent in (text.sent(odd, files=FILES), text.sent_markdown(odd, files=FILES)):
        assert "attachment" not in sent


def test_pictures_that_nothing_links_are_files_of_the_item() -> None:
    link = {"rel": "AttachedFile", "url": f"{SITE}/_apis/wit/attachments/{LINKED}", "attributes": {"name": "a fire.png", "resourceSize": 3}}
    fields = {"System.Description": f"{picture(LINKED)}{picture(PASTED)}{picture(NOTHING, 'late.png')}", "Custom.Plan": picture(PASTED)}
    item = WorkItemPayload.model_validate({"id": 1, "rev": 1, "fields": fields, "relations": [link]})
    plain = CommentPayload.model_validate({"id": 7, "text": f"![x]({SITE}/_apis/wit/attachments/{LINKED[:-1]}2?fileName=c.png)"})
    talk = (
        plain.model_copy(update={"format": "markdown"}),
        plain.model_copy(update={"is_deleted": True, "text": picture(LINKED[:-1] + "3")}),
    )
    read = mapping.to_item(item, talk, mapping.Kind(), SITE)
    assert [(one.id, one.filename, one.mimetype, one.size) for one in read.attachments] == [
        (LINKED, "a fire.png", "image/png", 3),
        (PASTED.lower(), "image-2222bbbb.png", "image/png", 0),
        (f"{LINKED[:-1]}2", "c.png", "image/png", 0),
    ]
    assert [one.body for one in read.comments] == ["![x](attachment:c.png)"]


async def test_a_pasted_picture_is_downloaded_and_still_shown_after_an_edit(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure)
    answer = await site.client.post(
        "/acme/_apis/wit/attachments?fileName=image.png&api-version=7.1",
        content=b"png",
        auth=("", "ann-token"),
        headers={"Content-Type": "application/octet-stream"},
    )
    stored = site.good(answer)
    await site.edit("ann", item_id, Description=f'<div>Look<img src="{stored["url"]}"></div>')
    item = await azure.read(item_id)
    (file,) = item.attachments
    assert file == Attachment(id=stored["id"], filename=f"image-{stored['id'][:8]}.png", mimetype="image/png", location=stored["id"])
    async with azure.download(file) as content:
        assert b"".join([part async for part in content]) == b"png"
    edited = f"{item.fields['description']} here"
    written = await azure.update(item_id, {"description": edited})
    assert written.fields == {"description": edited}
    comment = await azure.add_comment(item_id, str(item.fields["description"]), internal=False, marker=new_marker())
    assert (await azure.edit_comment(item_id, comment.id, edited)).body == edited
    after = await azure.read(item_id)
    assert (after.fields["description"], [one.id for one in after.attachments]) == (edited, [file.id])


async def test_a_linked_file_of_the_usual_name_keeps_it(azure: AzureDevOpsConnector) -> None:
    item_id, marker = await created(azure), new_marker()
    await azure.upload(item_id, Attachment(id="", filename="image.png", mimetype="image/png", size=3), chunks(b"png"), new_marker())
    comment = await azure.add_comment(item_id, "![](attachment:image.png)", internal=False, marker=marker)
    assert comment.body == "![](attachment:image.png)"
    assert await azure.find_comment(item_id, marker) == comment
    assert (await azure.read(item_id)).comments == (comment,)


async def test_the_history_names_files_as_a_read_does(azure: AzureDevOpsConnector) -> None:
    item_id = await created(azure)
    before = await azure.read(item_id)
    file = Attachment(id="", filename="fire.png", mimetype="image/png", size=3)
    await azure.upload(item_id, file, chunks(b"png"), new_marker())
    await azure.update(item_id, {"description": "![](attachment:fire.png)"})
    changes = await azure.history(item_id, before.updated)
    assert [one.new for one in changes if one.field == "description"] == ["![](attachment:fire.png)"]
