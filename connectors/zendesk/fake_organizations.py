"""The fake's organizations, and who belongs to them: https://developer.zendesk.com/api-reference/ticketing/organizations/organizations/."""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk import fake_many
from connectors.zendesk.fake_call import Call, Problem, invalid, json_answer
from connectors.zendesk.fake_kept import ROUTE, Kind, page_of, routes
from connectors.zendesk.fake_state import Object, User, World


def _known(call: Call, body: Object) -> None:
    """A membership is of a user and an organization that are there, and only once."""
    user, place = body.get("user_id"), body.get("organization_id")
    if user not in call.world.users or place not in call.world.kept.get("organizations", {}):
        raise invalid({"user_id": ["User or organization is not there"]})
    if sum((one["user_id"], one["organization_id"]) == (user, place) for one in MEMBERSHIPS.rows(call.world)):
        raise invalid({"user_id": ["User has already been taken"]}, "DuplicateValue")


ORGANIZATIONS = Kind(
    "organization",
    "organizations",
    {"name": "", "shared_tickets": False, "shared_comments": False, "external_id": None, "domain_names": [], "details": "", "notes": "",
     "group_id": None, "tags": [], "organization_fields": {}},
    unique="name",
    editors=("admin", "agent"),
)  # fmt: skip
MEMBERSHIPS = Kind(
    "organization_membership",
    "organization_memberships",
    {"user_id": None, "organization_id": None, "default": None, "view_tickets": True},
    ("user_id", "organization_id"),
    check=_known,
)


def of_user(world: World, user: User) -> list[int]:
    """Organizations of a person, the default one first."""
    joined = [int(str(one["organization_id"])) for one in MEMBERSHIPS.rows(world) if one["user_id"] == user.id]
    own = user.more.get("organization_id")
    return [*([own] if isinstance(own, int) else []), *(one for one in joined if one != own)]


def _people(world: World, place: int) -> list[User]:
    return [one for one in world.users.values() if place in of_user(world, one)]


async def search(call: Call) -> Response:
    """By `external_id` or `name`, whole."""
    call.only("admin", "agent")
    keyword = "external_id" if "external_id" in call.request.query_params else "name"
    wanted = call.query(keyword).casefold()
    found = [one for one in ORGANIZATIONS.rows(call.world) if wanted and str(one[keyword] or "").casefold() == wanted]
    return page_of(call, ORGANIZATIONS, found)


async def autocomplete(call: Call) -> Response:
    call.only("admin", "agent")
    wanted = call.query("name").casefold()
    if len(wanted) < 2:
        raise Problem(400, {"error": "InvalidValue", "description": "name: is too short (minimum is 2 characters)"})
    return page_of(call, ORGANIZATIONS, [one for one in ORGANIZATIONS.rows(call.world) if str(one["name"]).casefold().startswith(wanted)])


async def create_or_update(call: Call) -> Response:
    """By id, or by external id."""
    call.only("admin", "agent")
    wanted = call.part("organization")
    same = [
        one for name in ("id", "external_id") for one in ORGANIZATIONS.rows(call.world) if wanted.get(name) and one[name] == wanted[name]
    ]
    done = ORGANIZATIONS.changed(call, same[0], wanted) if same else ORGANIZATIONS.made(call, wanted)
    return json_answer({"organization": ORGANIZATIONS.shown(call, done)}, 200 if same else 201)


async def create_many(call: Call) -> Response:
    call.only("admin", "agent")
    given = call.body.get("organizations")
    rows: list[JsonValue] = []
    for number, one in enumerate(given if isinstance(given, list) else []):
        try:
            done = ORGANIZATIONS.made(call, one if isinstance(one, dict) else {})
        except Problem as problem:
            rows.append({"index": number, "error": "OrganizationCreateFailed", "details": str(problem)})
            continue
        rows.append({"index": number, "id": done["id"]})
    return fake_many.finished(call, rows)


async def tickets(call: Call) -> Response:
    call.only("admin", "agent")
    place = call.number()
    ORGANIZATIONS.get(call, place)
    people = {one.id for one in _people(call.world, place)}
    return call.page("tickets", [call.view.ticket(one) for one in call.world.live() if one.requester in people])


async def users(call: Call) -> Response:
    call.only("admin", "agent")
    place = call.number()
    ORGANIZATIONS.get(call, place)
    return call.page("users", [call.view.user(one) for one in _people(call.world, place)])


async def related(call: Call) -> Response:
    call.only("admin", "agent")
    place = call.number()
    ORGANIZATIONS.get(call, place)
    people = {one.id for one in _people(call.world, place)}
    number = sum(one.requester in people for one in call.world.live())
    return json_answer({"organization_related": {"tickets_count": number, "users_count": len(people)}})


async def members(call: Call) -> Response:
    call.only("admin", "agent")
    place = call.number()
    ORGANIZATIONS.get(call, place)
    return page_of(call, MEMBERSHIPS, [one for one in MEMBERSHIPS.rows(call.world) if one["organization_id"] == place])


async def of_person(call: Call) -> Response:
    """`/users/{id}/organizations` and `/users/{id}/organization_memberships`."""
    call.only("admin", "agent")
    user = call.somebody()
    if call.request.url.path.removesuffix(".json").endswith("memberships"):
        return page_of(call, MEMBERSHIPS, [one for one in MEMBERSHIPS.rows(call.world) if one["user_id"] == user.id])
    return page_of(call, ORGANIZATIONS, [ORGANIZATIONS.get(call, one) for one in of_user(call.world, user)])


ROUTES: tuple[ROUTE, ...] = (
    ("GET", "/organizations/search", search),
    ("GET", "/organizations/autocomplete", autocomplete),
    ("POST", "/organizations/create_or_update", create_or_update),
    ("POST", "/organizations/create_many", create_many),
    ("GET", "/organizations/{id}/tickets", tickets),
    ("GET", "/organizations/{id}/users", users),
    ("GET", "/organizations/{id}/related", related),
    ("GET", "/organizations/{id}/organization_memberships", members),
    ("GET", "/users/{id}/organizations", of_person),
    ("GET", "/users/{id}/organization_memberships", of_person),
    *routes(ORGANIZATIONS),
    *routes(MEMBERSHIPS),
)
