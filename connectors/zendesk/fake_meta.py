"""The fake's people, groups, fields, statuses and forms, and its OAuth tokens."""

import secrets
from time import monotonic

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import Response

from connectors.zendesk.fake_call import Call, json_answer, not_found, read_body
from connectors.zendesk.fake_render import time
from connectors.zendesk.fake_state import Access, Object, User, World


async def me(call: Call) -> Response:
    return json_answer({"user": {**call.view.user(call.user), "authenticity_token": secrets.token_urlsafe(12)}})


async def get_user(call: Call) -> Response:
    found = call.world.users.get(call.number())
    if found is None:
        raise not_found()
    return json_answer({"user": call.view.user(found)})


async def list_users(call: Call) -> Response:
    call.only("admin", "agent")
    roles, key = call.several("role"), call.query("external_id")
    found = [one for one in _people(call.world) if (not roles or one.role in roles) and (not key or one.more.get("external_id") == key)]
    return call.page("users", [call.view.user(one) for one in found])


async def show_many(call: Call) -> Response:
    call.only("admin", "agent")
    ids = [int(one) for one in call.query("ids").split(",") if one.isdecimal()]
    rows: list[JsonValue] = [call.view.user(call.world.users[one]) for one in ids if one in call.world.users]
    return json_answer({"users": rows, "next_page": None, "previous_page": None, "count": len(rows)})


async def complete(call: Call) -> Response:
    """`name` begins the name or the address."""
    call.only("admin", "agent")
    word = call.query("name").casefold()
    found = [one for one in _people(call.world) if word and (word in one.name.casefold() or one.email.casefold().startswith(word))]
    return call.page("users", [call.view.user(one) for one in found])


async def search_users(call: Call) -> Response:
    """`email:` finds the whole address, other words the beginnings of names and addresses."""
    call.only("admin", "agent")
    keyword, _, value = call.query("query").partition(":")
    wanted, key = value.strip('"').casefold(), call.query("external_id")
    everybody = _people(call.world)
    if key:
        found = [one for one in everybody if one.more.get("external_id") == key]
    elif keyword == "email":
        found = [one for one in everybody if one.email.casefold() == wanted]
    else:
        word = call.query("query").casefold()
        found = [one for one in everybody if word and (word in one.name.casefold() or one.email.casefold().startswith(word))]
    return call.page("users", [call.view.user(one) for one in found])


def _people(world: World) -> list[User]:
    """All but those who were deleted."""
    return [one for one in world.users.values() if one.more.get("active") is not False]


async def count_users(call: Call) -> Response:
    return _count(call, len(_people(call.world)))


async def count_groups(call: Call) -> Response:
    return _count(call, len(call.world.groups))


def _count(call: Call, number: int) -> Response:
    return json_answer({"count": {"value": number, "refreshed_at": time(call.world.clock.now())}})


async def get_group(call: Call) -> Response:
    if call.number() not in call.world.groups:
        raise not_found()
    return json_answer({"group": call.view.group(call.number())})


async def list_groups(call: Call) -> Response:
    return call.page("groups", [call.view.group(one) for one in call.world.groups])


async def list_forms(call: Call) -> Response:
    return call.page("ticket_forms", [call.view.form(one) for one in call.world.forms])


async def list_statuses(call: Call) -> Response:
    if not call.world.seed.custom_statuses:
        raise not_found()
    return json_answer({"custom_statuses": [call.view.status(one) for one in call.world.statuses]})


async def settings(call: Call) -> Response:
    features: Object = {"custom_statuses_enabled": call.world.seed.custom_statuses, "status_hold": call.world.seed.hold}
    return json_answer({"settings": {"tickets": features, "active_features": {"customer_satisfaction": False}}})


async def token(world: World, request: Request) -> Response:
    """https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/, for the client's own account only.

    A client that the seed does not know is Twinline's own if it has the account's secret, which is its refresh token, too.
    """
    wanted = await read_body(request)
    client = next((one for one in world.seed.oauth_clients if one.id == wanted.get("client_id")), None)
    secret, email = (client.secret, client.email) if client else (world.options.secret, next(iter(world.users.values())).email)
    if not wanted.get("client_id") or secret != wanted.get("client_secret"):
        return json_answer({"error": "invalid_client", "error_description": "Client authentication failed"}, 401)
    if wanted.get("grant_type") == "refresh_token" and wanted.get("refresh_token") != secret:
        return json_answer({"error": "invalid_grant", "error_description": "The refresh token is invalid, expired or revoked"}, 400)
    if wanted.get("grant_type") not in {"client_credentials", "refresh_token"}:
        return json_answer({"error": "unsupported_grant_type", "error_description": "The grant type is not supported"}, 400)
    user = world.user_by_email(email)
    if user is None:
        return json_answer({"error": "invalid_grant", "error_description": "The user is not there"}, 400)
    made = secrets.token_hex(32)
    world.access[made] = Access(user.id, monotonic() + world.seed.token_seconds, world.seed.token_calls)
    answer = {"access_token": made, "token_type": "bearer", "scope": str(wanted.get("scope", "")), "expires_in": world.seed.token_seconds}
    return json_answer({**answer}, 201)
