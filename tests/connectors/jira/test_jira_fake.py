"""The fake site by itself: what independent clients and the published API description expect of it."""

import asyncio
import json
from pathlib import Path
from typing import cast

import jsonschema
import pytest
from jira_site import TOKEN, Site, document
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.jira.webhook import parse_webhook
from connectors.kit.fake import serving

SPEC = Path(__file__).parents[4] / "shared" / "specs" / "jira" / "slim-jira-cloud-v3.json"


@pytest.fixture(scope="module")
def spec() -> dict[str, JsonValue]:
    if not SPEC.exists():
        pytest.skip(f"the vendor's OpenAPI document is not beside the checkout ({SPEC})")
    return json.loads(SPEC.read_text())


ANSWERS: list[tuple[str, str, str, JsonValue]] = [
    ("GET", "/serverInfo", "ServerInformation", None),
    ("GET", "/myself", "User", None),
    ("GET", "/mypermissions?permissions=EDIT_ISSUES,USER_PICKER&projectKey=APP", "Permissions", None),
    ("GET", "/field", "[FieldDetails]", None),
    ("GET", "/priority", "[Priority]", None),
    ("GET", "/status", "[StatusDetails]", None),
    ("GET", "/issuetype", "[IssueTypeDetails]", None),
    ("GET", "/project/APP", "Project", None),
    ("GET", "/project/search", "PageBeanProject", None),
    ("GET", "/project/APP/statuses", "[IssueTypeWithStatus]", None),
    ("GET", "/issue/createmeta/APP/issuetypes", "PageOfCreateMetaIssueTypes", None),
    ("GET", "/issue/createmeta/APP/issuetypes/10001", "PageOfCreateMetaIssueTypeWithField", None),
    ("GET", "/issue/APP-1?expand=names", "IssueBean", None),
    ("PUT", "/issue/APP-1?returnIssue=true", "IssueBean", {"fields": {"summary": "x"}}),
    ("GET", "/issue/APP-1/editmeta", "IssueUpdateMetadata", None),
    ("GET", "/issue/APP-1/transitions", "Transitions", None),
    ("GET", "/issue/APP-1/comment?expand=properties", "PageOfComments", None),
    ("POST", "/issue/APP-1/comment", "Comment", {"body": document("hello")}),
    ("POST", "/issue", "CreatedIssue", {"fields": {"project": {"key": "APP"}, "issuetype": {"name": "Task"}, "summary": "x"}}),
    ("GET", "/user/search?query=ann", "[User]", None),
    ("GET", "/attachment/meta", "AttachmentSettings", None),
    ("GET", "/issueLinkType", "IssueLinkTypes", None),
    ("POST", "/search/approximate-count", "JQLCountResultsBean", {"jql": "project = APP"}),
    ("POST", "/jql/parse", "ParsedJqlQueries", {"queries": ["project = APP", "universe = 42"]}),
    ("POST", "/issue/bulkfetch", "BulkIssueResults", {"issueIdsOrKeys": ["APP-1"]}),
    ("GET", "/issue/APP-99", "ErrorCollection", None),
    ("GET", "/mypermissions", "ErrorCollection", None),
    ("POST", "/issue", "ErrorCollection", {"fields": {}}),
    ("POST", "/search/jql", "ErrorCollection", {"jql": "universe = 42"}),
]


@pytest.mark.parametrize(("method", "path", "schema", "payload"), ANSWERS)
async def test_answers_follow_the_published_description(
    site: Site, spec: dict[str, JsonValue], method: str, path: str, schema: str, payload: JsonValue
) -> None:
    answer = await site.call(method, path, payload)
    assert (answer.status_code >= 400) == (schema == "ErrorCollection")
    reference: JsonValue = {"$ref": f"#/components/schemas/{schema.strip('[]')}"}
    wanted: JsonValue = {"type": "array", "items": reference, "minItems": 1} if schema.startswith("[") else reference
    whole = cast("dict[str, object]", {**spec, **cast("dict[str, JsonValue]", wanted)})
    assert not [error.message for error in jsonschema.Draft4Validator(whole).iter_errors(answer.json())]  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"description": "text"}, "description", "Operation value must be an Atlassian Document"),
        ({"summary": "a\nb"}, "summary", "newline characters"),
        ({"rank": 1}, "rank", "Field 'rank' cannot be set. It is not on the appropriate screen, or unknown."),
        ({"status": {"name": "Done"}}, "status", "cannot be set"),
        ({"priority": {"name": "P0"}}, "priority", "Priority name 'P0' is not valid"),
        ({"issuetype": {"name": "Epos"}}, "issuetype", "Specify a valid issue type"),
        ({"project": {"key": "NO"}}, "project", "Specify a valid project ID or key"),
        ({"summary": None}, "summary", "You must specify a summary of the issue."),
        ({"labels": ["a b"]}, "labels", "The label 'a b' contains spaces which is invalid."),
    ],
)
async def test_wrong_values_are_refused_in_the_vendors_words(site: Site, fields: dict[str, JsonValue], field: str, words: str) -> None:
    good: dict[str, JsonValue] = {"project": {"key": "APP"}, "issuetype": {"name": "Task"}, "summary": "x"}
    answer = await site.call("POST", "/issue", {"fields": {**good, **fields}})
    assert answer.status_code == 400
    assert words in answer.json()["errors"][field]
    assert (await site.state())["log"] == []


@pytest.mark.parametrize(
    ("jql", "keys"),
    [
        ("project = APP ORDER BY key", ["APP-1", "APP-2", "APP-3"]),
        ("project in (OPS, 'Acme Help') ORDER BY key ASC", ["HELP-1", "OPS-1"]),
        ("labels = checkout", ["APP-1"]),
        ("labels != checkout", []),
        ("project = APP AND labels is EMPTY ORDER BY created", ["APP-2", "APP-3"]),
        ("project = APP and not (status = Done or type = Bug)", ["APP-2"]),
        ("priority in (Highest, High) order by priority desc, key", ["OPS-1", "APP-1"]),
        ("status not in (Done, 'To Do')", ["APP-2"]),
        ('summary ~ "wrong total"', ["APP-1"]),
        ("assignee = currentUser()", ["OPS-1"]),
        ("project = APP AND updated >= -5m AND created <= now() ORDER BY updated ASC", ["APP-1", "APP-2", "APP-3"]),
        ("project = APP AND updated < 2020/01/01", []),
        ("key in (APP-2, OPS-1) ORDER BY id", ["APP-2", "OPS-1"]),
        ("statusCategory = Done", ["APP-3"]),
    ],
)
async def test_jql_selects(site: Site, jql: str, keys: list[str]) -> None:
    answer = await site.call("POST", "/search/jql", {"jql": jql, "fields": ["summary"]})
    assert [one["key"] for one in answer.json()["issues"]] == keys


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("", "Unbounded JQL queries are not allowed here."),
        ("ORDER BY created", "Unbounded JQL queries are not allowed here."),
        ("universe = 42", "Field 'universe' does not exist or you do not have permission to view it."),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
        ("project APP", "Expecting operator but got 'APP'."),
        ("(project = APP", "Expecting ')'"),
        ("summary = x", "The operator '=' is not supported by the 'summary' field."),
        ("project = APP AND updated > yesterday", "Date value 'yesterday' for field 'updated' is invalid."),
        ('summary ~ "open', "quoted string has not been completed"),
    ],
)
async def test_wrong_jql_is_refused(site: Site, jql: str, words: str) -> None:
    answer = await site.call("POST", "/search/jql", {"jql": jql})
    assert answer.status_code == 400
    assert words in answer.json()["errorMessages"][0]


async def test_search_dates_are_of_the_callers_zone(site: Site) -> None:
    created = (await site.call("GET", "/issue/APP-1?fields=created", name="bob")).json()["fields"]["created"]
    assert created.endswith(("-0400", "-0500"))
    minute = created[:16].replace("T", " ")
    for name, found in (("bob", 1), ("ann", 1)):
        jql = f'key = APP-1 AND created >= "{minute}"'
        assert len((await site.call("POST", "/search/jql", {"jql": jql}, name=name)).json()["issues"]) == found
    berlin = (await site.call("GET", "/issue/APP-1?fields=created")).json()["fields"]["created"][:16].replace("T", " ")
    late = f'key = APP-1 AND created >= "{berlin}"'
    assert (await site.call("POST", "/search/jql", {"jql": late}, name="bob")).json() == {"issues": [], "isLast": True}


async def test_only_known_people_get_in(site: Site) -> None:
    wrong = await site.call("GET", "/myself", token="nope")
    assert (wrong.status_code, wrong.headers["x-seraph-loginreason"]) == (401, "AUTHENTICATED_FAILED")
    assert (await site.http.get("/rest/api/3/myself")).status_code == 401
    assert (await site.http.get("/rest/api/3/serverInfo")).json()["deploymentType"] == "Cloud"
    assert (await site.call("GET", "/search?jql=project=APP")).status_code == 410
    assert TOKEN not in json.dumps(await site.state())


async def test_children_move_updated(site: Site) -> None:
    async def updated() -> str:
        return (await site.call("GET", "/issue/APP-1?fields=updated")).json()["fields"]["updated"]

    times = [await updated()]
    added = (await site.call("POST", "/issue/APP-1/comment", {"body": document("one")})).json()
    times.append(await updated())
    await site.call("PUT", f"/issue/APP-1/comment/{added['id']}", {"body": document("two")})
    times.append(await updated())
    await site.call("DELETE", f"/issue/APP-1/comment/{added['id']}")
    times.append(await updated())
    assert times == sorted(set(times))
    await site.call("PUT", "/issue/APP-1/properties/acme", {"a": 1})
    assert await updated() == times[-1]


async def test_webhooks_are_signed_and_repeated_as_told(site: Site) -> None:
    received: asyncio.Queue[tuple[dict[str, str], bytes]] = asyncio.Queue()

    async def take(request: Request) -> Response:
        received.put_nowait((dict(request.headers), await request.body()))
        return Response(status_code=202)

    async with serving(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as url:
        hook: JsonValue = {
            "name": "Acme",
            "url": f"{url}/hook",
            "events": ["jira:issue_updated", "comment_created"],
            "filters": {"issue-related-events-section": "project = APP"},
            "secret": "hook-secret",
        }
        made = await site.http.post("/rest/webhooks/1.0/webhook", json=hook, auth=("ann@acme.test", "ann-token"))
        assert made.status_code == 201
        assert "hook-secret" not in made.text
        await site.control(duplicate_webhooks=2)
        await site.call("PUT", "/issue/OPS-1", {"fields": {"summary": "not wanted"}})
        await site.call("PUT", "/issue/APP-1", {"fields": {"summary": "new"}})
        first, second = await received.get(), await received.get()
        assert first[1] == second[1]
        assert first[0]["x-atlassian-webhook-identifier"] == second[0]["x-atlassian-webhook-identifier"]
        [change] = parse_webhook(first[0], first[1], "hook-secret").changes
        assert change.key == "APP-1"
        body = json.loads(first[1])
        assert body["issue"]["fields"]["description"].startswith("Two coupons are added up twice.")
        assert [one["field"] for one in body["changelog"]["items"]] == ["summary"]
        await site.call("POST", "/issue/APP-2/comment", {"body": document("hi")})
        assert json.loads((await received.get())[1])["comment"]["body"] == "hi"
        await received.get()
        assert received.empty()
        deleted = await site.http.delete(made.json()["self"].removeprefix(site.url), auth=("ann@acme.test", "ann-token"))
        assert deleted.status_code == 204


async def test_the_log_tells_values_before_and_after_and_who_read(site: Site) -> None:
    await site.call("PUT", "/issue/APP-2", {"fields": {"summary": "Invoices", "labels": ["pdf"]}})
    await site.call("GET", "/issue/APP-2")
    edit, read = (await site.http.get("/_fake/log")).json()
    assert edit["detail"]["before"] == {"summary": "Offer invoices as PDF", "labels": []}
    assert edit["detail"]["after"] == {"summary": "Invoices", "labels": ["pdf"]}
    assert (read["actor"], read["action"], read["item"]) == ("ann", "read", "APP-2")
    assert (await site.http.get("/_fake/log?after=1")).json() == [read]
    assert [one["action"] for one in (await site.state())["log"]] == ["update"]
