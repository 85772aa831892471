"""What moves, as server-sent events: told while somebody listens, from one task that looks for all of them."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Annotated, cast

import structlog
from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import StreamingResponse
from starlette.exceptions import HTTPException

from api.access import Guarded, needs
from api.using import CallerOrNone, ConnectionFilter, Using
from config.opening import Opened
from model.members import Permission
from operations.watching import OVERLAP, Look, Movement, OperationMoved, QueueMoved, TwinMoved
from store import Store

log = structlog.get_logger("twinline")

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 15.0
MOST_MISSED = timedelta(hours=1)
WAITING_LOOKS = 100
CONTENT_TYPE = "text/event-stream"

SAMPLE = 'id: 1772439300000\nevent: queue\ndata: {"connection":"app-bugs","waiting":3}\n\n'

NAMES: dict[type[Movement], str] = {QueueMoved: "queue", TwinMoved: "twin", OperationMoved: "operation"}

Found = tuple[int, tuple[Movement, ...]]

router = APIRouter(tags=["events"], route_class=Guarded)


class Watch:
    """The listeners of one process. A listener who is too far behind is let go; he can resume.

    One who has heard nothing for `heartbeat` seconds gets a sign of life.
    """

    def __init__(self, opened: Opened, heartbeat: float = HEARTBEAT_SECONDS) -> None:
        self.heartbeat = heartbeat
        self._opened = opened
        self._listeners: dict[asyncio.Queue[Found | None], str | None] = {}
        self._looking: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._closed = False

    @contextlib.asynccontextmanager
    async def listening(self, token: str | None) -> AsyncGenerator[asyncio.Queue[Found | None]]:
        """What is found from now on; None is the end, which is also when the token of that id lets nobody in any more.

        `token` is empty where none was needed, as long as that is so, and None where nothing ends it.
        """
        heard: asyncio.Queue[Found | None] = asyncio.Queue()
        self._listeners[heard] = token
        if self._closed:
            heard.put_nowait(None)
            self._ready.set()
        elif self._looking is None:
            self._ready = asyncio.Event()
            self._looking = asyncio.create_task(self._look(self._opened.store, self._ready))
            self._looking.add_done_callback(self._over)
        try:
            await self._ready.wait()
            yield heard
        finally:
            self._listeners.pop(heard, None)
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    @property
    def looks(self) -> bool:
        return self._looking is not None

    def close(self) -> None:
        """End all streams, also those that begin later."""
        self._closed = True
        self._tell(None)

    async def _look(self, store: Store, ready: asyncio.Event) -> None:
        look = Look(store, store.database.now())
        await look.moved()
        ready.set()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            moment = stamp(store.database.now())
            await self._dismiss(store)
            self._tell((moment, await look.moved()))

    async def _dismiss(self, store: Store) -> None:
        """Whoever would not be let in now hears nothing more."""
        listeners = {heard: token for heard, token in self._listeners.items() if token is not None}
        standing = await store.members.standing(set(listeners.values()))
        for heard, token in listeners.items():
            if token not in standing:
                self._end(heard)

    def _over(self, looking: asyncio.Task[None]) -> None:
        """Nobody is left to wait for what will not come: whoever listens begins anew."""
        if not looking.cancelled():
            log.warning("looking for events failed", error=type(looking.exception()).__name__)
            self._looking = None
            self._ready.set()
            self._tell(None)

    def _tell(self, found: Found | None) -> None:
        for heard in tuple(self._listeners):
            if heard.qsize() >= WAITING_LOOKS:
                self._end(heard)
            else:
                heard.put_nowait(found)

    def _end(self, heard: asyncio.Queue[Found | None]) -> None:
        self._listeners.pop(heard, None)
        heard.put_nowait(None)


def stamp(moment: datetime) -> int:
    """Milliseconds, as ids of events are."""
    return int(moment.timestamp() * 1000)


def _watch(request: Request) -> Watch:
    return cast("Watch", request.app.state.watch)


def _resumed(using: Using, last_event_id: Annotated[str, Header(description="`id` of the last event that came")] = "") -> datetime:
    now = using.store.database.now()
    if not last_event_id:
        return now
    if not (last_event_id.isascii() and last_event_id.isdecimal() and len(last_event_id) <= len(str(stamp(now)))):
        raise HTTPException(400, f"{last_event_id[:60]!r} is no id of an event; leave Last-Event-ID out to begin now")
    return max(datetime.fromtimestamp(int(last_event_id) / 1000, UTC) - OVERLAP, now - MOST_MISSED)


@router.get(
    "/events",
    response_class=StreamingResponse,
    responses={200: {"description": "Events.", "content": {CONTENT_TYPE: {"schema": {"type": "string", "examples": [SAMPLE]}}}}},
    openapi_extra=needs(Permission.VIEW),
)
async def follow_events(
    using: Using,
    caller: CallerOrNone,
    watch: Annotated[Watch, Depends(_watch)],
    since: Annotated[datetime, Depends(_resumed)],
    connection: ConnectionFilter,
) -> StreamingResponse:
    """Tell what moves until the caller goes: `queue` and running `operation` at first as they are, then each change, and every `twin`."""
    told = _told(using.store, watch, caller.token if caller else "", since, connection)
    return StreamingResponse(told, media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store"})


async def _told(store: Store, watch: Watch, token: str | None, since: datetime, connection: str | None) -> AsyncGenerator[str]:
    async with watch.listening(token) as heard:
        moment = stamp(store.database.now())
        yield await _text(store, (moment, await Look(store, since).moved()), connection) or _sign_of_life(moment)
        due = monotonic() + watch.heartbeat
        while found := await heard.get():
            text = await _text(store, found, connection)
            if text or monotonic() >= due:
                yield text or _sign_of_life(found[0])
                due = monotonic() + watch.heartbeat


async def _text(store: Store, found: Found, connection: str | None) -> str:
    """The events of connections that the listener may see, and wants to."""
    moment, movements = found
    if not movements:
        return ""
    seen = {one.id for one in await store.configurations.connections() if connection in {None, one.id}}
    return "".join(_event(moment, one) for one in movements if one.connection in seen)


def _sign_of_life(moment: int) -> str:
    """No event, but the id after which the listener would resume."""
    return f": still here\nid: {moment}\n\n"


def _event(moment: int, one: Movement) -> str:
    return f"id: {moment}\nevent: {NAMES[type(one)]}\ndata: {one.model_dump_json()}\n\n"
