"""Which issues a JQL query means: values checked as Jira checks them, then compared."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.jira import fake_history, fake_moments, fake_text
from connectors.jira.fake_jql import HISTORY, Clause, Group, JqlError, Operand, Predicate, Query, parse
from connectors.jira.fake_state import PARTS, Issue, Site, User

ALIASES = {
    "type": "issuetype", "issue": "key", "issuekey": "key", "createddate": "created", "updateddate": "updated", "due": "duedate",
}  # fmt: skip
TEXTS = frozenset({"summary", "description", "comment", "text"})
DATES = frozenset({"created", "updated", "duedate"})
PEOPLE = frozenset({"assignee", "reporter", "creator", "voter", "watcher"})
PART_FIELDS = {"fixversion": "fixVersions", "affectedversion": "versions", "component": "components"}
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
PERIODS = {"w": 7 * 24 * 60, "d": 24 * 60, "h": 60, "m": 1}

CATEGORY_NAMES = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}


def _comments(issue: Issue) -> list[str | None]:
    return [fake_text.plain(one.body) for one in issue.comments]


VALUES: dict[str, Callable[[Issue], list[str | None]]] = {
    "assignee": lambda issue: [issue.assignee],
    "comment": _comments,
    "created": lambda issue: [issue.created.isoformat()],
    "creator": lambda issue: [issue.creator],
    "description": lambda issue: [fake_text.plain(issue.description)],
    "duedate": lambda issue: [issue.duedate],
    "id": lambda issue: [issue.key],
    "issuetype": lambda issue: [issue.type],
    "key": lambda issue: [issue.key],
    "labels": lambda issue: [*issue.labels],
    "priority": lambda issue: [issue.priority],
    "project": lambda issue: [issue.project],
    "reporter": lambda issue: [issue.reporter],
    "resolution": lambda issue: [issue.resolution],
    "status": lambda issue: [issue.status],
    "summary": lambda issue: [issue.summary],
    "text": lambda issue: [issue.summary, fake_text.plain(issue.description), *_comments(issue)],
    "updated": lambda issue: [issue.updated.isoformat()],
    "sprint": lambda issue: [str(one) for one in issue.sprints],
    "voter": lambda issue: [*issue.voters],
    "watcher": lambda issue: [*issue.watchers],
}
FIELDS = frozenset({*VALUES, *PART_FIELDS, "parent", "statuscategory"})
SPRINTS = {"opensprints": "active", "closedsprints": "closed", "futuresprints": "future"}

_PERIOD = re.compile(r"[+-]?(?:\d+[wdhm]\s*)+", re.IGNORECASE)
_FORMS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


class Search:
    """Queries of one person to one site."""

    def __init__(self, site: Site, viewer: User) -> None:
        self._site = site
        self._viewer = viewer

    def problems(self, jql: str) -> list[str]:
        """What Jira has against the query."""
        try:
            self._test(parse(jql))
        except JqlError as error:
            return error.messages
        return []

    def matches(self, jql: str, issue: Issue) -> bool:
        return self._test(parse(jql))(issue)

    def find(self, jql: str, reconciled: frozenset[str] = frozenset()) -> list[Issue]:
        """The matching issues in order, as far as the index knows them; JqlError for a wrong or an unbounded query."""
        query = parse(jql)
        if query.where is None:
            raise JqlError(UNBOUNDED)
        test = self._test(query)
        found = [one for one in self._site.searchable(reconciled) if test(one)]
        found.sort(key=lambda one: int(one.id), reverse=True)
        for name, descending in reversed(query.order):
            key = self._sort_key(self._known(name))
            found.sort(key=key, reverse=descending)
        return found

    def _test(self, query: Query) -> Callable[[Issue], bool]:
        for name, _ in query.order:
            self._known(name)
        return self._node(query.where) if query.where else lambda _: True

    def _node(self, node: Clause | Group) -> Callable[[Issue], bool]:
        match node:
            case Group("and", parts):
                tests = [self._node(part) for part in parts]
                return lambda issue: all(test(issue) for test in tests)
            case Group(_, parts):
                tests = [self._node(part) for part in parts]
                return lambda issue: any(test(issue) for test in tests)
            case Clause():
                return self._clause(node)

    def _clause(self, clause: Clause) -> Callable[[Issue], bool]:
        name = self._known(clause.field)
        if clause.operator in HISTORY:
            return self._past(name, clause)
        if name == "resolution":
            clause = replace(clause, operands=tuple(_resolution(one) for one in clause.operands))
        if clause.operator in {"is", "is not"} or (len(clause.operands) == 1 and clause.operands[0].empty):
            return self._emptiness(name, clause)
        if name in TEXTS or (name in self._site.fields and not self._site.fields[name].options):
            return self._words(name, clause)
        if clause.operator in {"~", "!~"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        if name in DATES:
            return self._date(name, clause)
        return self._value(name, clause)

    def _past(self, name: str, clause: Clause) -> Callable[[Issue], bool]:
        if name not in fake_history.FIELDS:
            raise JqlError(f"History searches do not support the '{clause.field}' field.")

        def meant(field: str, operands: tuple[Operand, ...]) -> frozenset[str]:
            said = map(_resolution, operands) if field == "resolution" else operands
            return frozenset("" if one.empty else self._checked(field, clause, one).casefold() for one in said)

        def moment(one: Predicate, number: int) -> datetime:
            if len(one.operands) <= number:
                raise JqlError(f"The predicate '{one.name}' needs {number + 1} dates.")
            return self._moment(clause, one.operands[number])

        def named(one: Predicate) -> frozenset[str]:
            return meant("creator" if one.name == "by" else name, one.operands)

        if clause.operator.startswith("was"):
            test = fake_history.was(clause, meant(name, clause.operands), moment, named)
        else:
            test = fake_history.changed(clause, moment, named)
        positive = clause.operator in {"was", "was in", "changed"}

        def passed(issue: Issue) -> bool:
            """As far as the index knows the issue's history."""
            now = self._site.issue(issue.key)
            known = replace(issue, history=[one for one in now.history if one.created <= issue.updated]) if now else issue
            return any(map(test, fake_history.spells(known, name, "".join(self._values(name, issue))))) == positive

        return passed

    def _emptiness(self, name: str, clause: Clause) -> Callable[[Issue], bool]:
        if not all(one.empty for one in clause.operands):
            raise JqlError(f"The operator '{clause.operator}' can only be used with 'EMPTY' or 'NULL' for the field '{clause.field}'.")
        wanted = clause.operator in {"is", "="}
        return lambda issue: (not self._values(name, issue)) == wanted

    def _words(self, name: str, clause: Clause) -> Callable[[Issue], bool]:
        if clause.operator not in {"~", "!~"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        wanted = [word.strip("*?").casefold() for word in clause.operands[0].text.split()]
        positive = clause.operator == "~"

        def test(issue: Issue) -> bool:
            text = " ".join(self._values(name, issue)).casefold()
            return all(word in text for word in wanted) == positive

        return test

    def _date(self, name: str, clause: Clause) -> Callable[[Issue], bool]:
        moments = [self._moment(clause, operand) for operand in clause.operands]

        def at(issue: Issue) -> datetime | None:
            if name == "duedate":
                day = issue.duedate
                return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=ZoneInfo(self._viewer.time_zone)) if day else None
            return issue.created if name == "created" else issue.updated

        def test(issue: Issue) -> bool:
            when = at(issue)
            return when is not None and _compare(clause.operator, when, moments)

        return test

    def _moment(self, clause: Clause, operand: Operand) -> datetime:
        zone = ZoneInfo(self._viewer.time_zone)
        now = datetime.now(UTC)
        text = operand.text.strip()
        if operand.arguments is not None:
            return fake_moments.moment(operand, now.astimezone(zone))
        if _PERIOD.fullmatch(text):
            minutes = sum(int(number) * PERIODS[unit] for number, unit in re.findall(r"(\d+)([wdhm])", text.lower()))
            return now - timedelta(minutes=minutes) if text.startswith("-") else now + timedelta(minutes=minutes)
        if text.isdigit():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        for form in _FORMS:
            try:
                return datetime.strptime(text, form).replace(tzinfo=zone)
            except ValueError:
                continue
        raise JqlError(
            f"Date value '{operand.text}' for field '{clause.field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
            "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
        )

    def _value(self, name: str, clause: Clause) -> Callable[[Issue], bool]:
        if clause.operator in {">", "<", ">=", "<="} and name not in {"key", "id", "priority"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        given = [meant for operand in clause.operands for meant in self._meant(name, operand)]
        wanted = {self._checked(name, clause, operand).casefold() for operand in given if not operand.empty}
        with_empty = any(operand.empty for operand in clause.operands)
        if clause.operator in {">", "<", ">=", "<="}:
            return self._ranked(name, clause.operator, next(iter(wanted)))
        positive = clause.operator in {"=", "in"}

        def test(issue: Issue) -> bool:
            values = {value.casefold() for value in self._values(name, issue)}
            if not values:
                return with_empty and positive
            return bool(values & wanted) == positive

        return test

    def _meant(self, name: str, operand: Operand) -> list[Operand]:
        """What a function stands for that tells several values."""
        if name != "sprint" or operand.arguments is None or operand.text.lower() not in SPRINTS:
            return [operand]
        state = SPRINTS[operand.text.lower()]
        return [Operand(str(one.id)) for one in self._site.sprints.values() if one.state == state]

    def _ranked(self, name: str, operator: str, wanted: str) -> Callable[[Issue], bool]:
        def rank(value: str) -> int:
            if name == "priority":
                return -int(next(one.id for one in self._site.priorities.values() if one.name.casefold() == value))
            return int(value.rpartition("-")[2])

        return lambda issue: any(_compare(operator, rank(value.casefold()), [rank(wanted)]) for value in self._values(name, issue))

    def _checked(self, name: str, clause: Clause, operand: Operand) -> str:
        """The value as `_values` tells it; JqlError if there is no such thing."""
        text = operand.text
        if operand.arguments is not None:
            if text.lower() == "currentuser" and name in PEOPLE:
                return self._viewer.account_id
            raise JqlError(f"Unable to find JQL function '{text}({', '.join(operand.arguments)})'.")
        if name in {"key", "id", "parent"}:
            issue = next((one for one in self._site.searchable() if text.upper() in {one.key, one.id}), None) or self._site.issue(text)
            if issue is None:
                raise JqlError(f"An issue with key '{text}' does not exist for field '{clause.field}'.")
            return issue.key
        options = self._options(name)
        if options is not None and text.casefold() not in options:
            raise JqlError(f"The value '{text}' does not exist for the field '{clause.field}'.")
        return options[text.casefold()] if options else text

    def _options(self, name: str) -> dict[str, str] | None:
        """What may be said for a field, to the value meant; None where anything may be said."""
        site = self._site
        spelled: dict[str, list[tuple[str, ...]]] = {
            "project": [(one.key, one.name, one.id, *one.keys) for one in site.projects.values()],
            "status": [(one.name, one.name, one.id) for one in site.statuses.values()],
            "priority": [(one.name, one.name, one.id) for one in site.priorities.values()],
            "issuetype": [(one.name, one.name, one.id) for one in site.types.values()],
            "resolution": [(one.name, one.name, one.id) for one in site.resolutions.values()],
            "sprint": [(str(one.id), one.name, str(one.id)) for one in site.sprints.values()],
            "people": [
                (one.account_id, one.account_id, one.email, one.display_name, *([one.name] if site.server else []))
                for one in site.users.values()
            ],
            **{field: self._spelled_parts(PARTS[kept]) for field, kept in PART_FIELDS.items()},
        }
        kind = "people" if name in PEOPLE else name
        if kind not in spelled:
            return None
        return {spelling.casefold(): value for value, *spellings in spelled[kind] for spelling in spellings}

    def _spelled_parts(self, kind: str) -> list[tuple[str, ...]]:
        return [(part.name, part.name, part.id) for (_, one), parts in self._site.parts.items() if one == kind for part in parts]

    def _known(self, name: str) -> str:
        """The field's own name, a custom field's id; JqlError if there is no such field."""
        known = ALIASES.get(name.lower(), name.lower())
        own = next((one.id for one in self._site.fields.values() if known in {one.name.lower(), f"cf[{one.id.partition('_')[2]}]"}), None)
        if own is None and known not in FIELDS:
            raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
        return own or known

    def _values(self, name: str, issue: Issue) -> list[str]:
        """The issue's values of a field, none for an empty field."""
        if name in PART_FIELDS:
            kept = PART_FIELDS[name]
            known = self._site.parts.get((issue.project, PARTS[kept]), [])
            return [part.name for part in known if part.id in issue.parts.get(kept, [])]
        if name == "parent":
            parent = self._site.issues.get(issue.parent or "")
            return [parent.key] if parent else []
        if name in self._site.fields:
            value = issue.own.get(name)
            return [str(one) for one in (value if isinstance(value, list) else [value]) if one]
        if name == "statuscategory":
            return [CATEGORY_NAMES[self._site.statuses[issue.status].category]]
        return [value for value in VALUES[name](issue) if value]

    def _sort_key(self, name: str) -> Callable[[Issue], tuple[str, int]]:
        def key(issue: Issue) -> tuple[str, int]:
            if name in {"key", "id"}:
                return issue.project, int(issue.key.rpartition("-")[2])
            if name == "priority":
                return "", -int(self._site.priorities[issue.priority].id) if issue.priority else -99
            if name in {"created", "updated"}:
                return "", round((issue.created if name == "created" else issue.updated).timestamp() * 1000)
            return " ".join(self._values(name, issue)).casefold(), 0

        return key


def _resolution(operand: Operand) -> Operand:
    """Unresolved is the name of having none."""
    return Operand("EMPTY") if operand.text.casefold() == "unresolved" else operand


def _compare(operator: str, value: datetime | int, wanted: list[datetime] | list[int]) -> bool:
    left = value.timestamp() if isinstance(value, datetime) else value
    rights = [one.timestamp() if isinstance(one, datetime) else one for one in wanted]
    match operator:
        case "=" | "in":
            return left in rights
        case "!=" | "not in":
            return left not in rights
        case ">":
            return left > rights[0]
        case "<":
            return left < rights[0]
        case ">=":
            return left >= rights[0]
        case _:
            return left <= rights[0]
