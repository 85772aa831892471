"""The steps that would make a target agree with a replica, and the conflicts; made without writing anything."""

import operator
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from model.agreement import Agreed, Trace
from model.frozen import Frozen
from model.item import Attachment, Fields, Item, Work
from model.words import ConflictPolicy, Side


class CreateItem(Frozen):
    kind: Literal["create"] = "create"
    fields: Fields

    @property
    def subject(self) -> str:
        return "item"


class UpdateItem(Frozen):
    """One that `restores` gives back a person's value that a write of ours hit unseen: it counts as that person's edit, not as ours.

    So does one that brings back the value that lost a `conflict`, which is its number; 0 is none.
    One that `shows` writes texts that are there already, since the files that they show came after them: what is there proves nothing.
    What does not hold is not stored, so that steps of earlier releases are the same steps.
    """

    kind: Literal["update"] = "update"
    fields: Fields
    restores: bool = False
    shows: bool = Field(default=False, exclude_if=operator.not_)
    conflict: int = Field(default=0, exclude_if=operator.not_)

    @property
    def gives_back(self) -> bool:
        """Whether it gives back a value that a write of ours hit, and no conflict's loser."""
        return self.restores and self.conflict == 0

    @property
    def subject(self) -> str:
        return ", ".join(sorted(self.fields))


class Transition(Frozen):
    """One that is `passing` leads to a status on the way to the one that is asked for.

    One with the number of a `conflict` brings back the status that lost it, or leads there.
    What does not hold is not stored, so that steps of earlier releases are the same steps.
    """

    kind: Literal["transition"] = "transition"
    status: str
    passing: bool = Field(default=False, exclude_if=operator.not_)
    conflict: int = Field(default=0, exclude_if=operator.not_)

    @property
    def restores(self) -> bool:
        return self.conflict != 0 and not self.passing

    @property
    def subject(self) -> str:
        return "status"


class AddComment(Frozen):
    """`source_id` is the comment's id on the source and `source_text` its text there.

    One that the rule itself wrote (`of_rule`) has no original there: `source_id` only names it.
    """

    kind: Literal["add_comment"] = "add_comment"
    source_id: str
    source_text: str
    body: str
    internal: bool
    of_rule: bool = False

    @property
    def subject(self) -> str:
        return f"comment {self.source_id}"


class EditComment(Frozen):
    """`pair` names the two comments by the left one's id, on both ways alike."""

    kind: Literal["edit_comment"] = "edit_comment"
    source_id: str
    source_text: str
    comment_id: str
    body: str
    pair: str = ""

    @property
    def subject(self) -> str:
        return f"comment {self.pair or self.source_id}"


class DeleteComment(Frozen):
    kind: Literal["delete_comment"] = "delete_comment"
    source_id: str
    comment_id: str

    @property
    def subject(self) -> str:
        return f"comment {self.source_id}"


class AddAttachment(Frozen):
    """`source` is the file on the source; its bytes are streamed when the step runs."""

    kind: Literal["add_attachment"] = "add_attachment"
    source: Attachment

    @property
    def subject(self) -> str:
        return f"attachment {self.source.id}"


class DeleteAttachment(Frozen):
    kind: Literal["delete_attachment"] = "delete_attachment"
    source_id: str
    attachment_id: str

    @property
    def subject(self) -> str:
        return f"attachment {self.source_id}"


class AddWorkLog(Frozen):
    """`source_id` is the work log's id on the source and `source_text` what it is there; of one that the rule wrote, only a name."""

    kind: Literal["add_work_log"] = "add_work_log"
    source_id: str
    source_text: str
    work: Work
    of_rule: bool = False

    @property
    def subject(self) -> str:
        return f"work log {self.source_id}"


class EditWorkLog(Frozen):
    """`pair` names the two work logs by the left one's id, on both ways alike."""

    kind: Literal["edit_work_log"] = "edit_work_log"
    source_id: str
    source_text: str
    log_id: str
    work: Work
    pair: str

    @property
    def subject(self) -> str:
        return f"work log {self.pair}"


class DeleteWorkLog(Frozen):
    kind: Literal["delete_work_log"] = "delete_work_log"
    source_id: str
    log_id: str

    @property
    def subject(self) -> str:
        return f"work log {self.source_id}"


class RuleCall(Frozen):
    """A question of an incoming rule that changes something on the platform: part of no plan, and never looked for.

    `name` and `arguments` are those of the rule's question.
    """

    kind: Literal["call"] = "call"
    name: str
    arguments: tuple[str | None, ...]

    @property
    def subject(self) -> str:
        return " ".join(one or "" for one in self.arguments[:2]) if self.name == "http" else f"{self.name} {self.arguments[0]!r}"

    @property
    def repeats(self) -> bool:
        """Whether many are as good as one: by RFC 9110, section 9.2.2, and where what is made goes by its name."""
        return self.name != "http" or self.arguments[0] in {"PUT", "DELETE"}


Step = Annotated[
    CreateItem
    | UpdateItem
    | Transition
    | AddComment
    | EditComment
    | DeleteComment
    | AddAttachment
    | DeleteAttachment
    | AddWorkLog
    | EditWorkLog
    | DeleteWorkLog
    | RuleCall,
    Field(discriminator="kind"),
]


class Conflict(Frozen):
    """Both sides changed `subject`, a property of `target`, since they agreed. `winner` is None while the conflict is held."""

    subject: str
    target: Side
    left: JsonValue
    right: JsonValue
    policy: ConflictPolicy
    winner: Side | None


class Plan(Frozen):
    """How to bring the target in line with one replica of `source`.

    `agreed` has the target's new base for every property that needs no write any more, or will not once the steps are
    done: `asked` is final,
    `got` holds what the target has now and is replaced by the platform's answer for what is written. `traces` are pairs to keep besides
    those that steps make; `dropped` pairs are forgotten. `send_back` asks for a sync the other way, since a value of the target won.
    `goes_on` tells that the rule is to go on once the item is there: the first sync is not over before that.
    `restored` are the numbers of conflicts whose loser is back once the steps are done, `overtaken` of those where a later edit stands.
    """

    source: Side
    target: Item | None
    steps: tuple[Step, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    agreed: dict[str, Agreed] = {}
    traces: tuple[Trace, ...] = ()
    dropped: tuple[Trace, ...] = ()
    notes: tuple[str, ...] = ()
    send_back: bool = False
    unlink: bool = False
    goes_on: bool = False
    restored: tuple[int, ...] = ()
    overtaken: tuple[int, ...] = ()

    @property
    def held_subjects(self) -> frozenset[str]:
        """What is in conflicts that wait for a person."""
        return frozenset(conflict.subject for conflict in self.conflicts if conflict.winner is None)

    @property
    def held(self) -> bool:
        return bool(self.held_subjects)

    @property
    def summary(self) -> str:
        """One line without content: `update summary, status; add_comment comment 12`."""
        parts = [f"{_verb(step)} {step.subject}" for step in self.steps]
        parts += [f"conflict {conflict.subject}" for conflict in self.conflicts]
        return "; ".join(parts) or "nothing to do"


def _verb(step: Step) -> str:
    return "restore" if isinstance(step, UpdateItem | Transition) and step.conflict else step.kind


class Acknowledgement(Frozen):
    """What the platform answered to one step.

    `id`, `key` and `url` are of what the step made or touched (the item, comment or file), `item_id` of the item.
    `fields` and `text` are the written
    properties or text as the platform has them now; `item` a created item as read back.
    """

    id: str = ""
    key: str = ""
    item_id: str = ""
    url: str = ""
    version: str = ""
    fields: Fields = {}
    text: str = ""
    item: Item | None = None
