"""Requests, merges, macros, views, metrics and audits of the fake, as Zenpy and node-zendesk ask for them."""

from typing import Any

import pytest
from zendesk_site import ZendeskSite


async def _asked(site: ZendeskSite, method: str, path: str, json: object = None, status: int = 200, name: str = "ann") -> Any:
    answer = await site.call(name, method, path, json)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_a_customer_asks(site: ZendeskSite) -> None:
    wanted = {"request": {"subject": "Help", "comment": {"body": "It burns"}, "tags": ["no"]}}
    made = (await _asked(site, "POST", "/requests", wanted, 201, "carol"))["request"]
    number = made["id"]
    assert (made["subject"], made["description"], made["status"], made["can_be_solved_by_me"]) == ("Help", "It burns", "new", False)
    await site.say("bob", str(number), "Not for Carol", public=False)
    await _asked(site, "PUT", f"/requests/{number}", {"request": {"comment": {"body": "Still"}}}, name="carol")
    said = await _asked(site, "GET", f"/requests/{number}/comments", name="carol")
    assert [one["plain_body"] for one in said["comments"]] == ["It burns", "Still"]
    last = said["comments"][-1]["id"]
    assert (await _asked(site, "GET", f"/requests/{number}/comments/{last}", name="carol"))["comment"]["plain_body"] == "Still"
    for path in ("", "/open", "/search?query=burns", "?status=new"):
        assert [one["id"] for one in (await _asked(site, "GET", f"/requests{path}", name="carol"))["requests"]] == [number]
    assert (await _asked(site, "GET", "/requests/solved", name="carol"))["requests"] == []
    assert len((await _asked(site, "GET", "/requests"))["requests"]) == 4
    await _asked(site, "GET", "/requests/1", status=404, name="carol")
    bob = (await _asked(site, "GET", "/users/me", name="bob"))["user"]["id"]
    await site.edit("bob", str(number), assignee_id=bob, status="open")
    solved = await _asked(site, "PUT", f"/requests/{number}", {"request": {"solved": True}}, name="carol")
    assert solved["request"]["status"] == "solved"


async def test_tickets_are_merged(site: ZendeskSite) -> None:
    job = await _asked(site, "POST", "/tickets/1/merge", {"ids": [2], "target_comment": "Took 2", "source_comment_is_public": True})
    assert (job["job_status"]["status"], job["job_status"]["results"][0]["id"]) == ("completed", 1)
    source, target = await site.raw("2"), await site.raw("1")
    assert (source["status"], source["tags"], target["tags"]) == (
        "closed",
        ["billing", "closed_by_merge"],
        ["billing", "delivery", "prod_anvil"],
    )
    texts: list[Any] = [[(one["plain_body"], one["public"]) for one in ticket["comments"]][-1] for ticket in (source, target)]  # type: ignore[index]
    assert texts == [("This request was closed and merged into request #1 'Anvil arrives bent'.", True), ("Took 2", False)]
    for ids in ([2], [99], [1], []):
        await _asked(site, "POST", "/tickets/1/merge", {"ids": ids}, 422)


async def test_macros(site: ZendeskSite) -> None:
    actions = [
        {"field": "status", "value": "solved"},
        {"field": "current_tags", "value": "done now"},
        {"field": "comment_value", "value": ["channel:all", "Bye"]},
        {"field": "comment_mode_is_public", "value": "false"},
        {"field": "group_id", "value": "17"},
    ]
    await _asked(site, "POST", "/macros", {"macro": {"title": "Close", "actions": []}}, 422)
    number = (await _asked(site, "POST", "/macros", {"macro": {"title": "Close", "actions": actions}}, 201))["macro"]["id"]
    told = (await _asked(site, "GET", f"/tickets/1/macros/{number}/apply"))["result"]["ticket"]
    assert (told["id"], told["status"], told["tags"], told["group_id"]) == (1, "solved", ["delivery", "done", "now", "prod_anvil"], 17)
    assert (told["comment"]["body"], told["comment"]["public"]) == ("Bye", False)
    assert (await site.raw("1"))["status"] == "open"
    alone = (await _asked(site, "GET", f"/macros/{number}/apply"))["result"]["ticket"]
    assert (alone["tags"], "subject" in alone) == (["done", "now"], False)
    await _asked(site, "PUT", f"/macros/{number}", {"macro": {"active": False}})
    assert (await _asked(site, "GET", "/macros/active"))["macros"] == []
    assert [one["id"] for one in (await _asked(site, "GET", "/macros/search?query=clo"))["macros"]] == [number]
    await _asked(site, "DELETE", f"/macros/{number}", status=204)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"all": [{"field": "status", "operator": "less_than", "value": "solved"}]}, [1, 2]),
        ({"all": [{"field": "status", "operator": "less_than", "value": "open"}]}, [2]),
        ({"all": [{"field": "priority", "operator": "is", "value": "high"}]}, [1]),
        ({"all": [{"field": "assignee_id", "operator": "is", "value": "current_user"}]}, [3]),
        (
            {
                "any": [
                    {"field": "current_tags", "operator": "includes", "value": "billing x"},
                    {"field": "type", "operator": "is", "value": "problem"},
                ]
            },
            [1, 2],
        ),
        ({"all": [{"field": "current_tags", "operator": "not_includes", "value": "billing"}]}, [1, 3]),
        ({"all": [{"field": "status", "operator": "greater_than", "value": "open"}]}, [3]),
        ({"all": [{"field": "subject_includes_word", "operator": "includes", "value": "anvil"}]}, [1]),
        ({"all": [{"field": "weather", "operator": "is", "value": "fine"}]}, []),
    ],
)
async def test_views(site: ZendeskSite, conditions: dict[str, object], expected: list[int]) -> None:
    made = (await _asked(site, "POST", "/views", {"view": {"title": "Mine", **conditions}}, 201))["view"]
    number = made["id"]
    assert made["conditions"]["all"] == conditions.get("all", [])
    assert [one["id"] for one in (await _asked(site, "GET", f"/views/{number}/tickets"))["tickets"]] == expected
    assert [one["ticket"]["id"] for one in (await _asked(site, "GET", f"/views/{number}/execute"))["rows"]] == expected
    assert (await _asked(site, "GET", f"/views/{number}/count"))["view_count"]["value"] == len(expected)
    counts = (await _asked(site, "GET", f"/views/count_many?ids={number}"))["view_counts"]
    assert [(one["view_id"], one["value"]) for one in counts] == [(number, len(expected))]


async def test_views_are_listed_and_changed(site: ZendeskSite) -> None:
    titles = [one["title"] for one in (await _asked(site, "GET", "/views"))["views"]]
    assert titles == ["Your unsolved tickets", "Unassigned tickets", "All unsolved tickets", "Recently solved tickets"]
    number = (await _asked(site, "GET", "/views/search?query=all"))["views"][0]["id"]
    await _asked(site, "PUT", f"/views/{number}", {"view": {"active": False, "output": {"sort_by": "status"}}})
    assert (await _asked(site, "GET", f"/views/{number}"))["view"]["execution"]["sort_by"] == "status"
    assert number not in [one["id"] for one in (await _asked(site, "GET", "/views/active"))["views"]]
    await _asked(site, "GET", "/views/1", status=404)


async def test_what_is_told_around_tickets(site: ZendeskSite) -> None:
    metric = (await _asked(site, "GET", "/tickets/1/metrics"))["ticket_metric"]
    assert (metric["ticket_id"], metric["replies"], metric["solved_at"]) == (1, 1, None)
    assert [one["ticket_id"] for one in (await _asked(site, "GET", "/ticket_metrics"))["ticket_metrics"]] == [1, 2, 3]
    audits = await _asked(site, "GET", "/ticket_audits?limit=2")
    rest = await _asked(site, "GET", f"/ticket_audits?cursor={audits['after_cursor']}")
    numbers = [one["id"] for one in (*audits["audits"], *rest["audits"])]
    assert numbers == sorted(numbers, reverse=True)
    one = rest["audits"][-1]
    assert (await _asked(site, "GET", f"/tickets/{one['ticket_id']}/audits/{one['id']}"))["audit"] == one
    assert [one["default"] for one in (await _asked(site, "GET", "/brands"))["brands"]] == [True]
    field = {"user_field": {"key": "shoe", "title": "Shoe", "type": "text"}}
    await _asked(site, "POST", "/user_fields", field, 201)
    await _asked(site, "POST", "/user_fields", field, 422)
    for name in ("triggers", "automations", "satisfaction_ratings", "suspended_tickets", "slas/policies", "organization_fields"):
        assert (await _asked(site, "GET", f"/{name}"))["count"] == 0


async def test_who_is_copied_and_who_follows(site: ZendeskSite) -> None:
    people = {one["name"]: one["id"] for one in (await _asked(site, "GET", "/users"))["users"]}
    ann, bob, carol = (people[name] for name in ("Ann Archer", "Bob Baker", "Carol Customer"))
    shown = await site.edit("ann", "1", collaborators=[bob, {"name": "New", "email": "new@acme.test"}], follower_ids=[ann])
    new = next(one["id"] for one in (await _asked(site, "GET", "/users"))["users"] if one["name"] == "New")
    assert (shown["email_cc_ids"], shown["follower_ids"], shown["collaborator_ids"]) == ([bob, new], [ann], sorted([ann, bob, new]))
    changes = [{"user_email": "carol@acme.test", "action": "put"}, {"user_id": bob, "action": "delete"}]
    shown = await site.edit("ann", "1", email_ccs=changes, followers=[{"user_id": carol}, {"user_id": str(bob), "action": "put"}])
    assert (shown["email_cc_ids"], shown["follower_ids"]) == ([new, carol], [ann, bob])
    events = (await _asked(site, "GET", "/tickets/1/audits"))["audits"][-1]["events"]
    assert [one["type"] for one in events] == ["EmailCcChange", "FollowerChange"]
    assert events[0]["current_email_ccs"] == ["new@acme.test", "carol@acme.test"]
    for path, expected in (("email_ccs", [new, carol]), ("followers", [ann, bob])):
        assert [one["id"] for one in (await _asked(site, "GET", f"/tickets/1/{path}"))["users"]] == expected
    assert [one["id"] for one in (await _asked(site, "GET", f"/users/{carol}/tickets/ccd"))["tickets"]] == [1]
    assert [one["id"] for one in (await _asked(site, "GET", "/requests/ccd", name="carol"))["requests"]] == [1]
