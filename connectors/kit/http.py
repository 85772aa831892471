"""The only door to other systems: one client per system, paced, with deadlines, and failures told apart by what they mean.

A request that never left us raises `Unavailable`. A read that fails raises `Unavailable`. A write whose answer did not arrive, or that the
platform answered with 5xx, raises `Ambiguous`: it may have happened. 429 (and 503 with Retry-After) raises `RateLimited`. Every other
answer from 400 up goes to the connector's own `explain`, which makes it one of `model.errors`.

Once a platform asked for a pause, or our share of its quota is used up, no call is made before that is over: it raises `RateLimited`.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import NoReturn, cast

import httpx
from aiolimiter import AsyncLimiter
from pydantic import JsonValue

from connectors.kit.budget import Budget, quota_of
from model.errors import Ambiguous, Misconfigured, RateLimited, TwinlineError, Unavailable

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
TOTAL_SECONDS = 60.0
ANSWER_LIMIT = 20 * 1024 * 1024
REFUSALS = (400, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 428)
USER_AGENT = "Twinline/0.1"

Parameters = Mapping[str, str | int]


@dataclass(frozen=True)
class Answer:
    """`headers` has lower-case names. `url` is the final address after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str

    def json(self) -> JsonValue:
        """The parsed body; Unavailable if it is not JSON, as from a proxy's or log-in page."""
        try:
            return cast("JsonValue", json.loads(self.body)) if self.body else None
        except ValueError as error:
            raise Unavailable(f"{self.url} answered {self.status} with something that is not JSON; check the URL") from error


@dataclass(frozen=True)
class Body:
    """What a request carries: JSON, raw bytes or a stream."""

    json: JsonValue = None
    content: bytes | AsyncIterator[bytes] | None = None
    content_type: str = "application/json"


Explain = Callable[[Answer], TwinlineError]


class Http:
    """Calls to one system. Redirects are followed for reads only, and never with our credentials to another host.

    Cookies are not kept: a session would outlive a change of the credentials, and pin the calls to one node.
    """

    def __init__(
        self,
        name: str,
        url: str,
        headers: Mapping[str, str],
        explain: Explain,
        calls_per_second: float = 20.0,
        auth: tuple[str, str] | None = None,
        quota_share: float = 1.0,
    ) -> None:
        self._name = name
        self._explain = explain
        self._limiter = AsyncLimiter(max(1.0, calls_per_second), 1.0)
        self._budget = Budget(quota_share)
        try:
            self._client = httpx.AsyncClient(
                base_url=url.rstrip("/"),
                headers={"User-Agent": USER_AGENT, **headers},
                auth=auth,
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                trust_env=False,
                verify=_trusted(),
            )
        except httpx.InvalidURL as error:
            raise Misconfigured(f"{name}: {url!r} is not a URL; use the form https://host") from error

    async def aclose(self) -> None:
        await self._client.aclose()

    def identify(self, authorization: str) -> None:
        """Calls from now on carry this `Authorization`, for platforms whose tokens live for minutes."""
        self._client.headers["Authorization"] = authorization

    async def get(self, path: str, parameters: Parameters | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._call("GET", path, parameters, None, headers, write=False)

    @property
    def address(self) -> str:
        return str(self._client.base_url).rstrip("/")

    def is_used_up(self, path: str) -> bool:
        """Whether our share of the quota that calls of that path count for is used up, as far as answers told."""
        return self._budget.is_used_up(path)

    async def call(self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]) -> Answer:
        """A call whose answer is given as it is, also one that tells of a missing item or a forbidden one."""
        body = None if content is None else Body(content=content)
        return await self._call(method, path, None, body, headers, write=method != "GET", plain=REFUSALS)

    async def query(self, path: str, payload: JsonValue, parameters: Parameters | None = None) -> Answer:
        """A POST that only reads, such as a search."""
        return await self._call("POST", path, parameters, Body(json=payload), None, write=False)

    async def write(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        parameters: Parameters | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        return await self._call(method, path, parameters, body, headers, write=True)

    @asynccontextmanager
    async def stream(
        self, path: str, parameters: Parameters | None = None, accept: Callable[[Answer], None] | None = None
    ) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The bytes of a download, piece by piece. `accept` sees the answer without its body first, and raises if it is not the file."""
        await self._turn(path)
        try:
            async with self._client.stream("GET", path, params=_plain(parameters) or None, follow_redirects=True) as response:
                head = Answer(response.status_code, _headers(response), b"", str(response.url))
                if response.status_code >= 400:
                    self._note(path, head)
                    await response.aread()
                    self._fail(_answer(response), write=False)
                self._budget.note(path, head.headers, datetime.now(UTC))
                if accept is not None:
                    accept(head)
                yield response.aiter_bytes()
        except httpx.HTTPError as error:
            raise Unavailable(f"{self._name}: download broke off ({type(error).__name__}); it is tried again") from error

    async def _call(
        self,
        method: str,
        path: str,
        parameters: Parameters | None,
        body: Body | None,
        headers: Mapping[str, str] | None,
        *,
        write: bool,
        plain: tuple[int, ...] = (),
    ) -> Answer:
        await self._turn(path)
        request = self._request(method, path, parameters, body, headers)
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                response = await self._client.send(request, follow_redirects=not write)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise Unavailable(f"{self._name} cannot be reached at {self._client.base_url} ({type(error).__name__})") from error
        except (httpx.HTTPError, TimeoutError) as error:
            if write:
                raise Ambiguous(f"{self._name} did not answer {method} {path} ({type(error).__name__}); it may have been done") from error
            raise Unavailable(f"{self._name} did not answer {method} {path} ({type(error).__name__})") from error
        answer = _answer(response)
        self._note(path, answer)
        if answer.status >= 400 and answer.status not in plain:
            self._fail(answer, write=write)
        return answer

    def _note(self, path: str, answer: Answer) -> None:
        """What the answer tells of the calls to come."""
        self._budget.note(path, answer.headers, datetime.now(UTC))
        asks = answer.status == 429 or "retry-after" in answer.headers
        if asks and not (_is_limit(answer) and _is_narrow(answer)):
            self._budget.hold(path, retry_after(answer))

    async def _turn(self, path: str) -> None:
        """Wait for our own pace; RateLimited while the platform's is used up."""
        wait = self._budget.wait(path)
        if wait > 0:
            raise RateLimited(f"{self._name} wants no call for {wait:.0f} s more", wait)
        await self._limiter.acquire()

    def _request(
        self, method: str, path: str, parameters: Parameters | None, body: Body | None, headers: Mapping[str, str] | None
    ) -> httpx.Request:
        own = dict(headers or {})
        if body is None:
            return self._client.build_request(method, path, params=_plain(parameters) or None, headers=own)
        content = body.content if body.content is not None else json.dumps(body.json).encode()
        if "content-type" not in {name.casefold() for name in own}:
            own["Content-Type"] = body.content_type
        return self._client.build_request(method, path, params=_plain(parameters) or None, headers=own, content=content)

    def _fail(self, answer: Answer, *, write: bool) -> NoReturn:
        if _is_limit(answer):
            wait = retry_after(answer)
            raise RateLimited(f"{self._name} asks to wait {wait:.0f} s", wait)
        if answer.status >= 500 and write:
            raise Ambiguous(f"{self._name} answered {answer.status}; the write may have been done")
        if answer.status >= 500:
            raise Unavailable(f"{self._name} answered {answer.status}")
        raise self._explain(answer)


def _is_limit(answer: Answer) -> bool:
    return answer.status == 429 or (answer.status == 503 and "retry-after" in answer.headers)


def _is_narrow(answer: Answer) -> bool:
    """Whether the limit is of one item or one kind of call, so that others may go on: the account's own quota is not used up."""
    quota = quota_of(answer.headers, datetime.now(UTC))
    return "per-issue" in answer.headers.get("ratelimit-reason", "") or (quota is not None and quota.left > 0)


async def post_bytes(url: str, content: bytes, headers: Mapping[str, str]) -> int:
    """Post once, as a platform's webhook does, and give the status; 0 if nobody answered."""
    async with httpx.AsyncClient(timeout=10.0, trust_env=False, verify=_trusted()) as client:
        try:
            return (await client.post(url, content=content, headers=dict(headers))).status_code
        except httpx.HTTPError:
            return 0


async def exchange(
    method: str,
    url: str,
    payload: JsonValue = None,
    parameters: Parameters | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Call once and give the answer whatever its status; Unavailable if none came."""
    timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(timeout=timeout, trust_env=False, verify=_trusted()) as client:
        try:
            return _answer(await client.request(method, url, json=payload, params=_plain(parameters) or None, headers=headers))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{url} did not answer ({type(error).__name__})") from error


class Unanswered(Unavailable):
    """No answer came, or it broke off."""


@asynccontextmanager
async def following(url: str, headers: Mapping[str, str], silence: float) -> AsyncGenerator[tuple[Answer, AsyncIterator[str]]]:
    """An answer that does not end by itself, and its lines; a refusal has its body instead.

    Unanswered if none came, if it breaks off, or if nothing comes for `silence` seconds.
    """
    timeout = httpx.Timeout(silence, connect=CONNECT_SECONDS)
    async with httpx.AsyncClient(timeout=timeout, trust_env=False, verify=_trusted()) as client:
        try:
            async with client.stream("GET", url, headers=dict(headers)) as response:
                body = b"" if response.is_success else await response.aread()
                yield Answer(response.status_code, _headers(response), body, str(response.url)), response.aiter_lines()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unanswered(f"{url} did not answer ({type(error).__name__})") from error


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that we trust, of `SSL_CERT_FILE` or `SSL_CERT_DIR` where they are set; read once, since that takes long."""
    return httpx.create_ssl_context(trust_env=True)


def retry_after(answer: Answer, default: float = 5.0) -> float:
    """Seconds to wait by `Retry-After`, which is a number or an HTTP date (RFC 9110 section 10.2.3)."""
    text = answer.headers.get("retry-after", "")
    if not text:
        return default
    if text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return default


def _plain(parameters: Parameters | None) -> dict[str, str | int]:
    return dict(parameters or {})


def _answer(response: httpx.Response) -> Answer:
    if len(response.content) > ANSWER_LIMIT:
        raise Unavailable(f"{response.url.host} sent an answer of more than {ANSWER_LIMIT} bytes; it was not read")
    return Answer(response.status_code, _headers(response), response.content, str(response.url))


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}
