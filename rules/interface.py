"""What goes into a sync rule and what comes out: values only.

A rule never does I/O. Where it asks for something only the platform knows (a user by e-mail, a priority by name), the answer must
be among the `lookups` it was given; if not, the run ends with `Needed`, the caller fetches the answers and runs the rule again.
Rules are deterministic, so the second run takes the same way.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field, JsonValue

from model.frozen import Frozen
from model.item import Fields, Item, Work


class Lookup(Frozen):
    """One question to the platform, for instance `Lookup(name="user_by_email", arguments=("ann@acme.test",))`."""

    name: str
    arguments: tuple[str | None, ...] = ()


class Needed(Exception):
    """The rule cannot go on without these answers."""

    def __init__(self, lookups: tuple[Lookup, ...]) -> None:
        super().__init__(", ".join(f"{one.name}{one.arguments!r}" for one in lookups))
        self.lookups = lookups


class GoesOn(Exception):
    """The rule stored a new item and now asks for its key, or for a call: it goes on when the item is there."""


Lookups = Mapping[Lookup, JsonValue]
Answers = Mapping[str, JsonValue]
"""What helpers answer where there is no platform: by call, such as `nodeHelper.getUserByEmail`, and by argument, `*` for any."""


REFUSED = "refused"


def refusal(message: str) -> JsonValue:
    """The answer to a question that cannot be carried out: the script fails there, with the message."""
    return {REFUSED: message}


class Surroundings(Frozen):
    """What both rules of a side may know beside the item."""

    connection: str
    local_system: str
    remote_system: str
    local_url: str = ""
    remote_url: str = ""
    first_sync: bool = False
    now: datetime


class WorkingComment(Frozen):
    """A comment of the target as the incoming rule leaves it: `id` empty for a new one, `remote_id` names the source's comment.

    `executor` is the user in whose name the rule wants it written, where the platform can do that.
    """

    id: str
    remote_id: str
    body: str
    internal: bool
    author: dict[str, JsonValue] | None = None
    executor: dict[str, JsonValue] | None = None


class WorkingAttachment(Frozen):
    """An attachment as the incoming rule leaves it: `id` empty for one still to be copied from the source's `remote_id`."""

    id: str
    remote_id: str
    filename: str


class WorkingWorkLog(Frozen):
    """A work log as the incoming rule leaves it: `id` empty for a new one, `remote_id` names the source's."""

    id: str
    remote_id: str
    work: Work


class Received(Frozen):
    """What the incoming rule works on.

    `replica` is the sender's `hubIssue`, its comments, attachments and work logs included. The delta lists are the engine's, in the
    replica's own shape. `item` is the target as it is now, None before it exists. `remote_ids` maps the target's own comment ids,
    `remote_files` its attachment ids and `remote_logs` its work log ids to their counterparts in the replica. `previous` is the last
    replica that was applied, empty at first.
    """

    replica: Fields
    previous: Fields
    item: Item | None
    added_comments: tuple[Fields, ...] = ()
    changed_comments: tuple[Fields, ...] = ()
    removed_comments: tuple[Fields, ...] = ()
    added_attachments: tuple[Fields, ...] = ()
    removed_attachments: tuple[Fields, ...] = ()
    added_work_logs: tuple[Fields, ...] = ()
    changed_work_logs: tuple[Fields, ...] = ()
    removed_work_logs: tuple[Fields, ...] = ()
    remote_ids: dict[str, str] = Field(default_factory=dict[str, str])
    remote_files: dict[str, str] = Field(default_factory=dict[str, str])
    remote_logs: dict[str, str] = Field(default_factory=dict[str, str])


class Sent(Frozen):
    """What the outgoing rule asks for: the replica's fields, and further items of this side to bring under sync."""

    fields: Fields
    also: tuple[str, ...] = ()


class Outcome(Frozen):
    """What the incoming rule asks for.

    `fields` has only the properties the rule set, in hub shapes. `comments`, `attachments` and `work_logs` are None where the rule left
    them alone. `connect` is the id or key of an existing item to pair with instead of creating one, empty where none was named;
    `also` names further items of this side to bring under sync. `goes_on` tells that the rule stored a new item, and cannot go on before
    that is there: what it asked for until then is to be carried out, and the rule run again.
    """

    fields: Fields
    comments: tuple[WorkingComment, ...] | None = None
    attachments: tuple[WorkingAttachment, ...] | None = None
    work_logs: tuple[WorkingWorkLog, ...] | None = None
    unlink: bool = False
    sync_back: bool = False
    connect: str = ""
    also: tuple[str, ...] = ()
    goes_on: bool = False
