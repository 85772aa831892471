"""Work logs."""

from datetime import UTC, datetime, timedelta

from connectors.kit.conformance.expect import Broken, expect, same, told
from connectors.kit.conformance.live import Live, new_marker
from connectors.kit.interface import WorkLogs
from model.errors import Ambiguous, NotFound
from model.item import Work, WorkLog

MINUTES = 600.0
MANY = 23
"""More than an issue's own answer has on any platform."""
WORK = Work(started=datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC), spent=5400, comment="Repair of the **pump**")
LONG = Work(started=datetime(2026, 3, 1, 23, 45, tzinfo=UTC), spent=7199, comment="Repair\n\nof the pump é😀")


def _logs(live: Live) -> WorkLogs:
    if live.connector.work_logs is None:
        raise Broken("a connector that declares work logs has what works with them: work_logs")
    return live.connector.work_logs


async def _read(live: Live, item_id: str) -> tuple[WorkLog, ...]:
    return (await live.connector.read(item_id)).work_logs


async def work_logs_are_added_and_found(live: Live) -> None:
    item_id, marker = (await live.made()).ref.id, new_marker()
    same("the work logs of a new item", await _read(live, item_id), ())
    if live.connector.capabilities.search_lag:
        await live.control(lag_s=MINUTES)
    same("the work log before it is there", await _logs(live).find(item_id, marker, WORK), None)
    added = await _logs(live).add(item_id, WORK, marker)
    shown = _logs(live).as_read(WORK)
    same("the work log", (added.text, bool(added.marker)), (shown.text, True))
    found = await _logs(live).find(item_id, marker, WORK)
    same("the work log of the marker, while no index has it", found and (found.id, found.text), (added.id, added.text))
    same("the work log of no marker", await _logs(live).find(item_id, new_marker(), WORK, {added.id}), None)
    [read] = await _read(live, item_id)
    same("the work log as it is read", (read.id, read.text, bool(read.marker)), (added.id, shown.text, True))
    expect(read.author is not None and read.created is not None, "a work log tells who worked, and since when it is on record")


async def work_logs_are_edited_and_deleted(live: Live) -> None:
    item_id, logs = (await live.made()).ref.id, _logs(live)
    first = await logs.add(item_id, WORK, new_marker())
    other = await logs.add(item_id, LONG, new_marker())
    changed = Work(started=WORK.started + timedelta(days=1), spent=600, comment="")
    edited = await logs.edit(item_id, first.id, changed)
    same("the edited work log", (edited.id, edited.text), (first.id, logs.as_read(changed).text))
    read = {one.id: (one.text, bool(one.marker)) for one in await _read(live, item_id)}
    same("the work logs", read, {first.id: (edited.text, True), other.id: (other.text, True)})
    for _ in range(2):
        await logs.delete(item_id, first.id)
    same("the work logs that are left", [one.id for one in await _read(live, item_id)], [other.id])
    with told(NotFound, "a work log is edited that is no longer there"):
        await logs.edit(item_id, first.id, WORK)


async def only_what_was_said_of_a_work_log_is_lost(live: Live) -> None:
    """What is read is what `as_read` said, and written once more it stays what it is."""
    item_id, logs = (await live.made()).ref.id, _logs(live)
    for work in (WORK, LONG, WORK.model_copy(update={"spent": 1}), WORK.model_copy(update={"spent": 360_001, "comment": ""})):
        added = await logs.add(item_id, work, new_marker())
        [read] = [one for one in await _read(live, item_id) if one.id == added.id]
        same("the work log as it is read", (added.text, read.text), (logs.as_read(work).text, logs.as_read(work).text))
        again = Work(started=read.started, spent=read.spent, comment=read.comment)
        same("what is read, written once more", logs.as_read(again).text, read.text)


async def many_work_logs_are_all_read(live: Live) -> None:
    item_id, logs = (await live.made()).ref.id, _logs(live)
    for number in range(MANY):
        await logs.add(item_id, WORK.model_copy(update={"comment": f"Part {number}"}), new_marker())
    words = {one.comment for one in await _read(live, item_id)}
    same("the work logs", words, {f"Part {number}" for number in range(MANY)})


async def finds_a_work_log_whose_answer_was_lost(live: Live) -> None:
    item_id, logs, marker = (await live.made()).ref.id, _logs(live), new_marker()
    before = await logs.add(item_id, WORK, new_marker())
    await live.control(lose_response=1)
    with told(Ambiguous, "the answer to a work log is lost"):
        await logs.add(item_id, WORK, marker)
    await live.control(lose_response=0)
    found = await logs.find(item_id, marker, WORK, {before.id})
    same("the work log", found and (found.text, found.id == before.id), (before.text, False))
