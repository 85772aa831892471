"""What client libraries ask the fake for besides tickets: https://developer.zendesk.com/api-reference/ticketing/introduction/."""

from time import time
from typing import cast

import httpx
import pytest
from pydantic import JsonValue
from starlette.types import ASGIApp
from zendesk_ports import ports
from zendesk_site import BOT, NO_TLS, SECRET, ZendeskSite

from connectors.kit.interface import FakeOptions
from connectors.zendesk import DECLARATION


async def test_without_a_seed_there_are_two_people_besides_the_account() -> None:
    with ports().lease(cast("ASGIApp", DECLARATION.fake(FakeOptions(user=BOT, secret=SECRET)))) as url:
        async with httpx.AsyncClient(base_url=url, trust_env=False, verify=NO_TLS) as client:
            told = (await client.get("/_fake/state")).json()
    assert [one["email"] for one in told["users"]] == [BOT, "ann@acme.test", "bob@acme.test"]
    ann = told["users"][1]["id"]
    assert [one["requester_id"] for one in told["items"]] == [ann, ann, ann]


@pytest.mark.parametrize("kind", ["application/json", "application/binary", "image/png"])
async def test_a_file_is_taken_as_it_is_whatever_its_type(site: ZendeskSite, kind: str) -> None:
    """node-zendesk sends files as `application/json`."""
    sent = await site.client.post(
        "/api/v2/uploads.json?filename=a.txt",
        content=b"no JSON",
        headers={"Content-Type": kind},
        auth=("ann@acme.test/token", "ann-token"),
    )
    assert sent.status_code == 201, sent.text
    file = sent.json()["upload"]["attachment"]
    got = await site.client.get(file["content_url"])
    assert (file["size"], got.content) == (7, b"no JSON")


async def _ids(site: ZendeskSite, path: str, name: str = "tickets") -> list[JsonValue]:
    answer = await site.call("ann", "GET", path)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()[name]]


async def test_tickets_of_a_person(site: ZendeskSite) -> None:
    people = {one["email"]: one["id"] for one in (await site.call("ann", "GET", "/users")).json()["users"]}
    ann, bob = people["ann@acme.test"], people["bob@acme.test"]
    assert await _ids(site, f"/users/{ann}/tickets/requested") == [1, 2, 3]
    assert await _ids(site, f"/users/{bob}/tickets/requested") == []
    assert await _ids(site, f"/users/{bob}/tickets/assigned.json") == [1]
    assert await _ids(site, f"/users/{ann}/tickets/assigned?page[size]=1") == [3]
    assert await _ids(site, f"/users/{bob}/tickets/ccd") == []
    for path in (f"/users/{bob}/tickets/others", "/users/1/tickets/assigned", "/users/1/identities"):
        assert (await site.call("ann", "GET", path)).status_code == 404
    assert (await site.call("carol", "GET", f"/users/{bob}/tickets/assigned")).status_code == 403
    [identity] = (await site.call("ann", "GET", f"/users/{bob}/identities")).json()["identities"]
    assert (identity["type"], identity["value"], identity["primary"]) == ("email", "bob@acme.test", True)


async def test_lists_around_tickets(site: ZendeskSite) -> None:
    await site.edit("ann", "2", subject="Changed last", tags=["delivery", "moon"])
    assert (await _ids(site, "/tickets/recent.json"))[0] == 2
    listed = (await site.call("ann", "GET", "/tags")).json()["tags"]
    assert (listed[0], {"name": "moon", "count": 1} in listed) == ({"name": "delivery", "count": 2}, True)
    assert await _ids(site, "/tickets/1/collaborators", "users") == await _ids(site, "/tickets/1/incidents") == []
    assert await _ids(site, "/organizations", "organizations") == []
    assert (await site.call("ann", "GET", "/tickets/99/incidents")).status_code == 404


async def test_a_sample_of_the_export(site: ZendeskSite) -> None:
    answer = await site.call("ann", "GET", f"/incremental/tickets/sample.json?start_time={int(time()) - 7 * 86400}")
    assert [one["id"] for one in answer.json()["tickets"]] == [1, 2]


async def test_jobs_are_listed(site: ZendeskSite) -> None:
    for priority in ("low", "high"):
        await site.call("ann", "PUT", "/tickets/update_many?ids=1", {"ticket": {"priority": priority}})
    listed = await _ids(site, "/job_statuses", "job_statuses")
    assert [int(str(one)) for one in listed] == [2, 1]
