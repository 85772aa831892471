"""What applying a deployment would change, for people and for programs."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff

from model.configuration import Connection
from model.deployment import ConnectionDeclaration, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import Trigger, named
from model.words import ConnectionStatus
from operations.declared import Wanted
from operations.views import Difference

SHOWN_LINES = 40

_SECRET = {"credentials", "webhook_secret"}


def differences(wanted: Wanted, connections: Mapping[str, Connection]) -> tuple[Difference, ...]:
    """Empty where the deployment is as wanted. `connections` are the configured ones with their status."""
    return (*_systems(wanted), *_plans(wanted), *_integrations(wanted), *_connections(wanted, connections))


def _systems(wanted: Wanted) -> Iterator[Difference]:
    for name in wanted.changed_systems():
        new, known = wanted.declared.systems[name], wanted.now.systems.get(name)
        if known is None:
            yield Difference(what="system", name=name, action="add", details=(f"{new.kind} at {new.url}",))
        else:
            yield Difference(what="system", name=name, action="change", details=tuple(_system(known, new)))


def _system(known: SystemDeclaration, new: SystemDeclaration) -> Iterator[str]:
    old = known.model_dump(exclude=_SECRET)
    for field, value in new.model_dump(exclude=_SECRET).items():
        if old[field] != value:
            yield f"{field}: {old[field]!r} → {value!r}"
    if known.credentials != new.credentials:
        yield "credentials change"
    if known.webhook_secret != new.webhook_secret:
        yield "webhook_secret changes"


def _plans(wanted: Wanted) -> Iterator[Difference]:
    for name, new in wanted.declared.plans.items():
        known = wanted.now.plans.get(name)
        if known != new:
            features = f"features: {', '.join(new.features) or 'none'}"
            yield Difference(what="plan", name=name, action="change" if known else "add", details=(features,))


def _integrations(wanted: Wanted) -> Iterator[Difference]:
    for name, new in wanted.declared.integrations.items():
        known = wanted.now.integrations.get(name)
        if known is None:
            yield Difference(what="integration", name=name, action="add", details=(f"{new.left} ⇄ {new.right}",))
        elif known != new:
            yield Difference(what="integration", name=name, action="change", details=tuple(_integration(known, new)))


def _integration(known: IntegrationDeclaration, new: IntegrationDeclaration) -> Iterator[str]:
    if (known.left, known.right) != (new.left, new.right):
        yield f"{known.left} ⇄ {known.right} becomes {new.left} ⇄ {new.right}"
    if known.capacity != new.capacity:
        yield f"capacity: {known.capacity or 'any number'} → {new.capacity or 'any number'}"
    if known.plan != new.plan:
        yield f"plan: {known.plan or 'none'} → {new.plan or 'none'}"


def _connections(wanted: Wanted, connections: Mapping[str, Connection]) -> Iterator[Difference]:
    for name, new in wanted.declared.connections.items():
        known = connections.get(name)
        status = ConnectionStatus.ACTIVE if new.active else ConnectionStatus.DEACTIVATED
        if known is None or name not in wanted.now.connections:
            lines = (f"of integration {new.integration}, {status}", f"{len(new.triggers)} triggers")
            yield Difference(what="connection", name=name, action="add", details=lines)
            continue
        details = list(connection_lines(wanted.now.connections[name], new, SHOWN_LINES))
        if new.active is not None and known.status is not status and not (known.halted and new.active):
            details.insert(0, f"status: {known.status} → {status}")
        if details:
            yield Difference(what="connection", name=name, action="change", details=tuple(details))


def connection_lines(known: ConnectionDeclaration, new: ConnectionDeclaration, shown: int | None) -> Iterator[str]:
    """What differs between the two, apart from whether they are active; of each script at most `shown` lines, or all."""
    if known.integration != new.integration:
        yield f"integration: {known.integration} → {new.integration}"
    yield from _side("left", known.left, new.left, shown)
    yield from _side("right", known.right, new.right, shown)
    for old, now, sign in ((known, new, "-"), (new, known, "+")):
        yield from (f"trigger {sign} {_trigger(one)}" for one in named(old.triggers) if one not in named(now.triggers))
    if known.conflicts != new.conflicts:
        policies = ", ".join(f"{name}: {policy}" for name, policy in new.conflicts.items())
        yield f"conflicts become {policies or 'the default'}"
    if known.script_errors is not new.script_errors:
        yield f"script_errors: {known.script_errors} → {new.script_errors}"
    if known.on_deleted is not new.on_deleted:
        yield f"on_deleted: {known.on_deleted} → {new.on_deleted}"
    if known.on_moved is not new.on_moved:
        yield f"on_moved: {known.on_moved} → {new.on_moved}"
    for old, now, sign in ((known, new, "-"), (new, known, "+")):
        yield from (f"user {sign} {', '.join(one.left)} = {', '.join(one.right)}" for one in old.users if one not in now.users)


def _trigger(trigger: Trigger) -> str:
    said = ("" if trigger.active else "off", trigger.schedule or "", f"notes {trigger.notes[:60]!r}" if trigger.notes else "")
    own = ", ".join(str(one) for one in said if one)
    return f"{trigger.side} {trigger.name}{f' ({own})' if own else ''}: {trigger.query}"


def _side(side: str, known: SideDeclaration, new: SideDeclaration, shown: int | None) -> Iterator[str]:
    if known.settings != new.settings:
        yield f"{side}.settings: {known.settings!r} → {new.settings!r}"
    for name, old, now in (("outgoing", known.outgoing, new.outgoing), ("incoming", known.incoming, new.incoming)):
        if old != now:
            yield f"{side}.{name}:"
            yield from _script(old or "", now or "", shown)


def _script(old: str, new: str, shown: int | None) -> Iterator[str]:
    lines = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1))[2:]
    yield from (f"  {line}" for line in lines[:shown])
    if shown is not None and len(lines) > shown:
        yield f"  … and {len(lines) - shown} more lines"
