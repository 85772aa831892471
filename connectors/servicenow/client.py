"""The calls to ServiceNow's Table and Attachment APIs, typed, one method each. Nothing is decided here.

https://www.servicenow.com/docs/r/api-reference/rest-apis/c_TableAPI.html and .../c_AttachmentAPI.html
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, JsonValue, ValidationError

from connectors.kit import rest
from connectors.kit.http import Answer, Body, Parameters
from connectors.kit.interface import SystemAccess
from connectors.kit.login_page import require_signed_in
from connectors.servicenow.payloads import AttachmentAnswer, AttachmentPayload, AttachmentsAnswer, Row, RowAnswer, RowsAnswer
from connectors.servicenow.session import Session
from model.errors import Ambiguous, Misconfigured, Unavailable
from model.frozen import Frozen

PARALLEL = 4
PAGE = 200
WHOLE_PAGE = 1000
TEXT_PAGE = 500
"""How many journal entries are read at once, which together have to fit into one answer."""
LONGEST_LIST = 4000
LONGEST_ADDRESS = 6000
"""An instance refuses a request whose first line and headers have more than 8 kB together."""
INLINE = "ZZ_YY"
_ID_LENGTH = len(quote(f",{'0' * 32}", safe=""))
_NEXT = re.compile(r'rel="next"')
_SYS_ID = re.compile(r"[0-9a-f]{32}")
_BOTH: Parameters = {"sysparm_display_value": "all", "sysparm_exclude_reference_link": "true"}
_RAW: Parameters = {"sysparm_display_value": "false", "sysparm_exclude_reference_link": "true"}

Model = TypeVar("Model", bound=BaseModel)
Listed = TypeVar("Listed", Row, AttachmentPayload)


class Page(Frozen):
    """`more` says that there are rows behind these. The account may see none of a page, and yet some of the next."""

    rows: tuple[Row, ...]
    more: bool


def is_sys_id(text: str) -> bool:
    return _SYS_ID.fullmatch(text) is not None


class ServiceNowClient:
    """One account of one instance. A node serves few integration calls at a time, so we make at most `PARALLEL`; downloads come on top."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self._session = Session(access)
        self._slots = asyncio.Semaphore(PARALLEL)

    async def aclose(self) -> None:
        await self._session.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        async with self._slots:
            return await rest.look(await self._session.json(), question)

    async def page(self, table: str, query: str, fields: Sequence[str], limit: int = PAGE, offset: int = 0) -> Page:
        """Rows with raw and display values."""
        paging = {"sysparm_limit": limit, "sysparm_offset": offset}
        return await self._rows(table, {**_BOTH, "sysparm_query": query, **_only(fields), **paging})

    async def all_rows(self, table: str, query: str, fields: Sequence[str]) -> tuple[Row, ...]:
        """Raw values of all rows that match; for tables that hardly move."""
        found: list[Row] = []
        offset = 0
        while True:
            paging = {"sysparm_limit": WHOLE_PAGE, "sysparm_offset": offset}
            page = await self._rows(table, {**_RAW, "sysparm_query": f"{query}^ORDERBYsys_id", **_only(fields), **paging})
            found += page.rows
            offset += WHOLE_PAGE
            if not page.more:
                return tuple(found)

    async def texts(self, table: str, query: str, fields: Sequence[str]) -> tuple[Row, ...]:
        """Raw values of all rows that match, in the order of sys_id, which is among the fields."""

        async def page(condition: str, offset: int) -> tuple[Sequence[Row], bool]:
            paging = {"sysparm_limit": TEXT_PAGE, "sysparm_offset": offset}
            found = await self._rows(table, {**_RAW, "sysparm_query": condition, **_only(fields), **paging})
            return found.rows, found.more

        return await self._listed(table, query, page, TEXT_PAGE)

    async def rows(self, table: str, sys_ids: Sequence[str], fields: Sequence[str]) -> tuple[Row, ...]:
        """Those of the records that there are and that the account may see, each as `row` gives it."""
        named = quote(str(_only(fields).get("sysparm_fields", "")), safe="")
        at_once = max(1, (LONGEST_ADDRESS - len(named)) // _ID_LENGTH)
        found: list[Row] = []
        for start in range(0, len(sys_ids), at_once):
            some = sys_ids[start : start + at_once]
            found += (await self.page(table, f"sys_idIN{','.join(some)}", fields, len(some))).rows
        return tuple(one for one in found if one.sys_id in sys_ids)

    async def row(self, table: str, sys_id: str, fields: Sequence[str]) -> Row:
        answer = await self._get(f"/api/now/table/{table}/{sys_id}", {**_BOTH, **_only(fields)})
        return self._parsed(RowAnswer, answer, write=False).result

    async def insert(self, table: str, payload: Mapping[str, JsonValue], fields: Sequence[str]) -> Row:
        return await self._written("POST", f"/api/now/table/{table}", payload, fields)

    async def update(self, table: str, sys_id: str, payload: Mapping[str, JsonValue], fields: Sequence[str]) -> Row:
        return await self._written("PATCH", f"/api/now/table/{table}/{sys_id}", payload, fields)

    async def attachments(self, sys_ids: Sequence[str]) -> tuple[AttachmentPayload, ...]:
        """The files of records, oldest first; images inside their texts belong to a table of another name."""

        async def page(condition: str, offset: int) -> tuple[Sequence[AttachmentPayload], bool]:
            parameters: Parameters = {"sysparm_query": condition, "sysparm_limit": WHOLE_PAGE, "sysparm_offset": offset}
            answer = await self._get("/api/now/attachment", parameters)
            found = self._parsed(AttachmentsAnswer, answer, write=False).result
            return found, _has_next(answer) or len(found) == WHOLE_PAGE

        found = await self._listed("sys_attachment", f"table_sys_idIN{','.join(sys_ids)}", page, WHOLE_PAGE)
        theirs = (one for one in found if one.table_sys_id in sys_ids and not one.table_name.startswith(INLINE))
        return tuple(sorted(theirs, key=lambda one: (one.sys_created_on, one.sys_id)))

    async def upload(self, table: str, sys_id: str, name: str, kind: str, content: AsyncIterator[bytes]) -> AttachmentPayload:
        parameters = {"table_name": table, "table_sys_id": sys_id, "file_name": name}
        body = Body(content=content, content_type=kind)
        answer = await self._send("POST", "/api/now/attachment/file", body, parameters)
        return self._parsed(AttachmentAnswer, answer, write=True).result

    async def delete_attachment(self, attachment_id: str) -> None:
        await self._send("DELETE", f"/api/now/attachment/{attachment_id}")

    @asynccontextmanager
    async def download(self, path: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        async with (await self._session.files()).stream(path) as content:
            yield content

    async def _listed(
        self, table: str, query: str, page: Callable[[str, int], Awaitable[tuple[Sequence[Listed], bool]]], size: int
    ) -> tuple[Listed, ...]:
        """All pages, each behind the last row of the one before, so that rows which go meanwhile hide no others.

        `page` gives the rows of a query behind an offset, and whether there are more. The account may see none of a page.
        """
        found: dict[str, Listed] = {}
        last, offset = "", 0
        while True:
            rows, more = await page(f"{query}{f'^sys_id>{last}' if last else ''}^ORDERBYsys_id", offset)
            if rows and rows[0].sys_id in found:
                raise Misconfigured(
                    f"{self.name} leaves conditions on 'sys_id' of {table!r} aside for Twinline's account; extend its roles"
                )
            found |= {one.sys_id: one for one in rows}
            if not more:
                return tuple(found.values())
            last, offset = (rows[-1].sys_id, 0) if rows else (last, offset + size)

    async def _rows(self, table: str, parameters: Parameters) -> Page:
        answer = await self._get(f"/api/now/table/{table}", parameters)
        rows = self._parsed(RowsAnswer, answer, write=False).result
        return Page(rows=rows, more=_has_next(answer))

    async def _get(self, path: str, parameters: Parameters) -> Answer:
        async with self._slots:
            return require_signed_in(self.name, await (await self._session.json()).get(path, parameters))

    async def _send(self, method: str, path: str, body: Body | None = None, parameters: Parameters | None = None) -> Answer:
        async with self._slots:
            return require_signed_in(self.name, await (await self._session.json()).write(method, path, body, parameters))

    async def _written(self, method: str, path: str, payload: Mapping[str, JsonValue], fields: Sequence[str]) -> Row:
        parameters: Parameters = {**_BOTH, **_only(fields)}
        answer = await self._send(method, path, Body(json=dict(payload)), parameters)
        return self._parsed(RowAnswer, answer, write=True).result

    def _parsed(self, model: type[Model], answer: Answer, *, write: bool) -> Model:
        """A sleeping developer instance answers 200 with a page, and a cancelled transaction with half a document."""
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            message = (
                f"{self.name}: {answer.url} answered {answer.status} with something that is not ServiceNow's; does the instance sleep?"
            )
            raise (Ambiguous(message) if write else Unavailable(message)) from error


def _has_next(answer: Answer) -> bool:
    return _NEXT.search(answer.headers.get("link", "")) is not None


def _only(fields: Sequence[str]) -> Parameters:
    """All columns where their names would make too long an address."""
    listed = ",".join(fields)
    return {"sysparm_fields": listed} if len(listed) <= LONGEST_LIST else {}
