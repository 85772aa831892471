"""What rarely changes in an instance, kept for a few minutes: dictionaries, choices, people, and what references lead to."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from time import monotonic
from typing import TypeVar, cast

from connectors.kit.fresh import Fresh
from connectors.servicenow.client import ServiceNowClient, is_sys_id
from connectors.servicenow.mapping import Person
from connectors.servicenow.payloads import Row
from connectors.servicenow.refusals import Forbidden
from connectors.servicenow.tables import KEYS, Choice, Column, Table
from connectors.servicenow.values import PRIORITIES
from model.errors import Misconfigured

KEPT_SECONDS = 300.0
MOST_KEPT = 5000
BATCH = 100
LANGUAGE = "en"
_PERSON = ("sys_id", "user_name", "name", "email", "active")
_DICTIONARY = ("name", "element", "column_label", "internal_type", "reference", "max_length", "choice", "read_only")
_CHOICE = ("name", "element", "label", "value", "sequence")

Value = TypeVar("Value")


class Metadata:
    """Answers from memory where they are at most `KEPT_SECONDS` old."""

    def __init__(self, client: ServiceNowClient) -> None:
        self._client = client
        self._kept: dict[tuple[str, str], tuple[float, object]] = {}
        self._tables = Fresh[Table]()

    async def table(self, name: str) -> Table:
        """Misconfigured where there is none of that name, or the account may not read the dictionary."""
        return await self._tables.get(name, lambda: self._ask_table(name))

    async def zone(self, table: str) -> None:
        """Misconfigured unless the account sees times as they are kept. In another zone queries by time would miss what changed."""
        await self._keep(("zone", table), lambda: self._ask_zone(table))

    async def people(self, sys_ids: Iterable[str]) -> dict[str, Person]:
        """Those of them whom the account may see."""
        return await self._persons("person", "sys_id", sys_ids, lambda one: one.sys_id)

    async def authors(self, user_names: Iterable[str]) -> dict[str, Person]:
        """The same by user name."""
        return await self._persons("author", "user_name", user_names, lambda one: one.user_name)

    async def person_by(self, column: str, value: str) -> Person | None:
        """The only active user of that e-mail address, user name, name or sys_id; None where there is none or several share it."""

        async def ask() -> Person | None:
            found = [_person(one) for one in await self._matching("sys_user", column, value, _PERSON) if one.raw("active") != "false"]
            return found[0] if len(found) == 1 else None

        return await self._keep((f"user by {column}", value.casefold()), ask)

    async def reference(self, table: str, asked: str) -> str:
        """The sys_id of what `values.ask` names; empty where it is nothing, or not one thing only."""
        return await self._keep((f"reference {table}", asked.casefold()), lambda: self._ask_reference(table, asked))

    async def priorities(self) -> Mapping[tuple[str, str], str]:
        """By impact and urgency, from the look-up rules of the instance; those of a fresh one where they cannot be read."""

        async def ask() -> Mapping[tuple[str, str], str]:
            columns = ("impact", "urgency", "priority")
            try:
                rows = await self._client.all_rows("dl_u_priority", "priorityISNOTEMPTY", columns)
            except (Forbidden, Misconfigured):
                return PRIORITIES
            return {(one.raw("impact"), one.raw("urgency")): one.raw("priority") for one in rows} or PRIORITIES

        return await self._keep(("priorities", ""), ask)

    async def _ask_table(self, name: str) -> Table:
        lineage: list[str] = []
        label, at = "", name
        while at and at not in lineage:
            found = [
                one
                for one in await self._client.all_rows("sys_db_object", f"name={at}", ("name", "label", "super_class.name"))
                if one.raw("name") == at
            ]
            if not found:
                break
            lineage.append(at)
            label, at = label or found[0].raw("label"), found[0].raw("super_class.name")
        columns = await self._columns(lineage)
        if not columns:
            system = self._client.name
            needs = "give it read access to sys_db_object, sys_dictionary and sys_choice, or correct the table's name"
            raise Misconfigured(f"{system}: Twinline's account finds no dictionary of table {name!r}; {needs}")
        family, choices = await self._family(name), await self._choices(lineage)
        return Table(name=name, label=label, lineage=tuple(lineage), family=family, columns=columns, choices=choices)

    async def _family(self, name: str) -> tuple[str, ...]:
        """The table and those that extend it, level by level."""
        found, level = [name], [name]
        while level:
            rows = await self._client.all_rows("sys_db_object", f"super_class.nameIN{','.join(level)}", ("name", "super_class.name"))
            level = sorted({one.raw("name") for one in rows if one.raw("super_class.name") in level} - {*found})
            found += level
        return tuple(found)

    async def _columns(self, lineage: list[str]) -> dict[str, Column]:
        if not lineage:
            return {}
        rows = await self._client.all_rows("sys_dictionary", f"nameIN{','.join(lineage)}^elementISNOTEMPTY", _DICTIONARY)
        found: dict[str, Column] = {}
        for table in reversed(lineage):
            found |= {one.raw("element"): _column(one) for one in rows if one.raw("name") == table and one.raw("element")}
        return found

    async def _choices(self, lineage: list[str]) -> dict[str, tuple[Choice, ...]]:
        """A table's own choices of a column hide all that it inherits."""
        query = f"nameIN{','.join(lineage)}^inactive=false^language={LANGUAGE}"
        rows = [one for one in await self._client.all_rows("sys_choice", query, _CHOICE) if one.raw("name") in lineage]
        found: dict[str, tuple[Choice, ...]] = {}
        for table in reversed(lineage):
            own: dict[str, list[Row]] = {}
            for one in rows:
                if one.raw("name") == table:
                    own.setdefault(one.raw("element"), []).append(one)
            found |= {element: _ordered(several) for element, several in own.items()}
        return found

    async def _ask_zone(self, table: str) -> None:
        page = await self._client.page(table, "ORDERBYDESCsys_updated_on", ("sys_updated_on",), limit=1)
        for one in page.rows:
            check_zone(self._client.name, one, "sys_updated_on")

    async def _persons(self, kind: str, column: str, keys: Iterable[str], key: Callable[[Person], str]) -> dict[str, Person]:
        """Each looked up once, many in one call; whom it does not find is remembered as such."""
        wanted = sorted({one for one in keys if one and "^" not in one and "," not in one})
        found = {one: cast("Person | None", self._kept[kind, one][1]) for one in wanted if self._is_fresh((kind, one))}
        unknown = [one for one in wanted if one not in found]
        for start in range(0, len(unknown), BATCH):
            some = unknown[start : start + BATCH]
            rows = await self._client.all_rows("sys_user", f"{column}IN{','.join(some)}", _PERSON)
            by_key = {key(one): one for one in map(_person, rows)}
            for one in some:
                found[one] = by_key.get(one)
                self._put((kind, one), found[one])
        return {name: person for name, person in found.items() if person is not None}

    async def _ask_reference(self, table: str, asked: str) -> str:
        by, _, said = asked.partition(":")
        if table == "sys_user":
            return await self._user(by, said)
        if is_sys_id(said):
            return said
        try:
            known = await self.table(table)
        except Misconfigured:
            return ""
        column = next((one for one in (*KEYS, "name", "u_name") if one in known.columns), "sys_id")
        found = [one.sys_id for one in await self._matching(table, column, said, ("sys_id", column))]
        return found[0] if len(found) == 1 else ""

    async def _user(self, by: str, said: str) -> str:
        columns = {"email": ("email",), "username": ("user_name",), "displayName": ("name",), "name": ("name",), "value": ("name",)}
        for column in columns.get(by, ("sys_id",) if is_sys_id(said) else ("email", "user_name", "name")):
            found = await self.person_by(column, said)
            if found is not None:
                return found.sys_id
        return ""

    async def _matching(self, table: str, column: str, value: str, fields: Iterable[str]) -> list[Row]:
        """Rows whose column has exactly that value: an instance leaves aside a condition that it does not understand."""
        if not value or "^" in value or "\n" in value or value.startswith("javascript:"):
            return []
        rows = (await self._client.page(table, f"{column}={value}", tuple(fields), limit=20)).rows
        return [one for one in rows if one.raw(column).casefold() == value.casefold()]

    async def _keep(self, key: tuple[str, str], ask: Callable[[], Awaitable[Value]]) -> Value:
        if not self._is_fresh(key):
            self._put(key, await ask())
        return cast("Value", self._kept[key][1])

    def _is_fresh(self, key: tuple[str, str]) -> bool:
        known = self._kept.get(key)
        return known is not None and monotonic() - known[0] < KEPT_SECONDS

    def _put(self, key: tuple[str, str], value: object) -> None:
        if len(self._kept) >= MOST_KEPT:
            self._kept = {one: kept for one, kept in self._kept.items() if monotonic() - kept[0] < KEPT_SECONDS / 2}
        self._kept[key] = (monotonic(), value)


def check_zone(system: str, row: Row, column: str) -> None:
    """Misconfigured where a time is shown otherwise than it is kept."""
    if row.raw(column) != row.shown(column):
        seen = f"it sees {row.shown(column)!r} for {row.raw(column)!r}"
        raise Misconfigured(f"{system}: set time zone GMT and date format yyyy-MM-dd HH:mm:ss for Twinline's account in ServiceNow; {seen}")


def _column(row: Row) -> Column:
    return Column(
        element=row.raw("element"),
        label=row.raw("column_label") or row.raw("element"),
        kind=row.raw("internal_type"),
        reference=row.raw("reference"),
        length=int(row.raw("max_length")) if row.raw("max_length").isdecimal() else 0,
        chosen=row.raw("choice") in {"1", "2", "3"},
        read_only=row.raw("read_only") == "true",
    )


def _ordered(rows: list[Row]) -> tuple[Choice, ...]:
    """By sequence, as the form lists them."""
    placed = sorted(rows, key=lambda one: (_number(one.raw("sequence")), one.raw("label")))
    return tuple(Choice(value=one.raw("value"), label=one.raw("label")) for one in placed if one.raw("value"))


def _number(text: str) -> float:
    return float(text) if text.removeprefix("-").isdecimal() else float("inf")


def _person(row: Row) -> Person:
    return Person(sys_id=row.sys_id, user_name=row.raw("user_name"), name=row.raw("name"), email=row.raw("email") or None)
