"""Random cases: from a seed to a world and a list of steps. Each case has its own mix of habits and of what goes wrong, often nothing."""

import random
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from model.words import ConflictPolicy, Side
from tests.points import WRITES
from tests.simulation import steps
from tests.simulation.case import Case
from tests.simulation.families import with_parents
from tests.simulation.faults import is_write
from tests.simulation.labour import with_work
from tests.simulation.platform import PRIORITIES, STATUSES
from tests.simulation.profile import Habits, Profile
from tests.simulation.steps import How, Step, Word

T = TypeVar("T")
Draw = Callable[[], T]

OPS = ("read", "create", "update", "transition", "add_comment", "edit_comment", "delete_comment", "upload", "delete_attachment")
LOOKS = ("find_by_marker", "find_comment", "find_attachment", "changes", "search", "download")
LOOKED_FOR = {"create": "find_by_marker", "add_comment": "find_comment", "upload": "find_attachment"}
ALWAYS = ("read", "create", "changes", "search")
LATE = 60.0
ZOMBIE = 35.0
TROUBLES: tuple[How, ...] = ("refused", "limited", "error", "slow", "login")
STRIKES: tuple[How, ...] = (*TROUBLES, "lost", "lost", "lost", "late", "late")
MEETS = {
    "edit": ("update",),
    "add_comment": ("add_comment", "find_comment"),
    "edit_comment": ("edit_comment",) * 3,
    "delete_comment": ("delete_comment",) * 3,
    "attach": ("upload", "download", "find_attachment"),
    "detach": ("delete_attachment",) * 3,
}
WITHIN_WORKFLOWS = ("workflow.task", "workflow.continue_as_new", "workflow.complete", "completion of")


class Aim(NamedTuple):
    """A call of the engine's, and from when on it is waited for."""

    op: str
    side: Side
    at: float


def generated(seed: str) -> Case:
    chance = random.Random(seed)
    profile = _profile(chance)
    plot = _Plot(chance, short=profile.sqlite, calls=bool(profile.calls))
    return with_parents(with_work(Case(profile=profile, steps=plot.steps()), seed), seed)


def _habits(chance: random.Random) -> Habits:
    def often(share: float) -> bool:
        return chance.random() < share

    guarded = often(0.5)
    drawn = Habits(
        clock="exact" if often(0.6) else "seconds",
        compare_and_set=guarded,
        create_key=often(0.3),
        change_history=often(0.5),
        internal_comments=often(0.6),
        edits_comments=often(0.75),
        deletes_comments=often(0.75),
        attachments=often(0.85),
        file_markers=often(0.6),
        transitions=often(0.4),
        created_with_status=often(0.6),
        proves_deletion=often(0.7),
        shows_marker=often(0.7),
        untidy=often(0.3),
        hooks=often(0.85),
        lag=chance.choice((0.0, 0.0, 3.0, 10.0)),
    )
    stepwise = drawn.transitions and not drawn.change_history and often(0.5)
    return drawn.model_copy(update={"stepwise": stepwise, "tells_status": drawn.clock == "seconds" or often(0.5)})


def _profile(chance: random.Random) -> Profile:
    policies = (ConflictPolicy.LATEST, ConflictPolicy.LEFT, ConflictPolicy.RIGHT, ConflictPolicy.HOLD)
    return Profile(
        left=_habits(chance),
        right=_habits(chance),
        policy=chance.choices(policies, (5, 2, 2, 2))[0],
        poll=chance.choices((300.0, 60.0), (8, 1))[0],
        late=LATE,
        events_per_run=chance.choice((12, 30, 1000)),
        sends_internal=chance.random() < 0.5,
        sqlite=chance.random() < 0.05,
        seed=chance.getrandbits(32),
        stores=chance.random() < 0.15,
        hop=chance.choice((0.03, 0.3, 0.6)),
        calls=chance.choice(("POST", "POST", "PUT")) if chance.random() < 0.1 else "",
    )


class _Plot:
    """The steps of one case. What may go wrong is drawn first: a few kinds of trouble, each with a rate; none in one case of five."""

    def __init__(self, chance: random.Random, *, short: bool, calls: bool) -> None:
        self._lengths, self._items = ((1, 2), (1,)) if short else ((1, 2, 3, 6), (1, 1, 1, 2))
        self._chance = chance
        self._calls = calls
        self._tokens = 0
        self._now = 0.0
        self._steps: list[Step] = []
        self._work: tuple[Step, ...] = ()
        self._pace = chance.choice(((0.05, 1.5), (0.3, 6.0), (0.3, 30.0)))

    def steps(self) -> tuple[Step, ...]:
        chance = self._chance
        for _ in range(chance.choice(self._items)):
            self._steps.append(steps.CreateItem(at=self._at(0.0, 4.0), side=self._side(), text=self._token("t")))
        self._now = chance.choice((2.0, 5.0, 12.0))
        acts = self._chosen(self._acts())
        for _ in range(chance.choice(self._lengths)):
            self._now += chance.uniform(*self._pace)
            self._steps.append(chance.choice(acts)())
        self._work = tuple(self._steps)
        if chance.random() < 0.85:
            self._trouble()
        return tuple(sorted(self._steps, key=lambda step: step.at))

    def _trouble(self) -> None:
        kinds = self._chosen([(self._call, 6), (self._hook, 2), (self._crash, 4), (self._freeze, 2), (self._store, 1)])
        kinds += self._chosen([(self._operate, 3), (self._switch, 2), (self._publish, 1), (self._calamity, 1)], least=0)
        for _ in range(self._chance.choice((1, 2, 3, 5))):
            self._steps += self._chance.choice(kinds)()

    def _chosen(self, weighted: list[tuple[Draw[T], int]], least: int = 1) -> list[Draw[T]]:
        """Some of the kinds, more often by weight: swarm testing, so that no kind always covers up another."""
        some = [(one, weight) for one, weight in weighted if self._chance.random() < 0.5]
        if len(some) < least:
            some = [self._chance.choice(weighted)]
        return [one for one, weight in some for _ in range(weight)]

    # People

    def _acts(self) -> list[tuple[Draw[Step], int]]:
        return [
            (self._edit, 6),
            (self._waver, 1),
            (self._comment, 3),
            (self._recomment, 2),
            (self._uncomment, 2),
            (self._file, 3),
            (self._end, 1),
        ]

    def _edit(self) -> Step:
        name = self._chance.choice(("summary", "summary", "summary", "description", "priority", "status"))
        options = {"priority": PRIORITIES, "status": tuple(STATUSES)}
        value = self._chance.choice(options[name]) if name in options else self._token("poison-" if self._rarely() else "t")
        return steps.Edit(at=self._now, side=self._side(), item=self._item(), field=name, value=value)

    def _waver(self) -> Step:
        """Both sides edit at nearly the same time, and one takes its edit back."""
        side, item = self._side(), self._item()
        first, second = self._chance.sample([one for one in PRIORITIES if one != "Medium"], 2)
        for at, here, value in ((self._now, side.other, first), (self._now + self._chance.uniform(0.0, 2.0), side, second)):
            self._steps.append(steps.Edit(at=at, side=here, item=item, field="priority", value=value))
        self._now += self._chance.uniform(2.0, 6.0)
        return steps.Edit(at=self._now, side=side, item=item, field="priority", value="Medium")

    def _comment(self) -> Step:
        internal = self._chance.random() < 0.25
        text = f"{self._token('c')} {'hush' if internal else 'words'}"
        return steps.AddComment(at=self._now, side=self._side(), item=self._item(), text=text, internal=internal)

    def _recomment(self) -> Step:
        if not self._has(steps.AddComment):
            return self._comment()
        return steps.EditComment(
            at=self._now, side=self._side(), item=self._item(), comment=self._chance.randrange(4), text=self._token("e")
        )

    def _uncomment(self) -> Step:
        if not self._has(steps.AddComment):
            return self._comment()
        return steps.DeleteComment(at=self._now, side=self._side(), item=self._item(), comment=self._chance.randrange(4))

    def _file(self) -> Step:
        if self._has(steps.Attach) and self._chance.random() < 0.5:
            return steps.Detach(at=self._now, side=self._side(), item=self._item(), file=self._chance.randrange(3))
        name = self._chance.choice(("a.txt", "a.txt", "b.txt"))
        return steps.Attach(at=self._now, side=self._side(), item=self._item(), name=name, content=self._token("f"))

    def _end(self) -> Step:
        kind = self._chance.choice(("move", "move", "hide", "delete", "create"))
        match kind:
            case "move":
                return steps.Move(at=self._now, side=self._side(), item=self._item())
            case "hide":
                return steps.Hide(at=self._now, side=self._side(), item=self._item(), seconds=self._chance.choice((1.0, 20.0)))
            case "delete":
                return steps.DeleteItem(at=self._now, side=self._side(), item=self._item())
            case _:
                return steps.CreateItem(at=self._now, side=self._side(), text=self._token("t"))

    # Trouble

    def _when(self) -> float:
        return self._at(0.0, self._now + 3.0)

    def _soon(self) -> float:
        return self._at(0.0, self._now / 2)

    def _aim(self) -> Aim:
        """Mostly at what the engine does for one of the people's steps, from just before it."""
        if self._calls and self._chance.random() < 0.5:
            return Aim("call", self._side(), self._when())
        if self._chance.random() < 0.2:
            return Aim(self._chance.choice((*OPS, *LOOKS)), self._side(), self._when())
        kind = self._chance.choice(sorted({step.kind for step in self._work}))
        step = self._chance.choice([step for step in self._work if step.kind == kind])
        moves = isinstance(step, steps.Edit) and step.field == "status"
        op = self._chance.choice(("transition", "update") if moves else MEETS.get(kind, ALWAYS))
        side = step.side if op in {"read", "download", "changes", "search"} else step.side.other
        return Aim(op, side, round(max(0.0, step.at - self._chance.uniform(0.0, 0.5)), 3))

    def _call(self) -> list[Step]:
        """A call that goes wrong, and often what is looked for after it as well."""
        aim = self._aim()
        how = self._chance.choice(STRIKES if is_write(aim.op) else TROUBLES)
        if aim.op == "download" and self._chance.random() < 0.3:
            how = "cut"
        found: list[Step] = [self._fault(aim, how)]
        looks = LOOKED_FOR.get(aim.op)
        if how in {"lost", "late", "error"} and looks and self._chance.random() < 0.5:
            found.append(self._fault(aim._replace(op=looks), self._chance.choice(TROUBLES)))
        return found

    def _fault(self, aim: Aim, how: How) -> Step:
        seconds = {"late": self._chance.uniform(4.0, LATE - 6.0), "limited": self._chance.choice((1.0, 30.0)), "login": 8.0}.get(how, 4.0)
        return steps.CallFault(at=aim.at, side=aim.side, op=aim.op, how=how, seconds=seconds)

    def _hook(self) -> list[Step]:
        how = self._chance.choice(("lost", "lost", "doubled", "late", "after"))
        return [steps.HookFault(at=self._when(), side=self._side(), how=how, seconds=self._chance.choice((5.0, 60.0, 200.0)))]

    def _point(self) -> tuple[float, str, list[Step]]:
        """From when on, where, and what brings it about."""
        when = self._chance.choice(("before", "after"))
        what = self._chance.choice(("call", "call", "call", "store", "store", "workflow", "any"))
        match what:
            case "call":
                aim = self._aim()
                return aim.at, f"{when} {aim.side}.{aim.op}", []
            case "store":
                write, cause = self._write()
                return self._soon(), f"{when} {write}", cause
            case "workflow":
                return self._soon(), self._chance.choice(WITHIN_WORKFLOWS), []
            case _:
                return self._when(), when, []

    def _write(self) -> tuple[str, list[Step]]:
        """A write of the store, and what brings it about where that is rare."""
        write = self._chance.choice(sorted(WRITES))
        match write:
            case "conflicts.resolve":
                return write, [self._operated("resolve") for _ in range(2)]
            case "conflicts.restore":
                return write, self._restore()
            case "transactions.discard":
                return write, [self._operated("force_unlink")]
            case "configurations.fail_system":
                return write, [self._fault(Aim("changes", self._side(), self._soon()), "login")]
            case "journal.doubt" | "transactions.explain":
                return write, [self._fault(self._aim()._replace(op="write"), "lost")]
            case _:
                return write, []

    def _crash(self) -> list[Step]:
        at, point, cause = self._point()
        return [*cause, steps.Crash(at=at, point=point, seconds=self._chance.choice((1.0, 20.0)))]

    def _freeze(self) -> list[Step]:
        at, point, cause = self._point()
        return [*cause, steps.Freeze(at=at, point=point, seconds=self._chance.choice((3.0, 17.0, ZOMBIE)))]

    def _store(self) -> list[Step]:
        when = self._chance.choice(("before", "after"))
        write, cause = self._write()
        return [*cause, steps.StoreFault(at=self._soon(), point=f"{when} {write}")]

    def _operate(self) -> list[Step]:
        what = self._chance.choice(("unlink", "force_unlink", "relink", "retry", "retry", "sync", "sync", "resolve", "restore", "restore"))
        return self._restore() if what == "restore" else [self._operated(what)]

    def _restore(self) -> list[Step]:
        """A conflict, and that its loser is asked back, soon or later: edits may come in between."""
        at, item, name = self._when(), self._item(), self._chance.choice(("priority", "status"))
        values = self._chance.sample(PRIORITIES if name == "priority" else tuple(STATUSES), 2)
        edits = [steps.Edit(at=at, side=side, item=item, field=name, value=value) for side, value in zip(Side, values, strict=True)]
        later = [at + self._chance.uniform(3.0, 60.0) for _ in range(2)]
        return [*edits, *(steps.Operate(at=one, what="restore", twin=item) for one in later)]

    def _operated(self, what: Word) -> Step:
        return steps.Operate(at=self._when(), side=self._side(), what=what, twin=self._chance.randrange(3))

    def _switch(self) -> list[Step]:
        off = self._when()
        on = off + self._chance.choice((0.02, 0.5, 5.0, 30.0))
        return [steps.Switch(at=off, active=False), steps.Switch(at=on, active=True)]

    def _publish(self) -> list[Step]:
        return [steps.Publish(at=self._when(), broken=self._chance.random() < 0.4)]

    def _calamity(self) -> list[Step]:
        if self._chance.random() < 0.5:
            return [steps.Evict(at=self._when())]
        return [steps.Away(at=self._when(), seconds=self._chance.choice((1.0, 15.0)))]

    # Draws

    def _has(self, kind: type[Step]) -> bool:
        return any(isinstance(step, kind) for step in self._steps)

    def _at(self, earliest: float, latest: float) -> float:
        return round(self._chance.uniform(earliest, latest), 3)

    def _side(self) -> Side:
        return self._chance.choice((Side.LEFT, Side.RIGHT))

    def _item(self) -> int:
        return self._chance.randrange(3)

    def _rarely(self) -> bool:
        return self._chance.random() < 0.05

    def _token(self, letter: str) -> str:
        self._tokens += 1
        return f"{letter}{self._tokens}"
