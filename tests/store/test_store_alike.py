"""Whatever they are asked, in whatever order, the store in memory and the one on SQLite answer alike."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy.exc import SQLAlchemyError

from model.agreement import Agreed, Base, Trace
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, PlanDeclaration, SideDeclaration, SystemDeclaration
from model.errors import TwinlineError
from model.hooks import HookCheck, HookState
from model.inbox import InboxChange
from model.item import Item, ItemRef
from model.plan import Acknowledgement, AddComment, Conflict, Plan, UpdateItem
from model.settlement import Confirmed, Settlement
from model.trigger import Trigger
from model.words import ChildKind, ConflictPolicy, ConnectionStatus, Feature, Impact, Restoration, Side, Stage, TwinStatus
from store import MasterKey, Store
from tests import inline_sqlite, memory_store
from tests.store.clock import Clock

KEY = MasterKey("q0Zr8cV1yNw5pXk3sT7uJ2mB9hLd4fGa6eRiOoPzQxY=")
MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
RULES = SideDeclaration(outgoing="replica.summary = issue.summary", incoming="")
LEFT, RIGHT = SystemDeclaration(kind="jira", url="https://jira.example"), SystemDeclaration(kind="github", url="https://github.example")
INNER = IntegrationDeclaration(left="left", right="left")
SUPPORT = ConnectionDeclaration(integration="acme", left=RULES, right=RULES)
DECLARED = Deployment(
    systems={"left": LEFT, "right": RIGHT},
    integrations={"acme": IntegrationDeclaration(left="left", right="right")},
    connections={"support": SUPPORT},
)
DECLARATIONS = [
    DECLARED,
    Deployment(),
    Deployment(workspace="other"),
    Deployment(systems={"left": LEFT.model_copy(update={"credentials": {"token": SecretStr("t")}, "webhook_secret": SecretStr("s")})}),
    Deployment(systems={"left": LEFT.model_copy(update={"webhook_secret": SecretStr(""), "poll": 5.0})}),
    Deployment(systems={"left": LEFT.model_copy(update={"url": "https://elsewhere.example"})}),
    Deployment(connections={"support": SUPPORT.model_copy(update={"active": False})}),
    Deployment(connections={"support": SUPPORT.model_copy(update={"active": None, "script_errors": Impact.CONNECTION})}),
    Deployment(connections={"support": SUPPORT.model_copy(update={"triggers": (Trigger(side=Side.LEFT, query="all"),)})}),
    Deployment(connections={"support": SUPPORT.model_copy(update={"conflicts": {"default": ConflictPolicy.HOLD}})}),
    Deployment(connections={"support": SUPPORT.model_copy(update={"integration": "nowhere"})}),
    Deployment(connections={"support": SUPPORT.model_copy(update={"left": SideDeclaration()})}),
    Deployment(integrations={"inner": INNER}, connections={"inner": SUPPORT.model_copy(update={"integration": "inner"})}),
    Deployment(integrations={"acme": IntegrationDeclaration(left="right", right="left")}),
    Deployment(integrations={"acme": IntegrationDeclaration(left="left", right="nowhere")}),
    Deployment(integrations={"acme": IntegrationDeclaration(left="left", right="right", capacity=3)}),
    Deployment(integrations={"acme": IntegrationDeclaration(left="left", right="right", plan="nothing")}),
    Deployment(
        plans={"basic": PlanDeclaration(features=(Feature.CONNECT,))},
        integrations={"acme": IntegrationDeclaration(left="left", right="right", plan="basic")},
    ),
]

twins = st.sampled_from(["twin 0", "twin 1", "twin 2", "none"])
systems = st.sampled_from(["left", "right", "nowhere"])
connections = st.sampled_from(["support", "inner", "nowhere"])
sides, stages, statuses = st.sampled_from(Side), st.sampled_from(Stage), st.sampled_from(TwinStatus)
numbers = st.integers(1, 4)
limits = st.sampled_from([1, 9])
ids = st.sampled_from("123")
names = st.sampled_from(["summary", "labels", "comment 1"])
texts = st.sampled_from(["", "Printer", "Prin\0ter"])
values = st.sampled_from([None, "a", "b\0", 1, 1.0, True, float("nan"), ["x", None], {"n": 1.5}])
fields = st.dictionaries(names, values, max_size=2)
refs = st.builds(ItemRef, id=ids, key=texts, url=texts)
items = st.builds(Item, ref=refs, version=ids, updated=st.just(MOMENT), fields=fields)
bases = st.builds(Base, agreed=st.dictionaries(names, st.builds(Agreed, asked=values, got=values), max_size=2), replica=fields)
steps = st.builds(UpdateItem, fields=fields) | st.builds(AddComment, source_id=ids, source_text=texts, body=texts, internal=st.booleans())
traces = st.builds(
    Trace, kind=st.sampled_from(ChildKind), left_id=ids, right_id=ids, origin=sides, left=texts, right=texts, released=st.booleans()
)
policies = st.sampled_from(ConflictPolicy)
conflicts = st.builds(Conflict, subject=names, target=sides, left=values, right=values, policy=policies, winner=st.none() | sides)
changes = st.builds(InboxChange, item_id=ids, key=texts, version=st.sampled_from(["", "1", "2"]), deleted=st.booleans())
hooks = st.lists(st.builds(HookState, id=ids, reports=texts), max_size=2).map(tuple)
owned = st.builds(Confirmed, system=st.sampled_from(["left", "right"]), item=ids, version=ids, certain=st.booleans())
settlements = st.builds(
    Settlement,
    twin=twins,
    transaction=numbers,
    revision=st.integers(0, 2),
    stage=st.none() | stages,
    status=statuses,
    summary=texts,
    reason=texts,
    written=st.lists(names, max_size=2).map(tuple),
    refs=st.dictionaries(sides, refs, max_size=2),
    title=texts,
    bases=st.dictionaries(sides, bases, max_size=2),
    kept=st.lists(traces, max_size=3).map(tuple),
    dropped=st.lists(traces, max_size=1).map(tuple),
    conflicts=st.lists(conflicts, max_size=3).map(tuple),
    restored=st.lists(numbers, max_size=2).map(tuple),
    overtaken=st.lists(numbers, max_size=2).map(tuple),
    ledger=st.lists(owned | st.builds(Confirmed, system=systems, item=ids, version=ids), max_size=2).map(tuple),
    ops=st.lists(ids, max_size=2).map(tuple),
    all_ops=st.none() | sides,
)


class Call(NamedTuple):
    """A method of a noun, and what it is asked. `twin 0` stands for the id of the twin that was started first."""

    method: str
    values: tuple[object, ...]
    named: dict[str, object]


def call(method: str, *values: st.SearchStrategy[object], **named: st.SearchStrategy[object]) -> st.SearchStrategy[Call]:
    return st.builds(Call, st.just(method), st.tuples(*values), st.fixed_dictionaries(named))


calls = st.one_of(
    call("clock.pass_by"),
    call("configurations.match", st.sampled_from(DECLARATIONS)),
    call("configurations.set_status", connections, st.sampled_from(ConnectionStatus), texts),
    call("configurations.fail_system", systems, texts),
    call("lifecycles.known_as", connections),
    call("lifecycles.switch", connections, st.lists(sides, min_size=1, max_size=2), active=st.booleans()),
    call("lifecycles.accept", connections),
    call("lifecycles.rename", connections, connections | st.just("renamed")),
    call("lifecycles.delete", connections),
    call("configurations.count_script_failure", connections, numbers, st.none() | numbers),
    call("configurations.clear_script_failures", connections),
    call("configurations.connections_of", systems),
    call("configurations.access", systems),
    call("configurations.configuration", connections, numbers),
    call("twins.start", connections, sides, refs, texts),
    call("twins.by_item", systems, ids),
    call("twins.ended_with", systems, ids),
    call("twins.by_key", connections, sides, texts),
    call("twins.of_items", connections, sides, st.lists(ids, max_size=3)),
    call("twins.listing", st.none() | connections, st.none() | statuses, st.none() | st.sampled_from(["", "print", "%"]), limits, twins),
    call("twins.counts", st.none() | connections),
    call("twins.hold_unless_active", twins),
    call("twins.held", connections, limits, twins | st.just("")),
    call("twins.making", systems),
    call("twins.unbegun", connections, st.just(MOMENT + timedelta(seconds=2)), limits),
    call("twins.neglected", connections, st.just(MOMENT + timedelta(seconds=2))),
    call("twins.release", twins),
    call("awaited.note", twins, sides, st.lists(ids, max_size=2)),
    call("awaited.arrived", connections, limits),
    call("awaited.tell", twins, sides, ids),
    call("awaited.of", twins, sides),
    call("awaited.forget", twins, sides, st.lists(ids, max_size=2)),
    call("twins.set_status", twins, statuses, texts),
    call("twins.settle", settlements),
    call("twins.settle", settlements),
    call("twins.set_base", twins, sides, bases),
    call("transactions.queue", twins, sides),
    call("transactions.begin", twins, sides),
    call("transactions.advance", numbers, stages, texts, texts),
    call("transactions.park", numbers, texts),
    call("transactions.explain", numbers, texts),
    call("transactions.discard", twins),
    call("transactions.forgotten", connections, st.just(MOMENT + timedelta(seconds=2)), limits),
    call("transactions.waiting", st.none() | connections, limits),
    call("replicas.add", twins, sides, numbers, numbers, fields, items, st.none() | numbers),
    call("plans.add", twins, numbers, numbers, st.builds(Plan, source=sides, target=st.none() | items, steps=st.tuples(steps))),
    call("journal.open", ids, twins, sides, steps, numbers),
    call("journal.sent", ids, st.integers(0, 1)),
    call("journal.doubt", ids, st.just(MOMENT)),
    call("journal.acknowledge", ids, st.builds(Acknowledgement, id=ids, fields=fields, item=st.none() | items)),
    call("journal.reject", ids, texts),
    call("journal.settle", ids),
    call("journal.unsettled", twins, sides),
    call("inbox.add", systems, ids, st.lists(changes, max_size=3)),
    call("inbox.add_polled", systems, ids, st.lists(changes, max_size=3), texts),
    call("inbox.pending", systems, limits),
    call("inbox.routed", st.lists(numbers)),
    call("inbox.postpone", st.lists(numbers)),
    call("inbox.confirm", owned),
    call("inbox.ledger_has", systems, ids, ids, certain=st.booleans()),
    call("inbox.save_cursor", systems, ids, texts),
    call("hooks.save", st.builds(HookCheck, system=systems, scope=ids, address=names, hooks=hooks, note=texts, checked=st.just(MOMENT))),
    call("conflicts.record", twins, numbers, st.lists(conflicts, max_size=3)),
    call("conflicts.resolve", numbers, sides, texts),
    call("conflicts.restore", numbers, texts),
    call("conflicts.end_restoring", numbers, st.sampled_from(Restoration)),
)


async def answers(store: Store, clock: Clock, asked: list[Call]) -> list[object]:
    """What the store answers, or which error it raises, and at last all that can be read from it."""
    started = [await store.twins.start("support", Side.LEFT, ItemRef(id=id, key="", url="")) for id in "12"]  # noqa: A001
    known = {f"twin {number}": twin.id for number, twin in enumerate(started) if twin}
    await store.transactions.begin(known["twin 0"], Side.LEFT)
    found: list[object] = [started]
    for method, given_values, named in asked:
        if method == "clock.pass_by":
            clock.tick()
            continue
        answer = await _answer(store, method, [_named(known, value) for value in given_values], named)
        found.append((method, answer))
    readings = _readings([twin.id for twin in await store.twins.listing(None, None)])
    return found + [(name, await _answer(store, name, values, {})) for name, values in readings]


def _named(known: dict[str, str], value: object) -> object:
    match value:
        case str():
            return known.get(value, value)
        case Settlement():
            return value.model_copy(update={"twin": known.get(value.twin, value.twin)})
        case _:
            return value


async def _answer(store: Store, name: str, asked: list[object], named: dict[str, object]) -> object:
    noun, method = name.split(".")
    ask: Callable[..., Awaitable[object]] = getattr(getattr(store, noun), method)
    try:
        return await ask(*asked, **named)
    except TwinlineError as error:
        return type(error), str(error)
    except SQLAlchemyError as error:
        return type(error)


def _readings(ids: list[str]) -> list[tuple[str, list[object]]]:
    of_twins = ["twins.state", "transactions.of_twin", "journal.of_twin", "conflicts.of_twin"]
    return [
        ("configurations.deployment", []),
        ("capacities.usages", []),
        ("configurations.systems", []),
        ("configurations.connections", []),
        ("conflicts.open_ones", []),
        ("transactions.waiting", [None, 99]),
        *((name, [twin]) for name in of_twins for twin in ids),
        *(("twins.recent_writes", [twin, MOMENT]) for twin in ids),
        *(("replicas.latest", [twin, side]) for twin in ids for side in Side),
        *((name, [system, *rest]) for system in ("left", "right") for name, rest in (("inbox.pending", [99]), ("hooks.of", []))),
    ]


def _counting() -> Callable[[int], str]:
    numbers = count()
    return lambda size: f"{next(numbers):0{2 * size}x}"


async def compare(asked: list[Call]) -> None:
    with inline_sqlite.scratch() as folder:
        found: list[list[object]] = []
        for kind in ("memory", "inline"):
            clock, token = Clock(MOMENT), _counting()
            if kind == "memory":
                store = memory_store.opened(KEY, clock, token)
            else:
                store = await inline_sqlite.opened(Path(folder) / "twinline.db", KEY, clock, token)
            await store.configurations.match(DECLARED)
            found.append(await answers(store, clock, asked))
            await store.aclose()
        for one, other in zip(*found, strict=True):
            assert one == other


@settings(max_examples=20, deadline=None)
@given(st.lists(calls, max_size=30))
def test_two_stores_answer_alike(asked: list[Call]) -> None:
    asyncio.run(compare(asked))
