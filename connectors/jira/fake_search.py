"""Which issues a JQL query means: values checked as Jira checks them, then compared."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.jira import fake_text
from connectors.jira.fake_jql import Clause, Group, JqlError, Operand, Query, parse
from connectors.jira.fake_state import Issue, Site, User

ALIASES = {
    "type": "issuetype", "issue": "key", "issuekey": "key", "createddate": "created", "updateddate": "updated", "due": "duedate",
}  # fmt: skip
TEXTS = frozenset({"summary", "description", "comment", "text"})
DATES = frozenset({"created", "updated", "duedate"})
PEOPLE = frozenset({"assignee", "reporter", "creator"})
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
    "resolution": lambda _: [],
    "status": lambda issue: [issue.status],
    "summary": lambda issue: [issue.summary],
    "text": lambda issue: [issue.summary, fake_text.plain(issue.description), *_comments(issue)],
    "updated": lambda issue: [issue.updated.isoformat()],
}
FIELDS = frozenset({*VALUES, "statuscategory"})

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
            key = self._sort_key(_known(name))
            found.sort(key=key, reverse=descending)
        return found

    def _test(self, query: Query) -> Callable[[Issue], bool]:
        for name, _ in query.order:
            _known(name)
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
        name = _known(clause.field)
        if clause.operator in {"is", "is not"} or (len(clause.operands) == 1 and clause.operands[0].empty):
            return self._emptiness(name, clause)
        if name in TEXTS:
            return self._words(name, clause)
        if clause.operator in {"~", "!~"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        if name in DATES:
            return self._date(name, clause)
        return self._value(name, clause)

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
            return self._function_moment(operand, now.astimezone(zone))
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

    @staticmethod
    def _function_moment(operand: Operand, now: datetime) -> datetime:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        match operand.text.lower():
            case "now":
                return now
            case "startofday":
                return midnight
            case "endofday":
                return midnight + timedelta(days=1, milliseconds=-1)
            case "startofweek":
                return midnight - timedelta(days=(midnight.weekday() + 1) % 7)
            case "startofmonth":
                return midnight.replace(day=1)
            case _:
                raise JqlError(f"Unable to find JQL function '{operand.text}({', '.join(operand.arguments or ())})'.")

    def _value(self, name: str, clause: Clause) -> Callable[[Issue], bool]:
        if clause.operator in {">", "<", ">=", "<="} and name not in {"key", "id", "priority"}:
            raise JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
        wanted = {self._checked(name, clause, operand).casefold() for operand in clause.operands if not operand.empty}
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
        if name in {"key", "id"}:
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
            "project": [(one.key, one.key, one.name, one.id) for one in site.projects.values()],
            "status": [(one.name, one.name, one.id) for one in site.statuses.values()],
            "priority": [(one.name, one.name, one.id) for one in site.priorities.values()],
            "issuetype": [(one.name, one.name, one.id) for one in site.types.values()],
            "people": [(one.account_id, one.account_id, one.email, one.display_name) for one in site.users.values()],
        }
        kind = "people" if name in PEOPLE else name
        if kind not in spelled:
            return None
        return {spelling.casefold(): value for value, *spellings in spelled[kind] for spelling in spellings}

    def _values(self, name: str, issue: Issue) -> list[str]:
        """The issue's values of a field, none for an empty field."""
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


def _known(name: str) -> str:
    known = ALIASES.get(name.lower(), name.lower())
    if known not in FIELDS:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return known


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
