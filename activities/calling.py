"""What an incoming rule writes itself, as by `httpClient`: what the journal is to steps of a plan, it is to such calls.

A rule runs again and again for one change, always the same way. So a call is named by the transaction, by what is sent and by how many went
before: it is sent once, and every later run gets its recorded answer. A call whose answer was lost is sent again only where many are as
good as one; otherwise the pair is parked, and once a person has looked and retries, the rule goes on with an answer of code 0.
What the item became meanwhile may have the rule call for something else: what became of the first call is told all the same.
"""

import json

from pydantic import JsonValue

from activities.effects import HELD, Deactivated
from activities.engine import Engine, Place
from activities.sending import called
from model.errors import Ambiguous, Refused, TwinlineError, Unavailable
from model.item import Fields
from model.journal import Intent
from model.plan import Acknowledgement, RuleCall
from model.twin import StoredReplica, Twin
from model.words import IntentStatus
from rules.interface import REFUSED, Lookup

UNKNOWN: dict[str, JsonValue] = {"code": 0, "body": None, "headers": {}}


class Calls:
    """Those of one run of the target's incoming rule. `sent` tells whether one was carried out, so that the target may have changed.

    `find_out` comes before the run, `close` after it.
    """

    def __init__(self, engine: Engine, twin: Twin, stored: StoredReplica, target: Place) -> None:
        self._engine = engine
        self._twin = twin
        self._stored = stored
        self._target = target
        self.sent = False
        self._open: set[str] = set()

    async def find_out(self) -> None:
        """What became of calls of earlier runs. Raises Refused where nobody knows, and Deactivated."""
        for intent in await self._engine.store.journal.unsettled(self._twin.id, self._target.side):
            if not isinstance(intent.step, RuleCall):
                continue
            if intent.status is IntentStatus.APPLIED:
                await self._engine.store.journal.settle(intent.op)
            elif intent.step.repeats:
                self._open.add(intent.op)
            else:
                await self._doubtful(intent, intent.step)

    async def close(self) -> None:
        """The run is over. A call that it did not repeat stays as it is; that nobody knows is its answer."""
        for op in sorted(self._open):
            await self._answer(op, Acknowledgement(fields=UNKNOWN))

    async def write(self, lookup: Lookup) -> JsonValue:
        """The answer. Raises Refused where nobody knows what became of the call, Deactivated, Overtaken, or what the connector raises."""
        call = RuleCall(name=lookup.name, arguments=lookup.arguments)
        journal = self._engine.store.journal
        transaction = str(self._stored.transaction)
        op = self._engine.op(self._twin.id, str(self._target.side), call.kind, transaction, call.name, json.dumps(call.arguments))
        intent = await journal.open(op, self._twin.id, self._target.side, call)
        self._open.discard(op)
        if intent.acknowledgement is not None:
            return intent.acknowledgement.fields
        if intent.sends > 0 and not call.repeats:
            return await self._doubtful(intent, call)
        if await journal.sent(op, intent.sends) is None:
            return await self._send(op, call)
        if await self._engine.store.twins.hold_unless_active(self._twin.id) is None:
            raise Unavailable("the connection was deactivated and activated while a rule ran; it is run again")
        raise Deactivated(HELD)

    async def _send(self, op: str, call: RuleCall) -> JsonValue:
        journal = self._engine.store.journal
        try:
            done = await called(self._target, call)
        except Ambiguous:
            raise
        except TwinlineError as refused:
            await journal.reject(op, refused.message)
            raise
        if _is_refused(done.fields):
            await journal.reject(op, f"{call.subject} was refused")
        else:
            self.sent = True
            await self._answer(op, done)
        return done.fields

    async def _answer(self, op: str, answer: Acknowledgement) -> None:
        """On record for later runs; no base will account for it."""
        await self._engine.store.journal.acknowledge(op, answer)
        await self._engine.store.journal.settle(op)

    async def _doubtful(self, intent: Intent, call: RuleCall) -> JsonValue:
        """The doubt is noted after the parking: whoever meets it noted knows that a person was told, and retried."""
        if intent.recovering_since is not None:
            await self._answer(intent.op, Acknowledgement(fields=UNKNOWN))
            return UNKNOWN
        refused = Refused(
            f"the answer to the incoming rule's {call.subject!r} was lost, so that it may have been done or not; look there and do by hand "
            "what is missing, then retry: the rule goes on, and the call is not sent again"
        )
        if await self._engine.park(self._twin, self._stored.transaction, refused):
            raise Deactivated(HELD)
        await self._engine.store.journal.doubt(intent.op, self._engine.now())
        raise refused


def _is_refused(answer: Fields) -> bool:
    code = answer.get("code")
    return not answer or REFUSED in answer or (isinstance(code, int) and code >= 400)
