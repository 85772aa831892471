"""What a failed call means, told apart over real sockets."""

from collections.abc import AsyncGenerator

import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.kit.fake import Controls, fake_app, serving
from connectors.kit.http import Answer, Http, retry_after
from model.errors import Ambiguous, NotFound, RateLimited, TwinlineError, Unavailable


def _explain(answer: Answer) -> TwinlineError:
    return NotFound(f"explained {answer.status}")


async def _answer(request: Request) -> Response:
    """The status of the path, with `Retry-After: 7` where the query asks for it."""
    headers = {"Retry-After": "7"} if "wait" in request.query_params else {}
    return Response("{}", int(request.path_params["status"]), headers)


@pytest.fixture
def controls() -> Controls:
    return Controls()


@pytest_asyncio.fixture
async def http(controls: Controls) -> AsyncGenerator[Http]:
    routes = [Route("/{status}", _answer, methods=["GET", "POST"])]
    async with serving(fake_app([*routes], controls, dict, lambda: Response(status_code=429))) as url:
        client = Http("acme-jira", url, {}, _explain)
        yield client
        await client.aclose()


@pytest.mark.parametrize(
    ("method", "path", "meaning"),
    [
        pytest.param("GET", "/500", Unavailable, id="a read that failed over there"),
        pytest.param("POST", "/500", Ambiguous, id="a write that may have been done"),
        pytest.param("POST", "/503", Ambiguous, id="an overloaded platform that names no time"),
        pytest.param("POST", "/503?wait=1", RateLimited, id="an overloaded platform that names a time"),
        pytest.param("GET", "/429?wait=1", RateLimited, id="too many calls"),
        pytest.param("POST", "/404", NotFound, id="what the connector explains"),
    ],
)
async def test_answer_means(http: Http, method: str, path: str, meaning: type[TwinlineError]) -> None:
    with pytest.raises(meaning) as caught:
        await (http.get(path) if method == "GET" else http.write(method, path))
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 7


async def test_lost_answer_to_a_write_is_ambiguous(http: Http, controls: Controls) -> None:
    controls.lose_response = 1
    with pytest.raises(Ambiguous):
        await http.write("POST", "/200")
    assert (await http.write("POST", "/200")).status == 200


async def test_write_that_never_left_is_not_ambiguous() -> None:
    client = Http("acme-jira", "http://127.0.0.1:1", {}, _explain)
    with pytest.raises(Unavailable, match="acme-jira cannot be reached"):
        await client.write("POST", "/200")
    await client.aclose()


async def test_cookies_are_not_sent_back() -> None:
    async def answer(request: Request) -> Response:
        return Response(f'"{request.headers.get("cookie", "")}"', headers={"Set-Cookie": "JSESSIONID=node-1; Path=/"})

    async with serving(Starlette(routes=[Route("/", answer)])) as url:
        client = Http("acme-snow", url, {}, _explain)
        assert [(await client.get("/")).json() for _ in range(2)] == ["", ""]
        await client.aclose()


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("1.5", 1.5, 1.5),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0, 0),
        ("Fri, 01 Jan 2100 00:00:00 GMT", 3600, 1e10),
        ("soon", 5, 5),
        ("", 5, 5),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str, least: float, most: float) -> None:
    wait = retry_after(Answer(429, {"retry-after": header}, b"", "http://acme.test"))
    assert least <= wait <= most


async def test_calls_carry_the_latest_authorization() -> None:
    async def echo(request: Request) -> Response:
        return Response(request.headers.get("authorization", "none"))

    async with serving(fake_app([Route("/", echo)], Controls(), dict, lambda: Response(status_code=429))) as url:
        client = Http("acme", url, {}, _explain)
        seen = [(await client.get("/")).body]
        for token in ("Bearer one", "Bearer two"):
            client.identify(token)
            seen.append((await client.get("/")).body)
        async with client.stream("/") as content:
            seen.append(b"".join([part async for part in content]))
        await client.aclose()
    assert seen == [b"none", b"Bearer one", b"Bearer two", b"Bearer two"]


async def test_a_download_is_refused_by_its_head_before_the_first_byte(http: Http) -> None:
    seen: list[Answer] = []

    def refuse(answer: Answer) -> None:
        seen.append(answer)
        raise NotFound("not the file")

    with pytest.raises(NotFound, match="not the file"):
        async with http.stream("/200?wait=1", accept=refuse):
            pytest.fail("the download went on")
    assert [(one.status, one.headers["retry-after"], one.body) for one in seen] == [(200, "7", b"")]
    async with http.stream("/200", accept=seen.append) as content:
        assert b"".join([part async for part in content]) == b"{}"
