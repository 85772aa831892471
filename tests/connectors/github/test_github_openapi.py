"""Answers of the fake have the form that GitHub publishes."""

import json
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
from github_app import app_site, proof
from github_site import GitHubSite
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "github" / "slim-api.github.com.json"

pytestmark = pytest.mark.skipif(not SPEC.is_file(), reason="GitHub's OpenAPI document is not beside this checkout")

REPO = "/repos/acme/app"


@cache
def _document() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(SPEC.read_text(), object_hook=_with_null))


def _with_null(node: dict[str, Any]) -> dict[str, Any]:
    """GitHub leaves null out of the enumeration of what it marks as nullable."""
    if node.get("nullable") is True and isinstance(node.get("enum"), list):
        return {**node, "enum": [*node["enum"], None]}
    return node


def _faults(path: str, method: str, status: int, content: object) -> list[str]:
    """What is wrong with an answer by the schema of that operation."""
    responses = _document()["paths"][path][method]["responses"]
    answer = responses[str(status)]
    if "$ref" in answer:
        answer = _document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    pointer = answer["content"]["application/json"]["schema"]
    registry: Registry[Any] = Registry[Any]().with_resource("urn:github", DRAFT4.create_resource(_document()))
    schema = json.loads(json.dumps(pointer).replace("#/components", "urn:github#/components"))
    return [
        f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}"
        for one in OAS30Validator(schema, registry=registry).iter_errors(content)
    ]


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("/user", "/user"),
        ("/users/{username}", "/users/ann"),
        ("/rate_limit", "/rate_limit"),
        ("/repos/{owner}/{repo}", REPO),
        ("/repos/{owner}/{repo}/assignees", f"{REPO}/assignees"),
        ("/repos/{owner}/{repo}/issue-types", f"{REPO}/issue-types"),
        ("/repos/{owner}/{repo}/labels", f"{REPO}/labels"),
        ("/repos/{owner}/{repo}/hooks", f"{REPO}/hooks"),
        ("/repos/{owner}/{repo}/milestones", f"{REPO}/milestones"),
        ("/repos/{owner}/{repo}/milestones/{milestone_number}", f"{REPO}/milestones/1"),
        ("/repos/{owner}/{repo}/collaborators", f"{REPO}/collaborators"),
        ("/repos/{owner}/{repo}/hooks/{hook_id}/config", f"{REPO}/hooks/HOOK/config"),
        ("/repos/{owner}/{repo}/hooks/{hook_id}/deliveries", f"{REPO}/hooks/HOOK/deliveries"),
        ("/repos/{owner}/{repo}/issues/events", f"{REPO}/issues/events"),
        ("/repos/{owner}/{repo}/issues/{issue_number}/timeline", f"{REPO}/issues/1/timeline"),
        ("/repos/{owner}/{repo}/issues/{issue_number}/sub_issues", f"{REPO}/issues/2/sub_issues"),
        ("/repos/{owner}/{repo}/issues/{issue_number}/parent", f"{REPO}/issues/1/parent"),
        ("/repos/{owner}/{repo}/issues/{issue_number}/dependencies/blocked_by", f"{REPO}/issues/2/dependencies/blocked_by"),
        ("/orgs/{org}/issue-types", "/orgs/acme/issue-types"),
        ("/search/labels", "/search/labels?q=bug&repository_id=REPOSITORY"),
        ("/repos/{owner}/{repo}/issues", f"{REPO}/issues?state=all"),
        ("/repos/{owner}/{repo}/issues/comments", f"{REPO}/issues/comments"),
        ("/repos/{owner}/{repo}/issues/{issue_number}", f"{REPO}/issues/1"),
        ("/repos/{owner}/{repo}/issues/{issue_number}/comments", f"{REPO}/issues/1/comments"),
        ("/repos/{owner}/{repo}/issues/{issue_number}/labels", f"{REPO}/issues/1/labels"),
        ("/search/issues", "/search/issues?q=is:issue+repo:acme/app"),
        ("/search/users", "/search/users?q=ann"),
    ],
)
async def test_reads(site: GitHubSite, template: str, path: str) -> None:
    await site.call("ann", "POST", f"{REPO}/milestones", {"title": "Spring"})
    hook = await site.call("ann", "POST", f"{REPO}/hooks", {"config": {"url": "http://127.0.0.1:9/none"}, "active": False})
    await site.call("ann", "PATCH", f"{REPO}/issues/1", {"state": "closed", "labels": ["sync"]})
    child = (await site.call("ann", "GET", f"{REPO}/issues/1")).json()["id"]
    await site.call("ann", "POST", f"{REPO}/issues/2/sub_issues", {"sub_issue_id": child})
    await site.call("ann", "POST", f"{REPO}/issues/2/dependencies/blocked_by", {"issue_id": child})
    repository = (await site.call("ann", "GET", REPO)).json()["id"]
    answer = await site.call("ann", "GET", path.replace("HOOK", str(hook.json()["id"])).replace("REPOSITORY", str(repository)))
    assert answer.status_code == 200
    assert _faults(template, "get", 200, answer.json()) == []


@pytest.mark.parametrize(
    ("template", "method", "path", "body", "status"),
    [
        ("/repos/{owner}/{repo}/issues", "post", f"{REPO}/issues", {"title": "x", "labels": ["new"], "type": "Bug"}, 201),
        ("/repos/{owner}/{repo}/issues/{issue_number}", "patch", f"{REPO}/issues/1", {"state": "closed", "assignees": ["ann"]}, 200),
        ("/repos/{owner}/{repo}/issues/{issue_number}/comments", "post", f"{REPO}/issues/1/comments", {"body": "x"}, 201),
        ("/repos/{owner}/{repo}/labels", "post", f"{REPO}/labels", {"name": "x", "color": "ff0000"}, 201),
        ("/repos/{owner}/{repo}/milestones", "post", f"{REPO}/milestones", {"title": "x"}, 201),
        ("/repos/{owner}/{repo}/milestones/{milestone_number}", "patch", f"{REPO}/milestones/1", {"state": "closed"}, 200),
        ("/repos/{owner}/{repo}/issues/{issue_number}/assignees", "post", f"{REPO}/issues/1/assignees", {"assignees": ["ann"]}, 201),
        ("/repos/{owner}/{repo}/issues", "post", f"{REPO}/issues", {"title": "x", "assignees": ["nobody"]}, 422),
        ("/repos/{owner}/{repo}/labels", "post", f"{REPO}/labels", {"name": "bug"}, 422),
        ("/repos/{owner}/{repo}/issues/{issue_number}", "patch", f"{REPO}/issues/99", {"title": "x"}, 404),
    ],
)
async def test_writes(site: GitHubSite, template: str, method: str, path: str, body: dict[str, object], status: int) -> None:
    await site.call("ann", "POST", f"{REPO}/milestones", {"title": "Spring"})
    answer = await site.call("ann", method.upper(), path, body)
    assert answer.status_code == status
    assert _faults(template, method, status, answer.json()) == []


async def test_an_app() -> None:
    async with app_site() as site:
        place = (await site.client.get("/app/installations", headers=proof())).json()[0]["id"]
        made = await site.client.post(f"/app/installations/{place}/access_tokens", headers=proof())
        assert _faults("/app/installations/{installation_id}/access_tokens", "post", 201, made.json()) == []
        token = {"Authorization": f"Bearer {made.json()['token']}"}
        for template, path, headers in (
            ("/app", "/app", proof()),
            ("/app/installations/{installation_id}", f"/app/installations/{place}", proof()),
            ("/installation/repositories", "/installation/repositories", token),
            ("/repos/{owner}/{repo}/issues", f"{REPO}/issues", token),
        ):
            answer = await site.client.get(path, headers=headers)
            assert (answer.status_code, _faults(template, "get", 200, answer.json())) == (200, [])


def test_the_check_can_fail() -> None:
    assert _faults("/repos/{owner}/{repo}/labels", "get", 200, [{"name": 1}]) != []
