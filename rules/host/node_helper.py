"""`nodeHelper` and `userHelper`: questions to the platform of this side."""

from collections.abc import Mapping
from html import unescape
from typing import ClassVar

from rules.library.json_text import from_json
from rules.library.table import Method, Table
from rules.state import Run
from rules.values import Host, Value, text_of

NODE: Table[Host] = Table("nodeHelper")
USERS: Table[Host] = Table("userHelper")
Args = list[Value]


class NodeHelper(Host):
    kind = "nodeHelper"
    methods: ClassVar[Mapping[str, Method]] = NODE


class UserHelper(Host):
    kind = "userHelper"
    methods: ClassVar[Mapping[str, Method]] = USERS


def ask(run: Run, name: str, *arguments: Value) -> Value:
    """The answer; null at once where the first argument is null or empty."""
    if arguments[0] is None or arguments[0] == "":
        return None
    return from_json(run.ask(name, *(None if one is None else text_of(one) for one in arguments)))


def _by_one(table: Table[Host], method: str, lookup: str, most: int = 1) -> None:
    def question(run: Run, _self: Host, arguments: Args) -> Value:
        return ask(run, lookup, arguments[0])

    table.method(method, takes=1, most=most)(question)


_by_one(NODE, "getStatus", "status", 2)
_by_one(NODE, "getPriority", "priority", 2)
_by_one(NODE, "getProject", "project")
_by_one(NODE, "getUser", "user", 2)
_by_one(NODE, "getUserByEmail", "user_by_email", 2)
_by_one(NODE, "getUserByUsername", "user_by_username", 2)
_by_one(NODE, "getUserByFullName", "user_by_username", 2)
_by_one(USERS, "getByUsername", "user_by_username")
_by_one(USERS, "getUserByEmail", "user_by_email")


@NODE.method("getIssueType", takes=1, most=2)
def get_issue_type(run: Run, _self: Host, arguments: Args) -> Value:
    project = arguments[1] if len(arguments) == 2 else None
    key = project.get("key") if isinstance(project, dict) else project
    return ask(run, "issue_type", arguments[0], key)


@NODE.method("getOption", takes=2, most=3)
def get_option(run: Run, _self: Host, arguments: Args) -> Value:
    field, value = arguments[-2:]
    return None if value is None else ask(run, "option", field, value)


@NODE.method("getLabel", takes=1)
def get_label(_run: Run, _self: Host, arguments: Args) -> Value:
    return None if arguments[0] is None else {"label": text_of(arguments[0])}


@NODE.method(
    "getLocalIssueFromRemoteId", "getLocalIssueKeyFromRemoteId", "getLocalKeyFromRemoteId", takes=1, most=2
)  # fmt: skip
def get_local_issue(run: Run, _self: Host, arguments: Args) -> Value:
    return ask(run, "local_item", arguments[0])


@NODE.method("stripHtml", takes=1)
def strip_html(_run: Run, _self: Host, arguments: Args) -> Value:
    return None if arguments[0] is None else without_tags(text_of(arguments[0]))


@NODE.method("stripHtmlFromComments", takes=1)
def strip_html_from_comments(_run: Run, _self: Host, arguments: Args) -> Value:
    for one in arguments[0] if isinstance(arguments[0], list) else []:
        if isinstance(one, dict):
            one["body"] = without_tags(text_of(one.get("body") or ""))
    return arguments[0]


def without_tags(text: str) -> str:
    """The text of HTML: a line end for what ends a line, entities decoded."""
    pieces: list[str] = []
    at = 0
    while (opened := text.find("<", at)) >= 0:
        closed = text.find(">", opened)
        if closed < 0:
            break
        pieces.append(text[at:opened])
        name = text[opened + 1 : closed].strip("/ ").split(" ", 1)[0].lower()
        ends = text[opened + 1] == "/" and name in ("p", "div", "li", "tr", "h1", "h2", "h3", "h4")
        if ends or name == "br":
            pieces.append("\n")
        at = closed + 1
    pieces.append(text[at:])
    return unescape("".join(pieces)).strip()
