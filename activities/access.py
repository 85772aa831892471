"""Open connectors, one per system and process, so that all twins share its pace and its caches."""

import asyncio
import hashlib
import json
from dataclasses import dataclass

from connectors import declaration
from connectors.kit.interface import Connector, Declaration, SystemAccess
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
            access = SystemAccess(name=system.id, url=system.url, credentials=credentials, calls_per_second=system.calls_per_second)
            opened = OpenSystem(system, declared, declared.open(access))
            self._open[system_id] = (print_of, opened)
            if known:
                await known[1].connector.aclose()
            return opened

    async def aclose(self) -> None:
        for _, opened in self._open.values():
            await opened.connector.aclose()
        self._open.clear()


def _fingerprint(system: System, credentials: dict[str, str]) -> str:
    text = system.model_dump_json() + json.dumps(credentials, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
