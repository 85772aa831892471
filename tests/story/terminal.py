"""The command line as hands: every act is a process of its own, as a person types it."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from model.audit import AuditEntry
from model.twin import Twin
from model.version import Version
from model.words import Side, TwinStatus
from operations.bulk_views import Begun, ItemView, OperationView
from operations.errors import Failure
from operations.predictions import Predictions
from operations.views import Application, ConnectionDetail, DryRun, MemberAdded, Relinked, Steered, Switched
from tests.crash.parts import ROOT

T = TypeVar("T")


@dataclass
class TerminalHands:
    """`environment` has the variables by which `twinline` finds the API."""

    environment: Mapping[str, str]
    token: dict[str, str] = field(default_factory=dict[str, str])

    async def add_owner(self, name: str) -> None:
        added = await self._read(MemberAdded, "member", "add", name, "--role", "owner")
        assert added.issued, "the first member has no token"
        self.token = {"TWINLINE_TOKEN": added.issued.text}

    async def apply(self, file: Path) -> Application:
        return await self._read(Application, "apply", str(file))

    async def dry_run(self, connection: str, side: Side, trigger: str) -> DryRun:
        return await self._read(DryRun, "trigger", "test", connection, side, trigger)

    async def bulk_exalate(self, connection: str, side: Side, query: str) -> str:
        return await self._begun("exalate", connection, "--side", side, "--query", query, "--per-minute", "6000")

    async def operation(self, operation: str) -> OperationView:
        shown = await self._read(dict[str, OperationView | list[ItemView]], "operations", "show", operation)
        view = shown["operation"]
        assert isinstance(view, OperationView), view
        return view

    async def connection(self, name: str) -> ConnectionDetail:
        return await self._read(ConnectionDetail, "connection", "show", name)

    async def twins(self, connection: str, status: TwinStatus) -> Sequence[Twin]:
        return await self._read(list[Twin], "twins", "--connection", connection, "--status", status)

    async def activate(self, connection: str) -> None:
        await self._read(Switched, "connection", "activate", connection)

    async def deactivate(self, connection: str) -> None:
        await self._read(Switched, "connection", "deactivate", connection)

    async def draft(self, connection: str, why: str) -> int:
        return (await self._read(Version, "version", "draft", connection, "--why", why)).number

    async def edit(self, connection: str, version: int, right_incoming: Path) -> None:
        await self._type("version", "edit", connection, str(version), "--right-incoming", str(right_incoming))

    async def test_run(self, connection: str, version: int, items: Sequence[str]) -> Predictions:
        words = ("test-run", connection, *items, "--side", "left", "--version", str(version), "--json")
        return TypeAdapter(Predictions).validate_json(await self._type(*words, codes=(0, 1)))

    async def publish(self, connection: str, version: int) -> None:
        await self._type("version", "publish", connection, str(version))

    async def errors(self, connection: str) -> Sequence[Failure]:
        return await self._read(list[Failure], "errors", "--connection", connection)

    async def retry_all(self, connection: str) -> None:
        await self._type("retry", "--connection", connection)

    async def bulk_unlink(self, connection: str, side: Side, query: str) -> str:
        return await self._begun("unlink", connection, "--side", side, "--query", query, "--per-minute", "6000")

    async def relink(self, twin: str, source: Side) -> None:
        await self._read(Relinked, "twin", "relink", twin, "--source", source)

    async def force_unlink(self, twin: str) -> None:
        await self._read(Steered, "twin", "unlink", twin, "--force")

    async def clean_up(self, connection: str) -> str:
        return await self._begun("cleanup", "--connection", connection)

    async def pairs(self, operation: str, file: Path) -> None:
        await self._type("operations", "pairs", operation, "--to", str(file))

    async def bulk_connect(self, connection: str, file: Path, source: Side, *, dry_run: bool) -> str:
        how = ("--dry-run",) if dry_run else ()
        return await self._begun("connect", connection, str(file), "--source", source, "--per-minute", "6000", *how)

    async def audit(self) -> Sequence[AuditEntry]:
        lines = (await self._type("audit", "export")).splitlines()
        return [AuditEntry.model_validate_json(line) for line in lines]

    async def _begun(self, *words: str) -> str:
        (begun,) = await self._read(tuple[Begun, ...], "bulk", *words)
        return begun.operation.id

    async def _read(self, kind: type[T], *words: str) -> T:
        return TypeAdapter(kind).validate_json(await self._type(*words, "--json"))

    async def _type(self, *words: str, codes: Sequence[int] = (0,)) -> str:
        """What it prints."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "cli.main", *words),
            env={**os.environ, **self.environment, **self.token, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await process.communicate()
        assert process.returncode in codes, f"twinline {' '.join(words)} ended with {process.returncode}: {complained.decode()}"
        return said.decode()
