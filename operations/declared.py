"""What a deployment file says, completed with what it may leave out, and looked up in what is configured already."""

from dataclasses import dataclass

from pydantic import SecretStr

from connectors import declarations
from connectors.kit.interface import Declaration
from model.deployment import MASK, ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import Trigger
from model.words import ConflictPolicy, Side


@dataclass(frozen=True)
class Wanted:
    """`declared` is the file, completed; `whole` is what will be configured once it is applied; `now` is what is configured."""

    now: Deployment
    declared: Deployment
    whole: Deployment

    def system_id(self, connection: ConnectionDeclaration, side: Side) -> str | None:
        """The system on that side, None where the integration or the system is not declared."""
        integration = self.whole.integrations.get(connection.integration)
        if integration is None:
            return None
        name = end(integration, side)
        return name if name in self.whole.systems else None

    def connector(self, connection: ConnectionDeclaration, side: Side) -> Declaration | None:
        name = self.system_id(connection, side)
        return None if name is None else declarations().get(self.whole.systems[name].kind)

    def changed_systems(self) -> tuple[str, ...]:
        return tuple(name for name, one in self.declared.systems.items() if one != self.now.systems.get(name))

    def changed_connections(self) -> tuple[str, ...]:
        """Those with something new that only the systems can judge, for themselves or through their integration."""
        return tuple(name for name, one in self.declared.connections.items() if self._changes(name, one))

    def queries(self, name: str) -> tuple[tuple[int, Trigger], ...]:
        """The triggers whose queries the platforms are asked about, with their places. One that is only switched off is not among them."""
        triggers = enumerate(self.declared.connections[name].triggers)
        return tuple((number, one) for number, one in triggers if one.active or not self._vouched(name, one))

    def _changes(self, name: str, wanted: ConnectionDeclaration) -> bool:
        known = self.now.connections.get(name)
        if known is None or known.model_copy(update={"active": wanted.active, "triggers": wanted.triggers}) != wanted:
            return True
        if not all(self._vouched(name, one) for one in wanted.triggers):
            return True
        return self.whole.integrations.get(wanted.integration) != self.now.integrations.get(wanted.integration)

    def _vouched(self, name: str, wanted: Trigger) -> bool:
        """Whether the query was asked about when the trigger was saved, for what it is to do now."""
        known = self.now.connections.get(name)
        same = [one for one in known.triggers if (one.side, one.query) == (wanted.side, wanted.query)] if known else []
        return any(one.active or not wanted.active for one in same)


def end(integration: IntegrationDeclaration, side: Side) -> str:
    return integration.left if side is Side.LEFT else integration.right


def part(connection: ConnectionDeclaration, side: Side) -> SideDeclaration:
    return connection.left if side is Side.LEFT else connection.right


def completed(now: Deployment, declared: Deployment) -> Wanted:
    """A system keeps the secrets that it has where the file has none, or masks them; rules become the connector's own.

    A mask stays where there is nothing to keep.
    """
    systems = {name: _kept(one, now.systems.get(name)) for name, one in declared.systems.items()}
    integrations = now.integrations | declared.integrations
    declared = declared.model_copy(update={"systems": systems})
    whole = declared.model_copy(
        update={"systems": now.systems | systems, "plans": now.plans | declared.plans, "integrations": integrations}
    )
    wanted = Wanted(now, declared, whole)
    connections = {name: _ruled(wanted, one) for name, one in declared.connections.items()}
    declared = declared.model_copy(update={"connections": connections})
    return Wanted(now, declared, whole.model_copy(update={"connections": now.connections | connections}))


def is_mask(secret: SecretStr | None) -> bool:
    return secret is not None and secret.get_secret_value() == MASK


def _kept(wanted: SystemDeclaration, known: SystemDeclaration | None) -> SystemDeclaration:
    if known is None:
        return wanted
    update: dict[str, object] = {}
    same = (wanted.kind, wanted.url) == (known.kind, known.url)
    if _keeps_webhook_secret(wanted, known, same=same):
        update["webhook_secret"] = known.webhook_secret
    if same:
        own = {name: known.credentials.get(name, secret) if is_mask(secret) else secret for name, secret in wanted.credentials.items()}
        update["credentials"] = own or known.credentials
    return wanted.model_copy(update=update)


def _keeps_webhook_secret(wanted: SystemDeclaration, known: SystemDeclaration, *, same: bool) -> bool:
    if is_mask(wanted.webhook_secret):
        return same and known.webhook_secret is not None
    return not wanted.webhook_secret and (wanted.webhook_secret is None or known.webhook_secret is None)


def _ruled(wanted: Wanted, connection: ConnectionDeclaration) -> ConnectionDeclaration:
    update: dict[str, object] = {"conflicts": {"default": ConflictPolicy.LATEST, **connection.conflicts}}
    for side in Side:
        connector, own = wanted.connector(connection, side), part(connection, side)
        outgoing = own.outgoing if own.outgoing is not None or connector is None else connector.outgoing
        incoming = own.incoming if own.incoming is not None or connector is None else connector.incoming
        update[side.value] = own.model_copy(update={"outgoing": outgoing, "incoming": incoming})
    return connection.model_copy(update=update)
