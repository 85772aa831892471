"""Small items, traces and situations for tables of cases."""

import dataclasses
from datetime import UTC, datetime, timedelta

from model.agreement import Base, Trace
from model.configuration import Conflicts
from model.item import Attachment, Comment, Fields, Item, ItemRef, WorkLog
from model.plan import Plan, Step
from model.twin import Twin, TwinState
from model.words import ChildKind, ConflictPolicy, Side, TwinStatus
from sync.children import Delta
from sync.merge import Judge
from sync.plan import Abilities, Situation

EARLY = datetime(2026, 1, 1, tzinfo=UTC)
LATE = EARLY + timedelta(hours=1)


def item(
    fields: Fields | None = None,
    comments: tuple[Comment, ...] = (),
    attachments: tuple[Attachment, ...] = (),
    work_logs: tuple[WorkLog, ...] = (),
    updated: datetime = EARLY,
) -> Item:
    ref = ItemRef(id="1", key="ACME-1", url="https://acme.example/1")
    children = {"comments": comments, "attachments": attachments, "work_logs": work_logs}
    return Item(ref=ref, version="v1", updated=updated, fields=fields or {}).model_copy(update=children)


def work_log(id: str, spent: int = 3600, comment: str = "", marker: str | None = None) -> WorkLog:  # noqa: A002
    return WorkLog(id=id, started=EARLY, spent=spent, comment=comment, marker=marker)


def work_pair(origin: Side = Side.LEFT, left: WorkLog | None = None, right: WorkLog | None = None) -> Trace:
    one, other = left or work_log("LW"), right or work_log("RW")
    return Trace(kind=ChildKind.WORK_LOG, left_id=one.id, right_id=other.id, origin=origin, left=one.text, right=other.text)


def judge(policy: ConflictPolicy = ConflictPolicy.LATEST, source: Side = Side.LEFT, source_updated: datetime = LATE) -> Judge:
    return Judge(Conflicts(default=policy), source, source_updated, EARLY)


def comment_pair(origin: Side = Side.LEFT, left: str = "Hello", right: str = "Hello", *, released: bool = False) -> Trace:
    return Trace(kind=ChildKind.COMMENT, left_id="L1", right_id="R1", origin=origin, left=left, right=right, released=released)


def file_pair(origin: Side = Side.LEFT) -> Trace:
    return Trace(kind=ChildKind.ATTACHMENT, left_id="LF", right_id="RF", origin=origin, left="a.txt", right="a.txt")


def abilities(**changes: bool) -> Abilities:
    able = Abilities(
        name="acme-jira",
        writable=frozenset({"summary", "status", "labels"}),
        status_is_transition=False,
        created_with_status=True,
        internal_comments=True,
        edits_comments=True,
        deletes_comments=True,
        attachments=True,
        work_logs=True,
    )
    return dataclasses.replace(able, **changes)


def situation(
    target: Item | None,
    *,
    can: Abilities | None = None,
    right: Base | None = None,
    source_item: Item | None = None,
    comments: Delta | None = None,
    attachments: Delta | None = None,
    work_logs: Delta | None = None,
    traces: tuple[Trace, ...] = (),
    policy: ConflictPolicy = ConflictPolicy.LATEST,
    source_updated: datetime = LATE,
) -> Situation:
    """From left to right."""
    twin = Twin(id="t", connection="acme", origin=Side.LEFT, left=None, right=None, status=TwinStatus.SYNCING, updated=EARLY)
    return Situation(
        state=TwinState(twin=twin, right=right or Base(), traces=traces),
        source=Side.LEFT,
        source_item=source_item or item(),
        target_item=target,
        comments=comments or Delta(),
        attachments=attachments or Delta(),
        work_logs=work_logs or Delta(),
        judge=judge(policy, source_updated=source_updated),
        abilities=can or abilities(),
    )


def planned(*steps: Step, target: Item | None = None) -> Plan:
    return Plan(source=Side.LEFT, target=target, steps=steps)
