"""What a platform's history adds up to: the items as they are in the end, and which values people wrote having seen which."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.simulation.truth import Entry, Truth


@dataclass
class Child:
    """A comment, a file or a work log. `by_people` tells that a person made, edited or deleted it.

    `seen` has for every text that a person gave it the one that the person saw there.
    """

    id: str
    text: str
    ours: bool
    internal: bool
    alive: bool = True
    edited_by_people: bool = False
    deleted_by_people: bool = False
    seen: dict[str, str | None] = field(default_factory=dict[str, str | None])


@dataclass
class Seen:
    """An item at the end of its history."""

    id: str
    made_by_us: bool
    marker: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    comments: dict[str, Child] = field(default_factory=dict[str, Child])
    files: dict[str, Child] = field(default_factory=dict[str, Child])
    works: dict[str, Child] = field(default_factory=dict[str, Child])

    def of(self, kind: str) -> dict[str, Child]:
        """The children that entries of the kind are about."""
        return {"file": self.files, "work": self.works}.get(kind.partition("_")[0], self.comments)

    deleted: bool = False


def items_of(truth: Truth) -> dict[str, Seen]:
    items: dict[str, Seen] = {}
    for entry in truth.entries:
        if entry.kind == "create":
            items[entry.item] = Seen(entry.item, entry.ours, entry.marker)
        _apply(items[entry.item], entry)
    return items


def _apply(item: Seen, entry: Entry) -> None:
    match entry.kind:
        case "field":
            item.fields[entry.name] = entry.new or ""
        case "delete":
            item.deleted = True
        case "comment":
            item.comments[entry.name] = Child(entry.name, entry.new or "", entry.ours, entry.internal)
        case "file" | "work":
            item.of(entry.kind)[entry.name] = Child(entry.name, entry.new or "", entry.ours, internal=False)
        case "comment_edit" | "work_edit":
            child = item.of(entry.kind)[entry.name]
            if not entry.ours:
                child.seen[without_author(entry.new or "")] = without_author(child.text)
            child.text = entry.new or ""
            child.edited_by_people |= not entry.ours
        case "comment_delete" | "file_delete" | "work_delete":
            child = item.of(entry.kind)[entry.name]
            child.alive = False
            child.deleted_by_people |= not entry.ours
        case _:
            return


def without_author(text: str) -> str:
    """The words of a comment, without the line that names who wrote it."""
    return text.partition("\n")[2].strip() if "\n" in text else text.strip()


def parents_of(entries: Iterable[Entry], name: str) -> dict[str, str | None]:
    """For every value that a person wrote, the one that the person saw there. Values are unique."""
    return {one.new or "": one.old for one in entries if one.kind == "field" and one.name == name and not one.ours}


def ancestors(value: str, parents: dict[str, str | None]) -> set[str]:
    found: set[str] = set()
    at = parents.get(value)
    while at and at not in found:
        found.add(at)
        at = parents.get(at)
    return found
