"""The connector of a simulated platform: the engine's calls on their way there and back, with whatever goes wrong on that way."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TypeVar

from pydantic import JsonValue

from connectors.kit import interface
from connectors.kit.interface import Capabilities, Change, ChangePage, FieldChange, Written
from model.errors import Ambiguous, Gone, LoginRejected, NotFound, RateLimited, Refused, Stale, Unavailable
from model.item import Attachment, Comment, Fields, Item
from tests.simulation import shapes
from tests.simulation.clock import START, Clock
from tests.simulation.faults import Faults, is_write
from tests.simulation.platform import Missing, Origin, Platform, Record
from tests.simulation.profile import Habits
from tests.simulation.steps import CallFault
from tests.simulation.truth import ENGINE
from tests.simulation.work_account import WorkAccount, present

T = TypeVar("T")
WAY = (0.02, 0.4)
PATIENCE = 5.0
PAGE = 3


def capabilities(habits: Habits) -> Capabilities:
    comments = {"internal": habits.internal_comments, "edit": habits.edits_comments, "delete": habits.deletes_comments}
    return Capabilities(
        writable=frozenset({"summary", "description", "priority", "status", "environment", "parentId"}),
        apart=frozenset() if habits.created_with_status else frozenset({"parentId"}),
        status_by="transition" if habits.transitions else "field",
        created_with_status=habits.created_with_status,
        comments=frozenset(name for name in ("internal", "edit", "delete") if comments[name]),
        attachments=habits.attachments,
        work_logs=habits.work_logs,
        exact_versions=habits.clock == "exact",
        search_lag=habits.lag,
        compare_and_set=habits.compare_and_set,
        create_key=habits.create_key,
        change_history=habits.change_history,
    )


class Account:
    """What the engine holds of one platform. `way` draws how long a message travels."""

    def __init__(
        self, platform: Platform, clock: Clock, faults: Faults, way: Callable[[], float], reach: Callable[[str], Awaitable[None]]
    ) -> None:
        self.capabilities = capabilities(platform.habits)
        self.work_logs = WorkAccount(platform, self._call, self._visible)
        self._platform = platform
        self._clock = clock
        self._faults = faults
        self._way = way
        self._reach = reach
        self._requests = 0
        self._seen: dict[str, dict[str, str]] = {}

    # The way there and back

    async def _call(self, op: str, work: Callable[[Origin], T], item: str = "") -> T:
        side = self._platform.side
        await self._reach(f"before {side}.{op}")
        fault = self._faults.call(side, op)
        if fault is not None and fault.how == "login":
            self._faults.lock(side, fault.seconds)
        if self._faults.locked(side):
            raise LoginRejected(f"{side} does not accept the token")
        if fault is not None and fault.how == "refused":
            raise Unavailable(f"{side} cannot be reached")
        answer = await self._travelled(op, work, item, fault)
        await self._reach(f"after {side}.{op}")
        return answer

    async def _travelled(self, op: str, work: Callable[[Origin], T], item: str, fault: CallFault | None) -> T:
        self._requests += 1
        sent = self._clock.elapsed
        origin = Origin(ENGINE, self._requests, sent, dict(self._seen.get(item, {})))
        if is_write(op):
            self._platform.truth.requests.append((sent, op, item))
        arrived: asyncio.Future[T] = self._clock.create_future()
        self._clock.call_later(self._delay(fault), self._arrive, work, origin, arrived, self._lands(op, fault))
        if fault is not None and fault.how == "late":
            await self._clock.sleep(PATIENCE)
            raise Ambiguous(f"{self._platform.side} did not answer in time")
        answer = await arrived
        await self._clock.sleep(self._way())
        self._after(op, fault)
        return answer

    def _delay(self, fault: CallFault | None) -> float:
        return self._way() + (fault.seconds if fault is not None and fault.how in {"late", "slow"} else 0.0)

    @staticmethod
    def _lands(op: str, fault: CallFault | None) -> bool:
        del op
        return fault is None or fault.how not in {"limited", "error"}

    def _arrive(self, work: Callable[[Origin], T], origin: Origin, arrived: "asyncio.Future[T]", lands: bool) -> None:
        if not lands:
            arrived.cancelled() or arrived.set_result(None)  # type: ignore[arg-type]
            return
        try:
            answer = work(origin)
        except (NotFound, Gone, Refused, Stale) as refusal:
            if not arrived.done():
                arrived.set_exception(refusal)
                arrived.exception()
        else:
            if not arrived.done():
                arrived.set_result(answer)

    def _after(self, op: str, fault: CallFault | None) -> None:
        side = self._platform.side
        match fault.how if fault else "":
            case "limited":
                raise RateLimited(f"{side} asks to wait", fault.seconds if fault else 0.0)
            case "error" if is_write(op):
                raise Ambiguous(f"{side} failed on its side")
            case "error":
                raise Unavailable(f"{side} failed on its side")
            case "lost":
                raise Ambiguous(f"{side} did not answer")
            case _:
                return

    # Reading

    def _visible(self, item: str) -> Record:
        record = self._platform.records.get(item)
        side = self._platform.side
        if record is None or record.hidden:
            raise NotFound(f"{side} shows no {item}")
        if record.deleted:
            proof = self._platform.habits.proves_deletion
            raise Gone(f"{item} was deleted on {side}") if proof else NotFound(f"{side} shows no {item}")
        return record

    def _read(self, item: str) -> Item:
        record = self._visible(item)
        self._seen[item] = dict(record.fields)
        return shapes.item(self._platform, record)

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        del settings

    async def account(self, settings: Mapping[str, JsonValue] | None) -> interface.Account:
        del settings
        return interface.Account(name=ENGINE, platform=self._platform.side)

    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None:
        del settings, query

    async def read(self, item_id: str) -> Item:
        return await self._call("read", lambda _: self._read(item_id))

    async def whereabouts(self, settings: Mapping[str, JsonValue], item: Item) -> str:
        del settings, item
        return ""

    async def find(self, settings: Mapping[str, JsonValue], key: str) -> Change:
        del settings
        return await self._call("find", lambda _: self._found(key))

    def _found(self, key: str) -> Change:
        record = next((one for one in self._platform.live() if key in {one.id, one.key} and not one.hidden), None)
        if record is None:
            raise NotFound(f"{self._platform.side} shows no {key}")
        return self._listed(record)

    def _listed(self, record: Record) -> Change:
        return Change(id=record.id, key=record.key, version=self._platform.version(record), marker=record.marker or None)

    async def history(self, item_id: str, since: datetime) -> tuple[FieldChange, ...]:
        start = (since - START).total_seconds()
        return await self._call("history", lambda _: shapes.history(self._platform, self._visible(item_id), start))

    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        del settings
        return await self._call("find_by_marker", lambda _: self._marked(marker, since))

    def _marked(self, marker: str, since: datetime) -> Item | None:
        lag = self._platform.habits.lag
        known = [one for one in self._platform.live() if one.born + lag <= self._clock.elapsed and one.created >= since]
        found = next((one for one in known if one.marker == marker), None)
        return self._read(found.id) if found else None

    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        del settings
        return await self._call("changes", lambda _: self._page(cursor))

    def _page(self, cursor: str) -> ChangePage:
        """`cursor` is `<since>|<until>|<offset>`; it goes back by the lag and a little, so that nothing is missed."""
        now = self._clock.elapsed
        since, until, offset = (float(part) for part in (cursor or f"{now}|{now}|0").split("|"))
        back = since if offset else since - self._platform.habits.lag - 1.0
        shown = [one for one in self._platform.live() if one.shown <= now and (one.updated - START).total_seconds() >= back]
        shown.sort(key=lambda one: (one.updated, one.id))
        page = shown[int(offset) : int(offset) + PAGE]
        if int(offset) + PAGE < len(shown):
            return ChangePage(
                changes=tuple(map(self._listed, page)), cursor=f"{back}|{until if offset else now}|{int(offset) + PAGE}", more=True
            )
        end = until if offset else now
        return ChangePage(changes=tuple(map(self._listed, page)), cursor=f"{end}|{end}|0")

    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        del settings
        return await self._call("search", lambda _: self._matching(query, since))

    def _matching(self, query: str, since: datetime | None) -> tuple[Change, ...]:
        now = self._clock.elapsed
        shown = [one for one in self._platform.live() if one.shown <= now and (since is None or one.updated >= since)]
        fitting = [one for one in shown if query == one.fields["label"] or one.made_by == ENGINE]
        return tuple(self._listed(one) for one in fitting if not one.hidden)

    async def lookup(self, settings: Mapping[str, JsonValue], name: str, arguments: tuple[str | None, ...]) -> JsonValue:
        del settings
        if name != "http":
            return shapes.option(name, arguments[0])
        return await self._call("call", lambda _: self._tallied(arguments[3] or ""))

    def _tallied(self, told: str) -> JsonValue:
        self._platform.truth.tally.append(told)
        return {"code": 201, "body": None, "headers": {}}

    # Writing

    def _written(self, record: Record, names: Fields) -> Written:
        whole = shapes.item(self._platform, record)
        return Written(ref=whole.ref, version=whole.version, fields={name: whole.fields.get(name) for name in names})

    async def create(self, settings: Mapping[str, JsonValue], fields: Fields, marker: str) -> Written:
        del settings
        return await self._call("create", lambda origin: self._created(origin, fields, marker))

    def _created(self, origin: Origin, fields: Fields, marker: str) -> Written:
        if self._platform.habits.create_key:
            known = next((one for one in self._platform.records.values() if one.marker == marker), None)
            if known is not None:
                return self._written(known, fields)
        told = {"status": None, **fields} if self._platform.habits.tells_status else fields
        return self._written(self._platform.create(origin, shapes.stored(fields), marker), told)

    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        return await self._call("update", lambda origin: self._updated(origin, item_id, fields, version), item_id)

    def _updated(self, origin: Origin, item_id: str, fields: Fields, version: str) -> Written:
        record = self._visible(item_id)
        now = self._platform.version(record)
        if self._platform.habits.compare_and_set and version and version != now:
            raise Stale(f"{record.key} is at {now}", now)
        return self._written(self._platform.write(origin, item_id, shapes.stored(fields)), fields)

    async def transition(self, item_id: str, status: str, version: str = "") -> Written:
        def work(origin: Origin) -> Written:
            self._visible(item_id)
            if len(self._platform.way(item_id, status)) > 1:
                raise Refused(f"{item_id} cannot go to {status} at once", "status")
            return self._updated(origin, item_id, {"status": {"name": status}}, version)

        return await self._call("transition", work, item_id)

    async def way(self, settings: Mapping[str, JsonValue], item_id: str, status: str) -> tuple[str, ...]:
        del settings

        def work(_: Origin) -> tuple[str, ...]:
            self._visible(item_id)
            return self._platform.way(item_id, status)

        return await self._call("way", work)

    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        def work(origin: Origin) -> Comment:
            self._visible(item_id)
            return shapes.comment(self._platform, self._platform.comment(origin, item_id, body, internal=internal, marker=marker))

        return await self._call("add_comment", work, item_id)

    async def find_comment(self, item_id: str, marker: str) -> Comment | None:
        def work(_: Origin) -> Comment | None:
            notes = self._visible(item_id).notes.values()
            return next((shapes.comment(self._platform, one) for one in notes if one.marker == marker), None)

        return await self._call("find_comment", work)

    def as_read(self, written: str) -> str:
        return written

    async def edit_comment(self, item_id: str, comment_id: str, body: str) -> Comment:
        def work(origin: Origin) -> Comment:
            self._visible(item_id)
            return shapes.comment(self._platform, self._platform.edit_comment(origin, item_id, comment_id, body))

        return await self._call("edit_comment", lambda origin: present(lambda: work(origin)), item_id)

    async def delete_comment(self, item_id: str, comment_id: str) -> None:
        def work(origin: Origin) -> None:
            self._visible(item_id)
            with contextlib.suppress(Missing):
                self._platform.delete_comment(origin, item_id, comment_id)

        await self._call("delete_comment", work, item_id)

    def download(self, attachment: Attachment) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return self._download(attachment)

    @contextlib.asynccontextmanager
    async def _download(self, attachment: Attachment) -> AsyncGenerator[AsyncIterator[bytes]]:
        item, _, file = attachment.location.partition("/")

        def work(_: Origin) -> bytes:
            return self._visible(item).files[file].content

        content = await self._call("download", lambda origin: present(lambda: work(origin)))
        content = content[:-1] if self._faults.cut(self._platform.side) else content

        async def pieces() -> AsyncIterator[bytes]:
            yield content

        yield pieces()

    async def upload(self, item_id: str, attachment: Attachment, content: AsyncIterator[bytes], marker: str) -> Attachment:
        whole = b"".join([piece async for piece in content])
        kept = marker if self._platform.habits.file_markers else ""

        def work(origin: Origin) -> Attachment:
            record = self._visible(item_id)
            return shapes.attachment(record, self._platform.attach(origin, item_id, attachment.filename, whole, kept))

        return await self._call("upload", work, item_id)

    async def find_attachment(self, item_id: str, marker: str, like: Attachment, others: Collection[str] = ()) -> Attachment | None:
        def work(_: Origin) -> Attachment | None:
            record = self._visible(item_id)
            ours = [one for one in record.files.values() if one.author == ENGINE and one.id not in others]
            if self._platform.habits.file_markers:
                fitting = [one for one in ours if one.marker == marker]
            else:
                fitting = [one for one in ours if (one.name, len(one.content)) == (like.filename, like.size)]
            return shapes.attachment(record, fitting[-1]) if fitting else None

        return await self._call("find_attachment", work)

    async def delete_attachment(self, item_id: str, attachment_id: str) -> None:
        def work(origin: Origin) -> None:
            self._visible(item_id)
            with contextlib.suppress(Missing):
                self._platform.detach(origin, item_id, attachment_id)

        await self._call("delete_attachment", work, item_id)

    async def aclose(self) -> None:
        pass
