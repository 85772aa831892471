"""The REST APIs of a ServiceNow instance as a stateful ASGI app: tables, attachments and OAuth.

Written from ServiceNow's documentation. `connectors/servicenow/README.md` tells the people, the seed's form and what is missing.
"""

import base64
import secrets
from typing import cast
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from connectors.kit.fake import READ, Webhooks, fake_app
from connectors.kit.fake_page import page_route
from connectors.kit.interface import FakeOptions
from connectors.servicenow import fake_batch, fake_files, fake_hooks, fake_import, fake_stats, fake_write
from connectors.servicenow.fake_call import Call, Endpoint, Problem, answered, endpoint, no_record, rate_limited
from connectors.servicenow.fake_render import entries, state
from connectors.servicenow.fake_world import World

TOKEN_SECONDS = 1800
_TABLE = "/table/{table}"
_ROW = f"{_TABLE}/{{sys_id}}"


class FakeServiceNow:
    """One instance with its own people, tables and records."""

    def __init__(self, options: FakeOptions) -> None:
        self.world = World(options)
        self.world.changed = fake_hooks.business_rule(self.world, Webhooks(self.world.controls))
        shown = lambda: state(self.world)  # noqa: E731
        self._app = fake_app(self._routes(), self.world.controls, shown, rate_limited, _is_write, self.world.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))

    def _routes(self) -> list[BaseRoute]:
        table: tuple[tuple[str, str, Endpoint], ...] = (
            ("GET", _TABLE, _list),
            ("POST", _TABLE, _insert),
            ("GET", _ROW, _get),
            ("PATCH", _ROW, _update),
            ("PUT", _ROW, _update),
            ("DELETE", _ROW, _delete),
            ("GET", "/stats/{table}", fake_stats.stats),
            ("POST", "/batch", fake_batch.batch),
            ("POST", "/import/{table}", fake_import.insert),
            ("POST", "/import/{table}/insertMultiple", fake_import.insert_multiple),
            ("GET", "/import/{table}/{sys_id}", fake_import.get),
            ("GET", "/attachment", fake_files.listed),
            ("POST", "/attachment/file", fake_files.binary),
            ("POST", "/attachment/upload", fake_files.multipart),
            ("GET", "/attachment/{sys_id}", fake_files.one),
            ("DELETE", "/attachment/{sys_id}", fake_files.delete),
            ("GET", "/attachment/{sys_id}/file", fake_files.content),
        )
        known = [(f"/api/now{version}{path}", method, answer) for version in ("", "/v1", "/v2") for method, path, answer in table]
        routes: list[BaseRoute] = [Route(path, endpoint(self.world, answer), methods=[method]) for path, method, answer in known]
        routes.append(Route("/oauth_token.do", self._token, methods=["POST"]))
        routes.append(page_route("ServiceNow", lambda: entries(self.world)))
        every = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return [*routes, Route("/{path:path}", endpoint(self.world, _nothing), methods=every)]

    async def _token(self, request: Request) -> Response:
        """https://www.servicenow.com/docs/r/platform-security/authentication/c_OAuthAuthenticationDetails.html"""
        async with request.form() as form:
            sent = _client(request) | {name: value for name, value in form.items() if isinstance(value, str)}
        user = self._granted(sent)
        if not self._is_client(sent) or not user:
            return answered({"error_description": "access_denied", "error": "server_error"}, 401)
        token = next((one for one, owner in self.world.tokens.items() if owner == user), secrets.token_urlsafe(48))
        self.world.tokens[token] = user
        scope = {"scope": "useraccount", "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        return answered({**scope, "access_token": token, "refresh_token": self._refresh(user)})

    def _refresh(self, user: str) -> str:
        """The same for as long as it is valid; that of Twinline's account is the seed's."""
        if user == self.world.options.user:
            return self.world.seed.refresh_token
        known = next((one for one, owner in self.world.refreshes.items() if owner == user), secrets.token_urlsafe(48))
        self.world.refreshes[known] = user
        return known

    def _is_client(self, sent: dict[str, str]) -> bool:
        """The seed's client, or any whose secret is that of Twinline's account."""
        given = sent.get("client_id", ""), sent.get("client_secret", "")
        return given == self.world.seed.oauth_client or bool(given[0] and given[1] == self.world.options.secret)

    def _granted(self, sent: dict[str, str]) -> str:
        """The user whom a grant stands for; empty where it does not hold."""
        match sent.get("grant_type"):
            case "password":
                user = self.world.users.get(sent.get("username", ""))
                return user.seed.user_name if user and user.seed.secret == sent.get("password") else ""
            case "refresh_token":
                known = dict.fromkeys((self.world.seed.refresh_token, self.world.options.secret), self.world.options.user)
                return (self.world.refreshes | known).get(sent.get("refresh_token", ""), "")
            case "client_credentials":
                return self.world.options.user
            case _:
                return ""


def _client(request: Request) -> dict[str, str]:
    """A client that signs in by HTTP Basic, as https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 has it."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}


async def _list(call: Call) -> Response:
    table, view = call.table, call.view
    rows, headers = call.page(table)
    if not rows and "/api/now/v1/" in call.request.url.path:
        raise no_record()
    for own, row in rows if view.is_whole(table) else ():
        call.world.record(call.user, READ, own, row["sys_id"], {**row})
    return answered({"result": [view.shown(own, row) for own, row in rows]}, headers=headers)


async def _get(call: Call) -> Response:
    table, row = call.row()
    call.world.record(call.user, READ, table, row["sys_id"], {**row})
    return answered({"result": call.view.shown(table, row)})


async def _insert(call: Call) -> Response:
    table, row = await fake_write.insert(call)
    location = f"{call.base}/api/now/table/{table}/{row['sys_id']}"
    return answered({"result": call.view.shown(table, row)}, 201, {"Location": location})


async def _update(call: Call) -> Response:
    table, row = await fake_write.update(call)
    return answered({"result": call.view.shown(table, row)})


async def _delete(call: Call) -> Response:
    fake_write.delete(call)
    return Response(status_code=204)


async def _nothing(call: Call) -> Response:
    raise Problem(400, "Requested URI does not represent any resource", call.request.url.path)


def _is_write(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT", "PATCH", "DELETE"} and scope["path"] != "/oauth_token.do"
