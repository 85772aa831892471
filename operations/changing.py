"""What applying a deployment changes, as the audit log keeps it: before and after, of a changed thing only what differs."""

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from pydantic import JsonValue

from model.audit import Change
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, PlanDeclaration, SystemDeclaration
from operations.declared import Wanted
from operations.views import Difference, What

HIDDEN = "***"

Declaration = SystemDeclaration | PlanDeclaration | IntegrationDeclaration | ConnectionDeclaration


def changes(wanted: Wanted, found: Iterable[Difference]) -> Iterator[Change]:
    """One for each difference. Secrets are hidden; one that is there in both was changed."""
    for one in found:
        known, new = _of(wanted.now, one.what).get(one.name), _of(wanted.declared, one.what)[one.name]
        before, after = _shown(known) if known else {}, _shown(new)
        if known is None:
            yield Change(subject=one.name, after=after)
            continue
        kept = {name for name in after if getattr(known, name) == getattr(new, name)}
        yield Change(
            subject=one.name,
            before={name: value for name, value in before.items() if name not in kept},
            after={name: value for name, value in after.items() if name not in kept},
        )


def _of(deployment: Deployment, what: What) -> Mapping[str, Declaration]:
    match what:
        case "plan":
            return deployment.plans
        case "system":
            return deployment.systems
        case "integration":
            return deployment.integrations
        case "connection":
            return deployment.connections


def _shown(declared: Declaration) -> dict[str, JsonValue]:
    shown = cast("dict[str, JsonValue]", declared.model_dump(mode="json"))
    if isinstance(declared, SystemDeclaration):
        shown["credentials"] = dict.fromkeys(declared.credentials, HIDDEN)
        shown["webhook_secret"] = HIDDEN if declared.webhook_secret else None
    return shown
