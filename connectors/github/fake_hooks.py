"""The fake's webhooks with what they delivered: https://docs.github.com/en/rest/repos/webhooks."""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, invalid, json_answer, not_found
from connectors.github.fake_render import Json
from connectors.github.fake_state import Hook, Repository, Sent
from connectors.github.mapping import stamp

HOOK_LIMIT = 20


async def list_hooks(call: Call) -> Response:
    repository = _administered(call)
    return call.page([call.render.hook(repository, one) for one in repository.hooks])


async def create_hook(call: Call) -> Response:
    repository = _administered(call)
    config = _config(call)
    url = config.get("url")
    if not isinstance(url, str) or not url.startswith("http"):
        raise invalid("Hook", "url", "custom", "url is missing or is no http address")
    if any(one.url == url for one in repository.hooks):
        raise invalid("Hook", "url", "custom", "Hook already exists on this repository")
    if len(repository.hooks) >= HOOK_LIMIT:
        raise invalid("Hook", "events", "custom", f"The repository already has {HOOK_LIMIT} hooks")
    when = call.world.clock.now()
    hook = Hook(id=call.state.new_id(), url=url, events=["push"], content_type="form", created_at=when, updated_at=when)
    _configure(call, hook)
    repository.hooks.append(hook)
    _ping(call, repository, hook)
    shown = call.render.hook(repository, hook)
    return json_answer(shown, 201, {"Location": str(shown["url"])})


async def get_hook(call: Call) -> Response:
    return json_answer(call.render.hook(*_hook(call)))


async def update_hook(call: Call) -> Response:
    repository, hook = _hook(call)
    _configure(call, hook)
    hook.updated_at = call.world.clock.now()
    return json_answer(call.render.hook(repository, hook))


async def delete_hook(call: Call) -> Response:
    repository, hook = _hook(call)
    repository.hooks.remove(hook)
    return Response(status_code=204)


async def ping_hook(call: Call) -> Response:
    _ping(call, *_hook(call))
    return Response(status_code=204)


async def hook_config(call: Call) -> Response:
    """The settings alone, which PATCH takes one by one."""
    repository, hook = _hook(call)
    if call.request.method == "PATCH":
        _apply(call.body, hook)
    return json_answer(call.render.hook(repository, hook)["config"])


async def list_deliveries(call: Call) -> Response:
    """The newest first, on from `cursor`, which is the id of a delivery."""
    repository, hook = _hook(call)
    size, cursor = call.size(), call.query("cursor")
    found = [one for one in reversed(hook.sent) if not cursor.isdecimal() or one.id <= int(cursor)]
    url = call.request.url.include_query_params(cursor=found[size].id) if len(found) > size else None
    shown: list[JsonValue] = [_delivery(repository, one) for one in found[:size]]
    return json_answer(shown, headers={"Link": f'<{url}>; rel="next"'} if url else None)


async def get_delivery(call: Call) -> Response:
    repository, hook = _hook(call)
    one = _sent(call, hook)
    answered: Json = {"headers": None, "payload": None}
    asked: Json = {"headers": {**one.headers}, "payload": one.payload}
    return json_answer({**_delivery(repository, one), "url": hook.url, "request": asked, "response": answered})


async def redeliver(call: Call) -> Response:
    """Once more, with the guid that it had: GitHub repeats nothing by itself."""
    _, hook = _hook(call)
    one = _sent(call, hook)
    call.world.hand_over(hook, one.model_copy(update={"id": call.state.new_id(), "redelivery": True, "status": 0}))
    return json_answer({}, 202)


def _delivery(repository: Repository, one: Sent) -> Json:
    status = "pending" if one.status == 0 else "OK" if one.status < 300 else f"Invalid HTTP Response: {one.status}"
    return {
        "id": one.id,
        "guid": one.guid,
        "delivered_at": stamp(one.at),
        "redelivery": one.redelivery,
        "duration": 0.03,
        "status": status,
        "status_code": one.status,
        "event": one.event,
        "action": one.payload.get("action"),
        "installation_id": None,
        "repository_id": repository.id,
        "throttled_at": None,
    }


def _sent(call: Call, hook: Hook) -> Sent:
    identity = call.number("delivery")
    one = next((one for one in hook.sent if one.id == identity), None)
    if one is None:
        raise not_found()
    return one


def _administered(call: Call) -> Repository:
    """Who has not the role is told of nothing; a token that lacks the permission is told so. Apps have no roles."""
    repository, scopes = call.repository(), call.user.scopes
    role = call.installation is not None or repository.may(call.user.login, "admin")
    if not role or (scopes is not None and {"repo", "admin:repo_hook"}.isdisjoint(scopes)):
        raise not_found()
    if scopes is None and call.user.webhooks not in (("read", "write") if call.request.method == "GET" else ("write",)):
        raise Problem(403, f"Resource not accessible by {'integration' if call.installation else 'personal access token'}")
    return repository


def _hook(call: Call) -> tuple[Repository, Hook]:
    repository, identity = _administered(call), call.number("hook")
    hook = next((one for one in repository.hooks if one.id == identity), None)
    if hook is None:
        raise not_found()
    return repository, hook


def _config(call: Call) -> Json:
    config = call.body.get("config", {})
    if not isinstance(config, dict):
        raise invalid("Hook", "config", "custom", "config is missing")
    return config


def _configure(call: Call, hook: Hook) -> None:
    if call.body.get("name", "web") != "web":
        raise Problem(422, "Validation Failed", ['"name" must be "web"'])
    hook.events = list(dict.fromkeys(call.names("events") if "events" in call.body else hook.events))
    hook.active = call.body.get("active", hook.active) is not False
    _apply(_config(call), hook)


def _apply(config: Json, hook: Hook) -> None:
    hook.url = str(config.get("url", hook.url))
    hook.secret = str(config.get("secret", hook.secret) or "")
    hook.content_type = str(config.get("content_type", hook.content_type))


def _ping(call: Call, repository: Repository, hook: Hook) -> None:
    shown: JsonValue = call.render.hook(repository, hook)
    payload: Json = {"zen": "Keep it logically awesome.", "hook_id": hook.id, "hook": shown}
    call.world.deliver(call.actor, repository, hook, "ping", payload)
