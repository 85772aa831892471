"""A sync that is only worked out: what fetch and transform would make of an item, with nothing written anywhere.

It goes the way of those two activities, by the same functions, and leaves out what writes: the transaction, the replica, the plan, further
twins, pairing, and the calls of rules, which get an answer that is made up.
"""

from dataclasses import dataclass, field

from pydantic import JsonValue

from activities.bringing import missing
from activities.connecting import counterpart
from activities.engine import Engine, Place
from activities.fetch import sent_by
from activities.knowledge import ask_of, pretended
from activities.people import incoming
from activities.transform import is_first, planned, received_from, require_no_loop, situation_of
from model.agreement import Base
from model.item import Fields, Item
from model.plan import Plan, RuleCall, Transition
from model.twin import StoredReplica, TwinState
from rules.interface import Lookup, Outcome
from sync.echo import is_echo
from sync.pairing import agreed_item


@dataclass
class Rehearsal:
    """How far it came; an error leaves the rest as it is here.

    `news` tells whether the replica differs from the last one. `ways` has, for each status that the plan leads to, the statuses on the way.
    `brings` are keys of further items that would come under sync.
    """

    replica: Fields = field(default_factory=Fields)
    news: bool = True
    plan: Plan | None = None
    calls: list[RuleCall] = field(default_factory=list[RuleCall])
    ways: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    brings: tuple[str, ...] = ()
    paired_with: str = ""


async def rehearse(
    engine: Engine, source: Place, target: Place, state: TwinState, item: Item, target_item: Item | None, found: Rehearsal
) -> None:
    """Work out, into `found`, a sync of the source's `item` that is asked for. Raises what fetch and transform do."""
    base = state.base(source.side)
    sent = await sent_by(engine, source, item, base)
    found.replica, found.news = sent.fields, base.item is None or not is_echo(sent.fields, base.replica)
    found.brings = await missing(engine.store, source, sent.also)
    stored = StoredReplica(
        id=0,
        twin=state.twin.id,
        source=source.side,
        sequence=0,
        transaction=0,
        version=source.connection.version,
        payload=sent.fields,
        item=item,
    )
    plan = await _planned(engine, source, target, state, stored, target_item, found)
    await require_no_loop(engine, state.twin, plan)
    found.plan = plan
    for step in plan.steps:
        if isinstance(step, Transition) and plan.target is not None:
            found.ways[step.status] = await target.connector.way(target.settings, plan.target.ref.id, step.status)


async def _planned(
    engine: Engine, source: Place, target: Place, state: TwinState, stored: StoredReplica, target_item: Item | None, found: Rehearsal
) -> Plan:
    situation = await situation_of(engine, target, state, stored, target_item)
    calls: list[RuleCall] = []

    async def note(lookup: Lookup) -> JsonValue:
        calls.append(RuleCall(name=lookup.name, arguments=lookup.arguments))
        return await pretended(lookup)

    received = received_from(stored.payload, situation, target_item)
    outcome: Outcome = await incoming(
        engine, source, target, received, ask_of(engine, target, note, state.twin.id), first=is_first(situation)
    )
    found.calls += [call for call in calls if call not in found.calls]
    if outcome.connect and target_item is None:
        named, traces = await counterpart(engine, stored, target, outcome.connect)
        found.paired_with = named.ref.key
        paired = {target.side.value: Base(item=agreed_item(named, target.side, traces)), "traces": traces}
        return await _planned(engine, source, target, state.model_copy(update=paired), stored, named, found)
    found.brings += await missing(engine.store, target, outcome.also)
    return planned(situation, outcome)
