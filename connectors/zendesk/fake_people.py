"""Changing the fake's people and groups: https://developer.zendesk.com/api-reference/ticketing/users/users/."""

from collections.abc import Mapping

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk import fake_many
from connectors.zendesk.fake_call import Call, Problem, invalid, json_answer, not_found
from connectors.zendesk.fake_kept import ROUTE, Kind, page_of, routes
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_seed import SeedUser
from connectors.zendesk.fake_state import Object, User, World

OPEN = frozenset(
    {"alias", "custom_role_id", "details", "external_id", "locale", "locale_id", "notes", "only_private_comments", "organization_id",
     "phone", "signature", "suspended", "tags", "ticket_restriction", "time_zone", "user_fields"}
)  # fmt: skip
"""What may be written besides name, address and role."""


def _known(call: Call, body: Object) -> None:
    user, group = body.get("user_id"), body.get("group_id")
    found = call.world.users.get(user) if isinstance(user, int) else None
    if found is None or found.role == "end-user" or group not in call.world.groups:
        raise invalid({"user_id": ["Agent or group is not there"]})
    if sum((one["user_id"], one["group_id"]) == (user, group) for one in memberships(call.world)):
        raise invalid({"user_id": ["User has already been taken"]}, "DuplicateValue")


MEMBERSHIPS = Kind(
    "group_membership", "group_memberships", {"user_id": None, "group_id": None, "default": False}, ("user_id", "group_id"), check=_known
)


def memberships(world: World) -> list[Object]:
    """Each agent's default group, and what was added."""
    known = MEMBERSHIPS.rows(world)
    for one in world.users.values():
        if one.group in world.groups and not any((row["user_id"], row["group_id"]) == (one.id, one.group) for row in known):
            known.append(MEMBERSHIPS.add(world, {"user_id": one.id, "group_id": one.group, "default": True}))
    return known


def set_values(call: Call, user: User, wanted: Mapping[str, JsonValue]) -> None:
    """Writes what a caller may write of a person; Problem if it cannot be."""
    email = wanted.get("email")
    other = call.world.user_by_email(str(email)) if email else None
    if other is not None and other is not user:
        raise invalid({"email": [f"Email: {email} is already being used by another user"]}, "DuplicateValue")
    place = wanted.get("organization_id")
    if place is not None and place not in call.world.kept.get("organizations", {}):
        raise invalid({"organization_id": ["Organization is invalid"]})
    if wanted.get("role") not in (None, "end-user", "agent", "admin"):
        raise invalid({"role": [f"Role: {wanted['role']} is not valid"]})
    user.name, user.email = str(wanted.get("name") or user.name), str(email or user.email)
    user.role = str(wanted.get("role") or user.role)
    user.more |= {name: value for name, value in wanted.items() if name in OPEN}
    user.updated = call.world.clock.now()


def by_identity(call: Call, wanted: Mapping[str, JsonValue]) -> User | None:
    """Who has that address or external id."""
    found = call.world.user_by_email(str(wanted["email"])) if wanted.get("email") else None
    key = wanted.get("external_id")
    return found or next((one for one in call.world.users.values() if key and one.more.get("external_id") == key), None)


def made(call: Call, wanted: Mapping[str, JsonValue]) -> User:
    if by_identity(call, {"email": wanted.get("email")}) is not None:
        raise invalid({"email": [f"Email: {wanted['email']} is already being used by another user"]}, "DuplicateValue")
    if not wanted.get("name"):
        raise invalid({"name": ["Name: is too short (minimum one character)"]}, "BlankValue")
    name, email = str(wanted["name"]), str(wanted.get("email") or "")
    user = call.world.add_user(SeedUser(name=name, email=email, role="end-user"), call.world.clock.now())
    set_values(call, user, wanted)
    return user


async def create_or_update(call: Call) -> Response:
    call.only("admin", "agent")
    wanted = call.part("user")
    known = by_identity(call, wanted)
    if known is None:
        return json_answer({"user": call.view.user(made(call, wanted))}, 201)
    set_values(call, known, wanted)
    return json_answer({"user": call.view.user(known)})


async def create(call: Call) -> Response:
    call.only("admin", "agent")
    user = made(call, call.part("user"))
    return json_answer({"user": call.view.user(user)}, 201, {"Location": call.view.api(f"users/{user.id}")})


async def create_many(call: Call) -> Response:
    call.only("admin", "agent")
    given = call.body.get("users")
    rows: list[JsonValue] = []
    for number, one in enumerate(given if isinstance(given, list) else []):
        wanted = one if isinstance(one, dict) else {}
        known = by_identity(call, wanted) if "update" in call.request.url.path else None
        try:
            user = known or made(call, wanted)
            set_values(call, user, wanted)
        except Problem as problem:
            rows.append({"index": number, "error": "UserCreateError", "details": str(problem)})
            continue
        rows.append({"index": number, "id": user.id, "status": "Updated" if known else "Created"})
    return fake_many.finished(call, rows)


async def update(call: Call) -> Response:
    call.only("admin", "agent")
    user = call.somebody()
    set_values(call, user, call.part("user"))
    return json_answer({"user": call.view.user(user)})


async def delete(call: Call) -> Response:
    """Who is deleted stays as an inactive person, whom lists leave out."""
    call.only("admin", "agent")
    user = call.somebody()
    if any(one.requester == user.id and one.status != "closed" for one in call.world.live()):
        message = f"{user.name} has one or more tickets that are not closed, and cannot be deleted"
        raise Problem(
            422, {"error": "RecordInvalid", "description": "Record validation errors", "details": {"base": [{"description": message}]}}
        )
    user.more["active"], user.token = False, ""
    user.updated = call.world.clock.now()
    return json_answer({"user": call.view.user(user)})


async def related(call: Call) -> Response:
    call.only("admin", "agent")
    user = call.somebody()
    told: Object = {
        "assigned_tickets": sum(one.assignee == user.id for one in call.world.live()),
        "requested_tickets": sum(one.requester == user.id for one in call.world.live()),
        "ccd_tickets": sum(user.id in one.email_ccs for one in call.world.live()),
        "organization_subscriptions": 0,
    }
    return json_answer({"user_related": told})


async def tags(call: Call) -> Response:
    """GET tells, PUT adds, POST sets, DELETE takes away."""
    call.only("admin", "agent")
    user, given = call.somebody(), call.body.get("tags")
    held = user.more.get("tags")
    now = {str(one) for one in held} if isinstance(held, list) else set[str]()
    wanted = {str(one).lower() for one in given} if isinstance(given, list) else set[str]()
    result = {"GET": now, "PUT": now | wanted, "POST": wanted, "DELETE": now - wanted}[call.request.method]
    user.more["tags"] = [*sorted(result)]
    return json_answer({"tags": user.more["tags"]}, 201 if call.request.method == "POST" else 200)


async def groups_of(call: Call) -> Response:
    call.only("admin", "agent")
    user = call.somebody()
    held = [one["group_id"] for one in memberships(call.world) if one["user_id"] == user.id]
    return call.page("groups", [call.view.group(one) for one in call.world.groups if one in held])


async def users_of(call: Call) -> Response:
    """`/groups/{id}/users`."""
    call.only("admin", "agent")
    group = _group(call)
    held = [one["user_id"] for one in memberships(call.world) if one["group_id"] == group]
    return call.page("users", [call.view.user(one) for one in call.world.users.values() if one.id in held])


async def memberships_of(call: Call) -> Response:
    """All, those of a person, or those of a group."""
    call.only("admin", "agent")
    kind = str(call.request.url.path).split("/")[3]
    rows = memberships(call.world)
    if "id" in call.request.path_params:
        number = _group(call) if kind == "groups" else call.somebody().id
        rows = [one for one in rows if one["group_id" if kind == "groups" else "user_id"] == number]
    return page_of(call, MEMBERSHIPS, rows)


async def create_group(call: Call) -> Response:
    call.only("admin")
    wanted, number = call.part("group"), call.world.next_kept()
    if not wanted.get("name"):
        raise invalid({"name": ["Name: cannot be blank"]}, "BlankValue")
    now = time(call.world.clock.now())
    call.world.groups[number] = str(wanted["name"])
    call.world.group_bodies[number] = {**_group_values(wanted), "created_at": now, "updated_at": now}
    return json_answer({"group": call.view.group(number)}, 201, {"Location": call.view.api(f"groups/{number}")})


async def update_group(call: Call) -> Response:
    call.only("admin")
    number, wanted = _group(call), call.part("group")
    call.world.groups[number] = str(wanted.get("name") or call.world.groups[number])
    held = call.world.group_bodies.setdefault(number, {})
    held |= {**_group_values(wanted), "updated_at": time(call.world.clock.now())}
    return json_answer({"group": call.view.group(number)})


async def delete_group(call: Call) -> Response:
    call.only("admin")
    number = _group(call)
    if number == min(call.world.groups):
        raise invalid({"base": ["The default group cannot be deleted"]})
    del call.world.groups[number]
    for one in [one for one in MEMBERSHIPS.rows(call.world) if one["group_id"] == number]:
        del call.world.kept[MEMBERSHIPS.many][int(str(one["id"]))]
    return Response(status_code=204)


def _group_values(wanted: Object) -> Object:
    return {name: wanted[name] for name in ("description", "is_public") if name in wanted}


def _group(call: Call) -> int:
    number = call.number()
    if number not in call.world.groups:
        raise not_found()
    return number


ROUTES: tuple[ROUTE, ...] = (
    ("POST", "/users/create_or_update", create_or_update),
    ("POST", "/users/create_many", create_many),
    ("POST", "/users/create_or_update_many", create_many),
    ("POST", "/users", create),
    ("PUT", "/users/{id}", update),
    ("DELETE", "/users/{id}", delete),
    ("GET", "/users/{id}/related", related),
    ("GET", "/users/{id}/groups", groups_of),
    *((method, "/users/{id}/tags", tags) for method in ("GET", "PUT", "POST", "DELETE")),
    ("GET", "/users/{id}/group_memberships", memberships_of),
    ("POST", "/groups", create_group),
    ("PUT", "/groups/{id}", update_group),
    ("DELETE", "/groups/{id}", delete_group),
    ("GET", "/groups/{id}/users", users_of),
    ("GET", "/groups/{id}/memberships", memberships_of),
    ("GET", "/group_memberships", memberships_of),
    *routes(MEMBERSHIPS),
)
