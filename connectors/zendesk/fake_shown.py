"""The fake's page for people."""

from connectors.kit.fake_page import Entry, Note
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Comment, Ticket, World


def entries(world: World) -> list[Entry]:
    """All tickets that are not deleted, with names in place of numbers."""
    return [_entry(world, one) for one in world.live()]


def _entry(world: World, one: Ticket) -> Entry:
    own = tuple((known.title, str(one.custom.get(known.id) or "")) for known in world.own_fields())
    facts = (
        ("Status", one.status),
        ("Priority", one.priority or ""),
        ("Type", one.type or ""),
        ("Requester", _name(world, one.requester)),
        ("Assignee", _name(world, one.assignee)),
        ("Group", world.groups.get(one.group or 0, "")),
        ("Tags", " ".join(one.tags)),
        ("Due", one.due_at or ""),
        ("Updated", time(one.updated)),
        *own,
    )
    first, *others = one.comments or [None]
    files = tuple(file.file_name for comment in one.comments for file in comment.attachments)
    notes = tuple(_note(world, comment) for comment in others if comment is not None)
    return Entry(f"#{one.id}", one.subject, facts, first.body if first else "", notes, files)


def _note(world: World, comment: Comment) -> Note:
    return Note(_name(world, comment.author), time(comment.created), comment.body, internal=not comment.public)


def _name(world: World, number: int | None) -> str:
    return world.users[number].name if number is not None and number in world.users else ""
