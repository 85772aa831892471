"""The journal of vendor writes in memory."""

from datetime import datetime

from model.journal import Intent
from model.plan import Acknowledgement, Step
from model.words import ConnectionStatus, IntentStatus, Side
from store.columns import utc
from store.fencing import require_own_turn
from store.journal import Journal
from store.refusals import unknown_intent
from tests.memory_store.rows import MemoryDatabase, through_json


class MemoryJournal(Journal):
    def __init__(self, database: MemoryDatabase) -> None:
        super().__init__(database)
        self._rows = database

    async def open(self, op: str, twin: str, target: Side, step: Step, plan: int = 0) -> Intent:
        found = self._rows.intents.get(op)
        if found is None:
            self._rows.refer(twin=twin)
            opened = Intent(
                op=op,
                twin=twin,
                target=target,
                step=through_json(step),
                status=IntentStatus.OPEN,
                created=self._rows.now(),
                plan=plan,
            )
            self._rows.intents[op] = opened
            return opened
        if found.status is IntentStatus.REJECTED or (found.status is IntentStatus.OPEN and found.sends == 0 and plan > found.plan):
            anew = {"sends": 0, "recovering_since": None, "settled": False, "plan": plan}
            return self._change(op, status=IntentStatus.OPEN, step=through_json(step), **anew)
        return found

    async def sent(self, op: str, seen: int, transaction: int | None = None) -> ConnectionStatus | None:
        intent = self._known(op)
        twin = self._rows.twin(intent.twin)
        known = self._rows.transactions.get(transaction) if transaction is not None else None
        require_own_turn(intent.status, intent.sends, seen, twin.status, known.stage if known else None)
        status = self._rows.configured.connections[twin.connection].status
        if status is not ConnectionStatus.ACTIVE:
            return status
        self._change(op, sends=intent.sends + 1, recovering_since=None)
        return None

    async def doubt(self, op: str, now: datetime) -> Intent:
        since = self._known(op).recovering_since
        return self._change(op, recovering_since=utc(now) if since is None else since)

    async def acknowledge(self, op: str, acknowledgement: Acknowledgement) -> None:
        self._change(op, status=IntentStatus.APPLIED, acknowledgement=through_json(acknowledgement))

    async def reject(self, op: str, reason: str) -> None:
        if self._known(op).status is IntentStatus.OPEN:
            self._change(op, status=IntentStatus.REJECTED)

    async def settle(self, op: str) -> None:
        self._change(op, settled=True)

    async def unsettled(self, twin: str, target: Side) -> tuple[Intent, ...]:
        return tuple(one for one in await self.of_twin(twin) if one.target is target and not one.settled and _happened(one))

    async def of_twin(self, twin: str) -> tuple[Intent, ...]:
        found = [intent for intent in self._rows.intents.values() if intent.twin == twin]
        return tuple(sorted(found, key=lambda intent: (intent.created, intent.op)))

    def _known(self, op: str) -> Intent:
        found = self._rows.intents.get(op)
        if found is None:
            raise unknown_intent(op)
        return found

    def _change(self, op: str, **changes: object) -> Intent:
        changed = self._known(op).model_copy(update=changes)
        self._rows.intents[op] = changed
        return changed


def _happened(intent: Intent) -> bool:
    return intent.status is IntentStatus.APPLIED or (intent.status is IntentStatus.OPEN and intent.sends > 0)
