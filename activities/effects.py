"""The effect protocol: how one step becomes one write, whatever breaks on the way.

1. The intent is committed before anything is sent.
2. A step whose intent is acknowledged is done: its recorded answer is used.
3. A step that was sent before, with no answer recorded, is in doubt. It is looked for on the platform (by marker, by
   direct read, by value). Found: it
   is taken over, with what we journalled as base. Not found: nothing is sent again before the horizon, the time in which a late write may
   still land and the platform's index may still not show it, counted from when we began to look.
4. Only a platform's answer acknowledges.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from activities.engine import Engine, Place
from activities.history import after, happened
from activities.judging import won_by_source, won_by_target
from activities.sending import Sender, work_logs
from model.errors import Ambiguous, Stale, TwinlineError
from model.item import Comment, Fields, Item
from model.journal import Intent
from model.plan import (
    Acknowledgement,
    AddAttachment,
    AddComment,
    AddWorkLog,
    CreateItem,
    DeleteAttachment,
    DeleteComment,
    DeleteWorkLog,
    EditComment,
    EditWorkLog,
    RuleCall,
    Step,
    Transition,
    UpdateItem,
)
from model.twin import StoredPlan, Twin
from model.words import ChildKind, ConflictPolicy, IntentStatus
from sync.canonical import same
from sync.settle import ahead, outcome_of_update, pending_values, values_of_ours

CLOCK_SLACK = timedelta(minutes=10)
HELD = "held: the connection is not active"


Texts = Callable[[Item], dict[str, str]]


class InDoubt(Ambiguous):
    """The outcome is still unknown; look again after `wait`."""

    def __init__(self, message: str, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


class Deactivated(TwinlineError):
    """The connection was deactivated between two steps."""


class Effects:
    """Carries out the steps of one plan on one target."""

    def __init__(self, engine: Engine, twin: Twin, plan: StoredPlan, source: Place, target: Place) -> None:
        self._engine = engine
        self._journal = engine.store.journal
        self._twin = twin
        self._plan = plan
        self._target = target
        self._sender = Sender(source, target, twin.id)
        self.done: list[str] = []
        """The operations of the steps that this attempt has carried out, or found carried out."""

    async def carry_out(self, number: int, step: Step, item_id: str, version: str) -> Acknowledgement:
        """The platform's answer to the step, which is to be made on the item's `version` where the platform can tell.

        Raises InDoubt, Deactivated, Overtaken, Stale, or what the connector raises.
        """
        done = await self._carried_out(number, step, item_id, version)
        self.done.append(self._op(number, step))
        return done

    async def _carried_out(self, number: int, step: Step, item_id: str, version: str) -> Acknowledgement:
        intent = await self._journal.open(self._op(number, step), self._twin.id, self._target.side, step, self._plan.id)
        if intent.status is IntentStatus.APPLIED and intent.acknowledgement is not None:
            return intent.acknowledgement
        if intent.sends > 0 and not self._repeats(step):
            intent, found = await self.find_out(intent, item_id)
            if found is not None:
                return found
        return await self._send(intent, step, item_id, version)

    async def restore(self, number: int, fields: Fields, item_id: str) -> None:
        """Give back values of a person's. Raises as `carry_out` does."""
        step = UpdateItem(fields=fields, restores=True)
        await self.carry_out(number, step, item_id, "")
        await self._journal.settle(self._op(number, step))

    async def find_out(self, intent: Intent, item_id: str) -> tuple[Intent, Acknowledgement | None]:
        """What became of a write that was sent; None if it did not happen and never will.

        Raises InDoubt, and Stale if an edit hides it: the write stays in doubt then until recovery ends that, so that another attempt
        at the same plan comes to the same.
        """
        intent = await self._journal.doubt(intent.op, self._engine.now())
        found = await self._look(intent, item_id)
        if found is not None:
            await self._journal.acknowledge(intent.op, found)
        return intent, found

    async def read_back(self, done: Acknowledgement, step: CreateItem) -> tuple[Acknowledgement, bool]:
        """A created item with what the platform filled in by itself; and whether people have changed what the plan is still to write.

        What somebody may have changed and nobody can tell goes on record: the source's value will be written over it.
        """
        made, read = await self._sender.read_back(done, step.fields, self._engine.now())
        if read is None or made.item is None:
            return made, False
        differing = ahead(self._plan.plan, read)
        if read.fields.get("created") != read.fields.get("updated"):
            unknown = sorted(differing.keys() - done.fields.keys() - step.fields.keys())
            lost = [won_by_source(self._target, name, differing[name], read.fields.get(name)) for name in unknown]
            await self._engine.store.conflicts.record(self._twin.id, self._plan.transaction, lost)
        return made, any(not same(made.item.fields.get(name), read.fields.get(name)) for name in differing)

    async def _send(self, intent: Intent, step: Step, item_id: str, version: str) -> Acknowledgement:
        op = intent.op
        of_change = None if isinstance(step, UpdateItem) and step.gives_back else self._plan.transaction
        if await self._journal.sent(op, intent.sends, of_change) is not None:
            raise Deactivated(HELD)
        try:
            done = await self._sender.send(step, item_id, op, version)
        except Ambiguous:
            raise
        except TwinlineError as refused:
            if intent.sends == 0 or not self._repeats(step):
                await self._journal.reject(op, refused.message)
            raise
        if intent.sends > 0 and isinstance(step, CreateItem):
            done = self._sender.met_again(done)
        await self._journal.acknowledge(op, done)
        return done

    def _repeats(self, step: Step) -> bool:
        """Whether the write is repeated while it is in doubt, since the platform makes one of it; a refusal tells nothing of the first."""
        return isinstance(step, CreateItem) and self._target.declared.capabilities.create_key

    def _op(self, number: int, step: Step) -> str:
        """Additions are named by what they copy, so that no later plan adds them twice; changes by their plan."""
        twin, side = self._twin.id, str(self._target.side)
        match step:
            case CreateItem():
                return self._engine.op(twin, side, step.kind)
            case AddComment() | AddWorkLog():
                return self._engine.op(twin, side, step.kind, step.source_id)
            case AddAttachment():
                return self._engine.op(twin, side, step.kind, step.source.id)
            case Transition() if step.passing:
                return self._engine.op(twin, side, step.kind, str(self._plan.id), str(number), step.status)
            case UpdateItem() if step.restores:
                return self._engine.op(twin, side, "restore", str(self._plan.id), str(number), step.model_dump_json())
            case _:
                return self._engine.op(twin, side, step.kind, str(self._plan.id), str(number))

    async def _look(self, intent: Intent, item_id: str) -> Acknowledgement | None:
        """What became of a write in doubt: its acknowledgement, or None if it may be sent again now."""
        connector, step = self._target.connector, intent.step
        match step:
            case CreateItem():
                since = intent.created - CLOCK_SLACK
                item = await connector.find_by_marker(self._target.settings, self._twin.id, since)
                return self._sender.adopted(item) if item else self._absent(intent, indexed=True)
            case UpdateItem() | Transition():
                return await self._seen(intent, step, await connector.read(item_id))
            case AddComment():
                comment = await connector.find_comment(item_id, intent.op)
                done = comment and Acknowledgement(id=comment.id, item_id=item_id, text=self._as_added(comment, step))
                return done or self._absent(intent, indexed=False)
            case EditComment():
                wanted = connector.as_read(step.body)
                return await self._seen_edit(intent, step, wanted, await connector.read(item_id), _bodies)
            case AddAttachment():
                file = await connector.find_attachment(item_id, intent.op, step.source, await self._others(ChildKind.ATTACHMENT, intent.op))
                done = file and Acknowledgement(id=file.id, item_id=item_id, url=file.location, text=file.filename)
                return done or self._absent(intent, indexed=False)
            case AddWorkLog():
                others = await self._others(ChildKind.WORK_LOG, intent.op)
                log = await work_logs(self._target).find(item_id, intent.op, step.work, others)
                done = log and Acknowledgement(id=log.id, item_id=item_id, text=work_logs(self._target).as_read(step.work).text)
                return done or self._absent(intent, indexed=False)
            case EditWorkLog():
                wanted = work_logs(self._target).as_read(step.work).text
                return await self._seen_edit(intent, step, wanted, await connector.read(item_id), _worked)
            case DeleteComment() | DeleteAttachment() | DeleteWorkLog():
                now = await connector.read(item_id)
                return Acknowledgement(id=_child(step), item_id=item_id) if _child(step) not in _children(now) else None
            case RuleCall():
                raise Stale("what a rule's call does is not known here")

    def _as_added(self, comment: Comment, step: AddComment) -> str:
        """What the platform made of our text; what it makes of it where somebody may have edited that, as in the same whole second."""
        untouched = comment.created is not None and comment.updated == comment.created and comment.created.microsecond
        return comment.body if untouched else self._target.connector.as_read(step.body)

    async def _others(self, kind: ChildKind, op: str) -> set[str]:
        """Children on the target that are known to be copies of others than that of `op`."""
        side = self._target.side
        state = await self._engine.store.twins.state(self._twin.id)
        written = await self._journal.unsettled(self._twin.id, side)
        paired = {trace.id_on(side) for trace in state.traces if trace.kind is kind}
        return paired | {one.acknowledgement.id for one in written if one.acknowledgement is not None and one.op != op}

    async def _seen(self, intent: Intent, step: UpdateItem | Transition, now: Item) -> Acknowledgement | None:
        if isinstance(step, UpdateItem):
            step = step.model_copy(update={"fields": self._sender.as_shown(step.fields)})
        ref = now.ref
        done = Acknowledgement(id=ref.id, item_id=ref.id, key=ref.key, url=ref.url)
        match outcome_of_update(step, self._plan.plan.target, now):
            case True if isinstance(step, UpdateItem) and step.shows:
                return self._absent(intent, indexed=False)
            case True:
                return done.model_copy(update={"fields": values_of_ours(step, now)})
            case _ if await happened(self._target, ref.id, step, after(self._plan.plan.target, intent.created)):
                return await self._unseen(step, done)
            case False:
                return self._absent(intent, indexed=False)
            case None:
                self._absent(intent, indexed=False)
                if await self._yielded(step, now):
                    return await self._unseen(step, done)
                raise Stale(f"{now.ref.key} was edited while our write to it was in doubt", now.version)

    async def _unseen(self, step: UpdateItem | Transition, done: Acknowledgement) -> Acknowledgement:
        """With the status that nobody sees there any more as the platform tells it: rules go by its category."""
        asked = pending_values((step,)).get("status")
        if not isinstance(asked, dict):
            return done
        status = await self._target.connector.lookup(self._target.settings, "status", (str(asked.get("name")),))
        return done.model_copy(update={"fields": {"status": status}}) if status else done

    async def _yielded(self, step: UpdateItem | Transition, now: Item) -> bool:
        """Let other values stand where ours may have been: whoever made them may have seen ours. They are put on record as conflicts.

        False where a value is as it was before, so that ours never was there, and where conflicts are for people to decide.
        """
        before, conflicts = self._plan.plan.target, self._target.configuration.conflicts
        asked = pending_values((step,))
        if before is None or step.restores or step.conflict:
            return False
        if any(same(now.fields.get(name), before.fields.get(name)) for name in asked):
            return False
        if any(conflicts.policy(name) is ConflictPolicy.HOLD for name in asked):
            return False
        other = {name: value for name, value in asked.items() if not same(now.fields.get(name), value)}
        kept = [won_by_target(self._target, name, value, now.fields.get(name)) for name, value in other.items()]
        await self._engine.store.conflicts.record(self._twin.id, self._plan.transaction, kept)
        return True

    async def _seen_edit(
        self, intent: Intent, step: EditComment | EditWorkLog, wanted: str, now: Item, texts: Texts
    ) -> Acknowledgement | None:
        """What became of the edit that was to make a child of the item say `wanted`; `texts` gives what such children say, by id."""
        child, before = _edited_child(step), self._plan.plan.target
        here, was = texts(now).get(child), texts(before).get(child) if before else None
        done = Acknowledgement(id=child, item_id=now.ref.id, text=wanted)
        if here is not None and same(here, wanted):
            return done.model_copy(update={"text": here})
        self._absent(intent, indexed=False)
        if here is not None and was is not None and same(here, was):
            return None
        if here is not None and was is not None and await self._child_yielded(step, here):
            return done
        raise Stale(f"the {step.subject} of {now.ref.key} was edited while our write to it was in doubt", now.version)

    async def _child_yielded(self, step: EditComment | EditWorkLog, here: str) -> bool:
        """As `_yielded`: who made the text that is there may have seen ours, so that it stands as a later one and goes on record."""
        if self._target.configuration.conflicts.policy(step.subject) is ConflictPolicy.HOLD:
            return False
        ours = step.body if isinstance(step, EditComment) else step.work.text
        kept = won_by_target(self._target, step.subject, ours, here)
        await self._engine.store.conflicts.record(self._twin.id, self._plan.transaction, (kept,))
        return True

    def _absent(self, intent: Intent, *, indexed: bool) -> None:
        """Absence proves nothing before the horizon."""
        left = self._horizon(indexed=indexed) - (self._engine.now() - _since(intent))
        if left > timedelta():
            system = self._target.system.id
            raise InDoubt(f"{system} has not shown yet whether our {intent.step.kind} arrived; it is looked for again", _pause(left))

    def _horizon(self, *, indexed: bool) -> timedelta:
        system = self._target.system
        lag = system.search_lag_seconds
        lag = self._target.declared.capabilities.search_lag if lag is None else lag
        return timedelta(seconds=system.late_write_seconds + (lag if indexed else 0.0))


def _child(step: DeleteComment | DeleteAttachment | DeleteWorkLog) -> str:
    match step:
        case DeleteComment():
            return step.comment_id
        case DeleteAttachment():
            return step.attachment_id
        case DeleteWorkLog():
            return step.log_id


def _edited_child(step: EditComment | EditWorkLog) -> str:
    return step.comment_id if isinstance(step, EditComment) else step.log_id


def _children(item: Item) -> set[str]:
    return {one.id for one in (*item.comments, *item.attachments, *item.work_logs)}


def _bodies(item: Item) -> dict[str, str]:
    return {one.id: one.body for one in item.comments}


def _worked(item: Item) -> dict[str, str]:
    return {one.id: one.text for one in item.work_logs}


def _since(intent: Intent) -> datetime:
    return intent.recovering_since or intent.created


def _pause(left: timedelta) -> timedelta:
    return max(timedelta(seconds=1), min(left, timedelta(seconds=30)))
