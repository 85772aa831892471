"""From what the incoming rule asks for to the steps that the target needs."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from model.agreement import Agreed
from model.errors import Refused
from model.item import Fields, Item
from model.links import LINKS
from model.plan import CreateItem, Plan, Step, Transition, UpdateItem
from model.twin import TwinState
from model.words import ChildKind, Side
from sync.canonical import status_name
from sync.children import ChildPlan, Delta, Wish, joined, plan_attachments, plan_comments
from sync.lasting import lasting
from sync.links import first_links
from sync.merge import Judge, Merged, merge
from sync.restoring import Wanted, with_restored
from sync.showing import files_first, shown_again
from sync.work_logs import WorkWish, plan_work_logs, staying


@dataclass(frozen=True)
class Abilities:
    """What the target's platform can do, as far as a plan depends on it. With `own_fields` it knows itself which further names it takes."""

    name: str
    writable: frozenset[str]
    status_is_transition: bool
    created_with_status: bool
    internal_comments: bool
    edits_comments: bool
    deletes_comments: bool
    attachments: bool
    apart: frozenset[str] = frozenset()
    work_logs: bool = False
    links: bool = False
    own_fields: bool = False
    images: Literal["none", "name", "once", "written"] = "none"


@dataclass(frozen=True)
class Wishes:
    """What the incoming rule left behind; None for children that it did not touch."""

    fields: Fields
    comments: tuple[Wish, ...] | None = None
    attachments: tuple[Wish, ...] | None = None
    work_logs: tuple[WorkWish, ...] | None = None
    unlink: bool = False
    sync_back: bool = False


@dataclass(frozen=True)
class Situation:
    """Everything that a plan is made of. `wanted` are values of the target that lost a conflict and are to come back, newest first."""

    state: TwinState
    source: Side
    source_item: Item
    target_item: Item | None
    comments: Delta
    attachments: Delta
    work_logs: Delta
    judge: Judge
    abilities: Abilities
    rule_prefix: str = "rule"
    wanted: tuple[Wanted, ...] = ()


def make_plan(situation: Situation, wishes: Wishes) -> Plan:
    """The plan; Refused if the rule set a property that the target's platform cannot write."""
    _require_writable(wishes.fields, situation.abilities)
    children = _children(situation, wishes)
    if situation.target_item is None:
        agreed = {subject: Agreed(asked=value, got=value) for subject, value in wishes.fields.items()}
        steps = (*_creation(wishes.fields, situation.abilities), *children.steps)
        merged = Merged({}, agreed, ())
    else:
        merged = _merge(situation, situation.target_item, wishes.fields)
        steps = (*_update(merged.writes, situation.abilities), *children.steps)
    conflicts = (*merged.conflicts, *children.conflicts)
    plan = Plan(
        source=situation.source,
        target=situation.target_item,
        steps=_showing(_possible(steps, situation.abilities), situation),
        conflicts=conflicts,
        agreed=dict(merged.agreed),
        traces=children.kept,
        dropped=children.dropped,
        notes=children.notes,
        send_back=wishes.sync_back or any(conflict.winner is conflict.target for conflict in conflicts),
        unlink=wishes.unlink,
    )
    base, by_transition = situation.state.base(situation.source.other), situation.abilities.status_is_transition
    return with_restored(plan, base, situation.wanted, status_is_transition=by_transition)


def _require_writable(fields: Fields, abilities: Abilities) -> None:
    for subject in fields:
        if subject == LINKS:
            if not abilities.links:
                raise Refused(f"{abilities.name} has no links between items; leave issue.issueLinks alone in the incoming rule", subject)
        elif subject not in abilities.writable and subject != "project" and not abilities.own_fields:
            known = ", ".join(sorted(abilities.writable))
            raise Refused(f"{abilities.name} cannot write {subject!r}; it takes {known}: change the incoming rule", subject)


def _merge(situation: Situation, target: Item, wanted: Fields) -> Merged:
    movable = {subject: value for subject, value in wanted.items() if subject != "project"}
    return merge(movable, target.fields, situation.state.base(situation.source.other), situation.judge)


def _creation(fields: Fields, abilities: Abilities) -> tuple[Step, ...]:
    status = fields.get("status")
    later = {"status"} if status is not None and not abilities.created_with_status else set[str]()
    written = {name: value for name, value in fields.items() if name != LINKS} | first_links(fields.get(LINKS))
    made, apart = _parted(written, abilities.apart, later)
    return (CreateItem(fields=made), *apart, *([_status_step(status, abilities)] if later else []))


def _update(writes: Fields, abilities: Abilities) -> tuple[Step, ...]:
    status = writes.get("status")
    later = {"status"} if status is not None and abilities.status_is_transition else set[str]()
    together, apart = _parted(writes, abilities.apart, later)
    return (*([UpdateItem(fields=together)] if together else []), *apart, *([_status_step(status, abilities)] if later else []))


def _parted(fields: Fields, apart: AbstractSet[str], later: AbstractSet[str]) -> tuple[Fields, list[UpdateItem]]:
    """What is written together, and the steps for what the platform takes by itself only; nothing of what comes `later`."""
    alone = {*apart, LINKS}
    together = {subject: value for subject, value in fields.items() if subject not in alone and subject not in later}
    return together, [UpdateItem(fields={subject: fields[subject]}) for subject in sorted(fields.keys() & alone)]


def _status_step(status: JsonValue, abilities: Abilities) -> Step:
    name = status_name(status)
    if not name:
        raise Refused(f"{abilities.name} takes a status by its name, not {status!r}: name it in the incoming rule", "status")
    return Transition(status=name) if abilities.status_is_transition else UpdateItem(fields={"status": {"name": name}})


def _children(situation: Situation, wishes: Wishes) -> ChildPlan:
    side, traces = situation.source.other, situation.state.traces
    internal = frozenset(comment.id for comment in situation.source_item.comments if comment.internal)
    comments = attachments = work_logs = ChildPlan()
    if wishes.comments is not None:
        comments = plan_comments(
            wishes.comments,
            situation.comments,
            situation.target_item,
            side,
            traces,
            situation.judge,
            internal,
            carries_internal=situation.abilities.internal_comments,
            rule_prefix=situation.rule_prefix,
        )
        can = situation.abilities
        edits, deletes = can.edits_comments, can.deletes_comments
        comments = lasting(comments, situation.target_item, side, traces, edits=edits, deletes=deletes)
    if wishes.attachments is not None:
        attachments = plan_attachments(
            wishes.attachments, situation.attachments, situation.source_item, situation.target_item, side, traces
        )
    if wishes.work_logs is not None:
        work_logs = plan_work_logs(
            wishes.work_logs,
            situation.work_logs,
            situation.target_item,
            side,
            traces,
            situation.judge,
            rule_prefix=situation.rule_prefix,
        )
        work_logs = work_logs if situation.abilities.work_logs else staying(work_logs, situation.abilities.name)
    return joined(comments, attachments, work_logs)


def _possible(steps: tuple[Step, ...], abilities: Abilities) -> tuple[Step, ...]:
    impossible = {
        name
        for name, able in (
            ("add_attachment", abilities.attachments),
            ("delete_attachment", abilities.attachments),
        )
        if not able
    }
    return tuple(step for step in steps if step.kind not in impossible)


def _showing(steps: tuple[Step, ...], situation: Situation) -> tuple[Step, ...]:
    target, images = situation.target_item, situation.abilities.images
    ordered = steps if images == "none" else files_first(steps, target)
    return shown_again(ordered, target, situation.state.base(situation.source.other).agreed) if images == "written" else ordered


def children_of(payload: Fields, kind: ChildKind) -> tuple[Fields, ...]:
    """The children of that kind that a replica carries."""
    value = payload.get(kind.hub_name)
    return tuple(child for child in value if isinstance(child, dict)) if isinstance(value, list) else ()
