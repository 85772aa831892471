"""What can be said of a deployment without asking anyone: kinds, fields, references, rules."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from pydantic import BaseModel, JsonValue, ValidationError

from connectors import declarations
from model.deployment import ConnectionDeclaration, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import named
from model.words import Side
from operations.declared import Wanted, is_mask, part
from operations.problems import Problem, joined, validation_problems
from rules import RuleErrors, compile_rule


def unsound(wanted: Wanted) -> tuple[Problem, ...]:
    """All problems of what is declared, in the order of the file."""
    found = list(_workspace(wanted))
    for name, system in wanted.declared.systems.items():
        found += _system(joined("systems", name), system)
    for name, integration in wanted.declared.integrations.items():
        found += _integration(joined("integrations", name), integration, wanted)
    for name, connection in wanted.declared.connections.items():
        found += _connection(joined("connections", name), connection, wanted)
    return tuple(found)


def _workspace(wanted: Wanted) -> Iterator[Problem]:
    known, named = wanted.now.workspace, wanted.declared.workspace
    if wanted.now.systems and known != named:
        yield Problem(place="workspace", message=f"this deployment holds workspace {known!r}, not {named!r}; write {known}")


def _system(place: str, system: SystemDeclaration) -> Iterator[Problem]:
    known = declarations()
    if system.kind not in known:
        yield Problem(place=joined(place, "kind"), message=f"there is no kind {system.kind!r}; known are {', '.join(known)}")
        return
    yield from _address(joined(place, "url"), system.url)
    secrets = {name: value.get_secret_value() for name, value in system.credentials.items()}
    yield from _fields(joined(place, "credentials"), known[system.kind].credentials, secrets)
    yield from _masks(place, system)


def _masks(place: str, system: SystemDeclaration) -> Iterator[Problem]:
    named = {joined("credentials", name): secret for name, secret in system.credentials.items()} | {"webhook_secret": system.webhook_secret}
    for name, secret in named.items():
        if is_mask(secret):
            message = "is masked, and nothing is stored for this kind and url that could be kept; write the value itself"
            yield Problem(place=joined(place, name), message=message)


def _address(place: str, url: str) -> Iterator[Problem]:
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None:
        yield Problem(place=place, message="holds a login; move it into credentials")
    elif parts.scheme not in {"http", "https"} or not parts.hostname:
        yield Problem(place=place, message=f"{url!r} is not a web address; write for instance https://acme.example")


def _fields(place: str, model: type[BaseModel], values: Mapping[str, JsonValue]) -> tuple[Problem, ...]:
    try:
        model.model_validate(dict(values))
    except ValidationError as error:
        return validation_problems(error, place, model)
    return ()


def _integration(place: str, integration: IntegrationDeclaration, wanted: Wanted) -> Iterator[Problem]:
    for side, name in ((Side.LEFT, integration.left), (Side.RIGHT, integration.right)):
        if name not in wanted.whole.systems:
            yield Problem(place=joined(place, side), message=f"there is no system {name!r}; {_known(wanted.whole.systems)}")


def _connection(place: str, connection: ConnectionDeclaration, wanted: Wanted) -> Iterator[Problem]:
    if connection.integration not in wanted.whole.integrations:
        message = f"there is no integration {connection.integration!r}; {_known(wanted.whole.integrations)}"
        yield Problem(place=joined(place, "integration"), message=message)
    for side in Side:
        own, connector = part(connection, side), wanted.connector(connection, side)
        if connector is not None:
            yield from _fields(joined(place, side, "settings"), connector.settings, own.settings)
        yield from _rules(joined(place, side), own)
    yield from _triggers(place, connection, wanted)


def _triggers(place: str, connection: ConnectionDeclaration, wanted: Wanted) -> Iterator[Problem]:
    taken: set[tuple[Side, str]] = set()
    for number, trigger in enumerate(named(connection.triggers)):
        own = joined(place, "triggers", number)
        if (trigger.side, trigger.name) in taken:
            message = f"another trigger of the {trigger.side} side is called {trigger.name!r}; give each a name of its own"
            yield Problem(place=joined(own, "name"), message=message)
        taken.add((trigger.side, trigger.name))
        connector, settings = wanted.connector(connection, trigger.side), part(connection, trigger.side).settings
        if connector is not None and trigger.entity and not _fields("", connector.settings, settings):
            found = connector.entity(settings, trigger.query)
            if found != trigger.entity:
                message = (
                    f"the query finds {found!r} and not {trigger.entity!r}; leave entity out, or correct the query or the side's settings"
                )
                yield Problem(place=joined(own, "entity"), message=message)


def _rules(place: str, side: SideDeclaration) -> Iterator[Problem]:
    for name, script in (("outgoing", side.outgoing), ("incoming", side.incoming)):
        yield from rule_problems(joined(place, name), script or "")


def rule_problems(place: str, script: str) -> Iterator[Problem]:
    try:
        compile_rule(script, place)
    except RuleErrors as errors:
        for one in errors.diagnostics:
            if one.severity != "error":
                continue
            shown = one.render("").partition(": ")[2]
            yield Problem(place=f"{place} line {one.line} column {one.column}", message=shown)


def _known(names: Mapping[str, object]) -> str:
    return f"declared are {', '.join(names)}" if names else "none is declared"
