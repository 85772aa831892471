"""The REST API as hands: nothing but calls."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import JsonValue, TypeAdapter

from cli import declaration
from connectors.kit.http import Answer, exchange
from model.audit import AuditEntry
from model.twin import Twin
from model.version import Version
from model.words import Side, TwinStatus
from operations.bulk_views import Begun, OperationView
from operations.errors import Failure, FailurePage
from operations.predictions import Predictions
from operations.steering import Retried
from operations.views import (
    Application,
    AuditPage,
    ConnectionDetail,
    DryRun,
    MemberAdded,
    Published,
    Relinked,
    Steered,
    Switched,
    TwinPage,
)

T = TypeVar("T")


@dataclass
class RestHands:
    url: str
    token: str = ""

    async def add_owner(self, name: str) -> None:
        added = await self._post(MemberAdded, "/members", {"name": name, "role": "owner"})
        assert added.issued, "the first member has no token"
        self.token = added.issued.text

    async def apply(self, file: Path) -> Application:
        return await self._post(Application, "/deployment", declaration.read(file, os.environ).content)

    async def dry_run(self, connection: str, side: Side, trigger: str) -> DryRun:
        return await self._post(DryRun, f"/connections/{connection}/triggers/{side}/{trigger}/dry-run")

    async def bulk_exalate(self, connection: str, side: Side, query: str) -> str:
        wanted: JsonValue = {"query": {"side": side, "query": query}, "per_minute": 6000}
        return await self._begun(f"/connections/{connection}/bulk/exalate", wanted)

    async def operation(self, operation: str) -> OperationView:
        return await self._get(OperationView, f"/operations/{operation}")

    async def connection(self, name: str) -> ConnectionDetail:
        return await self._get(ConnectionDetail, f"/connections/{name}")

    async def twins(self, connection: str, status: TwinStatus) -> Sequence[Twin]:
        found: list[Twin] = []
        after: str | None = ""
        while after is not None:
            page = await self._get(TwinPage, "/twins", connection=connection, status=status, limit=1000, after=after)
            found += page.twins
            after = page.after or None
        return found

    async def activate(self, connection: str) -> None:
        await self._post(Switched, f"/connections/{connection}/activate")

    async def deactivate(self, connection: str) -> None:
        await self._post(Switched, f"/connections/{connection}/deactivate")

    async def draft(self, connection: str, why: str) -> int:
        return (await self._post(Version, f"/connections/{connection}/versions", {"note": why})).number

    async def edit(self, connection: str, version: int, right_incoming: Path) -> None:
        wanted: JsonValue = {"right": {"incoming": right_incoming.read_text()}}
        await self._post(Version, f"/connections/{connection}/versions/{version}/edit", wanted)

    async def test_run(self, connection: str, version: int, items: Sequence[str]) -> Predictions:
        wanted: JsonValue = {"items": [*items], "side": "left", "version": version}
        return await self._post(Predictions, f"/connections/{connection}/test-runs", wanted)

    async def publish(self, connection: str, version: int) -> None:
        await self._post(Published, f"/connections/{connection}/versions/{version}/publish", {})

    async def errors(self, connection: str) -> Sequence[Failure]:
        return (await self._get(FailurePage, "/errors", connection=connection)).failures

    async def retry_all(self, connection: str) -> None:
        await self._post(Retried, "/errors/retry", {"connection": connection})

    async def bulk_unlink(self, connection: str, side: Side, query: str) -> str:
        return await self._begun(f"/connections/{connection}/bulk/unlink", {"query": {"side": side, "query": query}, "per_minute": 6000})

    async def relink(self, twin: str, source: Side) -> None:
        await self._post(Relinked, f"/twins/{twin}/relink", {"source": source})

    async def force_unlink(self, twin: str) -> None:
        await self._post(Steered, f"/twins/{twin}/unlink", {"force": True})

    async def clean_up(self, connection: str) -> str:
        return await self._begun(f"/connections/{connection}/bulk/cleanup", {})

    async def pairs(self, operation: str, file: Path) -> None:
        file.write_bytes((await self._call("GET", f"/operations/{operation}/pairs")).body)

    async def bulk_connect(self, connection: str, file: Path, source: Side, *, dry_run: bool) -> str:
        wanted: JsonValue = {"csv": file.read_text(), "source": source, "dry_run": dry_run, "per_minute": 6000}
        return await self._begun(f"/connections/{connection}/bulk/connect", wanted)

    async def audit(self) -> Sequence[AuditEntry]:
        found: list[AuditEntry] = []
        page = await self._get(AuditPage, "/audit", limit=1000)
        found += page.entries
        while page.after:
            page = await self._get(AuditPage, "/audit", limit=1000, after=page.after)
            found += page.entries
        return found

    async def _begun(self, path: str, wanted: JsonValue) -> str:
        return (await self._post(Begun, path, wanted)).operation.id

    async def _get(self, kind: type[T], path: str, **parameters: str | int) -> T:
        given = urlencode({name: value for name, value in parameters.items() if value != ""})
        return TypeAdapter(kind).validate_json((await self._call("GET", f"{path}?{given}")).body)

    async def _post(self, kind: type[T], path: str, payload: JsonValue = None) -> T:
        return TypeAdapter(kind).validate_json((await self._call("POST", path, payload)).body)

    async def _call(self, method: str, path: str, payload: JsonValue = None) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        answer = await exchange(method, f"{self.url}/api/v1{path}", payload, headers=headers)
        assert answer.status < 300, f"{method} {path} answered {answer.status}: {answer.body.decode()}"
        return answer
