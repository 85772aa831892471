"""`nodeHelper`, `userHelper` and `serviceDeskHelper`: questions to the platform of this side, and conversions of text."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from rules.host.helper import Args, HelperTable, ask
from rules.host.item_view import ItemView
from rules.host.links import merge_links
from rules.host.rich_text import html_of, markdown_of, without_tags
from rules.library.table import Method
from rules.limits import Fault, LimitReached
from rules.state import Run
from rules.values import Host, Value, kind_of, text_of

NODE = HelperTable("nodeHelper")
USERS = HelperTable("userHelper")
SERVICE_DESK = HelperTable("serviceDeskHelper")
CONVERTED = 200_000
CHARACTERS_A_STEP = 2
"""As a power of two."""


class NodeHelper(Host):
    kind = "nodeHelper"
    methods: ClassVar[Mapping[str, Method]] = NODE


class UserHelper(Host):
    kind = "userHelper"
    methods: ClassVar[Mapping[str, Method]] = USERS


class ServiceDeskHelper(Host):
    kind = "serviceDeskHelper"
    methods: ClassVar[Mapping[str, Method]] = SERVICE_DESK


@NODE.gives("getIssueType")
def get_issue_type(run: Run, _self: Host, arguments: Args) -> Value:
    project = arguments[1] if len(arguments) == 2 else None
    return ask(run, "issue_type", arguments[0], project.project_key() if isinstance(project, ItemView) else project)


@NODE.gives("getStatus")
def get_status(run: Run, _self: Host, arguments: Args) -> Value:
    """Where the item has a type already, one that items of the type can have."""
    item = run.binding.get("issue")
    kind = item.type_name() if isinstance(item, ItemView) else None
    return ask(run, "status", arguments[0], *([kind] if kind else []))


@NODE.gives("getDefaultIssueType")
def get_default_issue_type(run: Run, _self: Host, arguments: Args) -> Value:
    project = arguments[0] if arguments else None
    return ask(run, "default_issue_type", project.project_key() if isinstance(project, ItemView) else project or "*")


def _of_project(method: str, lookup: str) -> None:
    def find(run: Run, _self: Host, arguments: Args) -> Value:
        project = arguments[1] if len(arguments) == 2 else None
        return ask(run, lookup, arguments[0], project.project_key() if isinstance(project, ItemView) else project)

    NODE.gives(method)(find)


_of_project("getVersion", "version")
_of_project("getComponent", "component")


def _made(method: str, lookup: str) -> None:
    def make(run: Run, _self: Host, arguments: Args) -> Value:
        item, name, *rest = arguments
        if not isinstance(item, ItemView):
            raise Fault(f"{method}() takes the issue first: {method}(issue, name, description)")
        return ask(run, lookup, name, item.project_key(), *(rest + [None] * 3)[:1])

    NODE.gives(method)(make)


_made("createVersion", "create_version")
_made("createComponent", "create_component")


@NODE.gives("createOption")
def create_option(run: Run, _self: Host, arguments: Args) -> Value:
    return ask(run, "create_option", *arguments[1:])


@NODE.gives("getOption")
def get_option(run: Run, _self: Host, arguments: Args) -> Value:
    field, value = arguments[-2:] if len(arguments) < 4 else arguments[1:3]
    return None if value is None else ask(run, "option", field, value)


@NODE.gives("getOptions")
def get_options(run: Run, _self: Host, arguments: Args) -> Value:
    _, field, values = arguments
    if values is None:
        return []
    if not isinstance(values, list):
        raise Fault(f"getOptions() takes a list of values, not {kind_of(values)}")
    found = [ask(run, "option", field, one.get("value") if isinstance(one, dict) else one) for one in values]
    return [one for one in found if one is not None]


@NODE.gives("getCascadingSelect")
def get_cascading_select(_run: Run, _self: Host, arguments: Args) -> Value:
    parent, child = map(_option, arguments)
    return {**parent, "child": child} if parent else None


def _option(value: Value) -> dict[Value, Value] | None:
    if value is None or isinstance(value, dict):
        return value
    return {"value": text_of(value)}


@NODE.gives("getLabel")
def get_label(_run: Run, _self: Host, arguments: Args) -> Value:
    return None if arguments[0] is None else {"label": text_of(arguments[0])}


@NODE.gives("mergeLinks")
def links_here(run: Run, _self: Host, arguments: Args) -> Value:
    return merge_links(run, arguments)


@NODE.gives("isUserAssignable")
def is_user_assignable(run: Run, _self: Host, arguments: Args) -> Value:
    project, user = arguments
    if project is None or user is None:
        return False
    found = ask(run, "user_assignable", project, user)
    return True if found is None else found


@NODE.gives("isIssueEditable")
def is_issue_editable(_run: Run, _self: Host, _arguments: Args) -> Value:
    return True


@NODE.gives("addHTTPHeader")
def add_http_header(_run: Run, _self: Host, _arguments: Args) -> Value:
    return None


@NODE.gives("stripHtml")
def strip_html(run: Run, _self: Host, arguments: Args) -> Value:
    return _converted(run, arguments[0], without_tags)


@NODE.gives("toMarkDownFromHtml", "toMarkDown")
def to_markdown(run: Run, _self: Host, arguments: Args) -> Value:
    return _converted(run, arguments[0], markdown_of)


@NODE.gives("stripHtmlFromComments")
def strip_html_from_comments(run: Run, _self: Host, arguments: Args) -> Value:
    return _with_bodies(run, arguments[0], without_tags)


@NODE.gives("toMarkDownComments")
def to_markdown_comments(run: Run, _self: Host, arguments: Args) -> Value:
    return _with_bodies(run, arguments[0], markdown_of)


@NODE.gives("getHtmlField")
def get_html_field(run: Run, _self: Host, arguments: Args) -> Value:
    return _converted(run, _item(arguments[0], "getHtmlField").get(text_of(arguments[1])), html_of)


@NODE.gives("getHtmlComments")
def get_html_comments(run: Run, _self: Host, arguments: Args) -> Value:
    return _with_bodies(run, _item(arguments[0], "getHtmlComments").get("comments"), html_of)


def _item(value: Value, method: str) -> ItemView:
    if isinstance(value, ItemView):
        return value
    raise Fault(f"{method}() takes the issue first, not {kind_of(value)}")


def _converted(run: Run, value: Value, change: Callable[[str], str]) -> Value:
    """The text changed; null stays null. Every few characters count as a step."""
    if value is None:
        return None
    text = text_of(value)
    if len(text) > CONVERTED:
        raise LimitReached(f"a text of more than {CONVERTED} characters is not converted; shorten it with take() first")
    run.spend(1 + (len(text) >> CHARACTERS_A_STEP))
    return change(text)


def _with_bodies(run: Run, comments: Value, change: Callable[[str], str]) -> Value:
    for one in comments if isinstance(comments, list) else []:
        if isinstance(one, dict):
            one["body"] = _converted(run, one.get("body"), change)
    return comments
