"""Versions of a connection's configuration: drafts that people write, publishing them, and going back."""

from activities.signals import Signals
from model.configuration import Configuration, Connection
from model.deployment import ConnectionDeclaration, Deployment
from model.errors import BadInput
from model.frozen import Frozen
from model.version import Version, VersionRecord
from model.words import Side, VersionStatus
from operations.declared import Wanted, completed, part
from operations.deployment import retry_parked, tell
from operations.difference import connection_lines
from operations.probing import refused
from operations.problems import Problem, Rejected, joined
from operations.soundness import unsound
from operations.views import Published, VersionDifference, VersionPage
from store import Store
from store.declaring import configuration, connection_declaration

PAGE = 200


class Scripts(Frozen):
    """Scripts of one side; None leaves the one that is there."""

    outgoing: str | None = None
    incoming: str | None = None


class Edit(Frozen):
    """What changes in a draft: first all of it to what is `declared`, as in a deployment file, then single scripts.

    Whether the connection is active is part of no version.
    """

    declared: ConnectionDeclaration | None = None
    left: Scripts = Scripts()
    right: Scripts = Scripts()

    def scripts(self, side: Side) -> dict[str, str]:
        return (self.left if side is Side.LEFT else self.right).model_dump(exclude_none=True)


async def listed(store: Store, name: str, *, limit: int = PAGE, after: int = 0) -> VersionPage:
    """Newest first. BadInput if there is no such connection, here and below."""
    await store.configurations.connection(name)
    page = await store.versions.listing(name, limit, after)
    return VersionPage(versions=page, after=str(page[-1].number) if len(page) == limit else "")


async def shown(store: Store, name: str, number: int) -> Version:
    """BadInput if there is no such version, here and below."""
    await store.configurations.connection(name)
    return await store.versions.get(name, number)


async def draft(store: Store, name: str, made_from: int | None, *, who: str, note: str) -> Version:
    """A new draft, which is a copy of that version, or of the active one."""
    connection = await store.configurations.connection(name)
    return await store.versions.draft(name, connection.version if made_from is None else made_from, who, note)


async def edit(store: Store, name: str, number: int, wanted: Edit) -> Version:
    """Change a draft. Rejected with all that is wrong with what it would be, as by `apply`; BadInput if it is no draft."""
    connection = await store.configurations.connection(name)
    before = await store.versions.get(name, number)
    if before.status is not VersionStatus.DRAFT:
        raise BadInput(f"version {number} of {name} is {before.status} and no longer changes; make a draft from it")
    after = await _checked(store, connection, _edited(_declared(connection, before.configuration), wanted))
    return await store.versions.edit(name, number, before.configuration, after)


async def discard(store: Store, name: str, number: int) -> Version:
    """Forget a draft. BadInput if it is none."""
    await store.configurations.connection(name)
    return await store.versions.discard(name, number)


async def publish(store: Store, signals: Signals, name: str, number: int, *, who: str, why: str, anyway: bool = False) -> Published:
    """Make a draft the active version. What is under way finishes with the version that it began with; parked twins are tried again.

    Rejected where what `apply` checks is wrong with it. BadInput where it is no draft, or, unless `anyway`, another version became active
    since it was begun.
    """
    connection = await store.configurations.connection(name)
    content = (await store.versions.get(name, number)).configuration
    await _checked(store, connection, _declared(connection, content))
    done = await store.versions.publish(name, number, who, why, content=content, anyway=anyway)
    return await _published(store, signals, connection, done)


async def rollback(store: Store, signals: Signals, name: str, number: int, *, who: str, why: str) -> Published:
    """Publish an archived version once more, as a new version of the same content, so that what was active when stays on record.

    Raises as `publish` does.
    """
    connection = await store.configurations.connection(name)
    await _checked(store, connection, _declared(connection, (await store.versions.get(name, number)).configuration))
    done = await store.versions.publish_again(name, number, who, why or f"version {number} again")
    return await _published(store, signals, connection, done)


async def difference(store: Store, name: str, number: int, against: int | None) -> VersionDifference:
    """What leads from version `against`, or from the active one, to version `number`."""
    connection = await store.configurations.connection(name)
    old = connection.version if against is None else against
    known, new = [_declared(connection, (await store.versions.get(name, one)).configuration) for one in (old, number)]
    return VersionDifference(connection=name, old=old, new=number, lines=tuple(connection_lines(known, new, None)))


async def _published(store: Store, signals: Signals, former: Connection, version: Version) -> Published:
    warnings = (
        *await tell(store, signals, (former.id,), {former.id: former.configuration.named_triggers}),
        *await retry_parked(store, signals, former.id),
    )
    record = VersionRecord.model_validate(version.model_dump(exclude={"configuration"}))
    return Published(version=record, former=former.version, warnings=tuple(dict.fromkeys(warnings)))


def _declared(connection: Connection, content: Configuration) -> ConnectionDeclaration:
    return connection_declaration(connection.model_copy(update={"configuration": content}))


def _edited(before: ConnectionDeclaration, wanted: Edit) -> ConnectionDeclaration:
    whole = before if wanted.declared is None else wanted.declared.model_copy(update={"active": before.active})
    sides = {side.value: part(whole, side).model_copy(update=wanted.scripts(side)) for side in Side}
    return whole.model_copy(update=sides)


async def _checked(store: Store, connection: Connection, declared: ConnectionDeclaration) -> Configuration:
    """The configuration that is declared. Rejected with everything that is wrong, found without and then with the systems' help."""
    now = await store.configurations.deployment()
    wanted = completed(now, Deployment(workspace=now.workspace, connections={connection.id: declared}))
    problems = (*unsound(wanted), *_moved(wanted, connection))
    Rejected.unless_none((*problems, *await refused(wanted, problems)))
    return configuration(connection.id, wanted.declared.connections[connection.id])


def _moved(wanted: Wanted, connection: Connection) -> tuple[Problem, ...]:
    named = wanted.declared.connections[connection.id].integration
    if named == connection.integration:
        return ()
    message = f"a version stays with the integration of its connection, {connection.integration}; apply a file to move the connection"
    return (Problem(place=joined("connections", connection.id, "integration"), message=message),)
