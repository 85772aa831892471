"""How the account logs in, and what the instance's refusals mean."""

import asyncio

import pytest
from pydantic import ValidationError
from servicenow_site import SECRET, SETTINGS, USER, Site, access, connected, running
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.kit.fake import serving
from connectors.kit.http import Answer
from connectors.servicenow.client import PARALLEL, ServiceNowClient
from connectors.servicenow.config import Credentials
from connectors.servicenow.refusals import Forbidden, explain
from model.errors import Ambiguous, LoginRejected, Misconfigured, NotFound, Refused, TwinlineError, Unavailable

CLIENT = {"client_id": "acme-client", "client_secret": "acme-client-secret"}


@pytest.mark.parametrize(
    "credentials",
    [
        {"user": USER, "password": SECRET},
        {"api_key": "acme-api-key"},
        {**CLIENT, "refresh_token": "acme-refresh-token"},
        {**CLIENT, "user": USER, "password": SECRET},
        CLIENT,
    ],
)
async def test_each_way_in(site: Site, credentials: dict[str, str]) -> None:
    async with connected(site, **credentials) as snow:
        await snow.check(None)
        assert (await snow.read(site.named("Printer on fire"))).fields["summary"] == "Printer on fire"


@pytest.mark.parametrize(
    "credentials",
    [
        {"user": USER, "password": "wrong"},
        {"api_key": "wrong"},
        {**CLIENT, "client_secret": "wrong"},
        {**CLIENT, "refresh_token": "wrong"},
        {**CLIENT, "user": USER, "password": "wrong"},
    ],
)
async def test_a_wrong_secret_is_rejected(site: Site, credentials: dict[str, str]) -> None:
    async with connected(site, **credentials) as snow:
        with pytest.raises(LoginRejected):
            await snow.check(None)


@pytest.mark.parametrize(
    "credentials",
    [{}, {"user": USER}, {"password": SECRET}, {"client_id": "a"}, {**CLIENT, "user": USER}, {"user": USER, "password": SECRET, "x": "y"}],
)
def test_credentials_that_lead_nowhere(credentials: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Credentials.model_validate(credentials)


async def test_one_token_serves_all_calls_until_it_is_revoked(site: Site) -> None:
    async with connected(site, **CLIENT) as snow:
        await asyncio.gather(*(snow.check(None) for _ in range(3)))
        assert (await site.calls())["POST"] == 1
        site.world.tokens.clear()
        with pytest.raises(LoginRejected):
            await snow.check(None)
        await snow.check(None)
        assert (await site.calls())["POST"] == 2


async def test_a_system_that_is_down_gives_no_token(site: Site) -> None:
    async with connected(site, **CLIENT) as snow:
        await site.control(down=True)
        with pytest.raises(Unavailable, match="no OAuth token"):
            await snow.check(None)


async def test_a_sleeping_instance_is_unavailable_and_a_write_to_it_in_doubt() -> None:
    """It answers 200 with a page; a transaction that was cancelled answers 200 with half a document."""
    answers = {"html": "<html>Your instance is hibernating</html>", "half": '{"result":[{"sys_id":"1"},'}

    async def answer(request: Request) -> Response:
        return Response(answers[request.path_params["kind"]])

    methods = ["GET", "PATCH"]
    async with serving(Starlette(routes=[Route("/{kind}/{path:path}", answer, methods=methods)])) as url:
        for kind in answers:
            client = ServiceNowClient(access(f"{url}/{kind}"))
            with pytest.raises(Unavailable, match="not ServiceNow's"):
                await client.row("incident", "0" * 32, ())
            with pytest.raises(Ambiguous, match="not ServiceNow's"):
                await client.update("incident", "0" * 32, {}, ())
            await client.aclose()


async def test_a_page_to_log_in_rejects_the_log_in() -> None:
    """With 200, or behind a redirect, which a write does not follow."""

    async def answer(request: Request) -> Response:
        if request.method == "GET":
            return Response('<html><input type="password"></html>')
        return Response(status_code=302, headers={"Location": "/login.do"})

    async with serving(Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "PATCH"])])) as url:
        client = ServiceNowClient(access(url))
        with pytest.raises(LoginRejected, match="a page to log in"):
            await client.row("incident", "0" * 32, ())
        with pytest.raises(LoginRejected, match="302 with a page to log in"):
            await client.update("incident", "0" * 32, {}, ())
        await client.aclose()


async def test_few_calls_are_made_at_a_time() -> None:
    arrived, most = 0, 0
    full, release = asyncio.Event(), asyncio.Event()

    async def answer(_: Request) -> Response:
        nonlocal arrived, most
        arrived += 1
        most = max(most, arrived)
        if arrived == PARALLEL:
            full.set()
        await release.wait()
        arrived -= 1
        return Response('{"result": []}')

    async with serving(Starlette(routes=[Route("/{path:path}", answer)])) as url:
        client = ServiceNowClient(access(url))
        calls = [asyncio.create_task(client.page("incident", "", ())) for _ in range(3 * PARALLEL)]
        await asyncio.wait_for(full.wait(), 10)
        for _ in range(200):
            await asyncio.sleep(0)
        release.set()
        await asyncio.gather(*calls)
        await client.aclose()
    assert most == PARALLEL


FORBIDDEN = '{"error":{"message":"Operation Failed","detail":"%s"},"status":"failure"}'


@pytest.mark.parametrize(
    ("status", "body", "wanted", "field"),
    [
        (401, '{"error":{"message":"User Not Authenticated","detail":"x"},"status":"failure"}', LoginRejected, ""),
        (404, '{"error":{"message":"No Record found","detail":"x"},"status":"failure"}', NotFound, ""),
        (400, '{"error":{"message":"Invalid table incidnt","detail":null},"status":"failure"}', Misconfigured, ""),
        (400, '{"error":"Exception while reading request","status":"failure"}', Refused, ""),
        (400, "<html>proxy</html>", Refused, ""),
        (403, FORBIDDEN % "ACL Exception Update Failed due to security constraints", Forbidden, ""),
        (403, FORBIDDEN % "Operation against file 'incident' was aborted by Business Rule 'No Fridays^0'", Refused, ""),
        (
            403,
            FORBIDDEN % "Data Policy Exception: The following mandatory fields are not filled in: Assignment group",
            Refused,
            "Assignment group",
        ),
        (403, FORBIDDEN % "The following mandatory fields are not filled in: Short description, Caller", Refused, "summary"),
    ],
)
def test_refusals(status: int, body: str, wanted: type[TwinlineError], field: str) -> None:
    answer = Answer(status, {}, body.encode(), f"https://acme.service-now.com/api/now/table/incident/{'0' * 32}?sysparm_fields=x")
    error = explain("acme-snow", answer)
    assert type(error) is wanted
    assert "acme-snow" in error.message
    if isinstance(error, Refused):
        assert error.field == field
        assert f"incident {'0' * 32!r}" in error.message


async def test_rows_that_access_rules_hide_are_absent_whichever_way_they_are_asked_for() -> None:
    async with running({"roles": ["reader"]}) as site, connected(site) as snow:
        item_id = site.named("Printer on fire")
        with pytest.raises(NotFound):
            await snow.read(item_id)
        assert await snow.search(SETTINGS, "", None) == ()
        with pytest.raises(Forbidden, match="extend its roles"):
            await snow.create(SETTINGS, {"summary": "x"}, "m-1")
