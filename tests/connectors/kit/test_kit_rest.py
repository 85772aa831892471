"""What rules may read of a REST API, over real sockets."""

import json
from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from pydantic import JsonValue
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from connectors.kit.fake import serving
from connectors.kit.http import Answer, Http
from connectors.kit.rest import LARGEST, look
from model.errors import LoginRejected, RateLimited, TwinlineError, Unavailable


def _explain(answer: Answer) -> TwinlineError:
    return LoginRejected(f"explained {answer.status}")


async def _echo(request: Request) -> Response:
    names = ("authorization", "accept", "x-acme")
    sent = {name: request.headers.get(name) for name in names}
    return JSONResponse({"query": request.query_params.multi_items(), **sent}, headers={"set-cookie": "secret=1", "x-page": "2"})


async def _status(request: Request) -> Response:
    return JSONResponse({"message": "no"}, int(request.path_params["status"]))


async def _text(request: Request) -> Response:
    return PlainTextResponse("x" * int(request.path_params["size"]))


@pytest_asyncio.fixture
async def http() -> AsyncGenerator[Http]:
    app = Starlette(routes=[Route("/echo", _echo), Route("/status/{status}", _status), Route("/text/{size}", _text)])
    async with serving(app) as url:
        client = Http("acme-jira", url, {"Authorization": "Bearer token"}, _explain)
        yield client
        await client.aclose()


def _question(path: str, query: JsonValue = None, headers: JsonValue = None, method: str = "GET") -> tuple[str | None, ...]:
    return (method, path, json.dumps(query) if query else None, None, json.dumps(headers) if headers else None)


async def test_query_and_headers_are_sent_but_not_those_that_sign_in(http: Http) -> None:
    headers: JsonValue = {"Accept": ["a/b"], "X-Acme": "1", "Authorization": "mine", "Host": "evil.test"}
    answer = await look(http, _question("/echo?a=1", {"b": ["2", "3"], "c": True}, headers))
    assert isinstance(answer, dict)
    assert answer["body"] == {
        "query": [["a", "1"], ["b", "2"], ["b", "3"], ["c", "true"]], "authorization": "Bearer token", "accept": "a/b", "x-acme": "1",
    }  # fmt: skip
    shown = answer["headers"]
    assert isinstance(shown, dict)
    assert shown["x-page"] == ["2"]
    assert "set-cookie" not in shown


async def test_an_address_of_the_system_is_a_path(http: Http) -> None:
    answer = await look(http, _question(f"{http.address}/status/404"))
    assert isinstance(answer, dict)
    assert (answer["code"], answer["body"]) == (404, {"message": "no"})


@pytest.mark.parametrize("path", ["https://evil.test/x", "//evil.test/x", "echo", "", "/a\\b", "/a\nb", "http://evil.test"])
async def test_nothing_else_is_reached(http: Http, path: str) -> None:
    answer = await look(http, _question(path))
    assert isinstance(answer, dict)
    assert list(answer) == ["refused"]
    assert "begin with '/'" in str(answer["refused"])


async def test_what_is_too_large_is_refused(http: Http) -> None:
    small = await look(http, _question("/text/5"))
    assert isinstance(small, dict)
    assert (small["code"], small["body"]) == (200, "xxxxx")
    assert "larger than" in str(await look(http, _question(f"/text/{LARGEST + 1}")))


@pytest.mark.parametrize(("status", "error"), [(401, LoginRejected), (429, RateLimited), (500, Unavailable)])
async def test_what_concerns_the_whole_system_is_raised(http: Http, status: int, error: type[TwinlineError]) -> None:
    with pytest.raises(error):
        await look(http, _question(f"/status/{status}"))
