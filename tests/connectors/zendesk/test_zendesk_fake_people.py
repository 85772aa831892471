"""Organizations, people and groups of the fake: https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/."""

from typing import Any

from zendesk_site import ZendeskSite


async def _asked(site: ZendeskSite, method: str, path: str, json: object = None, status: int = 200) -> Any:
    answer = await site.call("ann", method, path, json)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def _made(site: ZendeskSite, kind: str, **values: object) -> int:
    return int((await _asked(site, "POST", f"/{kind}s", {kind: values}, 201))[kind]["id"])


async def test_a_life_of_an_organization(site: ZendeskSite) -> None:
    number = await _made(site, "organization", name="Acme", external_id="a-1", tags=["big"])
    shown = (await _asked(site, "GET", f"/organizations/{number}.json"))["organization"]
    assert (shown["name"], shown["tags"], shown["shared_tickets"]) == ("Acme", ["big"], False)
    same = await _asked(site, "POST", "/organizations", {"organization": {"name": "ACME"}}, 422)
    assert same["details"]["name"][0]["error"] == "DuplicateValue"
    await _asked(site, "POST", "/organizations", {"organization": {"name": ""}}, 422)
    changed = await _asked(site, "PUT", f"/organizations/{number}", {"organization": {"notes": "Pays late"}})
    assert (changed["organization"]["name"], changed["organization"]["notes"]) == ("Acme", "Pays late")
    for path in ("search?external_id=a-1", "search?name=acme", "autocomplete?name=ac", f"show_many?ids={number}"):
        assert [one["id"] for one in (await _asked(site, "GET", f"/organizations/{path}"))["organizations"]] == [number]
    wanted = {"organization": {"external_id": "a-1", "details": "x"}}
    assert (await _asked(site, "POST", "/organizations/create_or_update", wanted))["organization"]["id"] == number
    job = await _asked(site, "POST", "/organizations/create_many", {"organizations": [{"name": "Beta"}, {"name": "beta"}]})
    assert [("error" in one) for one in job["job_status"]["results"]] == [False, True]
    assert (await _asked(site, "GET", "/organizations/count"))["count"]["value"] == 2
    await _asked(site, "DELETE", f"/organizations/{number}", status=204)
    await _asked(site, "GET", f"/organizations/{number}", status=404)


async def test_who_belongs_to_it(site: ZendeskSite) -> None:
    place = await _made(site, "organization", name="Acme")
    user = await _made(site, "user", name="Cora", email="cora@acme.test", organization_id=place)
    other = await _made(site, "user", name="Dan", email="dan@acme.test")
    membership = await _made(site, "organization_membership", user_id=other, organization_id=place)
    wanted = {"organization_membership": {"user_id": other, "organization_id": place}}
    await _asked(site, "POST", "/organization_memberships", wanted, 422)
    assert [one["id"] for one in (await _asked(site, "GET", f"/organizations/{place}/users"))["users"]] == [user, other]
    assert [one["id"] for one in (await _asked(site, "GET", f"/users/{other}/organizations"))["organizations"]] == [place]
    listed = await _asked(site, "GET", f"/users/{other}/organization_memberships")
    assert [one["id"] for one in listed["organization_memberships"]] == [membership]
    told = {"ticket": {"subject": "One", "comment": {"body": "x"}, "requester_id": user}}
    ticket = (await _asked(site, "POST", "/tickets", told, 201))["ticket"]
    assert ticket["organization_id"] == place
    assert [one["id"] for one in (await _asked(site, "GET", f"/organizations/{place}/tickets"))["tickets"]] == [ticket["id"]]
    related = (await _asked(site, "GET", f"/organizations/{place}/related"))["organization_related"]
    assert related == {"tickets_count": 1, "users_count": 2}


async def test_a_life_of_a_person(site: ZendeskSite) -> None:
    user = await _made(site, "user", name="Cora", email="cora@acme.test", external_id="c-1", phone="555", role="agent")
    assert (await site.call("ann", "POST", "/users", {"user": {"name": "C", "email": "cora@acme.test"}})).status_code == 422
    changed = (await _asked(site, "PUT", f"/users/{user}", {"user": {"name": "Cora C", "notes": "Kind", "tags": ["vip"]}}))["user"]
    assert [changed[name] for name in ("name", "email", "phone", "role", "notes", "tags")] == [
        "Cora C", "cora@acme.test", "555", "agent", "Kind", ["vip"],
    ]  # fmt: skip
    assert (await _asked(site, "PUT", f"/users/{user}/tags", {"tags": ["new"]}))["tags"] == ["new", "vip"]
    wanted = {"user": {"external_id": "c-1", "name": "Cora D"}}
    assert (await _asked(site, "POST", "/users/create_or_update", wanted))["user"]["id"] == user
    for path in ("search?external_id=c-1", "search?query=email:cora@acme.test", "autocomplete?name=cora"):
        assert [one["id"] for one in (await _asked(site, "GET", f"/users/{path}"))["users"]] == [user]
    assert user in [one["id"] for one in (await _asked(site, "GET", "/users?role[]=agent"))["users"]]
    assert user not in [one["id"] for one in (await _asked(site, "GET", "/users?role=admin"))["users"]]
    assert (await _asked(site, "GET", f"/users/{user}/related"))["user_related"]["requested_tickets"] == 0
    assert (await _asked(site, "DELETE", f"/users/{user}"))["user"]["active"] is False
    assert user not in [one["id"] for one in (await _asked(site, "GET", "/users"))["users"]]
    await _asked(site, "PUT", f"/users/{user}", {"user": {"role": "king"}}, 422)


async def test_who_has_open_tickets_stays(site: ZendeskSite) -> None:
    ann = (await _asked(site, "GET", "/users/me"))["user"]["id"]
    assert "cannot be deleted" in (await site.call("ann", "DELETE", f"/users/{ann}")).text


async def test_groups_and_their_members(site: ZendeskSite) -> None:
    group = await _made(site, "group", name="Night", description="Late")
    ann = (await _asked(site, "GET", "/users/me"))["user"]["id"]
    membership = await _made(site, "group_membership", user_id=ann, group_id=group)
    assert [one["id"] for one in (await _asked(site, "GET", f"/groups/{group}/users"))["users"]] == [ann]
    assert [one["name"] for one in (await _asked(site, "GET", f"/users/{ann}/groups"))["groups"]] == ["Support", "Night"]
    rows = (await _asked(site, "GET", "/group_memberships"))["group_memberships"]
    assert sorted((one["id"] == membership, one["default"]) for one in rows) == [(False, True), (False, True), (False, True), (True, False)]
    assert (await _asked(site, "PUT", f"/groups/{group}", {"group": {"name": "Dawn"}}))["group"]["description"] == "Late"
    assert (await site.call("bob", "DELETE", f"/groups/{group}")).status_code == 403
    await _asked(site, "DELETE", f"/groups/{group}", status=204)
    rest = (await _asked(site, "GET", "/group_memberships"))["group_memberships"]
    assert [one["default"] for one in rest] == [True, True, True]


async def test_exports_of_people_and_organizations(site: ZendeskSite) -> None:
    place = await _made(site, "organization", name="Acme")
    people = [one["id"] for one in (await _asked(site, "GET", "/users"))["users"]]
    first = await _asked(site, "GET", "/incremental/users/cursor?start_time=1&per_page=2")
    rest = await _asked(site, "GET", f"/incremental/users/cursor?cursor={first['after_cursor']}")
    assert [one["id"] for part in (first, rest) for one in part["users"]] == people
    assert (first["end_of_stream"], rest["end_of_stream"]) == (False, True)
    assert len((await _asked(site, "GET", "/incremental/users?start_time=1"))["users"]) == len(people)
    told = await _asked(site, "GET", "/incremental/organizations?start_time=1")
    assert ([one["id"] for one in told["organizations"]], told["count"]) == ([place], 1)


async def test_a_search_finds_them_all(site: ZendeskSite) -> None:
    await _made(site, "organization", name="Anvil works", tags=["steel"])
    await _made(site, "user", name="Anna Anvil", email="anna@anvil.test")

    async def found(query: str) -> list[tuple[str, str]]:
        rows = (await _asked(site, "GET", f"/search?query={query}"))["results"]
        return [(one["result_type"], one.get("subject", one.get("name"))) for one in rows]

    ticket, person, place = ("ticket", "Anvil arrives bent"), ("user", "Anna Anvil"), ("organization", "Anvil works")
    assert await found("anvil") == [ticket, person, place]
    assert await found("type:user anvil") == [person]
    assert await found("type:organization tags:steel") == [place]
    assert await found("type:user email:anna@* -role:agent created>2020-01-01") == [person]
    assert await found("type:group support") == [("group", "Support")]
    assert await found("type:user status:open") == []
    exported = await _asked(site, "GET", "/search/export?query=anvil&filter[type]=user&page[size]=10")
    assert [one["name"] for one in exported["results"]] == ["Anna Anvil"]


async def test_tickets_come_in_the_order_that_is_asked_for(site: ZendeskSite) -> None:
    async def order(path: str, name: str) -> list[int]:
        return [one["id"] for one in (await _asked(site, "GET", path))[name]]

    assert await order("/search?query=type:ticket&sort_by=created_at&sort_order=asc", "results") == [3, 1, 2]
    assert await order("/search?query=type:ticket order_by:created", "results") == [2, 1, 3]
    assert await order("/search?query=type:ticket order_by:priority sort:desc", "results") == [1, 3, 2]
    assert await order("/tickets?sort_by=updated_at&sort_order=desc", "tickets") == [2, 1, 3]
    assert await order("/tickets?sort=-id&page[size]=2", "tickets") == [3, 2]
