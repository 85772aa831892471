"""A request that is sent again under its key takes effect once."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import JsonValue

from api.problems import ProblemDetails
from connectors.kit.http import Answer, exchange
from operations.views import Started
from store.requests import KEPT, LONGEST, KeptAnswer, Requests
from tests.api.api_site import TOKEN, Site

SYNC = "/api/v1/connections/app-bugs/sync"
ITEM: JsonValue = {"item": "APP-1", "side": "left"}


async def send(site: Site, path: str, payload: JsonValue, key: str, **headers: str) -> Answer:
    return await exchange("POST", f"{site.url}{path}", payload, headers={"Idempotency-Key": key, **headers})


async def test_the_same_request_is_answered_again_and_done_once(site: Site):
    await site.post("/api/v1/deployment", site.content())
    first = await send(site, SYNC, ITEM, "k1")
    again = await send(site, SYNC, ITEM, "k1")
    other = await send(site, SYNC, ITEM, "k2")

    assert (first.status, again.status, other.status) == (202, 202, 202)
    assert again.body == first.body
    assert again.headers["content-type"] == first.headers["content-type"]
    assert Started.model_validate_json(again.body).new
    assert not Started.model_validate_json(other.body).new


async def test_another_request_under_the_key_is_refused(site: Site):
    await site.post("/api/v1/deployment", site.content())
    await send(site, SYNC, ITEM, "k1")
    body = await send(site, SYNC, {"item": "APP-1", "side": "right"}, "k1")
    path = await send(site, "/api/v1/connections/app-bugs/deactivate", None, "k1")

    assert (body.status, path.status) == (422, 422)
    assert "new key" in ProblemDetails.model_validate_json(body.body).detail


async def test_a_refused_request_may_be_corrected_under_its_key(site: Site):
    await site.post("/api/v1/deployment", site.content())
    wrong = await send(site, SYNC, {"item": "APP-999"}, "k1")
    right = await send(site, SYNC, ITEM, "k1")
    assert (wrong.status, right.status) == (400, 202)


async def test_a_key_belongs_to_its_caller(site: Site):
    await site.post("/api/v1/deployment", site.content())
    ann = await send(site, SYNC, ITEM, "k1", Authorization="Bearer ann")
    bob = await send(site, SYNC, ITEM, "k1", Authorization="Bearer bob")
    assert Started.model_validate_json(ann.body).new
    assert not Started.model_validate_json(bob.body).new


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_is_none_is_refused(site: Site, key: str):
    assert (await send(site, "/api/v1/deployment?dry_run=true", site.content(), key)).status == 400


async def test_of_two_at_once_one_is_done(site: Site):
    await site.post("/api/v1/deployment", site.content())
    answers = await asyncio.gather(*(send(site, SYNC, ITEM, "k1") for _ in range(4)))
    done = [one for one in answers if one.status == 202]
    assert done
    assert len({one.body for one in done}) == 1
    assert all(one.headers["retry-after"] for one in answers if one.status != 202)
    assert {one.status for one in answers} <= {202, 409}


async def test_what_is_kept_is_sealed_and_forgotten_in_time(site: Site):
    database = site.opened.store.database
    start = database.now()
    requests = Requests(database)
    assert await requests.claim(b"key", b"request") is None
    assert await requests.claim(b"key", b"request") is not None
    await requests.keep(b"key", KeptAnswer(status=201, content_type="application/json", body=TOKEN))
    async with database.reading() as session:
        connection = await session.connection()
        (row,) = (await connection.exec_driver_sql("SELECT * FROM request")).all()
    assert TOKEN not in str(row)

    database.now = lambda: start + LONGEST + timedelta(seconds=30)
    kept = await requests.claim(b"key", b"request")
    assert kept is not None
    assert kept.answer is not None
    database.now = lambda: start + KEPT + timedelta(seconds=30)
    assert await requests.claim(b"key", b"request") is None
    database.now = lambda: start + KEPT + LONGEST + timedelta(minutes=1)
    assert await requests.claim(b"key", b"request") is None, "its process died"
