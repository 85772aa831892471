"""The calls to Salesforce's REST API, typed, one method each. Nothing is decided here.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/. Reads that belong together go as one composite call, which counts
once against the org's quota. Writes do not: in the body of a composite call, a text such as `@{a.b}` would be taken for a reference.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import TypeVar
from urllib.parse import quote, urlencode

from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from connectors.kit.login_page import is_login_page
from connectors.kit.multipart import FilePart, form
from connectors.salesforce.payloads import (
    CompositePayload,
    DescribePayload,
    GlobalPayload,
    QueryPage,
    Row,
    SavePayload,
    SubAnswer,
    UiPicklists,
    VersionPayload,
)
from connectors.salesforce.refusals import SessionExpired, explain
from connectors.salesforce.session import Session, Signed
from model.errors import Ambiguous, Misconfigured, TwinlineError, Unavailable

REDIRECTS = (301, 302, 303, 307, 308)

API = "/services/data/v60.0"
WRITE_HEADERS = {"Sforce-Auto-Assign": "FALSE", "Sforce-Duplicate-Rule-Header": "allowSave=true"}
"""Our writes are no occasion for assignment rules, which would run by default, and a possible duplicate is only a warning."""

_VERSIONS = TypeAdapter(tuple[VersionPayload, ...])
Model = TypeVar("Model", bound=BaseModel)
Value = TypeVar("Value")


@dataclass(frozen=True)
class Call:
    """One read within a composite call."""

    name: str
    path: str


def row_call(name: str, sobject: str, record_id: str) -> Call:
    """A record with all fields that the account sees."""
    return Call(name, f"{API}/sobjects/{sobject}/{record_id}")


def query_call(name: str, soql: str, *, deleted: bool = False) -> Call:
    """A query; with `deleted` also of what is in the recycle bin."""
    return Call(name, f"{API}/{'queryAll' if deleted else 'query'}?{urlencode({'q': soql}, quote_via=quote)}")


class SalesforceClient:
    """One account of one org."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self._explain = explain(access.name)
        self._session = Session(access)

    async def aclose(self) -> None:
        await self._session.aclose()

    async def my_id(self) -> str:
        """The id of the account's user."""
        return (await self._session.signed()).user_id

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        return await self._signed_in(lambda http: rest.look(http, question))

    async def limits(self) -> Answer:
        return await self._get(f"{API}/limits")

    async def versions(self) -> tuple[VersionPayload, ...]:
        """Those of the API that the org speaks, the oldest first."""
        answer = await self._get("/services/data")
        try:
            return _VERSIONS.validate_json(answer.body)
        except ValidationError as error:
            raise Unavailable(f"{self.name}: {answer.url} did not answer with versions of Salesforce's API; check the URL") from error

    async def objects(self) -> GlobalPayload:
        return self._parsed(GlobalPayload, await self._get(f"{API}/sobjects"))

    async def describe(self, sobject: str, since: str = "") -> tuple[DescribePayload | None, str]:
        """The object's fields and when they changed last; None where they did not since then."""
        headers = {"If-Modified-Since": since} if since else None
        answer = await self._get(f"{API}/sobjects/{quote(sobject, safe='')}/describe", headers=headers)
        if answer.status == 304:
            return None, since
        return self._parsed(DescribePayload, answer), answer.headers.get("last-modified", "")

    async def picklists(self, sobject: str, record_type_id: str) -> UiPicklists:
        """The values that a record type leaves."""
        path = f"{API}/ui-api/object-info/{quote(sobject, safe='')}/picklist-values/{quote(record_type_id, safe='')}"
        return self._parsed(UiPicklists, await self._get(path))

    async def query(self, soql: str) -> QueryPage:
        """The first page of what matches."""
        return self._parsed(QueryPage, await self._get(f"{API}/query", {"q": soql}))

    async def query_with_deleted(self, soql: str) -> QueryPage:
        return self._parsed(QueryPage, await self._get(f"{API}/queryAll", {"q": soql}))

    async def rest_of(self, page: QueryPage) -> tuple[Row, ...]:
        """All records of the query that `page` began; a page may hold fewer than were asked for."""
        found = list(page.records)
        while page.next_records_url:
            page = self._parsed(QueryPage, await self._get(page.next_records_url))
            found += page.records
        return tuple(found)

    async def rows(self, soql: str) -> tuple[Row, ...]:
        return await self.rest_of(await self.query(soql))

    async def reading(self, calls: Sequence[Call]) -> dict[str, SubAnswer]:
        """Several reads at once; failures are left to `body`."""
        answer = await self._signed_in(lambda http: http.query(f"{API}/composite", _composite(calls)))
        return {one.reference_id: one for one in self._parsed(CompositePayload, answer).composite_response}

    def body(self, answer: SubAnswer) -> JsonValue:
        """What one call of a composite one brought; its failure is raised."""
        if answer.http_status_code < 400:
            return answer.body
        raise self._failure(answer)

    def page(self, answer: SubAnswer) -> QueryPage:
        """The same of a query."""
        return self._model(QueryPage, self.body(answer))

    def row(self, answer: SubAnswer) -> Row:
        """The same of a record."""
        found = self.body(answer)
        if not isinstance(found, dict):
            raise Unavailable(f"{self.name}: a record was answered in a form that is not Salesforce's; check the URL")
        return found

    async def create(self, sobject: str, row: Row) -> SavePayload:
        return self._made(await self._write("POST", f"{API}/sobjects/{sobject}", row))

    async def update(self, sobject: str, record_id: str, row: Row, unmodified_since: datetime | None = None) -> None:
        """Stale where the record was modified after that second.

        https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest_conditional_requests.htm
        """
        condition = {"If-Unmodified-Since": format_datetime(unmodified_since, usegmt=True)} if unmodified_since else {}
        await self._write("PATCH", f"{API}/sobjects/{sobject}/{quote(record_id, safe='')}", row, condition)

    async def delete(self, sobject: str, record_id: str) -> None:
        await self._write("DELETE", f"{API}/sobjects/{sobject}/{quote(record_id, safe='')}", None)

    async def upload(self, version: Row, filename: str, mimetype: str, size: int, content: AsyncIterator[bytes]) -> SavePayload:
        """A new ContentVersion, sent piece by piece: a multipart form of its fields as JSON and its bytes.

        `size` is 0 where it is not known.
        https://developer.salesforce.com/docs/platform/api-rest/guide/dome-sobject-insert-update-blob.html
        """
        part = FilePart("VersionData", filename, mimetype, size, (("entity_content", "application/json", json.dumps(version)),))
        body, headers = form(part, content)
        session = await self._session.signed()
        try:
            answer = await session.http.write("POST", f"{API}/sobjects/ContentVersion", body, headers=headers)
        except SessionExpired as ended:
            await self._session.renewed(session)
            raise Unavailable(f"{self.name}: the session ended before the file was taken; it is sent anew") from ended
        return self._made(answer)

    @asynccontextmanager
    async def download(self, version_id: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The bytes of a ContentVersion, piece by piece."""
        path = f"{API}/sobjects/ContentVersion/{quote(version_id, safe='')}/VersionData"
        async with AsyncExitStack() as stack:
            yield await self._signed_in(lambda http: stack.enter_async_context(http.stream(path)))

    async def _signed_in(self, ask: Callable[[Http], Awaitable[Value]]) -> Value:
        """The answer; once more with a new session where the old one had ended, in which case nothing was done."""
        session: Signed = await self._session.signed()
        try:
            return await ask(session.http)
        except SessionExpired:
            session = await self._session.renewed(session)
        return await ask(session.http)

    async def _get(self, path: str, parameters: Parameters | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        async def ask(http: Http) -> Answer:
            return self._let_in(await http.get(path, parameters, headers))

        return await self._signed_in(ask)

    async def _write(self, method: str, path: str, row: Row | None, condition: Mapping[str, str] | None = None) -> Answer:
        body = Body(json=row) if row is not None else None
        headers = {**WRITE_HEADERS, **(condition or {})}

        async def ask(http: Http) -> Answer:
            return self._let_in(await http.write(method, path, body, headers=headers))

        return await self._signed_in(ask)

    def _let_in(self, answer: Answer) -> Answer:
        """The answer; a page to log in stands for an ended session, and any other way elsewhere for a wrong address."""
        if is_login_page(answer):
            raise SessionExpired(f"{self.name}: {answer.url} answered with a page to log in; check the client app and its account")
        if answer.status in REDIRECTS:
            raise Misconfigured(f"{self.name}: {answer.url} leads elsewhere (status {answer.status}); use the org's My Domain")
        return answer

    def _failure(self, answer: SubAnswer) -> TwinlineError:
        if answer.http_status_code >= 500:
            return Unavailable(f"{self.name} answered {answer.http_status_code}")
        return self._explain(Answer(answer.http_status_code, {}, json.dumps(answer.body).encode(), answer.reference_id))

    def _made(self, answer: Answer) -> SavePayload:
        return self._parsed(SavePayload, answer, write=True)

    def _parsed(self, model: type[Model], answer: Answer, *, write: bool = False) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self.name}: {answer.url} answered {answer.status} with something that is not Salesforce's; check the URL"
            raise (Ambiguous(message) if write else Unavailable(message)) from error

    def _model(self, model: type[Model], value: JsonValue) -> Model:
        try:
            return model.model_validate(value)
        except ValidationError as error:
            raise Unavailable(f"{self.name} answered with something that is not Salesforce's; check the URL") from error


def _composite(calls: Sequence[Call]) -> JsonValue:
    parts: list[JsonValue] = [{"method": "GET", "url": one.path, "referenceId": one.name} for one in calls]
    return {"allOrNone": False, "compositeRequest": parts}
