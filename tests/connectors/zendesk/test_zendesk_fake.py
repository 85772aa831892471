"""What the fake does by itself, as Zendesk documents it."""

import base64

import pytest
from zendesk_site import ZendeskSite, access, running

from connectors.zendesk.client import ZendeskClient
from model.errors import Misconfigured, Refused


async def test_doubled_slashes_count_once(site: ZendeskSite) -> None:
    assert (await site.call("ann", "GET", "//tickets//1.json")).json()["ticket"]["id"] == 1


async def test_pages_by_offset_and_by_cursor(site: ZendeskSite) -> None:
    first = (await site.call("ann", "GET", "/tickets.json?per_page=2")).json()
    assert ([one["id"] for one in first["tickets"]], first["count"], first["previous_page"]) == ([1, 2], 3, None)
    second = (await site.client.get(first["next_page"], auth=("ann@acme.test/token", "ann-token"))).json()
    assert ([one["id"] for one in second["tickets"]], second["next_page"]) == ([3], None)
    deep = await site.call("ann", "GET", "/tickets?per_page=100&page=101")
    assert (deep.status_code, deep.json()["error"]) == (400, "InvalidPaginationDepth")
    first = (await site.call("ann", "GET", "/tickets?page[size]=2")).json()
    assert ([one["id"] for one in first["tickets"]], first["meta"]["has_more"]) == ([1, 2], True)
    second = (await site.client.get(first["links"]["next"], auth=("ann@acme.test/token", "ann-token"))).json()
    assert ([one["id"] for one in second["tickets"]], second["meta"]["has_more"], second["links"]["next"]) == ([3], False, None)
    assert (await site.call("ann", "GET", "/tickets?page[size]=2&page[after]=x")).status_code == 400


async def test_who_may_do_what(site: ZendeskSite) -> None:
    for auth in (("ann@acme.test", "ann-token"), ("ann@acme.test/token", "bob-token"), ("/token", "ann-token"), ("x", "")):
        answer = await site.client.get("/api/v2/users/me.json", auth=auth)
        assert (answer.status_code, answer.json()) == (401, {"error": "Couldn't authenticate you"})
    bearer = await site.client.get("/api/v2/users/me", headers={"Authorization": "Bearer carol-token"})
    assert bearer.json()["user"]["role"] == "end-user"
    assert (await site.call("carol", "GET", "/tickets")).status_code == 403
    assert (await site.call("bob", "GET", "/incremental/tickets/cursor?start_time=1")).status_code == 403
    broken = base64.b64encode(b"\xff").decode()
    assert (await site.client.get("/api/v2/users/me", headers={"Authorization": f"Basic {broken}"})).status_code == 401


async def test_limits_are_told_and_kept() -> None:
    async with running({"calls": 2}) as site:
        first = await site.call("ann", "GET", "/groups")
        assert (first.headers["x-rate-limit"], first.headers["x-rate-limit-remaining"]) == ("2", "1")
        await site.call("ann", "GET", "/groups")
        refused = await site.call("ann", "GET", "/groups")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")


async def test_unknown_keys_are_dropped_and_only_a_header_tells(site: ZendeskSite) -> None:
    answer = await site.call("ann", "PUT", "/tickets/1", {"ticket": {"subject": "x", "colour": "red"}})
    assert (answer.status_code, answer.json()["ticket"]["subject"]) == (200, "x")
    assert ':unpermitted_keys=>["ticket.colour"]' in answer.headers["x-zendesk-api-warn"]
    client = ZendeskClient(access(site.url))
    with pytest.raises(Refused, match=r"left a part of the write aside \(\"ticket\.colour\"\)"):
        await client.update("1", {"colour": "red"})
    await client.aclose()


async def test_an_address_that_is_no_account(site: ZendeskSite) -> None:
    client = ZendeskClient(access(f"{site.url}/elsewhere"))
    with pytest.raises(Misconfigured, match=r"use the form https://acme\.zendesk\.com"):
        await client.myself()
    await client.aclose()


async def test_safe_updates_whatever_they_say(site: ZendeskSite) -> None:
    stamp = (await site.call("ann", "GET", "/tickets/1")).json()["ticket"]["updated_at"]
    for safe in (True, False):
        guarded = {"subject": "x", "safe_update": safe, "updated_stamp": "2001-01-01T00:00:00Z"}
        answer = await site.call("ann", "PUT", "/tickets/1", {"ticket": guarded})
        assert (answer.status_code, answer.json()["error"]) == (409, "UpdateConflict")
    fine = {"subject": "y", "safe_update": True, "updated_stamp": stamp}
    assert (await site.call("ann", "PUT", "/tickets/1", {"ticket": fine})).status_code == 200


async def test_a_write_that_changes_nothing_leaves_no_trace(site: ZendeskSite) -> None:
    before = await site.raw("1")
    answer = await site.call("ann", "PUT", "/tickets/1", {"ticket": {"status": "open"}})
    assert (answer.status_code, answer.json()["audit"]["events"]) == (200, [])
    assert await site.raw("1") == before


async def test_a_key_with_other_parameters_is_refused(site: ZendeskSite) -> None:
    key = {"Idempotency-Key": "k-1"}
    ticket = {"subject": "x", "comment": {"body": "y"}}
    made = [await site.call("ann", "POST", "/tickets", {"ticket": ticket}, key) for _ in range(2)]
    assert [one.headers["x-idempotency-lookup"] for one in made] == ["miss", "hit"]
    assert made[0].json()["ticket"]["id"] == made[1].json()["ticket"]["id"]
    other = await site.call("ann", "POST", "/tickets", {"ticket": {**ticket, "subject": "z"}}, key)
    assert (other.status_code, other.json()["error"]) == (400, "IdempotentRequestError")


async def test_the_older_export_never_parts_a_second_and_repeats_the_last_ticket(site: ZendeskSite) -> None:
    for _ in range(3):
        await site.call("ann", "POST", "/tickets", {"ticket": {"subject": "x", "comment": {"body": "y"}}})
    answer = (await site.call("ann", "GET", "/incremental/tickets?start_time=1&per_page=2")).json()
    pages = [[one["id"] for one in answer["tickets"]]]
    while not answer["end_of_stream"]:
        answer = (await site.call("ann", "GET", answer["next_page"].partition("/api/v2")[2])).json()
        pages.append([one["id"] for one in answer["tickets"]])
    assert pages[:2] == [[3, 1], [1, 2]]
    assert [one[0] for one in pages[1:]] == [one[-1] for one in pages[:-1]]
    assert pages[-1][-1] == 6


async def test_more_than_a_hundred_tickets_at_once_are_refused(site: ZendeskSite) -> None:
    tickets = [{"subject": "x", "comment": {"body": "y"}}] * 101
    refused = await site.call("ann", "POST", "/tickets/create_many", {"tickets": tickets})
    assert (refused.status_code, refused.json()["error"]) == (400, "TooManyValues")
    done = (await site.call("ann", "POST", "/tickets/create_many", {"tickets": tickets[:2]})).json()["job_status"]
    assert (done["status"], [one["id"] for one in done["results"]]) == ("completed", [4, 5])


async def test_an_assigned_ticket_is_open_and_in_its_agents_group(site: ZendeskSite) -> None:
    bob = (await site.call("ann", "GET", "/users/search?query=email:bob@acme.test")).json()["users"][0]
    ticket = await site.edit("ann", "2", assignee_id=bob["id"])
    assert (ticket["status"], ticket["group_id"]) == ("open", bob["default_group_id"])
