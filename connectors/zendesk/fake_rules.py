"""The fake's macros and views: https://developer.zendesk.com/api-reference/ticketing/business-rules/macros/ and .../views/."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, invalid, json_answer
from connectors.zendesk.fake_kept import ROUTE, Kind, count, empty, page_of, routes
from connectors.zendesk.fake_state import Object, Ticket, User, World

RANKS = ("new", "open", "pending", "hold", "solved", "closed")
COLUMNS: tuple[JsonValue, ...] = ("status", "subject", "requester", "created", "updated", "group", "assignee")
SAID = {"comment_value", "comment_value_html", "comment_mode_is_public"}


def _actions(call: Call, body: Object) -> None:
    given = body.get("actions")
    if not isinstance(given, list) or not given:
        raise invalid({"base": ["Macro must have at least one action"]}, "BlankValue")


MACROS = Kind(
    "macro", "macros",
    {"title": "", "active": True, "description": None, "position": 9999, "actions": [], "restriction": None, "default": False},
    ("title",), check=_actions, editors=("admin", "agent"),
)  # fmt: skip
VIEWS = Kind(
    "view", "views",
    {"title": "", "active": True, "description": None, "position": 9999, "conditions": {"all": [], "any": []}, "restriction": None,
     "default": False, "execution": {"columns": [], "group_by": None, "sort_by": "created", "sort_order": "desc"}},
    ("title",), editors=("admin", "agent"),
)  # fmt: skip
USUAL: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    ("Your unsolved tickets", (("status", "less_than", "solved"), ("assignee_id", "is", "current_user"))),
    ("Unassigned tickets", (("status", "less_than", "solved"), ("assignee_id", "is", ""))),
    ("All unsolved tickets", (("status", "less_than", "solved"),)),
    ("Recently solved tickets", (("status", "is", "solved"),)),
)
"""Views that every account begins with."""


def _rules(given: JsonValue) -> list[Object]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _conditions(wanted: Object) -> Object:
    """Callers give `all` and `any` beside the title; they are shown under `conditions`."""
    held = wanted.get("conditions")
    known = held if isinstance(held, dict) else {}
    named = {name: wanted[name] for name in ("all", "any") if name in wanted}
    output = wanted.get("output")
    shown: Object = (
        {"execution": {"group_by": None, "sort_by": "created", "sort_order": "desc", **output}} if isinstance(output, dict) else {}
    )
    rest: Object = {name: value for name, value in wanted.items() if name not in {"all", "any", "output", "conditions"}}
    return {**rest, **shown, **({"conditions": {"all": [], "any": [], **known, **named}} if known or named else {})}


def _views(world: World) -> list[Object]:
    if VIEWS.many not in world.kept:
        world.kept[VIEWS.many] = {}
        for place, (title, rules) in enumerate(USUAL, 1):
            listed: list[JsonValue] = [{"field": name, "operator": sign, "value": value} for name, sign, value in rules]
            VIEWS.add(world, {"title": title, "position": place, "conditions": {"all": listed, "any": []}, "default": True})
    return VIEWS.rows(world)


def _view(call: Call) -> Object:
    call.only("admin", "agent")
    _views(call.world)
    return VIEWS.get(call, call.number())


def _found(call: Call, view: Object) -> list[Ticket]:
    held = view["conditions"]
    rules = held if isinstance(held, dict) else {}
    every, some = _rules(rules.get("all")), _rules(rules.get("any"))

    def met(one: Ticket, rule: Object) -> bool:
        return _meets(one, str(rule.get("field")), str(rule.get("operator")), rule.get("value"), call.user)

    return [
        one for one in call.world.live() if all(met(one, rule) for rule in every) and (not some or any(met(one, rule) for rule in some))
    ]


def _meets(ticket: Ticket, name: str, sign: str, value: JsonValue, user: User) -> bool:
    """A condition of a field that the fake does not know is met by no ticket."""
    wanted = [str(one) for one in value] if isinstance(value, list) else [str(user.id) if value == "current_user" else str(value or "")]
    if name == "current_tags":
        held = set(ticket.tags)
        named = {part for one in wanted for part in one.split()}
        return {"includes": bool(held & named), "not_includes": not held & named}.get(sign, False)
    values: Mapping[str, JsonValue] = {
        "status": ticket.status, "priority": ticket.priority, "type": ticket.type, "assignee_id": ticket.assignee, "group_id": ticket.group,
        "requester_id": ticket.requester, "subject_includes_word": ticket.subject, "description_includes_word": ticket.comments[0].body,
        "ticket_form_id": ticket.form, "custom_status_id": ticket.custom_status, "external_id": ticket.external_id,
        **{f"custom_fields_{number}": one for number, one in ticket.custom.items()},
    }  # fmt: skip
    if name not in values:
        return False
    now = str(values[name] or "")
    if sign in {"less_than", "greater_than"}:
        ranks = [RANKS.index(one) if one in RANKS else -1 for one in (now, wanted[0])]
        return ranks[0] < ranks[1] if sign == "less_than" else ranks[0] > ranks[1]
    tests: Mapping[str, Callable[[], bool]] = {
        "is": lambda: now in wanted,
        "value": lambda: now in wanted,
        "is_not": lambda: now not in wanted,
        "includes": lambda: any(one.casefold() in now.casefold() for one in wanted),
        "not_includes": lambda: not any(one.casefold() in now.casefold() for one in wanted),
        "present": lambda: bool(now),
        "not_present": lambda: not now,
    }
    return tests.get(sign, lambda: False)()


async def list_views(call: Call) -> Response:
    """All, or the active ones."""
    call.only("admin", "agent")
    active = call.request.url.path.removesuffix(".json").rpartition("/")[2] in {"active", "compact"} or call.query("active") == "true"
    return page_of(call, VIEWS, [one for one in _views(call.world) if not active or one["active"] is True])


async def search_views(call: Call) -> Response:
    call.only("admin", "agent")
    wanted = call.query("query").casefold()
    return page_of(call, VIEWS, [one for one in _views(call.world) if wanted in str(one["title"]).casefold()])


async def show_view(call: Call) -> Response:
    return json_answer({"view": VIEWS.shown(call, _view(call))})


async def create_view(call: Call) -> Response:
    call.only("admin", "agent")
    _views(call.world)
    return json_answer({"view": VIEWS.shown(call, VIEWS.made(call, _conditions(call.part("view"))))}, 201)


async def update_view(call: Call) -> Response:
    return json_answer({"view": VIEWS.shown(call, VIEWS.changed(call, _view(call), _conditions(call.part("view"))))})


async def view_tickets(call: Call) -> Response:
    return call.page("tickets", [call.view.ticket(one) for one in _found(call, _view(call))])


async def execute(call: Call) -> Response:
    """Rows of the view's columns; `/export` is what it gave before."""
    view = _view(call)
    rows: list[JsonValue] = [
        {"ticket": call.view.ticket(one), "subject": one.subject, "status": one.status, "requester_id": one.requester,
         "priority": one.priority, "created": call.view.ticket(one)["created_at"], "updated": call.view.ticket(one)["updated_at"],
         "group_id": one.group, "assignee_id": one.assignee}
        for one in _found(call, view)
    ]  # fmt: skip
    columns: list[JsonValue] = [{"id": name, "title": str(name).title()} for name in COLUMNS]
    told: Object = {"columns": columns, "view": {"id": view["id"], "url": VIEWS.shown(call, view)["url"]}, "users": [], "groups": []}
    return call.page("rows", rows, told)


def _counted(call: Call, view: Object) -> Object:
    number = len(_found(call, view))
    address = call.view.api(f"views/{view['id']}/count")
    return {"url": address, "view_id": view["id"], "value": number, "pretty": str(number), "fresh": True, "active": view["active"]}


async def count_view(call: Call) -> Response:
    return json_answer({"view_count": _counted(call, _view(call))})


async def count_many(call: Call) -> Response:
    call.only("admin", "agent")
    ids = call.several("ids")
    return json_answer({"view_counts": [_counted(call, one) for one in _views(call.world) if str(one["id"]) in ids]})


async def active_macros(call: Call) -> Response:
    call.only("admin", "agent")
    return page_of(call, MACROS, [one for one in MACROS.rows(call.world) if one["active"] is True])


async def search_macros(call: Call) -> Response:
    call.only("admin", "agent")
    wanted = call.query("query").casefold()
    return page_of(call, MACROS, [one for one in MACROS.rows(call.world) if wanted in str(one["title"]).casefold()])


async def apply(call: Call) -> Response:
    """What the macro would change, for any ticket or with the rest of one; nothing is written."""
    call.only("admin", "agent")
    given = MACROS.get(call, call.number())
    whole: Object = call.view.ticket(call.ticket("ticket")) if "ticket" in call.request.path_params else {}
    actions = [(str(one.get("field")), one.get("value")) for one in _rules(given["actions"])]
    return json_answer({"result": {"ticket": {**whole, **_effects(whole, actions)}}})


def _effects(ticket: Object, actions: Sequence[tuple[str, JsonValue]]) -> Object:
    changed: Object = {}
    said: Object = {}
    for name, value in actions:
        if name in SAID:
            text = str(value[-1]) if isinstance(value, list) and value else value
            said |= (
                {"public": value in (True, "true")}
                if name == "comment_mode_is_public"
                else {"body": text, "html_body": text, "scoped_body": [["channel:all", text]]}
            )
        elif name in {"current_tags", "set_tags", "remove_tags"}:
            changed["tags"] = [*_tags(ticket.get("tags"), name, str(value or "").split())]
        elif name.startswith("custom_fields_"):
            number = int(name.rpartition("_")[2])
            held = changed.get("custom_fields")
            changed["custom_fields"] = [*(held if isinstance(held, list) else []), {"id": number, "value": value}]
        else:
            changed[name] = int(value) if name.endswith("_id") and isinstance(value, str) and value.isdecimal() else value
    return {**changed, **({"comment": {"public": True, **said}} if said else {})}


def _tags(held: JsonValue, how: str, words: Sequence[str]) -> list[str]:
    now = {str(one) for one in held} if isinstance(held, list) else set[str]()
    return sorted({"current_tags": now | {*words}, "set_tags": {*words}, "remove_tags": now - {*words}}[how])


async def count_macros(call: Call) -> Response:
    return count(call, len(MACROS.rows(call.world)))


ROUTES: tuple[ROUTE, ...] = (
    *(("GET", f"/views{way}", list_views) for way in ("", "/active", "/compact")),
    ("GET", "/views/search", search_views),
    ("GET", "/views/count_many", count_many),
    ("POST", "/views", create_view),
    ("GET", "/views/{id}", show_view),
    ("PUT", "/views/{id}", update_view),
    ("GET", "/views/{id}/tickets", view_tickets),
    ("GET", "/views/{id}/execute", execute),
    ("GET", "/views/{id}/export", execute),
    ("GET", "/views/{id}/count", count_view),
    *routes(VIEWS),
    ("GET", "/macros/active", active_macros),
    ("GET", "/macros/search", search_macros),
    ("GET", "/macros/{id}/apply", apply),
    ("GET", "/tickets/{ticket}/macros/{id}/apply", apply),
    *routes(MACROS),
    *(empty(name) for name in ("triggers", "automations", "targets")),
)
