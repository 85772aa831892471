"""People and groups of administrators, and what managers plan: https://www.redmine.org/projects/redmine/wiki/Rest_Groups."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import JsonValue
from redmine_site import running

ROOT: dict[str, JsonValue] = {
    "login": "root", "firstname": "Rita", "lastname": "Root", "mail": "root@acme.test", "key": "root-token", "admin": True,
}  # fmt: skip
ANN: dict[str, JsonValue] = {"login": "ann", "firstname": "Ann", "lastname": "Archer", "mail": "ann@acme.test", "key": "ann-token"}
BOB: dict[str, JsonValue] = {**ANN, "login": "bob", "firstname": "Bob", "mail": "bob@acme.test", "key": "bob-token", "role": "Developer"}


@pytest.fixture
async def site() -> AsyncIterator[httpx.AsyncClient]:
    async with (
        running({"users": [ANN, BOB, ROOT]}) as there,
        httpx.AsyncClient(base_url=there.url, trust_env=False) as client,
    ):
        yield client


async def _asked(site: httpx.AsyncClient, method: str, path: str, json: object = None, status: int = 200, key: str = "root") -> Any:
    answer = await site.request(method, path, json=json, headers={"X-Redmine-API-Key": f"{key}-token"})
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_groups(site: httpx.AsyncClient) -> None:
    people = {one["login"]: one["id"] for one in (await _asked(site, "GET", "/users.json"))["users"]}
    wanted = {"group": {"name": "Night", "user_ids": [people["ann"], 999]}}
    number = (await _asked(site, "POST", "/groups.json", wanted, 201))["group"]["id"]
    assert (await _asked(site, "POST", "/groups.json", wanted, 422))["errors"] == ["Name has already been taken"]
    assert (await _asked(site, "POST", "/groups.json", {"group": {}}, 422))["errors"] == ["Name cannot be blank"]
    await _asked(site, "POST", f"/groups/{number}/users.json", {"user_id": people["bob"]}, 204)
    await _asked(site, "POST", f"/groups/{number}/users.json", {"user_id": 999}, 422)
    await _asked(site, "DELETE", f"/groups/{number}/users/{people['ann']}.json", status=204)
    await _asked(site, "DELETE", f"/groups/{number}/users/{people['ann']}.json", status=404)
    await _asked(site, "PUT", f"/groups/{number}.json", {"group": {"name": "Dawn"}}, 204)
    shown = (await _asked(site, "GET", f"/groups/{number}.json?include=users"))["group"]
    assert (shown["name"], [one["id"] for one in shown["users"]]) == ("Dawn", [people["bob"]])
    assert [one["login"] for one in (await _asked(site, "GET", f"/users.json?group_id={number}"))["users"]] == ["bob"]
    assert (await _asked(site, "GET", "/groups.json"))["groups"] == [{"id": number, "name": "Dawn"}]
    await _asked(site, "DELETE", f"/groups/{number}.json", status=204)
    await _asked(site, "GET", f"/groups/{number}.json", status=404)


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/groups.json"), ("POST", "/groups.json"), ("GET", "/users.json"), ("POST", "/users.json")]
)
async def test_nobody_else_sees_them(site: httpx.AsyncClient, method: str, path: str) -> None:
    await _asked(site, method, path, {} if method == "POST" else None, 403, "ann")


async def test_people(site: httpx.AsyncClient) -> None:
    wanted = {"user": {"login": "cid", "firstname": "Cid", "lastname": "Cole", "mail": "cid@acme.test", "password": "cid-token"}}
    made = (await _asked(site, "POST", "/users.json", wanted, 201))["user"]
    assert (await _asked(site, "GET", "/users/current.json", key="cid"))["user"]["id"] == made["id"]
    assert [one["login"] for one in (await _asked(site, "GET", "/users.json?name=col"))["users"]] == ["cid"]
    assert (await _asked(site, "POST", "/users.json", wanted, 422))["errors"] == [
        "Login has already been taken",
        "Email has already been taken",
    ]
    assert "First name cannot be blank" in (await _asked(site, "POST", "/users.json", {"user": {"login": "x"}}, 422))["errors"]


@pytest.mark.parametrize(
    ("one", "many", "sets", "shows"),
    [("version", "versions", "fixed_version_id", "fixed_version"), ("issue_category", "issue_categories", "category_id", "category")],
)
async def test_plans(site: httpx.AsyncClient, one: str, many: str, sets: str, shows: str) -> None:
    made = (await _asked(site, "POST", f"/projects/sync/{many}.json", {one: {"name": "First"}}, 201, "ann"))[one]
    path = f"/{many}/{made['id']}.json"
    await _asked(site, "POST", f"/projects/sync/{many}.json", {one: {"name": "first"}}, 422, "ann")
    await _asked(site, "POST", f"/projects/sync/{many}.json", {one: {"name": "Second"}}, 403, "bob")
    await _asked(site, "PUT", path, {one: {"name": "Uno"}}, 204, "ann")
    assert (await _asked(site, "GET", path))[one]["name"] == "Uno"
    assert [each["id"] for each in (await _asked(site, "GET", f"/projects/1/{many}.json"))[many]] == [made["id"]]
    assert (await _asked(site, "GET", f"/projects/ops/{many}.json"))[many] == []
    await _asked(site, "PUT", "/issues/1.json", {"issue": {sets: made["id"]}}, 204, "ann")
    shown = (await _asked(site, "GET", "/issues/1.json?include=journals"))["issue"]
    assert shown[shows] == {"id": made["id"], "name": "Uno"}
    assert shown["journals"][-1]["details"] == [{"property": "attr", "name": sets, "old_value": None, "new_value": str(made["id"])}]
    await _asked(site, "DELETE", path, status=422 if one == "version" else 204)
    await _asked(site, "PUT", "/issues/1.json", {"issue": {sets: ""}}, 204)
    assert shows not in (await _asked(site, "GET", "/issues/1.json"))["issue"]


async def test_parents_and_estimates(site: httpx.AsyncClient) -> None:
    await _asked(site, "PUT", "/issues/2.json", {"issue": {"parent_issue_id": 1, "estimated_hours": "2.5"}}, 204)
    shown = (await _asked(site, "GET", "/issues/2.json"))["issue"]
    assert (shown["parent"], shown["estimated_hours"]) == ({"id": 1}, 2.5)
    above = (await _asked(site, "GET", "/issues/1.json?include=children"))["issue"]
    assert [one["id"] for one in above["children"]] == [2]
    for wanted, error in (({"parent_issue_id": 2}, "Parent task is invalid"), ({"estimated_hours": "x"}, "Estimated time is invalid")):
        assert (await _asked(site, "PUT", "/issues/2.json", {"issue": wanted}, 422))["errors"] == [error]
    await _asked(site, "PUT", "/issues/2.json", {"issue": {"parent_issue_id": ""}}, 204)
    assert "parent" not in (await _asked(site, "GET", "/issues/2.json"))["issue"]
