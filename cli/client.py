"""The API as the command line calls it."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import urlencode
from uuid import uuid4

from pydantic import BaseModel, JsonValue, SecretStr, TypeAdapter, ValidationError

from connectors.kit.http import Answer, Unanswered, exchange, following
from model.errors import BadInput, TwinlineError, Unavailable
from operations.problems import Problem, Rejected

T = TypeVar("T")

SILENT_SECONDS = 45.0
"""A stream of events on which nothing comes for so long, three heartbeats of the API, is broken."""


class _Unanswered(Unavailable):
    """No answer came; the request may have been done."""


class _Refusal(BaseModel):
    detail: str
    problems: tuple[Problem, ...] = ()


class Api:
    """Calls raise Rejected or BadInput with what the API says, Unavailable if it cannot be reached or cannot do it now."""

    def __init__(self, url: str, token: SecretStr | None = None) -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}

    async def ready(self) -> bool:
        try:
            return (await exchange("GET", f"{self._url}/readyz")).status == 200
        except Unavailable:
            return False

    async def get(self, kind: type[T], path: str, parameters: Mapping[str, str | int | Sequence[str] | None] | None = None) -> T:
        """A parameter with several values is sent once for each."""
        return self._parsed(kind, await self._call("GET", f"{path}{_query(parameters or {})}", None, {}))

    async def text(self, path: str) -> str:
        """An answer that is no JSON."""
        return (await self._call("GET", path, None, {})).body.decode()

    @asynccontextmanager
    async def follow(self, path: str, parameters: Mapping[str, str | None], last: str) -> AsyncGenerator[AsyncIterator[str]]:
        """The lines of a stream of events that come after the one with the id `last`; of all from now on where that is empty."""
        headers = {**self._headers, **({"Last-Event-ID": last} if last else {})}
        address = f"{self._url}/api/v1{path}{_query(parameters)}"
        try:
            async with following(address, headers, SILENT_SECONDS) as (answer, lines):
                if answer.status >= 400:
                    raise self._refusal(answer)
                yield lines
        except Unanswered as error:
            raise Unavailable(self._unreached) from error

    async def post(self, kind: type[T], path: str, payload: JsonValue = None, parameters: Mapping[str, str | int] | None = None) -> T:
        """Sent once more if no answer came; the key keeps it from taking effect twice."""
        headers = {"Idempotency-Key": str(uuid4())}
        try:
            answer = await self._call("POST", path, payload, parameters or {}, headers)
        except _Unanswered:
            answer = await self._call("POST", path, payload, parameters or {}, headers)
        return self._parsed(kind, answer)

    async def delete(self, kind: type[T], path: str) -> T:
        return self._parsed(kind, await self._call("DELETE", path, None, {}))

    async def _call(
        self, method: str, path: str, payload: JsonValue, parameters: Mapping[str, str | int], headers: Mapping[str, str] | None = None
    ) -> Answer:
        try:
            answer = await exchange(method, f"{self._url}/api/v1{path}", payload, parameters, {**(headers or {}), **self._headers})
        except Unavailable as error:
            raise _Unanswered(self._unreached) from error
        if answer.status >= 400:
            raise self._refusal(answer)
        return answer

    @property
    def _unreached(self) -> str:
        return f"the API cannot be reached at {self._url}; start it with `twinline up` or `twinline api`, or set TWINLINE_API"

    def _refusal(self, answer: Answer) -> TwinlineError:
        try:
            said = _Refusal.model_validate_json(answer.body)
        except ValidationError:
            return Unavailable(f"{self._url} answered {answer.status} and is no Twinline API; set TWINLINE_API to its address")
        if said.problems:
            return Rejected(said.problems)
        return Unavailable(said.detail) if answer.status >= 500 else BadInput(said.detail)

    def _parsed(self, kind: type[T], answer: Answer) -> T:
        try:
            return TypeAdapter(kind).validate_json(answer.body)
        except ValidationError as error:
            raise Unavailable(f"{self._url} is not the API of this version of Twinline; set TWINLINE_API to its address") from error


def _query(parameters: Mapping[str, str | int | Sequence[str] | None]) -> str:
    given = urlencode({name: value for name, value in parameters.items() if value is not None}, doseq=True)
    return f"?{given}" if given else ""
