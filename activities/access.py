"""Open connectors, one per system and process, so that all twins share its pace and its caches."""

import asyncio
import hashlib
import json
from dataclasses import dataclass

from connectors import declaration
from connectors.kit.interface import Connector, Declaration, Hooks, SystemAccess
from model.configuration import System
from store import Store


@dataclass(frozen=True)
class OpenSystem:
    system: System
    declared: Declaration
    connector: Connector


class Systems:
    """Opens a system's connector at first use, and anew when its configuration changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: dict[str, tuple[str, OpenSystem]] = {}
        self._lock = asyncio.Lock()

    async def opened(self, system_id: str) -> OpenSystem:
        """The system as it is configured now; BadInput if there is none of that name."""
        system, credentials = await self._store.configurations.access(system_id)
        print_of = _fingerprint(system, credentials)
        async with self._lock:
            known = self._open.get(system_id)
            if known and known[0] == print_of:
                return known[1]
            declared = declaration(system.kind)
            opened = OpenSystem(system, declared, declared.open(_access(system, credentials)))
            self._open[system_id] = (print_of, opened)
            if known:
                await known[1].connector.aclose()
            return opened

    async def hooks(self, system_id: str) -> Hooks | None:
        """What keeps the system's webhooks, for the caller to close; None where the platform has no API for that."""
        system, credentials = await self._store.configurations.access(system_id)
        opening = declaration(system.kind).hooks
        return opening(_access(system, credentials)) if opening else None

    async def aclose(self) -> None:
        for _, opened in self._open.values():
            await opened.connector.aclose()
        self._open.clear()


def _access(system: System, credentials: dict[str, str]) -> SystemAccess:
    pace, share = system.calls_per_second, system.quota_share
    return SystemAccess(name=system.id, url=system.url, credentials=credentials, calls_per_second=pace, quota_share=share)


def _fingerprint(system: System, credentials: dict[str, str]) -> str:
    text = system.model_dump_json() + json.dumps(credentials, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
