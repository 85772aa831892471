"""Open connectors, one per system and process, so that all twins share its pace and its caches."""

import asyncio
import hashlib
import json

from connectors import declaration
from connectors.kit.interface import Connector, Declaration, SystemAccess
from model.configuration import System
from store import Store


class Systems:
    """Opens a system's connector at first use, and anew when its configuration changed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._open: dict[str, tuple[str, Connector]] = {}
        self._lock = asyncio.Lock()

    async def system(self, system_id: str) -> System:
        return await self._store.configurations.system(system_id)

    async def declared(self, system_id: str) -> Declaration:
        return declaration((await self.system(system_id)).kind)

    async def connector(self, system_id: str) -> Connector:
        async with self._lock:
            system = await self.system(system_id)
            credentials = await self._store.configurations.credentials(system_id)
            print_of = _fingerprint(system, credentials)
            known = self._open.get(system_id)
            if known and known[0] == print_of:
                return known[1]
            access = SystemAccess(name=system.id, url=system.url, credentials=credentials, calls_per_second=system.calls_per_second)
            opened = declaration(system.kind).open(access)
            self._open[system_id] = (print_of, opened)
            if known:
                await known[1].aclose()
            return opened

    async def aclose(self) -> None:
        for _, connector in self._open.values():
            await connector.aclose()
        self._open.clear()


def _fingerprint(system: System, credentials: dict[str, str]) -> str:
    text = system.model_dump_json() + json.dumps(credentials, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
