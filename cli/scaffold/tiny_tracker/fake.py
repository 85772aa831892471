"""Tiny Tracker's API as a stateful ASGI app. Write yours from the vendor's documentation, not from your client."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import cast

from pydantic import BaseModel, JsonValue, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from connectors.kit.fake import Controls, Record, Webhooks, fake_app, writes
from connectors.kit.interface import FakeOptions
from connectors.kit.webhooks import hex_signature

BOARD = "support"
STATES = ("Open", "Doing", "Done")


class StoredComment(BaseModel):
    id: int
    author: str
    text: str
    created: datetime
    reference: str | None = None


class Stored(BaseModel):
    """A card as the tracker keeps it."""

    id: int
    board: str = BOARD
    title: str
    text: str = ""
    state: str = "Open"
    created: datetime
    updated: datetime
    revision: int
    reference: str | None = None
    comments: list[StoredComment] = []
    deleted: bool = False


class Wanted(BaseModel):
    """What a call sets; a card's title cannot be taken away."""

    title: str | None = None
    text: str | None = None
    state: str | None = None
    reference: str | None = None


class Problem(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class FakeTinyTracker:
    """One tracker with the board `support`; Twinline's account, and ann with the token `ann-token`."""

    def __init__(self, options: FakeOptions) -> None:
        self._options = options
        self._tokens = {options.secret: options.user, "ann-token": "ann"}
        self._cards: dict[int, Stored] = {}
        self._revision = 0
        self._log: list[Record] = []
        controls = Controls()
        self._webhooks = Webhooks(controls)
        table: dict[str, dict[str, Callable[[Request, str], Awaitable[Response]]]] = {
            "/api/me": {"GET": self._me},
            "/api/boards/{board}/cards": {"GET": self._list, "POST": self._create},
            "/api/cards/{id}": {"GET": self._read, "PATCH": self._update, "DELETE": self._delete},
            "/api/cards/{id}/comments": {"POST": self._comment},
        }
        routes = [Route(path, self._endpoint(methods), methods=list(methods)) for path, methods in table.items()]
        self._app = fake_app([*routes], controls, self._state, _slow_down, log=self._log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))

    def _endpoint(self, methods: dict[str, Callable[[Request, str], Awaitable[Response]]]) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            user = self._tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
            if user is None:
                return JSONResponse({"error": "sign in"}, 401)
            try:
                return await methods["GET" if request.method == "HEAD" else request.method](request, user)
            except Problem as problem:
                return JSONResponse({"error": str(problem)}, problem.status)
            except ValidationError:
                return JSONResponse({"error": "that is no card"}, 400)

        return serve

    async def _me(self, request: Request, user: str) -> Response:
        del request
        return JSONResponse({"login": user})

    async def _list(self, request: Request, user: str) -> Response:
        """By last change, after a revision; `newest` lists nothing and tells where the tracker stands."""
        del user
        _require_board(request)
        asked = request.query_params
        if "newest" in asked:
            return JSONResponse({"cards": [], "last": self._revision, "more": False})
        word = _word(asked.get("query", ""))
        found = sorted((one for one in self._cards.values() if not one.deleted), key=lambda one: one.revision)
        found = [one for one in found if one.revision > int(asked.get("after", "0")) and word in one.title.casefold()]
        if "reference" in asked:
            found = [one for one in found if one.reference == asked["reference"]]
        page = found[: int(asked.get("limit", "50"))]
        last = page[-1].revision if page else max(self._revision, int(asked.get("after", "0")))
        return JSONResponse({"cards": [_shown(one) for one in page], "last": last, "more": len(page) < len(found)})

    async def _create(self, request: Request, user: str) -> Response:
        _require_board(request)
        wanted = await _wanted(request)
        if not wanted.title:
            raise Problem(422, "a card needs a title")
        now = datetime.now(UTC)
        card = Stored(id=len(self._cards) + 1, title=wanted.title, created=now, updated=now, revision=0, reference=wanted.reference)
        self._cards[card.id] = card
        self._changed(card, user, "create", text=wanted.text or "", state=wanted.state or "Open")
        return JSONResponse(_shown(card), 201)

    async def _read(self, request: Request, user: str) -> Response:
        del user
        return JSONResponse(_shown(self._card(request)))

    async def _update(self, request: Request, user: str) -> Response:
        card, wanted = self._card(request), await _wanted(request)
        self._changed(card, user, "update", **wanted.model_dump(exclude_unset=True, exclude={"reference"}))
        return JSONResponse(_shown(card))

    async def _delete(self, request: Request, user: str) -> Response:
        self._changed(self._card(request), user, "delete", deleted=True)
        return Response(status_code=204)

    async def _comment(self, request: Request, user: str) -> Response:
        card, wanted = self._card(request), await _wanted(request)
        number = sum(len(one.comments) for one in self._cards.values()) + 1
        made = StoredComment(id=number, author=user, text=wanted.text or "", created=datetime.now(UTC), reference=wanted.reference)
        self._changed(card, user, "comment", comments=[*card.comments, made])
        return JSONResponse(made.model_dump(mode="json"), 201)

    def _card(self, request: Request) -> Stored:
        text = str(request.path_params["id"])
        card = self._cards.get(int(text)) if text.isdecimal() else None
        if card is None:
            raise Problem(404, "no such card")
        if card.deleted:
            raise Problem(410, "the card was deleted")
        return card

    def _changed(self, card: Stored, user: str, action: str, **values: object) -> None:
        self._revision += 1
        for name, value in {**values, "revision": self._revision, "updated": datetime.now(UTC)}.items():
            setattr(card, name, value)
        self._log.append(Record(at=card.updated.isoformat(), actor=user, action=action, item=str(card.id)))
        if self._options.webhook_url:
            told: dict[str, JsonValue] = {"card": card.id, "board": card.board, "revision": card.revision, "deleted": card.deleted}
            body = json.dumps(told).encode()
            headers = {"X-Tracker-Signature": hex_signature(body, self._options.webhook_secret), "Content-Type": "application/json"}
            self._webhooks.send(self._options.webhook_url, body, headers, retried=True)

    def _state(self) -> JsonValue:
        return {"items": [_shown(one) for one in self._cards.values()], "log": writes(self._log)}


def _require_board(request: Request) -> None:
    if request.path_params["board"] != BOARD:
        raise Problem(404, "no such board")


def _word(query: str) -> str:
    """The language of queries: `title~WORD`, or nothing."""
    if query and not query.startswith("title~"):
        raise Problem(400, f"{query!r} is no query; write title~WORD")
    return query.removeprefix("title~").casefold()


async def _wanted(request: Request) -> Wanted:
    wanted = Wanted.model_validate_json(await request.body())
    if wanted.state is not None and wanted.state not in STATES:
        raise Problem(422, f"no state {wanted.state!r}")
    return wanted


def _shown(card: Stored) -> JsonValue:
    return cast("JsonValue", card.model_dump(mode="json", exclude={"deleted"}))


def _slow_down() -> Response:
    return JSONResponse({"error": "slow down"}, 429, {"Retry-After": "7"})
