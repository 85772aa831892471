"""The REST API of an Azure DevOps organization as a stateful ASGI app, written from Microsoft's documentation.

`connectors/azure_devops/README.md` tells the people, the seed's form and what is missing.
"""

from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.azure_devops import (
    fake_batch,
    fake_hooks,
    fake_items,
    fake_locations,
    fake_meta,
    fake_nodes,
    fake_project,
    fake_queries,
    fake_rights,
    fake_saved,
    fake_talk,
    fake_teams,
)
from connectors.azure_devops.fake_call import SIGN_IN, Call, Problem, Resource, payload_of, require_version, sign_in, signed_in
from connectors.azure_devops.fake_render import state
from connectors.azure_devops.fake_root import entries
from connectors.azure_devops.fake_seed import open_organization
from connectors.azure_devops.fake_state import Organization, Project
from connectors.kit.fake import fake_app
from connectors.kit.fake_page import page_route
from connectors.kit.interface import FakeOptions

AZURE_DEVOPS = "499b84ac-1321-427f-aa17-267ca6975798/"
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
READING_POSTS = ("/wit/wiql", "/wit/workitemsbatch", "/reporting/workitemrevisions", "/wit/artifacturiquery")
BLOCKED = "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Core/User' in namespace 'User'."
LIMITS = {"X-RateLimit-Resource": "Core/User", "X-RateLimit-Limit": "200", "X-RateLimit-Remaining": "0"}


class FakeAzureDevOps:
    """One organization, at the root and under its name, as `https://dev.azure.com/acme` is."""

    def __init__(self, options: FakeOptions) -> None:
        organization = open_organization(options)
        parts = (
            fake_meta, fake_rights, fake_project, fake_nodes, fake_items, fake_talk, fake_queries, fake_saved, fake_hooks, fake_teams,
            fake_locations,
        )  # fmt: skip
        self._table = [one for part in parts for one in part.resources()]
        self._table += [Resource(method, "wit/$batch", fake_batch.batch(self._answer)) for method in ("PATCH", "POST")]
        self._organization = organization
        self._page = page_route("Azure DevOps", lambda: entries(organization)).endpoint
        routes = [
            Route("/_signin", _sign_in_page),
            Route("/{tenant}/oauth2/v2.0/token", self._token, methods=["POST"]),
            Route("/{path:path}", self._answer, methods=METHODS),
        ]
        self._app: ASGIApp = fake_app(
            [*routes], organization.controls, lambda: state(organization), self._blocked, _is_write, organization.log
        )

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        await self._app(cast("Scope", scope), cast("Receive", receive), cast("Send", send))

    async def _answer(self, request: Request) -> Response:
        before, found, path = request.url.path.partition("/_apis")
        if not found:
            return await self._page(request)
        user = signed_in(self._organization, request)
        if user is None:
            return sign_in(self._organization, request)
        try:
            resource, values = self._resource(request, path.strip("/"))
            require_version(request, resource)
            base, project = _place(self._organization, request, before)
            if resource.scoped and project is None:
                raise fake_meta.no_project("")
            call = Call(request, self._organization, user, base, project, values, await payload_of(request))
            return self._slowed(await resource.endpoint(call))
        except Problem as problem:
            return problem.response()

    async def _token(self, request: Request) -> Response:
        """Microsoft Entra: each account is an application, too, whose client id is its name; an hour's token is its own."""
        async with request.form() as form:
            given = {name: str(value) for name, value in form.items()}
        user = self._organization.user_with(given.get("client_secret", ""))
        if given.get("grant_type") != "client_credentials" or not given.get("scope", "").startswith(AZURE_DEVOPS):
            return JSONResponse({"error": "invalid_request", "error_description": "AADSTS900144: The request body is not complete."}, 400)
        if user is None or user.name != given.get("client_id"):
            return JSONResponse({"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided."}, 401)
        return JSONResponse({"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": user.token})

    def _resource(self, request: Request, path: str) -> tuple[Resource, dict[str, str]]:
        for one in self._table:
            found = one.match(request.method, path)
            if found:
                return one, found.groupdict()
        known = any(one.match(method, path) for one in self._table for method in METHODS)
        message = f"The requested resource does not support http method '{request.method}'." if known else "The resource cannot be found."
        raise Problem(405 if known else 404, "VssResourceNotFoundException", message, space="Services")

    def _blocked(self) -> Response:
        """429 with a pause, or where `reject_as` is `403` that without one, as proxies of old servers answer."""
        body = {
            "$id": "1",
            "innerException": None,
            "message": BLOCKED,
            "typeKey": "RequestBlockedException",
            "errorCode": 0,
            "eventId": 3000,
        }
        if self._organization.controls.reject_as == "403":
            return JSONResponse(body, 403)
        return JSONResponse(body, 429, {**LIMITS, "Retry-After": "1", "X-RateLimit-Reset": "1926000000"})

    def _slowed(self, response: Response) -> Response:
        """Near the limit Azure DevOps does what is asked and asks for a pause."""
        if self._organization.calls_until_delay == 0:
            response.headers.update({**LIMITS, "Retry-After": "1", "X-RateLimit-Delay": "0.5"})
        elif self._organization.calls_until_delay > 0:
            self._organization.calls_until_delay -= 1
        return response


def _place(organization: Organization, request: Request, before: str) -> tuple[str, Project | None]:
    """The collection's address, and the project; what follows that is a team."""
    parts = [one for one in before.split("/") if one]
    base = str(request.base_url).rstrip("/")
    if parts and parts[0].casefold() == organization.name.casefold():
        base = f"{base}/{quote(organization.name)}"
        parts = parts[1:]
    if not parts:
        return base, None
    project = organization.project(parts[0])
    if project is None:
        raise fake_meta.no_project(parts[0])
    return base, project


async def _sign_in_page(request: Request) -> Response:
    del request
    return HTMLResponse(SIGN_IN)


def _is_write(scope: Scope) -> bool:
    return scope["method"] in {"POST", "PUT", "PATCH", "DELETE"} and not scope["path"].lower().endswith(READING_POSTS)
