"""The fake as others see it: accounts, faults, its own log, and a client library that knows nothing of us."""

import asyncio
import json

import pytest
from pydantic import JsonValue
from redmine_library import EXPECTED, go_through
from redmine_site import SETTINGS, Site, acting, chunks, connected, created, new_marker, running
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.kit.fake import serving
from connectors.kit.http import Body, Http, Parameters
from connectors.kit.interface import Delivery, FakeOptions
from connectors.redmine.connector import RedmineConnector
from connectors.redmine.fake import FakeRedmine
from connectors.redmine.refusals import explain
from connectors.redmine.webhook import parse_webhook
from model.errors import Ambiguous, LoginRejected, NotFound, RateLimited, Unavailable
from model.item import Attachment


async def asked(site: Site, path: str, parameters: Parameters | None = None, auth: tuple[str, str] | None = None) -> dict[str, JsonValue]:
    http = Http("fake", site.url, {}, lambda answer: explain("fake", answer), auth=auth)
    try:
        answer = (await http.get(path, parameters)).json()
    finally:
        await http.aclose()
    assert isinstance(answer, dict)
    return answer


async def control(site: Site, **switches: JsonValue) -> None:
    http = Http("fake", site.url, {}, lambda answer: explain("fake", answer))
    await http.write("POST", "/_fake/control", Body(json=dict(switches)))
    await http.aclose()


async def test_a_client_library_finds_its_way(site: Site) -> None:
    assert await asyncio.to_thread(go_through, site) == EXPECTED


@pytest.mark.parametrize("auth", [("agent", "agent-token"), ("agent-token", "anything")])
async def test_basic_authentication_takes_password_or_key(site: Site, auth: tuple[str, str]) -> None:
    answer = await asked(site, "/users/current.json", auth=auth)
    assert '"login": "agent"' in json.dumps(answer)


@pytest.mark.parametrize("auth", [None, ("agent", "wrong"), ("ann", "agent-token")])
async def test_wrong_credentials_are_rejected(site: Site, auth: tuple[str, str] | None) -> None:
    with pytest.raises(LoginRejected):
        await asked(site, "/issues.json", auth=auth)


async def test_anonymous_callers_see_public_notes_only_where_log_in_is_not_required() -> None:
    async with running({"login_required": False}) as site:
        answer = await asked(site, "/issues/3.json", {"include": "journals"})
        assert "Customer Acme waits" in json.dumps(answer)
        assert "Contract ends" not in json.dumps(answer)


async def test_faults_become_our_errors(redmine: RedmineConnector, site: Site) -> None:
    await redmine.read("1")
    await control(site, down=True)
    with pytest.raises(Unavailable):
        await redmine.read("1")
    with pytest.raises(Ambiguous):
        await redmine.update("1", {"summary": "x"})
    await control(site, down=False, reject_next=1)
    with pytest.raises(RateLimited) as caught:
        await redmine.read("1")
    assert caught.value.retry_after == 1


async def test_a_lost_answer_is_ambiguous_and_the_marker_tells(redmine: RedmineConnector, site: Site) -> None:
    marker = new_marker()
    await control(site, lose_response=1)
    with pytest.raises(Ambiguous):
        await redmine.add_comment("1", "Once", internal=False, marker=marker)
    found = await redmine.find_comment("1", marker)
    assert found is not None
    assert found.body == "Once"


async def test_the_state_tells_who_wrote_what(redmine: RedmineConnector, site: Site) -> None:
    item_id = await created(redmine)
    await redmine.add_comment(item_id, "Hi", internal=True, marker="m-1")
    await redmine.upload(item_id, Attachment(id="", filename="a.bin", size=3), chunks(b"abc"), "m-2")
    async with acting(site, "ann") as ann:
        await ann.update(item_id, {"subject": "By Ann"})
    state = await asked(site, "/_fake/state")
    log, items = state["log"], state["items"]
    assert isinstance(log, list)
    assert isinstance(items, list)
    written = [(one["actor"], one["action"]) for one in log if isinstance(one, dict) and one["item"] == item_id]
    assert written == [("agent", "create issue"), ("agent", "add comment"), ("agent", "add attachment"), ("ann", "update issue")]
    shown = json.dumps([one for one in items if isinstance(one, dict) and str(one["id"]) == item_id])
    for part in ("<!-- twinline:m-1 -->", "twinline:m-2", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "By Ann"):
        assert part in shown


async def test_a_field_edit_costs_one_write_and_one_read(redmine: RedmineConnector, site: Site) -> None:
    await redmine.update("1", {"summary": "warm", "priority": {"name": "Low"}})
    before = (await asked(site, "/_fake/state"))["calls"]
    await redmine.update("1", {"summary": "measured", "priority": {"name": "High"}})
    after = (await asked(site, "/_fake/state"))["calls"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert {method: int(str(after[method])) - int(str(before[method])) for method in after} == {"GET": 1, "PUT": 1}


async def test_an_administrators_script_calls_the_webhook() -> None:
    calls: asyncio.Queue[Delivery] = asyncio.Queue()

    async def receive(request: Request) -> Response:
        calls.put_nowait(parse_webhook(request.headers, await request.body(), "s3cret"))
        return Response(None, 202)

    async with serving(Starlette(routes=[Route("/hook", receive, methods=["POST"])])) as hook:
        options = FakeOptions(user="agent", secret="agent-token", webhook_url=f"{hook}/hook", webhook_secret="s3cret")
        async with serving(FakeRedmine(options)) as url, acting(Site(url, {"ann": "ann-token"}), "ann") as ann:
            await ann.update("1", {"notes": "Hello"})
            delivery = await asyncio.wait_for(calls.get(), 10)
    assert [one.id for one in delivery.changes] == ["1"]


async def test_a_revoked_key_is_noticed_before_public_data_is_taken_for_all() -> None:
    async with running({"login_required": False}) as site, connected(site, "revoked") as redmine:
        with pytest.raises(LoginRejected):
            await redmine.read("3")
        with pytest.raises(LoginRejected):
            await redmine.changes(SETTINGS, "")


async def test_a_deleted_issue_is_not_found(redmine: RedmineConnector, site: Site) -> None:
    http = Http("fake", site.url, {"X-Redmine-API-Key": "ann-token"}, lambda answer: explain("fake", answer))
    await http.write("DELETE", "/issues/2.json")
    await http.aclose()
    with pytest.raises(NotFound, match="issue '2' does not exist"):
        await redmine.read("2")
