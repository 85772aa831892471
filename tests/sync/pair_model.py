"""Two platforms and what the engine knows of them: one sync in the order in which the activities do it, with plain functions as rules."""

from collections.abc import Callable
from dataclasses import dataclass, field

from platform_model import SUBJECTS, Clock, Platform, Seen, shouting, trimming
from pydantic import JsonValue

from model.agreement import Base, Trace
from model.configuration import Conflicts
from model.item import Fields, Item, work_of
from model.plan import Acknowledgement, Conflict, Plan, Transition, UpdateItem
from model.twin import Twin, TwinState
from model.words import ChildKind, ConflictPolicy, Side, TwinStatus
from sync.children import Delta, Wish, delta
from sync.echo import is_echo
from sync.merge import Judge, partly_reversed, reverse_agreed
from sync.pairing import agreed_item, pair_children
from sync.plan import Abilities, Situation, Wishes, children_of, make_plan
from sync.settle import Acknowledged, Settled, arrived, less_edits, outcome_of_update, outstanding, overwritten, settle, values_of_ours
from sync.work_logs import WorkWish

ABILITIES = Abilities(
    name="acme",
    writable=frozenset(SUBJECTS),
    status_is_transition=False,
    created_with_status=True,
    internal_comments=True,
    edits_comments=True,
    deletes_comments=True,
    attachments=True,
    work_logs=True,
)
FLOOD = 20


def outgoing(item: Item) -> Fields:
    """The outgoing rule: every property, every comment and every work log."""
    comments: list[JsonValue] = [{"id": one.id, "body": one.body, "author": one.author, "internal": one.internal} for one in item.comments]
    logs: list[JsonValue] = [
        {
            "id": one.id,
            "startDate": int(one.started.timestamp() * 1000),
            "timeSpent": one.spent,
            "comment": one.comment,
            "author": one.author,
        }
        for one in item.work_logs
    ]
    return {**item.fields, "comments": comments, "workLogs": logs}


def incoming(replica: Fields) -> Fields:
    """The incoming rule: every property as it came."""
    return {subject: replica[subject] for subject in SUBJECTS if subject in replica}


def merged_comments(item: Item | None, found: Delta, counterparts: dict[str, str]) -> tuple[Wish, ...]:
    """What the rule language's `mergeComments` leaves: copies begin with a line that names the author."""
    gone = {str(one["id"]) for one in found.removed}
    changed = {str(one["id"]): _named(one) for one in found.changed}
    own = [
        Wish(one.id, source, changed.get(source, one.body), one.internal)
        for one in (item.comments if item else ())
        if (source := counterparts.get(one.id, "")) not in gone
    ]
    return (*own, *(Wish("", str(one["id"]), _named(one)) for one in found.added))


def _named(child: Fields) -> str:
    author = child.get("author")
    body = str(child["body"])
    return body if child.get("ours") or not isinstance(author, dict) else f"{author['displayName']} commented: \n{body}"


def merged_logs(item: Item | None, found: Delta, counterparts: dict[str, str]) -> tuple[WorkWish, ...]:
    """What the rule language's `mergeWorkLogs` leaves."""
    gone = {str(one["id"]) for one in found.removed}
    changed = {str(one["id"]): work_of(_signed(one)) for one in found.changed}
    own = [
        WorkWish(one.id, source, changed.get(source, one))
        for one in (item.work_logs if item else ())
        if (source := counterparts.get(one.id, "")) not in gone
    ]
    return (*own, *(WorkWish("", str(one["id"]), work_of(_signed(one))) for one in found.added))


def _signed(child: Fields) -> Fields:
    author = child.get("author")
    signed = {"comment": f"{author['displayName']} logged: {child['comment'] or ''}"} if isinstance(author, dict) else {}
    return child if child.get("ours") else {**child, **signed}


def nothing() -> None:
    """What people do meanwhile, by default."""


@dataclass(frozen=True)
class Unsettled:
    """A write that is acknowledged, of an attempt that ended before it could settle what it did."""

    plan: Plan
    item: Item
    done: Acknowledged


@dataclass
class Pair:
    """`left` and `right` start as they are; nothing is agreed yet. Where there is an `origin`, its first sync is the pair's first."""

    policy: ConflictPolicy
    left: Platform
    right: Platform
    bases: dict[Side, Base] = field(default_factory=lambda: {Side.LEFT: Base(), Side.RIGHT: Base()})
    traces: dict[tuple[str, str], Trace] = field(default_factory=dict[tuple[str, str], Trace])
    record: list[Conflict] = field(default_factory=list[Conflict])
    decisions: list[Conflict] = field(default_factory=list[Conflict])
    origin: Side | None = None
    unsettled: list[Unsettled] = field(default_factory=list[Unsettled])

    def on(self, side: Side) -> Platform:
        return self.left if side is Side.LEFT else self.right

    def until_quiet(self, *, force: bool = False) -> int:
        """Sync both ways until nothing is written any more; the number of writes."""
        before = self.left.writes + self.right.writes
        for _ in range(FLOOD):
            quiet = self.left.writes + self.right.writes
            for side in Side:
                self.sync_fully(side, force=force)
            if quiet == self.left.writes + self.right.writes:
                return quiet - before
        raise AssertionError("the two sides keep writing to each other")

    def sync_fully(self, source: Side, *, force: bool = False) -> None:
        """One sync and those that it asks for in return."""
        for _ in range(FLOOD):
            plan = self.sync(source, force=force)
            if plan is None or not plan.send_back:
                return
            source, force = source.other, True
        raise AssertionError("the two sides keep sending values back")

    def sync(
        self,
        source: Side,
        *,
        force: bool = False,
        before_write: Callable[[], None] = nothing,
        after_write: Callable[[], None] = nothing,
        fails_after: int | None = None,
    ) -> Plan | None:
        """Fetch, transform, apply and settle; None where the source has nothing new."""
        if self._waits(source) and self.origin:
            self.sync(self.origin, force=force, fails_after=fails_after)
            if self._waits(source):
                return None
        self._recover()
        item, seen = self.on(source).read(), dict(self.on(source).seen)
        payload, base = outgoing(item), self.bases[source]
        if base.item is not None and not force and is_echo(payload, base.replica):
            return None
        plan = self.plan(source, item, payload)
        self._agree_on_sight(plan, seen)
        before_write()
        target = self.on(source.other)
        todo = plan.steps if fails_after is None else plan.steps[:fails_after]
        done = [(step, target.write(step, seen)) for step in todo]
        after_write()
        self._settle(plan, item, payload, done, complete=len(done) == len(plan.steps))
        return plan

    def plan(self, source: Side, item: Item, payload: Fields) -> Plan:
        target_item, state = self.on(source.other).read(), self.state()
        found, logs = (
            delta(kind, children_of(payload, kind), item, source, state.traces) for kind in (ChildKind.COMMENT, ChildKind.WORK_LOG)
        )
        counterparts = {trace.id_on(source.other): trace.id_on(source) for trace in state.traces}
        situation = Situation(
            state=state,
            source=source,
            source_item=item,
            target_item=target_item,
            comments=found,
            attachments=Delta(),
            work_logs=logs,
            judge=Judge(Conflicts(default=self.policy), source, item.updated, target_item.updated, tuple(self.decisions)),
            abilities=ABILITIES,
        )
        wishes = Wishes(
            fields=incoming(payload),
            comments=merged_comments(target_item, found, counterparts),
            work_logs=merged_logs(target_item, logs, counterparts),
        )
        return make_plan(situation, wishes)

    def _waits(self, source: Side) -> bool:
        return self.origin is source.other and self.bases[source.other].item is None

    def relink(self, source: Side, *, remembered: bool) -> None:
        """Become a pair anew, with or without what is known from before."""
        traces = pair_children(self.left.read(), self.right.read(), self.traces.values() if remembered else (), ())
        self.origin, self.traces = source, {(trace.left_id, trace.right_id): trace for trace in traces}
        self.bases[source], self.record = Base(), []
        self.bases[source.other] = Base(item=agreed_item(self.on(source.other).read(), source.other, traces))

    def lose_answer(self, source: Side, *, arrives: bool, meanwhile: Callable[[], None] = nothing) -> None:
        """A sync whose first write of properties gets no answer, and what is done about it once the horizon has passed."""
        item, seen = self.on(source).read(), dict(self.on(source).seen)
        payload, target = outgoing(item), self.on(source.other)
        plan = self.plan(source, item, payload)
        self._agree_on_sight(plan, seen)
        step = plan.steps[0] if plan.steps else None
        if not isinstance(step, UpdateItem | Transition):
            return
        if arrives:
            target.write(step, seen)
        meanwhile()
        now = target.read()
        match outcome_of_update(step, plan.target, now):
            case True:
                answer = Acknowledgement(id=now.ref.id, item_id=now.ref.id, fields=values_of_ours(step, now))
            case False:
                answer = target.write(step, seen)
            case None:
                self.record += overwritten(plan, (step,))
                return
        self._settle(plan, item, payload, [(step, answer)], complete=len(plan.steps) == 1)

    def leave_unsettled(self, source: Side) -> None:
        """A sync that breaks off when its first write is acknowledged."""
        item, seen = self.on(source).read(), dict(self.on(source).seen)
        plan = self.plan(source, item, outgoing(item))
        if plan.steps:
            step = plan.steps[0]
            self.unsettled.append(Unsettled(plan, item, (step, self.on(source.other).write(step, seen))))

    def _recover(self) -> None:
        """Make part of the bases what earlier attempts did, before anything new is decided."""
        while self.unsettled:
            one = self.unsettled.pop(0)
            self._settle(one.plan, one.item, outgoing(one.item), [one.done], complete=False)

    def state(self) -> TwinState:
        here, there = self.left.read(), self.right.read()
        twin = Twin(
            id="t1", connection="acme", origin=Side.LEFT, left=here.ref, right=there.ref, status=TwinStatus.SYNCING, updated=here.updated
        )
        return TwinState(twin=twin, left=self.bases[Side.LEFT], right=self.bases[Side.RIGHT], traces=tuple(self.traces.values()))

    def _agree_on_sight(self, plan: Plan, seen: dict[str, Seen]) -> None:
        """Where both sides have the same already, either value stands for both."""
        disputed = {conflict.subject for conflict in plan.conflicts}
        written = {subject for step in plan.steps if isinstance(step, UpdateItem) for subject in step.fields}
        for subject in set(plan.agreed) - disputed - written:
            for platform in (self.left, self.right):
                platform.seen[subject] = platform.seen.get(subject, frozenset()) | seen.get(subject, frozenset())

    def _settle(self, plan: Plan, item: Item, payload: Fields, done: list[Acknowledged], *, complete: bool) -> None:
        target = plan.source.other
        settled = settle(plan, self.bases[target], self.traces.values(), done, complete=complete)
        self.record += settled.conflicts
        for trace in settled.dropped:
            del self.traces[trace.left_id, trace.right_id]
        self.traces |= {(trace.left_id, trace.right_id): trace for trace in settled.kept}
        if complete:
            self._move_bases(plan, item, payload, settled)
        elif done:
            self._move_bases_partly(plan, item, settled)

    def _move_bases(self, plan: Plan, item: Item, payload: Fields, settled: Settled) -> None:
        source, target = plan.source, plan.source.other
        assert settled.item is not None
        assert plan.target is not None
        edited = outstanding(plan, plan.target, self.bases[target], self.bases[source])
        really = {subject: plan.target.fields.get(subject) for subject in edited}
        expected = outgoing(settled.item)
        wished, wished_now = incoming(expected), incoming({**expected, **really})
        lost = {conflict.subject for conflict in plan.conflicts if conflict.winner is source.other}
        agreed = reverse_agreed(self.bases[source], wished, wished_now, item.fields, lost, edited, plan.held_subjects)
        self.bases[target] = Base(agreed=dict(settled.agreed), item=settled.item, replica=expected)
        self.bases[source] = Base(agreed=agreed, item=item, replica=payload)

    def _move_bases_partly(self, plan: Plan, item: Item, settled: Settled) -> None:
        source, there = plan.source, self.bases[plan.source.other]
        assert settled.item is not None
        expected = outgoing(settled.item)
        base = self.bases[source]
        edited = outstanding(plan, plan.target, there, base) if plan.target else ()
        wished = incoming(outgoing(less_edits(settled.item, there, edited)))
        agreed = partly_reversed(base, wished, wished, item.fields)
        self.bases[source.other] = Base(agreed=dict(settled.agreed), item=settled.item, replica=expected)
        known = arrived(base, agreed, item, settled, source)
        self.bases[source] = Base(agreed=agreed, item=known, replica=outgoing(known) if known else {})


def fresh_pair(policy: ConflictPolicy) -> Pair:
    """Two items that are equal but for the letters, and were synchronised."""
    clock = Clock()
    pair = Pair(policy, Platform(Side.LEFT, clock, trimming), Platform(Side.RIGHT, clock, shouting))
    for subject in SUBJECTS:
        pair.left.person_sets(subject)
    pair.until_quiet()
    return pair
