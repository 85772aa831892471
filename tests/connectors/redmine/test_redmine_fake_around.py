"""What client libraries ask the fake for besides issues: https://www.redmine.org/projects/redmine/wiki/Rest_api."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import JsonValue
from redmine_site import running

ADMIN: dict[str, JsonValue] = {
    "login": "root",
    "firstname": "Rita",
    "lastname": "Root",
    "mail": "root@acme.test",
    "key": "root-token",
    "admin": True,
}
ANN: dict[str, JsonValue] = {"login": "ann", "firstname": "Ann", "lastname": "Archer", "mail": "ann@acme.test", "key": "ann-token"}
BOB: dict[str, JsonValue] = {"login": "bob", "firstname": "Bob", "lastname": "Baker", "mail": "bob@acme.test", "key": "bob-token"}


@pytest.fixture
async def ann() -> AsyncIterator[httpx.AsyncClient]:
    headers = {"X-Redmine-API-Key": "ann-token"}
    async with (
        running({"users": [ANN, BOB, ADMIN]}) as site,
        httpx.AsyncClient(base_url=site.url, headers=headers, trust_env=False) as client,
    ):
        yield client


async def _got(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_relations_are_seen_from_both_ends(ann: httpx.AsyncClient) -> None:
    wanted = {"issue_to_id": 2, "relation_type": "blocked"}
    made = (await ann.post("/issues/1/relations.json", json={"relation": wanted})).json()["relation"]
    assert (made["issue_id"], made["issue_to_id"], made["relation_type"]) == (2, 1, "blocks")
    for number in (1, 2):
        assert (await _got(ann, f"/issues/{number}/relations.json"))["relations"] == [made]
        assert (await _got(ann, f"/issues/{number}.json?include=relations"))["issue"]["relations"] == [made]
    assert (await _got(ann, f"/relations/{made['id']}.json"))["relation"] == made
    wrong = [
        ({"issue_to_id": 2}, "Related issue has already been taken"),
        ({"issue_to_id": 1}, "Related issue is invalid"),
        ({"issue_to_id": 99}, "Related issue cannot be blank"),
        ({"issue_to_id": 3, "relation_type": "likes"}, "Relation type is not included in the list"),
    ]
    for body, words in wrong:
        answer = await ann.post("/issues/1/relations.json", json={"relation": body})
        assert (answer.status_code, answer.json()) == (422, {"errors": [words]})
    assert (await ann.delete(f"/relations/{made['id']}.json")).status_code == 204
    assert (await ann.delete(f"/relations/{made['id']}.json")).status_code == 404
    log = (await _got(ann, "/_fake/state"))["log"]
    assert [one["action"] for one in log] == ["add relation", "delete relation"]
    await ann.post("/issues/1/relations.json", json={"relation": {"issue_to_id": 3}})
    await ann.delete("/issues/3.json")
    assert (await _got(ann, "/issues/1/relations.json"))["relations"] == []
    for path in ("/issues/99/relations.json", "/relations/99.json"):
        assert (await ann.get(path)).status_code == 404


async def test_watchers(ann: httpx.AsyncClient) -> None:
    for number in (7, 7, 99):
        assert (await ann.post("/issues/1/watchers.json", json={"user_id": number})).status_code == 204
    shown = (await _got(ann, "/issues/1.json?include=watchers"))["issue"]["watchers"]
    assert shown == [{"id": 7, "name": "Bob Baker"}]
    assert [(await ann.delete(f"/issues/1/watchers/{number}.json")).status_code for number in (7, 99)] == [204, 404]
    assert (await _got(ann, "/issues/1.json?include=watchers"))["issue"]["watchers"] == []


async def test_what_a_project_could_have(ann: httpx.AsyncClient) -> None:
    for path, status in (("sync/versions", 200), ("none/versions", 404), ("sync/news", 403), ("none/files", 404), ("1/wiki/index", 403)):
        assert (await ann.get(f"/projects/{path}.json")).status_code == status
    assert (await _got(ann, "/news.json"))["total_count"] == 0
    assert (await _got(ann, "/enumerations/document_categories.json"))["document_categories"] == []
    assert (await _got(ann, "/queries.json"))["total_count"] == 0
    assert [one["name"] for one in (await _got(ann, "/roles.json"))["roles"]] == ["Manager", "Developer", "Reporter"]


async def test_a_file_gets_another_name(ann: httpx.AsyncClient) -> None:
    sent = await ann.post("/uploads.json?filename=a.txt", content=b"x", headers={"Content-Type": "application/octet-stream"})
    await ann.put("/issues/1.json", json={"issue": {"uploads": [{"token": sent.json()["upload"]["token"]}]}})
    path = f"/attachments/{sent.json()['upload']['id']}.json"
    assert (await ann.patch(path, json={"attachment": {"filename": "b.txt", "description": "Second"}})).status_code == 204
    shown = (await _got(ann, path))["attachment"]
    assert (shown["filename"], shown["description"]) == ("b.txt", "Second")
    assert (await ann.get(shown["content_url"])).content == b"x"
    assert (await ann.patch("/attachments/99.json", json={"attachment": {}})).status_code == 404


@pytest.mark.parametrize(
    ("key", "other", "status", "login"), [("root", "bob", 200, "bob"), ("ann", "bob", 200, "ann"), ("root", "no", 412, "")]
)
async def test_only_administrators_act_for_others(ann: httpx.AsyncClient, key: str, other: str, status: int, login: str) -> None:
    answer = await ann.get("/users/current.json", headers={"X-Redmine-API-Key": f"{key}-token", "X-Redmine-Switch-User": other})
    assert answer.status_code == status
    assert not login or answer.json()["user"]["login"] == login
