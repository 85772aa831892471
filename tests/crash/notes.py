"""The engine's journal and conflict log of one connection, as the oracle takes them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import text

from model.item import Fields
from model.twin import Twin
from store import Store
from tests.crash.reading import neutral
from tests.oracle.records import COMMENT, FILE, Conflict, Intent, Kind, Side

_KINDS = {
    "create": (Kind.CREATE, ""),
    "transition": (Kind.SET, "status"),
    "add_comment": (Kind.ADD, COMMENT),
    "edit_comment": (Kind.EDIT, COMMENT),
    "delete_comment": (Kind.REMOVE, COMMENT),
    "add_attachment": (Kind.ADD, FILE),
    "delete_attachment": (Kind.REMOVE, FILE),
}
_QUERY = text("SELECT twin, target, step, sends, status FROM intent")


@dataclass(frozen=True)
class Notes:
    intents: Sequence[Intent]
    conflicts: Sequence[Conflict]


async def notes(store: Store, connection: str, *, two_statuses: bool) -> Notes:
    twins = {twin.id: twin for twin in await store.twins.listing(connection, None, limit=1000)}
    async with store.database.reading() as session:
        rows = (await (await session.connection()).execute(_QUERY)).all()
    intents = [_intent(twins[row.twin], row.target, json.loads(row.step), row.sends, row.status) for row in rows if row.twin in twins]
    conflicts: list[Conflict] = []
    for twin in twins.values():
        items = (twin.left.key if twin.left else "", twin.right.key if twin.right else "")
        for one in await store.conflicts.of_twin(twin.id):
            subject, found = one.conflict.subject, one.conflict
            left, right = (neutral(subject, value, two_statuses=two_statuses) for value in (found.left, found.right))
            conflicts.append(Conflict(items, subject, left, right, one.winner is None and one.resolved is None))
    return Notes(intents, conflicts)


def _intent(twin: Twin, target: str, step: Fields, sends: int, status: str) -> Intent:
    kind, subject = _KINDS.get(str(step["kind"]), (Kind.SET, ""))
    subjects = tuple(cast("Fields", step["fields"])) if step["kind"] == "update" else (subject,)
    ref = twin.left if target == Side.LEFT else twin.right
    item = twin.id if kind is Kind.CREATE else (ref.key if ref else "")
    return Intent(Side(target), item, kind, subjects, sends, status == "open" and sends > 0)
