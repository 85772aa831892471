"""Tables of helper methods: which there are and what they take stands in the description, what they do is registered here."""

from collections.abc import Callable

from pydantic import JsonValue

from rules.host.answers import Unanswered, answer
from rules.host.described import HELPERS
from rules.host.description import Call
from rules.interface import REFUSED, Needed
from rules.library.json_text import from_json
from rules.library.table import Method, Native, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, text_of

Args = list[Value]
ASKED_WITH = {
    "issue_type": 2, "version": 2, "component": 2, "security_level": 2, "record": 3, "group_member": 2, "user_role": 3, "role_members": 2,
    "user_assignable": 2, "user_edits_comments": 2, "request_type": 2, "custom_field": 3, "custom_field_label": 3,
}  # fmt: skip
"""How many arguments a question has, where it is not one."""


class HelperTable(Table[Host]):
    """The methods of one helper. What is only a question to the platform is there from the start."""

    def __init__(self, name: str) -> None:
        super().__init__(name or "function")
        self.described = {one.name: one for one in next(one for one in HELPERS if one.name == name).calls}
        self.prefix = f"{name}." if name else ""
        for one in self.described.values():
            if one.asks:
                self._list(one, _question(one.asks))

    def gives(self, *names: str, direct: bool = False) -> Callable[[Native[Host]], Native[Host]]:
        """Registers what the described methods do; a `direct` one looks at the table of answers itself."""

        def register(function: Native[Host]) -> Native[Host]:
            for name in names:
                self._list(self.described[name], function, direct=direct)
            return function

        return register

    def _list(self, described: Call, function: Native[Host], *, direct: bool = False) -> None:
        native = function if direct else _answered(f"{self.prefix}{described.name}", function)
        self[described.name] = Method(described.least, described.most, native)


def ask(run: Run, name: str, *arguments: Value) -> Value:
    """The platform's answer; null at once where the first argument is null or empty."""
    if arguments and (arguments[0] is None or arguments[0] == ""):
        return None
    return from_json(granted(run.ask(name, *map(asked, arguments))))


def granted(answer: JsonValue) -> JsonValue:
    """The answer; a Fault where it is a refusal."""
    if isinstance(answer, dict) and answer.keys() == {REFUSED}:
        raise Fault(str(answer[REFUSED]), "IssueTrackerException")
    return answer


def asked(argument: Value) -> str | None:
    """An argument of a question: an object stands for what names it."""
    if isinstance(argument, dict):
        argument = next((argument[one] for one in ("key", "id", "value", "name", "email") if argument.get(one) is not None), None)
    return None if argument is None or isinstance(argument, Host) else text_of(argument)


def _question(name: str) -> Native[Host]:
    count = ASKED_WITH.get(name, 1)

    def question(run: Run, _self: Host, arguments: Args) -> Value:
        plain = [one for one in arguments if not isinstance(one, Host)] or [None]
        return ask(run, name, *(plain + [None] * count)[:count])

    return question


def _answered(call: str, function: Native[Host]) -> Native[Host]:
    """The method; where a table of answers stands in for the platform, what it has for the call goes first."""

    def native(run: Run, receiver: Host, arguments: Args) -> Value:
        if run.answers is None:
            return function(run, receiver, arguments)
        if call in run.answers:
            return from_json(answer(call, run.answers[call], arguments))
        try:
            return function(run, receiver, arguments)
        except Needed:
            raise Unanswered(call, arguments) from None

    return native
