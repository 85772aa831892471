"""A TCP proxy between the worker and a fake that cuts connections at a chosen moment of a request.

`BEFORE`: nothing of the request is passed on. `IN_REQUEST`: half of it. `AFTER`: all of it, and no answer comes back. `IN_ANSWER`: half of
the answer does. One request at a time goes through a connection, as HTTP/1.1 clients do without pipelining.
"""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from enum import StrEnum

WRITES = (b"POST ", b"PUT ", b"PATCH ", b"DELETE ")


class Cut(StrEnum):
    BEFORE = "before request"
    IN_REQUEST = "in request"
    AFTER = "before answer"
    IN_ANSWER = "in answer"


@dataclass
class Proxy:
    """Cuts each request by chance, and the next write where told. `port` is where it goes on to."""

    port: int
    chance: random.Random
    rate: float = 0.0
    cuts: Counter[Cut] = field(default_factory=Counter[Cut], init=False)
    next_write: Cut | None = field(default=None, init=False)
    url: str = field(default="", init=False)

    async def serve(self, client: asyncio.StreamReader, answers: asyncio.StreamWriter) -> None:
        """One connection of the worker's, until either end closes it or it is cut."""
        try:
            upstream, requests = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            answers.transport.abort()
            return
        try:
            while await self._request(client, answers, upstream, requests):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            answers.transport.abort()
            requests.transport.abort()

    async def _request(
        self, client: asyncio.StreamReader, answers: asyncio.StreamWriter, upstream: asyncio.StreamReader, requests: asyncio.StreamWriter
    ) -> bool:
        """One request and its answer; False once the connection is cut."""
        request = await _message(client)
        cut = self._chosen(request)
        if cut is Cut.BEFORE:
            return False
        if cut is Cut.IN_REQUEST:
            requests.write(request[: len(request) // 2])
            await requests.drain()
            return False
        requests.write(request)
        await requests.drain()
        answer = await _message(upstream, answer=True)
        if cut is Cut.AFTER:
            return False
        answers.write(answer[: len(answer) // 2] if cut is Cut.IN_ANSWER else answer)
        await answers.drain()
        return cut is None

    def _chosen(self, request: bytes) -> Cut | None:
        if request.startswith(WRITES) and self.next_write is not None:
            cut, self.next_write = self.next_write, None
        elif self.chance.random() < self.rate:
            cut = self.chance.choice(list(Cut))
        else:
            return None
        self.cuts[cut] += 1
        return cut


async def _message(stream: asyncio.StreamReader, *, answer: bool = False) -> bytes:
    """A whole request or answer, head and body."""
    head = await stream.readuntil(b"\r\n\r\n")
    names = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])}
    if names.get(b"transfer-encoding", b"").lower() == b"chunked":
        return head + await _chunks(stream)
    length = int(names.get(b"content-length", b"0"))
    if answer and head.split(b" ", 2)[1] in {b"204", b"304"}:
        length = 0
    return head + await stream.readexactly(length)


async def _chunks(stream: asyncio.StreamReader) -> bytes:
    whole = b""
    while True:
        line = await stream.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        whole += line + await stream.readexactly(size + 2)
        if size == 0:
            return whole


@contextlib.asynccontextmanager
async def proxied(port: int, seed: str) -> AsyncGenerator[Proxy]:
    """A proxy to that port of this machine; its `url` is where to call."""
    proxy = Proxy(port, random.Random(seed))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, limit=16 * 1024 * 1024)
    proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield proxy
    finally:
        server.close()
