"""What is configured, as a deployment file would declare it, and tags that tell whether it was changed since somebody looked."""

import hashlib
import hmac

from pydantic import BaseModel

from model.configuration import Connection, System
from model.deployment import ConnectionDeclaration, Deployment, SystemDeclaration
from model.words import ConnectionStatus
from store import Store

TAG_CHARACTERS = 32

_SWITCHED = (ConnectionStatus.ACTIVE, ConnectionStatus.DEACTIVATED)


async def deployment(store: Store) -> Deployment:
    """All that is configured, by the names that people use. To apply it changes nothing.

    Whether a connection is active is left open where it is neither fully active nor deactivated.
    """
    whole = await store.configurations.deployment()
    known = await store.configurations.connections()
    return whole.model_copy(update={"connections": {one.name: _declared(one, whole.connections[one.id]) for one in known}})


async def system(store: Store, name: str) -> SystemDeclaration:
    """BadInput if there is no such system."""
    await store.configurations.system(name)
    return (await store.configurations.deployment()).systems[name]


async def connection_tag(store: Store, name: str) -> str:
    """Of what people configure, not of what comes of it. BadInput if there is no such connection."""
    connection = await store.configurations.connection(name)
    return _tag(store, connection.model_dump_json(exclude={"status", "reason"}))


async def version_tag(store: Store, name: str, number: int) -> str:
    """Of the version, and of which one is active. BadInput if there is no such version."""
    active = (await store.configurations.connection(name)).version
    return _tag(store, f"{active} {(await store.versions.get(name, number)).model_dump_json()}")


async def deployment_tag(store: Store) -> str:
    return tag(store, await deployment(store))


def tag(store: Store, *values: Deployment | SystemDeclaration | System) -> str:
    """Another one whenever any of it is another one, secrets too, which nobody can guess from it."""
    return _tag(store, "\0".join(_text(one) for one in values))


def _declared(connection: Connection, declared: ConnectionDeclaration) -> ConnectionDeclaration:
    if connection.status in _SWITCHED and not connection.halted:
        return declared
    return declared.model_copy(update={"active": None})


def _text(value: BaseModel) -> str:
    return value.model_dump_json() + "".join(_secrets(value))


def _secrets(value: BaseModel) -> list[str]:
    systems = value.systems if isinstance(value, Deployment) else {"": value} if isinstance(value, SystemDeclaration) else {}
    return [
        f"\0{name}\0{secret.get_secret_value() if secret else ''}"
        for one in systems.values()
        for name, secret in (*one.credentials.items(), ("webhook_secret", one.webhook_secret))
    ]


def _tag(store: Store, text: str) -> str:
    key = store.database.key.subkey("entity tags")
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:TAG_CHARACTERS]
