"""What other integrations use of an instance: statistics, import sets, batches, scripts in queries, the page for people."""

import base64
import json
from typing import cast

import httpx
import pytest
from servicenow_site import SECRET, USER, Json, Site, running

INCIDENTS, STATS = "/api/now/table/incident", "/api/now/stats/incident"


async def _crowd(site: Site) -> None:
    for number in range(5):
        values = {"short_description": f"No. {number}", "category": "software" if number < 3 else "hardware", "u_effort": str(number)}
        await site.call("ann", "POST", INCIDENTS, {**values, "correlation_id": "crowd"})


async def _stats(site: Site, **parameters: str) -> Json | list[Json]:
    answer = await site.call("ann", "GET", STATS, sysparm_query="correlation_id=crowd", **parameters)
    return cast("Json | list[Json]", answer.raise_for_status().json()["result"])


async def test_statistics(site: Site) -> None:
    await _crowd(site)
    expected = {"sum": "10", "avg": "2.0000", "min": "0", "max": "4"}
    fields = {f"sysparm_{name}_fields": "u_effort" for name in expected}
    values = {name: {"u_effort": value} for name, value in expected.items()}
    assert await _stats(site, sysparm_count="true", **fields) == {"stats": {"count": "5", **values}}
    assert await _stats(site) == {"stats": {}}
    assert await _stats(site, sysparm_min_fields="number,u_cost") == {"stats": {"min": {"number": "INC0000003", "u_cost": ""}}}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, [("hardware", "2"), ("software", "3")]),
        ({"sysparm_display_value": "true"}, [("Hardware", "2"), ("Software", "3")]),
        ({"sysparm_order_by": "COUNT^DESC"}, [("software", "3"), ("hardware", "2")]),
        ({"sysparm_order_by": "category^DESC"}, [("software", "3"), ("hardware", "2")]),
        ({"sysparm_order_by": "AVG^u_effort"}, [("software", "3"), ("hardware", "2")]),
        ({"sysparm_having": "count^category^>^2"}, [("software", "3")]),
        ({"sysparm_having": "sum^u_effort^>=^7"}, [("hardware", "2")]),
    ],
)
async def test_groups(site: Site, parameters: dict[str, str], expected: list[tuple[str, str]]) -> None:
    await _crowd(site)
    found = cast("list[Json]", await _stats(site, sysparm_count="true", sysparm_group_by="category", **parameters))
    groups = [(cast("list[Json]", one["groupby_fields"])[0], cast("Json", one["stats"])["count"]) for one in found]
    assert groups == [({"value": value, "field": "category"}, count) for value, count in expected]


async def test_a_group_with_both_values(site: Site) -> None:
    await _crowd(site)
    parameters = {"sysparm_count": "true", "sysparm_group_by": "category", "sysparm_display_value": "all"}
    first = cast("list[Json]", await _stats(site, **parameters))[0]
    assert first["groupby_fields"] == [{"display_value": "Hardware", "value": "hardware", "field": "category"}]


async def test_pairs_of_name_and_value_instead_of_a_query(site: Site) -> None:
    found = await site.call("ann", "GET", INCIDENTS, state="In Progress", assigned_to="Bob Baker", sysparm_fields="number", nonsense="1")
    assert found.json()["result"] == [{"number": "INC0000001"}]


async def test_an_import_set_makes_and_finds_again(site: Site) -> None:
    wanted = {"short_description": "From a monitor", "correlation_id": "mon-1"}
    made = await site.call("ann", "POST", "/api/now/import/u_imp_incident", wanted)
    assert (made.status_code, made.json()["import_set"], made.json()["staging_table"]) == (201, "ISET0010001", "u_imp_incident")
    [first] = made.json()["result"]
    assert (first["status"], first["display_value"], first["table"]) == ("inserted", "INC0000003", "incident")
    assert first["record_link"] == f"{site.url}/api/now/table/incident/{first['sys_id']}"
    changed = await site.call("ann", "POST", "/api/now/import/u_imp_incident", {**wanted, "urgency": "1"})
    same = await site.call("ann", "POST", "/api/now/import/u_imp_incident", {**wanted, "urgency": "1"})
    assert [one.json()["result"][0]["status"] for one in (changed, same)] == ["updated", "ignored"]
    again = await site.call("ann", "GET", f"/api/now/import/u_imp_incident/{first['sys_id']}")
    assert again.json()["result"][0]["display_value"] == "INC0000003"
    assert (await site.call("ann", "GET", f"/api/now/import/u_imp_incident/{'0' * 32}")).status_code == 404


async def test_an_import_set_of_many_and_of_people(site: Site) -> None:
    records = [{"short_description": f"No. {number}", "correlation_id": f"m-{number}"} for number in range(3)]
    assert (await site.call("ann", "POST", "/api/now/import/u_imp_incident/insertMultiple", {"records": records})).status_code == 201
    assert (await site.call("ann", "GET", INCIDENTS)).headers["x-total-count"] == "5"
    refused = await site.call("ann", "POST", "/api/now/import/imp_user", {"user_id": "dora", "first_name": "Dora"})
    assert refused.json()["result"][0]["status"] == "error"
    made = await site.call("root", "POST", "/api/now/import/imp_user", {"user_id": "dora", "first_name": "Dora", "last_name": "Dean"})
    assert made.json()["result"][0]["display_value"] == "Dora Dean"
    assert (await site.call("ann", "POST", "/api/now/import/nothing", {})).status_code == 400
    assert (await site.call("ann", "POST", "/api/now/import/imp_user/insertMultiple", {})).status_code == 400


async def test_a_batch_serves_each_call_as_if_alone(site: Site) -> None:
    body = base64.b64encode(json.dumps({"short_description": "In a batch"}).encode()).decode()
    headers = [{"name": "Content-Type", "value": "application/json"}, {"name": "Authorization", "value": "Basic bm9ib2R5Og=="}]
    requests = [
        {"id": "1", "method": "POST", "url": "/api/now/table/incident", "headers": headers, "body": body},
        {"id": "2", "method": "GET", "url": "/api/now/table/incident?sysparm_query=short_description=In%20a%20batch&sysparm_fields=number",
         "exclude_response_headers": True},
        {"id": "3", "method": "GET", "url": "/api/now/table/nothing"},
    ]  # fmt: skip
    answer = await site.call("ann", "POST", "/api/now/v1/batch", {"batch_request_id": 7, "rest_requests": requests})
    told = answer.json()
    assert (told["batch_request_id"], told["unserviced_requests"]) == ("7", [])
    served = told["serviced_requests"]
    assert [(one["id"], one["status_code"], one["status_text"], bool(one["headers"])) for one in served] == [
        ("1", 201, "Created", True),
        ("2", 200, "OK", False),
        ("3", 400, "Bad Request", True),
    ]
    assert json.loads(base64.b64decode(served[1]["body"])) == {"result": [{"number": "INC0000003"}]}
    assert await site.writes("ann") == ["insert"]
    for wrong in ({}, {"rest_requests": [{"url": "/"}]}, {"rest_requests": [{"id": "1", "body": "!"}]}):
        assert (await site.call("ann", "POST", "/api/now/v1/batch", wrong)).status_code == 400


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("sys_created_on>javascript:gs.daysAgo(1)", 0),
        ("sys_created_on<javascript:gs.daysAgoEnd(2)", 2),
        ("sys_created_on>=javascript:gs.beginningOfYesterday()", 0),
        ("sys_created_onRELATIVELT@dayofweek@ago@2", 2),
        ("sys_created_onRELATIVEGT@hour@ago@2", 0),
        ("sys_created_onONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", 0),
        ("sys_created_onNOTONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()", 2),
        ("sys_created_onBETWEENjavascript:gs.daysAgoStart(4)@javascript:gs.daysAgo(2)", 2),
        ("sys_created_by=javascript:gs.getUserName()", 2),
        ("caller_id=javascript:gs.getUserID()", 1),
        ("opened_bySAMEAScaller_id", 1),
        ("opened_byNSAMEAScaller_id", 1),
    ],
)
async def test_queries_with_scripts_and_relative_times(site: Site, query: str, count: int) -> None:
    found = await site.call("ann", "GET", INCIDENTS, sysparm_query=query)
    assert found.headers["x-total-count"] == str(count)


@pytest.mark.parametrize("script", ["javascript:alert(1)", "javascript:gs.nothing()"])
async def test_other_scripts_are_refused(site: Site, script: str) -> None:
    assert (await site.call("ann", "GET", INCIDENTS, sysparm_query=f"sys_created_on>{script}")).status_code == 400


async def test_the_rate_limit_rule_is_told_with_every_answer() -> None:
    async with running({"rate_limit": 2}) as site:
        for path in (INCIDENTS, "/api/now/table/nothing"):
            assert (await site.call("ann", "GET", path)).headers["x-ratelimit-limit"] == "2"
        over = await site.call("ann", "GET", INCIDENTS)
        assert (over.status_code, over.headers["retry-after"], over.headers["x-ratelimit-rule"]) == (429, "1", "Table API")


async def test_the_secret_is_the_accounts_key_token_and_client_secret(site: Site) -> None:
    async def seen(headers: dict[str, str]) -> int:
        return (await site.client.get(INCIDENTS, headers=headers)).status_code

    assert [await seen({"x-sn-apikey": one}) for one in (SECRET, "wrong")] == [200, 401]
    assert [await seen({"Authorization": f"Bearer {one}"}) for one in (SECRET, "wrong")] == [200, 401]
    grants = [
        {"grant_type": "password", "username": USER, "password": SECRET},
        {"grant_type": "refresh_token", "refresh_token": SECRET},
        {"grant_type": "client_credentials"},
    ]
    for grant in grants:
        form = {**grant, "client_id": "anything", "client_secret": SECRET}
        token = (await site.client.post("/oauth_token.do", data=form)).json()["access_token"]
        assert await seen({"Authorization": f"Bearer {token}"}) == 200
        assert (await site.client.post("/oauth_token.do", data={**form, "client_secret": "wrong"})).status_code == 401


async def test_a_page_shows_tasks_to_people(site: Site) -> None:
    await site.attach("ann", site.named("Printer on fire"), "burn.png", b"x")
    page: httpx.Response = await site.client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for words in (
        "INC0000001: Printer on fire",
        "<dd>In Progress</dd>",
        "Contract ends in May",
        "<li>burn.png</li>",
        "ORD0000001: One anvil",
    ):
        assert words in page.text


@pytest.mark.parametrize("secret", ["acme-client-secret", SECRET])
async def test_a_client_signs_in_by_basic_authentication(site: Site, secret: str) -> None:
    """As pysnow does, for a person whose token is renewed later."""
    grant = {"grant_type": "password", "username": "ann", "password": "ann-secret"}
    told = (await site.client.post("/oauth_token.do", data=grant, auth=("acme-client", secret))).json()
    assert (await _who(site, told["access_token"])) == "ann"
    again = {"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}
    told = (await site.client.post("/oauth_token.do", data=again, auth=("acme-client", secret))).json()
    assert (await _who(site, told["access_token"]), told["refresh_token"]) == ("ann", again["refresh_token"])


@pytest.mark.parametrize("header", ["Basic YTpi", "Basic \u00ff", "Basic /w==", "Bearer acme-client-secret"])
async def test_a_client_with_another_secret_stays_outside(site: Site, header: str) -> None:
    grant = {"grant_type": "password", "username": "ann", "password": "ann-secret"}
    answer = await site.client.post("/oauth_token.do", data=grant, headers={b"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["error_description"]) == (401, "access_denied")


async def _who(site: Site, token: str) -> str:
    """Who makes a record with that token."""
    made = await site.client.post(INCIDENTS, json={"short_description": "x"}, headers={"Authorization": f"Bearer {token}"})
    return cast("str", made.raise_for_status().json()["result"]["sys_created_by"])
