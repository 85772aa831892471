"""Everything that a case is judged by, as plain values: the platforms' histories, and what the deployment's own records say."""

from dataclasses import dataclass, field

from pydantic import JsonValue

from model.plan import Acknowledgement, CreateItem, EditComment, EditWorkLog, RuleCall, Transition, UpdateItem
from model.twin import StoredConflict
from model.words import Side
from tests.simulation.case import Played
from tests.simulation.clock import START
from tests.simulation.profile import Profile
from tests.simulation.truth import Truth
from tests.simulation.world import CONNECTION

NAMES = {"environment": "stamp"}


@dataclass(frozen=True)
class Pair:
    """A twin's row: which items, how it stands and why."""

    twin: str
    items: dict[Side, str]
    origin: Side
    status: str
    reason: str

    @property
    def live(self) -> bool:
        return self.status != "unlinked"


@dataclass(frozen=True)
class Recorded:
    """A row of the conflict log, with both values as plain text."""

    twin: str
    subject: str
    values: tuple[str, ...]
    at: float
    open: bool


@dataclass(frozen=True)
class Intended:
    """A row of the journal. `what` says what was to be written, in words that a platform's entry can be compared with.

    `code` is what the platform answered to a rule's call.
    """

    op: str
    twin: str
    target: Side
    what: frozenset[str]
    status: str
    sends: int
    code: object = None


@dataclass
class Facts:
    profile: Profile
    calm: bool
    truths: dict[Side, Truth]
    pairs: list[Pair]
    conflicts: list[Recorded]
    intents: list[Intended]
    gates: list[tuple[float, float, bool]]
    unlinked: list[tuple[float, str]]
    complaints: list[str]
    parked: list[str]
    hidden: set[str]
    quiet: bool
    left: list[str]
    writes_after: int
    connection: str
    frozen: bool
    operated: frozenset[str] = field(default_factory=frozenset[str])
    fired: int = 0


def plain(value: JsonValue) -> str:
    if isinstance(value, dict):
        return str(value.get("name"))
    return "" if value is None else str(value).strip()


async def gather(played: Played) -> Facts:
    store = played.world.bare
    twins = await store.twins.listing(CONNECTION, None, limit=1000)
    pairs: list[Pair] = []
    conflicts: list[Recorded] = []
    intents: list[Intended] = []
    for twin in sorted(twins, key=lambda one: one.id):
        items = {side: ref.id for side in Side if (ref := twin.item(side)) is not None}
        pairs.append(Pair(twin.id, items, twin.origin, str(twin.status), twin.reason))
        conflicts += [_recorded(one) for one in await store.conflicts.of_twin(twin.id)]
        intents += [
            Intended(one.op, one.twin, one.target, _what(one.step), str(one.status), one.sends, _code(one.acknowledgement))
            for one in await store.journal.of_twin(twin.id)
        ]
    connection = await store.configurations.connection(CONNECTION)
    kinds = {step.kind for step in played.case.steps}
    return Facts(
        profile=played.world.profile,
        calm=played.case.calm,
        truths={side: platform.truth for side, platform in played.world.platforms.items()},
        pairs=pairs,
        conflicts=conflicts,
        intents=intents,
        gates=played.world.audit.gates,
        unlinked=played.world.audit.unlinked,
        complaints=played.world.audit.complaints,
        parked=played.world.audit.parked,
        hidden=played.world.audit.hidden,
        quiet=played.quiet_at is not None,
        left=played.unquiet,
        writes_after=played.writes_after,
        connection=str(connection.status),
        frozen="freeze" in kinds,
        operated=frozenset(step.what for step in played.case.steps if step.kind == "operate"),
        fired=sum(played.world.faults.fired.values()),
    )


def _recorded(one: StoredConflict) -> Recorded:
    conflict = one.conflict
    at = (one.created - START).total_seconds()
    return Recorded(one.twin, conflict.subject, (plain(conflict.left), plain(conflict.right)), at, one.resolved is None)


def _code(answer: Acknowledgement | None) -> object:
    return answer.fields.get("code") if answer else None


def _what(step: object) -> frozenset[str]:
    match step:
        case CreateItem():
            return frozenset({"create", *(f"{NAMES.get(name, name)}={plain(value)}" for name, value in step.fields.items())})
        case UpdateItem():
            return frozenset(f"{NAMES.get(name, name)}={plain(value)}" for name, value in step.fields.items())
        case Transition():
            return frozenset({f"status={step.status}"})
        case RuleCall():
            return frozenset({f"call {step.arguments[3]}"})
        case EditComment():
            return frozenset({f"comment_edit {step.comment_id}"})
        case EditWorkLog():
            return frozenset({f"work_edit {step.log_id}"})
        case _:
            named = getattr(step, "comment_id", "") or getattr(step, "attachment_id", "") or getattr(step, "log_id", "")
            return frozenset({f"{getattr(step, 'kind', '')} {named}".strip()})
