"""A twin from inside: what each side last sent, what both agreed on, and what one transaction did to each property."""

from typing import Literal
from urllib.parse import quote

from pydantic import JsonValue

from model.agreement import Base, Trace
from model.errors import BadInput
from model.frozen import Frozen
from model.item import Fields
from model.plan import CreateItem, Plan, Transition, UpdateItem
from model.twin import StoredConflict, StoredReplica, Transaction
from model.words import Side
from operations.views import TwinDetail
from store import Store


class Replicas(Frozen):
    """The last replica of each side, with the item that it was made of; None for a side that never sent one."""

    left: StoredReplica | None
    right: StoredReplica | None


class Bases(Frozen):
    """Per side the last agreed state: `agreed` has, for each property, what the rule asked for and what the platform made of it."""

    left: Base
    right: Base


class FieldDifference(Frozen):
    """`before` is what the target had; `after` what the rule wanted. `result` is `planned` while nothing was written."""

    property: str
    before: JsonValue
    after: JsonValue
    result: Literal["written", "planned", "kept"]


class TransactionDetail(Frozen):
    """`steps` name what was done without content. `conflicts` are those of this transaction."""

    transaction: Transaction
    fields: tuple[FieldDifference, ...]
    steps: tuple[str, ...]
    conflicts: tuple[StoredConflict, ...]


async def replicas(store: Store, twin: str) -> Replicas:
    return Replicas(left=await store.replicas.latest(twin, Side.LEFT), right=await store.replicas.latest(twin, Side.RIGHT))


async def bases(store: Store, twin: str) -> Bases:
    state = await store.twins.state(twin)
    return Bases(left=state.left, right=state.right)


async def traces(store: Store, twin: str) -> tuple[Trace, ...]:
    return (await store.twins.state(twin)).traces


def linked(detail: TwinDetail, temporal_ui: str, namespace: str) -> TwinDetail:
    """With the address of the workflow's page, where that of the Temporal UI is known."""
    if not temporal_ui:
        return detail
    return detail.model_copy(update={"link": f"{temporal_ui}/namespaces/{quote(namespace)}/workflows/{quote(detail.workflow, safe='')}"})


async def transaction(store: Store, twin: str, number: int) -> TransactionDetail:
    """BadInput if the twin has no such transaction."""
    found = await store.transactions.get(number)
    if found.twin != twin:
        raise BadInput(f"transaction {number} is not of twin {twin}; show the twin to see the numbers of its own")
    plan, written = await store.searching.carried_out(number)
    recorded = await store.conflicts.of_twin(twin)
    return TransactionDetail(
        transaction=found,
        fields=_differences(plan.plan, written) if plan else (),
        steps=tuple(f"{step.kind} {step.subject}" for step in plan.plan.steps) if plan else (),
        conflicts=tuple(one for one in recorded if one.transaction == number),
    )


def _differences(plan: Plan, written: frozenset[str]) -> tuple[FieldDifference, ...]:
    before: Fields = plan.target.fields if plan.target else {}
    found: list[FieldDifference] = []
    for step in plan.steps:
        match step:
            case CreateItem(fields=fields) | UpdateItem(fields=fields):
                wanted = fields
            case Transition(status=status):
                wanted = {"status": status}
            case _:
                wanted = {}
        for name, after in wanted.items():
            result = "written" if name in written else "planned"
            found.append(FieldDifference(property=name, before=before.get(name), after=after, result=result))
    for conflict in plan.conflicts:
        if conflict.winner in {None, conflict.target}:
            ours, theirs = (conflict.left, conflict.right) if conflict.target is Side.LEFT else (conflict.right, conflict.left)
            found.append(FieldDifference(property=conflict.subject, before=ours, after=theirs, result="kept"))
    return tuple(found)
