import pytest
from acme_world import World

from model.agreement import Agreed, Base, Trace
from model.errors import BadInput
from model.item import Item, ItemRef
from model.plan import Conflict, Plan, Transition, UpdateItem
from model.settlement import Settlement
from model.words import ChildKind, ConflictPolicy, Side, Stage, TwinStatus
from operations import deployment, looking, twins
from operations.looking import FieldDifference

PAIR = Trace(kind=ChildKind.COMMENT, left_id="1", right_id="9", origin=Side.LEFT, left="hello", right="hello")


@pytest.fixture
async def travelled(world: World) -> tuple[World, str, int]:
    """A twin whose transaction wrote a summary, had a status left to write, and lost a priority; its number."""
    await deployment.apply(world.store, world.signals, world.declared())
    twin = (await twins.sync(world.store, world.signals, world.systems, "app-bugs", item="APP-1", side=Side.LEFT)).twin
    begun = await world.store.transactions.begin(twin.id, Side.LEFT)
    now = world.store.database.now()
    item = Item(ref=ItemRef(id="7", key="acme/app#7", url=""), version="1", updated=now, fields={"summary": "Rope", "status": "open"})
    replica = await world.store.replicas.add(twin.id, Side.LEFT, begun.id, 1, {"summary": "Long rope"}, item)
    lost = Conflict(subject="priority", target=Side.RIGHT, left="High", right="Low", policy=ConflictPolicy.RIGHT, winner=Side.RIGHT)
    steps = (UpdateItem(fields={"summary": "Long rope"}), Transition(status="closed"))
    await world.store.plans.add(twin.id, begun.id, replica.id, Plan(source=Side.LEFT, target=item, steps=steps, conflicts=(lost,)))
    await world.store.twins.settle(
        Settlement(
            twin=twin.id,
            transaction=begun.id,
            revision=twin.revision,
            stage=Stage.APPLIED,
            status=TwinStatus.SYNCHRONIZED,
            summary="",
            written=("summary",),
            bases={Side.RIGHT: Base(agreed={"summary": Agreed(asked="Long rope", got="Long rope")})},
            kept=(PAIR,),
            conflicts=(lost,),
        )
    )
    return world, twin.id, begun.id


async def test_a_transaction_tells_what_became_of_each_property(travelled: tuple[World, str, int]):
    world, twin, number = travelled
    found = await looking.transaction(world.store, twin, number)

    assert found.fields == (
        FieldDifference(property="summary", before="Rope", after="Long rope", result="written"),
        FieldDifference(property="status", before="open", after="closed", result="planned"),
        FieldDifference(property="priority", before="Low", after="High", result="kept"),
    )
    assert found.steps == ("update summary", "transition status")
    assert [one.conflict.subject for one in found.conflicts] == ["priority"]
    with pytest.raises(BadInput, match="is not of twin other"):
        await looking.transaction(world.store, "other", number)


async def test_replicas_bases_and_traces_are_shown(travelled: tuple[World, str, int]):
    world, twin, _ = travelled
    sent = await looking.replicas(world.store, twin)

    assert (sent.left and sent.left.payload, sent.right) == ({"summary": "Long rope"}, None)
    assert (await looking.bases(world.store, twin)).right.agreed["summary"].got == "Long rope"
    assert await looking.traces(world.store, twin) == (PAIR,)


async def test_a_transaction_that_came_to_no_plan_has_no_differences(travelled: tuple[World, str, int]):
    world, twin, _ = travelled
    waiting = await world.store.transactions.queue(twin, Side.RIGHT)

    assert (await looking.transaction(world.store, twin, waiting)).fields == ()


async def test_the_workflow_is_linked_where_the_address_is_known(travelled: tuple[World, str, int]):
    world, twin, _ = travelled
    detail = await twins.shown(world.store, twin)

    assert looking.linked(detail, "", "default").link == ""
    link = looking.linked(detail, "http://127.0.0.1:8233", "default").link
    assert link.startswith("http://127.0.0.1:8233/namespaces/default/workflows/twin%2Fapp-bugs%2Fleft%2F")
