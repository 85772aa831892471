"""What is rare: histories, edits in between, servers that lack something, foreign answers, and logins by Microsoft Entra."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from azure_site import (
    SECRET,
    SETTINGS,
    USER,
    AzureSite,
    House,
    Meddled,
    a_fake,
    an_hour_ago,
    chunks,
    connected,
    created,
    new_marker,
    opened,
)
from pydantic import ValidationError
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from connectors.azure_devops.client import AzureDevOpsClient
from connectors.azure_devops.config import Credentials
from connectors.azure_devops.connector import AzureDevOpsConnector
from connectors.azure_devops.login import Login
from connectors.azure_devops.metadata import Metadata
from connectors.kit.fake import serving
from connectors.kit.fresh import FRESH_SECONDS
from connectors.kit.interface import SystemAccess
from model.errors import Ambiguous, LoginRejected, Misconfigured, NotFound, Refused, Stale, Unavailable
from model.item import Attachment

FILE = Attachment(id="", filename="a.txt", size=1)


async def test_a_file_goes_though_the_item_is_edited_in_between(house: House) -> None:
    edits: list[str] = []

    async def edit_first(scope: Scope) -> Response | None:
        if scope["method"] == "PATCH" and edits:
            await site.edit("ann", 1, Title=edits.pop())
        return None

    fake = a_fake()
    async with opened(house, fake) as site, opened(house, Meddled(fake, edit_first)) as watched, connected(watched) as azure:
        file = await azure.upload("1", FILE, chunks(b"a"), new_marker())
        edits[:] = ["Twice", "Once"]
        await azure.delete_attachment("1", file.id)
        assert (await azure.read("1")).attachments == ()
        assert (await site.see(1))["fields"]["System.Title"] == "Twice"
        file = await azure.upload("1", FILE, chunks(b"a"), new_marker())
        edits[:] = ["Third", "Second", "First"]
        with pytest.raises(Stale):
            await azure.delete_attachment("1", file.id)


async def test_a_parent_is_set_only_on_the_item_that_was_read(house: House) -> None:
    edits = ["In between"]

    async def edit_first(scope: Scope) -> Response | None:
        if scope["method"] == "PATCH" and edits:
            await site.edit("ann", 1, Title=edits.pop())
        return None

    fake = a_fake()
    async with opened(house, fake) as site, opened(house, Meddled(fake, edit_first)) as watched, connected(watched) as azure:
        with pytest.raises(Stale):
            await azure.update("1", {"parentId": "2"})
        assert (await azure.update("1", {"parentId": "2"})).fields == {"parentId": "2"}


@pytest.mark.parametrize("status", [400, 404])
async def test_a_server_without_discussions_tells_the_rest(house: House, status: int) -> None:
    async def lacks(scope: Scope) -> Response | None:
        return JSONResponse({"message": "no such resource"}, status) if str(scope["path"]).endswith("/discussions") else None

    async with opened(house, Meddled(a_fake(), lacks)) as site, connected(site) as azure:
        first = await azure.changes(SETTINGS, (await azure.changes(SETTINGS, "")).cursor)
        assert ({one.id for one in first.changes}, first.more) == ({"1", "2", "3"}, False)
        await site.edit("ann", 2, Title="New")
        assert [one.id for one in (await azure.changes(SETTINGS, first.cursor)).changes] == ["2"]


async def test_a_feed_that_is_refused_without_a_token_is_told(house: House) -> None:
    async def refuses(scope: Scope) -> Response | None:
        return JSONResponse({"message": "TF1: not now"}, 400) if str(scope["path"]).endswith("/workitemrevisions") else None

    async with opened(house, Meddled(a_fake(), refuses)) as site, connected(site) as azure:
        start = await azure.changes(SETTINGS, "")
        with pytest.raises(Refused, match="TF1"):
            await azure.changes(SETTINGS, start.cursor)


async def test_a_token_that_may_not_look_people_up_is_told_as_such(house: House) -> None:
    async def forbids(scope: Scope) -> Response | None:
        return Response(status_code=401) if str(scope["path"]).endswith("/identities") else None

    async with opened(house, Meddled(a_fake(), forbids)) as site, connected(site) as azure:
        with pytest.raises(Refused, match=r"Identity \(Read\)"):
            await azure.update("1", {"assignee": {"email": "bob@acme.test"}})
        assert (await azure.update("1", {"summary": "Goes on"})).fields == {"summary": "Goes on"}


@pytest.mark.parametrize(
    ("body", "status", "meaning"),
    [
        ("{}", 200, Misconfigured),
        ("nonsense", 200, Misconfigured),
        ("{}", 404, Misconfigured),
        ("{}", 403, LoginRejected),
        ('{"authenticatedUser": {"id": "aaa", "providerDisplayName": "Anonymous"}}', 200, LoginRejected),
    ],
)
async def test_what_is_no_azure_devops_is_told(house: House, body: str, status: int, meaning: type[Exception]) -> None:
    async def answers(scope: Scope) -> Response | None:
        del scope
        return Response(body, status, media_type="application/json")

    async with opened(house, Meddled(a_fake(), answers)) as site, connected(site) as azure:
        with pytest.raises(meaning):
            await azure.check(None)


async def test_an_answer_that_cannot_be_read_says_nothing_of_a_write(house: House) -> None:
    async def garbles(scope: Scope) -> Response | None:
        return JSONResponse({"value": 1}) if scope["method"] == "PATCH" or "projects" in str(scope["path"]) else None

    async with opened(house, Meddled(a_fake(), garbles)) as site, connected(site) as azure:
        with pytest.raises(Ambiguous):
            await azure.update("1", {"summary": "x"})
        with pytest.raises(Unavailable, match="did not answer as Azure DevOps does"):
            await azure.lookup(SETTINGS, "project", ("Acme Shop",))


async def test_after_a_write_nothing_is_asked_that_could_hide_it(house: House) -> None:
    written: list[str] = []

    async def breaks(scope: Scope) -> Response | None:
        if written:
            return Response(status_code=500)
        if scope["method"] in {"POST", "PATCH"}:
            written.append(str(scope["path"]))
        return None

    fake = a_fake()
    async with opened(house, Meddled(fake, breaks)) as site, connected(site) as azure:
        made = await azure.create(SETTINGS, {"summary": "Made", "Seats": 2}, new_marker())
        assert made.fields == {"summary": "Made", "Seats": 2, "status": {"name": "New", "id": "New", "category": "new"}}
        written.clear()
        assert (await azure.update(made.ref.id, {"Customer Reference": "A-1"})).fields == {"Customer Reference": "A-1"}
        assert len(written) == 1


async def test_a_comment_of_an_item_that_is_hidden_is_not_taken_for_deleted(azure: AzureDevOpsConnector) -> None:
    with pytest.raises(NotFound):
        await azure.delete_comment("999", "1")


async def test_an_update_of_nothing_writes_nothing(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure, parentId="2")
    assert (await azure.update(item_id, {"parentId": "2"})).fields == {"parentId": "2"}
    assert await site.writes("bot", item_id) == ["create"]


async def test_people_are_found_by_id_and_by_name(azure: AzureDevOpsConnector) -> None:
    bob = (await azure.update("1", {"assignee": {"email": "bob@acme.test"}})).fields["assignee"]
    assert isinstance(bob, dict)
    await azure.update("1", {"assignee": None})
    for one in ({"email": None, "key": bob["key"]}, {"username": "Bob Baker"}):
        assert (await azure.update("2", {"assignee": {**one}})).fields == {"assignee": bob}
    with pytest.raises(Refused, match="has no user 7"):
        await azure.update("1", {"assignee": 7})
    assert await azure.lookup(SETTINGS, "option", ("Weather", "fine")) is None
    assert await azure.lookup({**SETTINGS, "type": "Nope"}, "priority", ("1",)) is None


async def test_the_history_tells_who_changed_what_and_when(azure: AzureDevOpsConnector, site: AzureSite) -> None:
    item_id = await created(azure, type={"name": "Bug"}, description="Old")
    start = (await azure.read(item_id)).updated
    await site.edit("ann", item_id, Title="By Ann", Tags="a; b", AssignedTo="bob@acme.test")
    await azure.update(item_id, {"status": {"name": "Active"}, "description": "New", "Seats": 3, "priority": {"name": "1"}})
    changes = await azure.history(item_id, start + timedelta(milliseconds=1))
    told = {one.field: (one.old, one.new, one.ours) for one in changes if one.field in {"summary", "labels", "description", "Seats"}}
    assert told == {
        "summary": ("Printer on fire", "By Ann", False),
        "labels": ([], [{"label": "a"}, {"label": "b"}], False),
        "description": ("Old", "New", True),
        "Seats": (None, 3, True),
    }
    status = next(one for one in changes if one.field == "status")
    assert status.new == {"name": "Active", "id": "Active", "category": "indeterminate"}
    assert [one.at for one in changes] == sorted(one.at for one in changes)
    assert all(one.at > start for one in changes)
    assert any(one.field == "summary" and one.ours for one in await azure.history(item_id, an_hour_ago()))


async def test_a_long_history_is_read_whole(house: House) -> None:
    talk = [{"text": str(number)} for number in range(220)]
    fake = a_fake({"items": [{"project": "Acme Shop", "title": "Busy", "comments": talk}]})
    async with opened(house, fake) as site, connected(site) as azure:
        await site.edit("ann", 1, Title="Last")
        titles = [one.new for one in await azure.history("1", an_hour_ago()) if one.field == "summary"]
        assert titles == ["Busy", "Last"]


async def test_what_rarely_changes_is_asked_for_again_after_some_minutes(site: AzureSite) -> None:
    client = AzureDevOpsClient(SystemAccess(name="acme-azure", url=site.url, credentials={"token": SECRET}))
    now = 0.0
    metadata = Metadata(client, lambda: now)
    try:
        await metadata.types("Acme Shop")
        calls = await site.calls()
        now = FRESH_SECONDS - 1
        await metadata.types("acme shop")
        assert await site.calls() == calls
        now = FRESH_SECONDS
        await metadata.types("Acme Shop")
        assert (await site.calls())["GET"] == calls["GET"] + 1
    finally:
        await client.aclose()


async def test_no_other_host_is_given_the_login(house: House) -> None:
    seen: list[dict[str, str]] = []

    async def listen(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await JSONResponse({"authenticatedUser": {"id": "x"}})(scope, receive, send)

    async with serving(listen) as elsewhere:

        async def sends_on(scope: Scope) -> Response | None:
            del scope
            return RedirectResponse(f"{elsewhere}/x")

        async with opened(house, Meddled(a_fake(), sends_on)) as site, connected(site) as azure:
            await azure.check(None)
    assert len(seen) == 1
    assert "authorization" not in seen[0]


def entra(site: AzureSite, **more: str) -> SystemAccess:
    credentials = {"tenant": "acme-tenant", "client": USER, "secret": SECRET, "authority": site.root, **more}
    return SystemAccess(name="acme-azure", url=site.url, credentials=credentials, calls_per_second=1000)


async def test_an_application_of_microsoft_entra_signs_in(site: AzureSite) -> None:
    azure = AzureDevOpsConnector(entra(site))
    try:
        await azure.check(SETTINGS)
        file = await azure.upload("1", FILE, chunks(b"a"), new_marker())
        async with azure.download(file) as content:
            assert b"".join([part async for part in content]) == b"a"
    finally:
        await azure.aclose()
    assert (await site.calls())["POST"] == 2


@pytest.mark.parametrize("more", [{"secret": "wrong"}, {"client": "stranger"}])
async def test_an_application_that_entra_does_not_know_is_rejected(site: AzureSite, more: Mapping[str, str]) -> None:
    azure = AzureDevOpsConnector(entra(site, **more))
    with pytest.raises(LoginRejected, match="Entra answers 401") as caught:
        await azure.check(None)
    await azure.aclose()
    assert "wrong" not in caught.value.message


async def test_a_token_is_renewed_some_minutes_before_its_end(site: AzureSite) -> None:
    clock = [0.0]
    login = Login(entra(site), lambda: clock[0])
    for clock[0], calls in ((0.0, 1), (3200.0, 1), (3300.0, 2)):
        assert await login.header() == f"Bearer {SECRET}"
        assert (await site.calls())["POST"] == calls


async def test_an_entra_that_is_down_or_is_something_else_is_no_rejected_login(site: AzureSite) -> None:
    with pytest.raises(Unavailable, match="check the authority"):
        await Login(entra(site, authority=f"{site.url}/_apis")).header()
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await Login(entra(site)).header()


@pytest.mark.parametrize(
    "given",
    [{}, {"tenant": "a", "client": "b"}, {"token": "t", "tenant": "a", "client": "b", "secret": "c"}, {"token": "t", "authority": "x"}],
)
def test_a_login_is_by_one_way_only(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Credentials.model_validate(given)
