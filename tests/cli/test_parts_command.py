"""`twinline twin parts`."""

import json

from model.agreement import Agreed, Base, Trace
from model.item import Item, ItemRef
from model.settlement import Settlement
from model.words import ChildKind, Side, Stage, TwinStatus
from store import Store
from tests.cli.desk import Desk

PAIR = Trace(kind=ChildKind.COMMENT, left_id="31", right_id="92", origin=Side.LEFT, left="It broke", right="It broke")


async def test_the_parts_are_tables_for_people_and_json_for_programs(desk: Desk, store: Store):
    await desk.type("apply", str(desk.file))
    twin = json.loads((await desk.type("sync", "app-bugs", "APP-1", "--side", "left", "--json")).out)["twin"]
    begun = await store.transactions.begin(twin["id"], Side.LEFT)
    item = Item(ref=ItemRef(id="1", key="APP-1", url=""), version="1", updated=store.database.now(), fields={})
    await store.replicas.add(twin["id"], Side.LEFT, begun.id, 1, {"summary": "Long rope", "priority": {"name": "High"}}, item)
    base = Base(agreed={"summary": Agreed(asked="Long rope", got="Long rope.")})
    await store.twins.settle(
        Settlement(
            twin=twin["id"],
            transaction=begun.id,
            revision=twin["revision"],
            stage=Stage.APPLIED,
            status=TwinStatus.SYNCHRONIZED,
            summary="",
            bases={Side.RIGHT: base},
            kept=(PAIR,),
        )
    )
    shown = (await desk.type("twin", "parts", twin["id"])).out.splitlines()
    whole = json.loads((await desk.type("twin", "parts", twin["id"], "--json")).out)

    assert shown[:2] == ["left sent replica 1, of version 1", "right sent nothing yet"]
    assert [line.split() for line in shown[3:5]] == [
        ["priority", "'High'", "-", "-", "-"],
        ["summary", "'Long", "rope'", "-", "-", "'Long", "rope.'"],
    ]
    assert shown[6].split() == ["comment", "31", "92", "left", "no", "'It", "broke'"]
    assert whole["base"]["right"]["agreed"]["summary"] == {"asked": "Long rope", "got": "Long rope."}
