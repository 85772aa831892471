"""The fake's app and its installations: https://docs.github.com/en/rest/apps/apps."""

from datetime import timedelta

from pydantic import JsonValue
from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, json_answer, not_found
from connectors.github.fake_render import Json
from connectors.github.fake_state import AppToken, Installation
from connectors.github.mapping import stamp


async def get_app(call: Call) -> Response:
    app = call.state.app
    when = stamp(app.created_at)
    return json_answer({
        "id": app.id, "slug": app.slug, "node_id": f"A_{app.id}", "client_id": app.client_id, "owner": call.render.simple_user(app.bot),
        "name": app.slug, "description": None, "external_url": call.web, "html_url": f"{call.web}/apps/{app.slug}", "created_at": when,
        "updated_at": when, "permissions": {}, "events": [], "installations_count": len(app.installations),
    })  # fmt: skip


async def list_installations(call: Call) -> Response:
    return call.page([_shown(call, one) for one in call.state.app.installations])


async def get_installation(call: Call) -> Response:
    return json_answer(_shown(call, _installation(call)))


async def create_token(call: Call) -> Response:
    """One that ends with its time, whatever it was used for."""
    one, app, now = _installation(call), call.state.app, call.world.clock.now()
    if one.suspended:
        raise Problem(403, "This installation has been suspended")
    token = AppToken(value=f"ghs_{call.state.new_id():036}", installation=one.id, until=now + timedelta(seconds=app.token_seconds))
    app.tokens.append(token)
    call.world.log(call.actor, "token.created", one.owner)
    granted: JsonValue = {**one.permissions}
    shown: Json = {"token": token.value, "expires_at": stamp(token.until), "permissions": granted, "repository_selection": "all"}
    return json_answer(shown, 201)


async def list_repositories(call: Call) -> Response:
    """Those of the owner who installed the app."""
    if call.installation is None:
        raise Problem(403, "You must authenticate with an installation access token in order to list repositories for an installation.")
    owner = call.installation.owner.lower()
    found = [call.render.repository(one, call.user.login) for one in call.state.repositories if one.owner.lower() == owner]
    return call.page(found, lambda part: {"total_count": len(found), "repository_selection": "all", "repositories": part})


async def revoke_token(call: Call) -> Response:
    """The one that the call was made with."""
    value = call.request.headers.get("authorization", "").partition(" ")[2]
    call.state.app.tokens = [one for one in call.state.app.tokens if one.value != value]
    return Response(status_code=204)


def _installation(call: Call) -> Installation:
    identity = call.number("installation")
    found = next((one for one in call.state.app.installations if one.id == identity), None)
    if found is None:
        raise not_found()
    return found


def _shown(call: Call, one: Installation) -> Json:
    app, when = call.state.app, stamp(call.state.app.created_at)
    url = f"{call.base}/app/installations/{one.id}"
    repository = next((known for known in call.state.repositories if known.owner.lower() == one.owner.lower()), None)
    granted: JsonValue = {**one.permissions}
    return {
        "id": one.id, "account": {**call.render.owner(repository), "login": one.owner} if repository else None, "events": [],
        "access_tokens_url": f"{url}/access_tokens", "repositories_url": f"{call.base}/installation/repositories",
        "html_url": f"{call.web}/organizations/{one.owner}/settings/installations/{one.id}", "app_id": app.id, "app_slug": app.slug,
        "target_id": one.id, "target_type": "Organization", "permissions": granted, "repository_selection": "all",
        "created_at": when, "updated_at": when,
        "single_file_name": None, "suspended_by": None, "suspended_at": when if one.suspended else None,
    }  # fmt: skip
