"""Typed calls of Tiny Tracker's API; no decisions."""

from typing import TypeVar
from urllib.parse import quote

from pydantic import JsonValue, ValidationError

from cli.scaffold.tiny_tracker.config import Credentials
from cli.scaffold.tiny_tracker.payloads import CardPage, CardPayload, CommentPayload, Me, Payload
from cli.scaffold.tiny_tracker.refusals import explain
from connectors.kit import rest
from connectors.kit.http import Answer, Body, Http, Parameters
from connectors.kit.interface import SystemAccess
from model.errors import Ambiguous, Unavailable

PAGE = 50

Model = TypeVar("Model", bound=Payload)


class TinyTrackerClient:
    def __init__(self, access: SystemAccess) -> None:
        token = Credentials.model_validate(access.credentials).token
        self.name = access.name
        self.url = access.url.rstrip("/")
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = Http(access.name, access.url, headers, lambda answer: explain(access.name, answer), access.calls_per_second)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def look(self, question: tuple[str | None, ...]) -> JsonValue:
        """What a sync rule asks of the API itself."""
        return await rest.look(self._http, question)

    async def me(self) -> Me:
        return self._parsed(Me, await self._http.get("/api/me"), write=False)

    async def card(self, card_id: str) -> CardPayload:
        return self._parsed(CardPayload, await self._http.get(f"/api/cards/{quote(card_id, safe='')}"), write=False)

    async def cards(self, board: str, parameters: Parameters) -> CardPage:
        answer = await self._http.get(f"/api/boards/{quote(board, safe='')}/cards", {"limit": PAGE, **parameters})
        return self._parsed(CardPage, answer, write=False)

    async def create(self, board: str, card: dict[str, JsonValue]) -> CardPayload:
        answer = await self._http.write("POST", f"/api/boards/{quote(board, safe='')}/cards", Body(json=card))
        return self._parsed(CardPayload, answer, write=True)

    async def update(self, card_id: str, card: dict[str, JsonValue]) -> CardPayload:
        answer = await self._http.write("PATCH", f"/api/cards/{quote(card_id, safe='')}", Body(json=card))
        return self._parsed(CardPayload, answer, write=True)

    async def comment(self, card_id: str, text: str, reference: str) -> CommentPayload:
        body = Body(json={"text": text, "reference": reference})
        answer = await self._http.write("POST", f"/api/cards/{quote(card_id, safe='')}/comments", body)
        return self._parsed(CommentPayload, answer, write=True)

    def _parsed(self, model: type[Model], answer: Answer, *, write: bool) -> Model:
        """Of a write whose answer cannot be read nobody knows whether it was done."""
        try:
            return model.model_validate_json(answer.body)
        except ValidationError as error:
            message = f"{self.name}: {answer.url} answered {answer.status} with something that is not Tiny Tracker's; check the URL"
            raise (Ambiguous(message) if write else Unavailable(message)) from error
