"""A table as its dictionary describes it: columns with those that it inherits, choices, and what stands for the hub's properties. Pure."""

import re
from collections.abc import Mapping

from model.errors import Refused
from model.frozen import Frozen

HUB: Mapping[str, tuple[str, ...]] = {
    "summary": ("short_description", "u_short_description", "name", "u_name"),
    "description": ("description", "u_description"),
    "status": ("state", "u_state", "status", "u_status"),
    "priority": ("priority", "u_priority"),
    "resolution": ("close_code", "resolution_code", "u_close_code"),
    "assignee": ("assigned_to", "u_assigned_to"),
    "reporter": ("caller_id", "requested_by", "u_requested_by", "opened_by"),
    "due": ("due_date", "u_due_date"),
}
"""For each property that can be written the columns that may stand for it, the first that a table has."""
KEYS = ("number", "u_number")
JOURNALS = {False: "comments", True: "work_notes"}
MARKERS = ("correlation_id", "u_twinline_id")
SHOWN_OPTIONS = 30
_DONE = re.compile(r"(?:resolved|closed|complete|cancell?ed|rejected|skipped)\b", re.IGNORECASE)
_COMPUTES_PRIORITY = frozenset({"incident", "problem"})


class Column(Frozen):
    """`kind` is the dictionary's internal type; `chosen` says that values come from a list of choices."""

    element: str
    label: str
    kind: str
    reference: str = ""
    length: int = 0
    chosen: bool = False
    read_only: bool = False

    @property
    def is_journal(self) -> bool:
        return self.kind.startswith("journal")


class Choice(Frozen):
    value: str
    label: str


class Table(Frozen):
    """`lineage` begins with the table itself and ends with the one that extends no other; `family` are it and all that extend it."""

    name: str
    label: str
    lineage: tuple[str, ...]
    family: tuple[str, ...]
    columns: Mapping[str, Column]
    choices: Mapping[str, tuple[Choice, ...]]

    @property
    def elements(self) -> tuple[str, ...]:
        """All columns but the journals, whose display value would be all entries that there ever were."""
        return tuple(name for name, column in self.columns.items() if not column.is_journal)

    @property
    def key(self) -> str:
        return next((name for name in KEYS if name in self.columns), "sys_id")

    @property
    def marker(self) -> str:
        """The column that carries our marker; empty where there is none."""
        return next((name for name in MARKERS if name in self.columns), "")

    @property
    def computes_priority(self) -> bool:
        return not _COMPUTES_PRIORITY.isdisjoint(self.lineage) and {"impact", "urgency"} <= self.columns.keys()

    def standing_for(self, name: str) -> Column | None:
        """The column of a hub property."""
        return next((self.columns[one] for one in HUB[name] if one in self.columns), None)

    @property
    def own(self) -> tuple[Column, ...]:
        """Columns that no hub property stands for, without journals and those that the platform keeps for itself."""
        taken = {column.element for name in HUB if (column := self.standing_for(name)) is not None and column.element != "opened_by"}
        kept = (column for name, column in self.columns.items() if name not in taken and not name.startswith("sys_"))
        return tuple(column for column in kept if not column.is_journal)

    def named(self, name: str) -> Column | None:
        """An own column by its element or its label; an element's name comes before a label."""
        found = self.columns.get(name)
        if found is not None:
            return found
        return next((one for one in self.own if one.label.casefold() == name.casefold()), None)

    def writable(self, system: str, name: str) -> Column:
        """The column of a hub property or an own one; Refused where it cannot be written."""
        column = self.standing_for(name) if name in HUB else self.named(name)
        if column is None:
            labels = ", ".join(sorted(repr(one.label) for one in self.own if not one.read_only)[:SHOWN_OPTIONS])
            message = f"{system}: table {self.name!r} has no column for field {name!r} (own fields: {labels}); "
            raise Refused(f"{message}take it out of the incoming rules", name)
        if column.read_only or column.is_journal or column.element.startswith("sys_"):
            raise Refused(f"{system}: field {name!r} of table {self.name!r} cannot be written; take it out of the incoming rules", name)
        return column

    def options(self, element: str) -> tuple[Choice, ...]:
        return self.choices.get(element, ())

    def choice(self, element: str, wanted: str) -> Choice | None:
        """By label, upper and lower case alike, or by value."""
        offered = self.options(element)
        by_label = next((one for one in offered if one.label.casefold() == wanted.casefold()), None)
        return by_label or next((one for one in offered if one.value == wanted), None)

    def category(self, value: str, label: str, *, active: bool = True) -> str:
        """Of a state: `done` for one that ends work, `new` for the first of the list."""
        if not active or _DONE.match(label):
            return "done"
        state = self.standing_for("status")
        offered = self.options(state.element) if state else ()
        return "new" if offered and value == offered[0].value else "indeterminate"
