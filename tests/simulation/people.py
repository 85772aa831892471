"""Carries out the steps of a case: what people do on the platforms, what operators do to the deployment, and what bad luck arms."""

from datetime import timedelta

from model.errors import BadInput
from model.item import Work
from model.twin import Twin
from model.words import ConnectionStatus, Side, TwinStatus
from operations import conflicts, connections, relinking, steering, twins
from operations.telling import told
from tests.simulation import steps
from tests.simulation.clock import START
from tests.simulation.platform import File, Labour, Note, Origin, Platform, Record
from tests.simulation.world import CONNECTION, World

BEGUN = START - timedelta(hours=3, minutes=7)
NAMES = {Side.LEFT: "ann", Side.RIGHT: "bob"}


def arrange(world: World, step: steps.Step) -> None:
    """Have it happen when it is due."""
    world.clock.call_later(step.at, _happen, world, step)


def _happen(world: World, step: steps.Step) -> None:
    match step:
        case steps.CallFault():
            world.faults.calls.append(step)
        case steps.HookFault():
            world.faults.hooks.append(step)
        case steps.Crash():
            world.faults.crashes.append(step)
        case steps.Freeze():
            world.faults.freezes.append(step)
        case steps.StoreFault():
            world.faults.stores.append(step)
        case steps.Away():
            world.faults.fired["temporal away"] += 1
            world.server.away = True
            world.clock.call_later(step.seconds, _back, world)
        case steps.Evict():
            world.faults.fired["cache lost"] += 1
            world.server.evict()
        case steps.Switch() | steps.Operate() | steps.Publish():
            world.within(_operate(world, step))
        case _:
            _act(world.platforms[step.side], Origin(NAMES[step.side]), step, world)


def _back(world: World) -> None:
    world.server.away = False


# People


def _act(platform: Platform, who: Origin, step: steps.Step, world: World) -> None:
    if isinstance(step, steps.CreateItem):
        platform.create(who, {"summary": step.text, "label": "sync"})
    elif (record := _item(platform, getattr(step, "item", 0))) is not None:
        _work(platform, who, step, record)
        if platform.habits.work_logs:
            _labour(platform, who, step, record)
        _dispose(platform, who, step, record, world)


def _work(platform: Platform, who: Origin, step: steps.Step, record: Record) -> None:
    """What changes an item's content."""
    match step:
        case steps.Edit():
            platform.write(who, record.id, {step.field: step.value})
        case steps.Adopt():
            parent = _item(platform, step.parent) if step.parent is not None else None
            platform.write(who, record.id, {"parentId": parent.id if parent and parent is not record else ""})
        case steps.AddComment():
            internal = step.internal and platform.habits.internal_comments
            text = step.text if internal else step.text.replace("hush", "words")
            platform.comment(who, record.id, text, internal=internal)
        case steps.EditComment() if (note := _note(record, step.comment)) and platform.habits.edits_comments:
            platform.edit_comment(who, record.id, note.id, f"{note.text} {step.text}")
        case steps.DeleteComment() if (note := _note(record, step.comment)) and platform.habits.deletes_comments:
            platform.delete_comment(who, record.id, note.id)
        case steps.Attach() if platform.habits.attachments:
            platform.attach(who, record.id, step.name, step.content.encode())
        case steps.Detach() if (file := _file(record, step.file)) and platform.habits.attachments:
            platform.detach(who, record.id, file.id)
        case _:
            return


def _labour(platform: Platform, who: Origin, step: steps.Step, record: Record) -> None:
    """The time that people say they spent."""
    match step:
        case steps.LogWork():
            platform.labour(who, record.id, Work(started=BEGUN, spent=step.spent, comment=step.text))
        case steps.EditWork() if log := _log(record, step.log):
            words = f"{log.work.comment} {step.text}"
            work = Work(started=log.work.started, spent=step.spent or log.work.spent, comment=words)
            platform.edit_labour(who, record.id, log.id, work)
        case steps.DeleteWork() if log := _log(record, step.log):
            platform.delete_labour(who, record.id, log.id)
        case _:
            return


def _dispose(platform: Platform, who: Origin, step: steps.Step, record: Record, world: World) -> None:
    """What happens to an item as a whole."""
    match step:
        case steps.Move():
            platform.move(who, record.id)
        case steps.DeleteItem():
            platform.delete(who, record.id)
        case steps.Hide():
            record.hidden = True
            world.audit.hidden.add(record.id)
            world.clock.call_later(step.seconds, _show, record)
        case _:
            return


def _show(record: Record) -> None:
    record.hidden = False


def _item(platform: Platform, number: int) -> Record | None:
    live = platform.live()
    return live[number % len(live)] if live else None


def _note(record: Record, number: int) -> Note | None:
    notes = list(record.notes.values())
    return notes[number % len(notes)] if notes else None


def _file(record: Record, number: int) -> File | None:
    files = list(record.files.values())
    return files[number % len(files)] if files else None


def _log(record: Record, number: int) -> Labour | None:
    logs = list(record.works.values())
    return logs[number % len(logs)] if logs else None


# Operators


async def _operate(world: World, step: steps.Switch | steps.Operate | steps.Publish) -> None:
    match step:
        case steps.Switch():
            await switch(world, active=step.active)
        case steps.Publish():
            await publish(world, broken=step.broken)
        case steps.Operate():
            twin = await _twin(world, step.twin)
            if twin is not None:
                await _steer(world, step, twin)


async def switch(world: World, *, active: bool) -> None:
    begun = world.clock.elapsed
    if active:
        world.audit.gates.append((begun, begun, active))
    do = connections.activate if active else connections.deactivate
    await do(world.store, world.signals, CONNECTION)
    if not active:
        world.audit.gates.append((begun, world.clock.elapsed, active))


async def publish(world: World, *, broken: bool) -> None:
    world.version += 1
    world.broken = broken
    await world.store.configurations.match(world.deployment())
    await _note_reopened(world)
    await told(world.signals.connection_changed(CONNECTION, active=world.active))
    await retry_all(world)


async def _note_reopened(world: World) -> None:
    """A declaration says `active`, and so opens again what was closed, or is just being closed, while it was on its way."""
    if (await world.bare.configurations.connection(CONNECTION)).status is ConnectionStatus.ACTIVE:
        world.audit.gates.append((world.clock.elapsed, world.clock.elapsed, True))


async def retry_all(world: World) -> None:
    for twin in await world.bare.twins.listing(CONNECTION, TwinStatus.ERROR):
        world.audit.parked.append(twin.reason)
        await steering.retry(world.store, world.signals, twin.id)


async def _twin(world: World, number: int) -> Twin | None:
    known = sorted(await world.bare.twins.listing(CONNECTION, None), key=lambda twin: twin.id)
    return known[number % len(known)] if known else None


async def _steer(world: World, step: steps.Operate, twin: Twin) -> None:
    store, signals = world.store, world.signals
    world.faults.fired[f"operator {step.what}"] += 1
    match step.what:
        case "retry":
            await steering.retry(store, signals, twin.id)
        case "unlink" | "force_unlink":
            await steering.unlink(store, signals, twin.id, force=step.what == "force_unlink")
            if step.what == "force_unlink":
                world.audit.unlinked.append((world.clock.elapsed, twin.id))
        case "sync":
            ref = twin.item(step.side)
            if ref is not None:
                await twins.sync(store, signals, world.systems, CONNECTION, item=ref.id, side=step.side)
        case "resolve":
            await resolve_one(world, step.side)
        case "restore":
            await restore_one(world)
        case "relink":
            await relinking.relink_twin(store, signals, world.systems, twin.id, step.side)


async def resolve_one(world: World, side: Side) -> None:
    waiting = await world.bare.conflicts.open_ones(CONNECTION)
    if waiting:
        try:
            await conflicts.resolve(world.store, world.signals, waiting[0].id, side, "ann")
        except BadInput:
            return


async def restore_one(world: World) -> None:
    """Of a property that the oracle asks nothing of but to be equal: a value that comes back has come after what followed it."""
    known = await world.bare.twins.listing(CONNECTION, None)
    recorded = [one for twin in known for one in await world.bare.conflicts.of_twin(twin.id)]
    lost = [one for one in recorded if one.winner and one.restoration is None and one.conflict.subject in {"priority", "status"}]
    if lost:
        try:
            await conflicts.restore(world.store, world.signals, lost[0].id, "ann")
        except BadInput:
            return
