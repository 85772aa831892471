"""The calls to Zendesk's Support API, typed, one method each. Nothing is decided here.

https://developer.zendesk.com/api-reference/ticketing/introduction/
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, JsonValue, ValidationError

from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from connectors.kit.login_page import require_signed_in
from connectors.zendesk import refusals
from connectors.zendesk.config import Credentials, root_of
from connectors.zendesk.login import Login
from connectors.zendesk.payloads import (
    AuditPage,
    AuditPayload,
    CommentPage,
    CommentPayload,
    DeletedPage,
    ExportPage,
    FieldPage,
    FieldPayload,
    FormPayload,
    FormsAnswer,
    GroupPage,
    GroupPayload,
    HookAnswer,
    HookPage,
    HookPayload,
    Page,
    SearchPage,
    StatusesAnswer,
    StatusPayload,
    TicketAnswer,
    TicketPage,
    TicketPayload,
    UploadAnswer,
    UserAnswer,
    UserPayload,
    UsersAnswer,
    WrittenAnswer,
)
from model.errors import Ambiguous, LoginRejected, NotFound, Refused, Unavailable

API = "/api/v2"
PAGE = 100
EXPORT_PAGE = 500
_DROPPED = re.compile(r":(unpermitted_keys|invalid_values)=>\[(?P<names>[^\]]+)\]")

Model = TypeVar("Model", bound=BaseModel)
Paged = TypeVar("Paged", bound=Page)


class ZendeskClient:
    """One account of one Zendesk."""

    def __init__(self, access: SystemAccess) -> None:
        self.name = access.name
        self.root = root_of(access.url)
        self._pace = access.calls_per_second
        self._explain = partial(refusals.explain, access.name)
        headers = {"Accept": "application/json"}
        self._http = Http(access.name, self.root, headers, self._explain, self._pace, quota_share=access.quota_share)
        self._login = Login(access.name, self.root, Credentials.model_validate(access.credentials))

    async def aclose(self) -> None:
        await self._http.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        self._http.identify(await self._login.authorization())
        return await rest.look(self._http, question)

    async def myself(self) -> UserPayload:
        return (await self._get(UserAnswer, "/users/me")).user

    async def user(self, user_id: int) -> UserPayload:
        return (await self._get(UserAnswer, f"/users/{user_id}")).user

    async def users_by_email(self, address: str) -> tuple[UserPayload, ...]:
        return (await self._get(UsersAnswer, "/users/search", {"query": f"email:{address}"})).users

    async def groups(self) -> tuple[GroupPayload, ...]:
        return tuple([one for page in await self._pages(GroupPage, "/groups") for one in page.groups])

    async def fields(self) -> tuple[FieldPayload, ...]:
        return tuple([one for page in await self._pages(FieldPage, "/ticket_fields") for one in page.ticket_fields])

    async def forms(self) -> tuple[FormPayload, ...]:
        """None at all where the account's plan has no ticket forms."""
        try:
            return (await self._get(FormsAnswer, "/ticket_forms")).ticket_forms
        except (NotFound, refusals.Forbidden):
            return ()

    async def custom_statuses(self) -> tuple[StatusPayload, ...]:
        """None at all where the account has them switched off."""
        try:
            return (await self._get(StatusesAnswer, "/custom_statuses")).custom_statuses
        except (NotFound, refusals.Forbidden):
            return ()

    async def ticket(self, ticket_id: str) -> TicketAnswer:
        """With the users that it names."""
        return await self._get(TicketAnswer, f"/tickets/{number(ticket_id)}", {"include": "users"})

    async def tickets(self, ticket_ids: Sequence[str]) -> TicketPage:
        """Those of up to 100 tickets that there are and that the account may see, with the users that they name."""
        return await self._get(TicketPage, "/tickets/show_many", {"ids": ",".join(map(number, ticket_ids)), "include": "users"})

    async def tickets_by_external_id(self, external_id: str) -> tuple[TicketPayload, ...]:
        return (await self._get(TicketPage, "/tickets", {"external_id": external_id, "page[size]": PAGE})).tickets

    async def deleted_tickets(self) -> frozenset[int]:
        """The hundred that were deleted last; Refused or NotFound where the account may not see them."""
        page = await self._get(DeletedPage, "/deleted_tickets", {"sort_by": "deleted_at", "sort_order": "desc"})
        return frozenset(one.id for one in page.deleted_tickets)

    async def deleted_lately(self) -> frozenset[int]:
        """The same; none where the account may not see them."""
        try:
            return await self.deleted_tickets()
        except (NotFound, Refused):
            return frozenset()

    async def create(self, ticket: dict[str, JsonValue], key: str) -> WrittenAnswer:
        """`key` stands for this very request for about two hours: the same one gives the first one's ticket, another one is refused."""
        headers = {"Idempotency-Key": key}
        body = Body(json={"ticket": ticket})
        answer = await self._call(lambda: self._http.write("POST", f"{API}/tickets", body, headers=headers))
        return self._written(answer)

    async def update(self, ticket_id: str, ticket: dict[str, JsonValue]) -> WrittenAnswer:
        body = Body(json={"ticket": ticket})
        answer = await self._call(lambda: self._http.write("PUT", f"{API}/tickets/{number(ticket_id)}", body))
        return self._written(answer)

    async def comments(self, ticket_id: str) -> tuple[tuple[CommentPayload, ...], tuple[UserPayload, ...]]:
        """All comments, oldest first, the description among them, and their authors."""
        pages = await self._pages(CommentPage, f"/tickets/{number(ticket_id)}/comments", {"include": "users", "sort": "created_at"})
        return tuple(one for page in pages for one in page.comments), tuple(one for page in pages for one in page.users)

    async def audits(self, ticket_id: str) -> tuple[AuditPayload, ...]:
        """All updates of the ticket, oldest first."""
        return tuple([one for page in await self._pages(AuditPage, f"/tickets/{number(ticket_id)}/audits") for one in page.audits])

    async def upload(self, filename: str, mimetype: str, size: int, content: AsyncIterator[bytes]) -> str:
        """The token under which the file waits to be attached; it is good once."""
        self._http.identify(await self._login.authorization())
        length = {"Content-Length": str(size)} if size else {}
        body = Body(content=content, content_type=mimetype)
        answer = await self._http.write("POST", f"{API}/uploads", body, {"filename": filename}, length)
        return self._parsed(UploadAnswer, require_signed_in(self.name, answer), write=True).upload.token

    async def redact_attachment(self, ticket_id: str, comment_id: int, attachment_id: int) -> None:
        path = f"{API}/tickets/{number(ticket_id)}/comments/{comment_id}/attachments/{attachment_id}/redact"
        await self._call(lambda: self._http.write("PUT", path, Body(json={})))

    @asynccontextmanager
    async def download(self, url: str) -> AsyncGenerator[AsyncIterator[bytes]]:
        """The content behind an attachment's `content_url`; another host than the account's gets no credentials of ours."""
        there, here = urlsplit(url), urlsplit(self.root)
        path = f"{there.path}?{there.query}" if there.query else there.path
        if there.netloc == here.netloc:
            self._http.identify(await self._login.authorization())
            async with self._http.stream(path) as content:
                yield content
            return
        if there.scheme != here.scheme:
            raise Unavailable(f"{self.name} keeps a file at {there.scheme}://{there.netloc}, which is not asked")
        stranger = Http(self.name, f"{there.scheme}://{there.netloc}", {}, self._explain, self._pace)
        try:
            async with stranger.stream(path) as content:
                yield content
        finally:
            await stranger.aclose()

    async def export(self, parameters: Parameters) -> ExportPage:
        """A page of the incremental export, by `start_time` or `cursor`: what changed, deleted tickets too, but for the last minute."""
        return await self._get(ExportPage, "/incremental/tickets/cursor", {"per_page": EXPORT_PAGE, **parameters})

    async def search(self, query: str, size: int = PAGE, after: str = "") -> SearchPage:
        """A page of the tickets that match, without the thousand that end the ordinary search."""
        further: dict[str, str | int] = {"page[after]": after} if after else {}
        return await self._get(SearchPage, "/search/export", {"query": query, "filter[type]": "ticket", "page[size]": size, **further})

    async def hooks(self) -> tuple[HookPayload, ...]:
        return tuple([one for page in await self._pages(HookPage, "/webhooks") for one in page.webhooks])

    async def create_hook(self, hook: dict[str, JsonValue]) -> HookPayload:
        answer = await self._call(lambda: self._http.write("POST", f"{API}/webhooks", Body(json={"webhook": hook})))
        return self._parsed(HookAnswer, answer, write=True).webhook

    async def update_hook(self, hook_id: str, hook: dict[str, JsonValue]) -> None:
        await self._call(lambda: self._http.write("PUT", f"{API}/webhooks/{hook_id}", Body(json={"webhook": hook})))

    async def delete_hook(self, hook_id: str) -> None:
        await self._call(lambda: self._http.write("DELETE", f"{API}/webhooks/{hook_id}"))

    async def _pages(self, model: type[Paged], path: str, parameters: Parameters | None = None) -> list[Paged]:
        found: list[Paged] = []
        after: dict[str, str | int] = {}
        while True:
            page = await self._get(model, path, {**(parameters or {}), "page[size]": PAGE, **after})
            found.append(page)
            if not page.meta.has_more or not page.meta.after_cursor:
                return found
            after = {"page[after]": page.meta.after_cursor}

    async def _get(self, model: type[Model], path: str, parameters: Parameters | None = None) -> Model:
        answer = await self._call(lambda: self._http.get(f"{API}{path}", parameters))
        return self._parsed(model, answer, write=False)

    async def _call(self, send: Callable[[], Awaitable[Answer]]) -> Answer:
        """The answer; asked once more with another access token where that could have ended."""
        used = await self._login.authorization()
        self._http.identify(used)
        try:
            return require_signed_in(self.name, await send())
        except LoginRejected:
            if not self._login.renewable:
                raise
        self._login.refuse(used)
        self._http.identify(await self._login.authorization())
        return require_signed_in(self.name, await send())

    def _written(self, answer: Answer) -> WrittenAnswer:
        """Refused where Zendesk tells that it dropped a part of what was sent."""
        dropped = _DROPPED.search(answer.headers.get("x-zendesk-api-warn", ""))
        if dropped is not None:
            names = dropped["names"].strip()
            raise Refused(f"{self.name} left a part of the write aside ({names}); take that out of the incoming rules")
        return self._parsed(WrittenAnswer, answer, write=True)

    def _parsed(self, model: type[Model], answer: Answer, *, write: bool) -> Model:
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self.name}: {answer.url} answered {answer.status} with something that is not Zendesk's; check the URL"
            raise (Ambiguous(message) if write else Unavailable(message)) from error


def number(ticket_id: str) -> str:
    """Ids are numbers; anything else names nothing, and would lead elsewhere in an address."""
    if not (ticket_id.isascii() and ticket_id.isdecimal()):
        raise NotFound(f"{ticket_id!r} is no id of a Zendesk ticket")
    return ticket_id
