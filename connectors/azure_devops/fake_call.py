"""One call to the fake organization: who calls, in which version of the API, and Azure DevOps's form of a refusal.

https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning
"""

import base64
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from connectors.azure_devops.fake_state import Object, Organization, Project, User, WorkItem

NEWEST = 7.1
TYPE = "application/json; charset=utf-8; api-version="
SIGN_IN = "<!DOCTYPE html>\n<html><head><title>Azure DevOps Services | Sign In</title></head><body>Sign in</body></html>"

EXPAND = ("none", "relations", "fields", "links", "all")
_OF_METADATA = {"WorkItemTrackingFieldDefinitionNotFoundException", "WorkItemTypeNotFoundException"}
_VERSION = re.compile(r"(\d+\.\d+)(-preview(?:\.(\d+))?)?")
_IN_ACCEPT = re.compile(r"api-version=([^;,\s]+)")


class Problem(Exception):
    """A refusal in Azure DevOps's own form."""

    def __init__(
        self, status: int, key: str, message: str, properties: Object | None = None, space: str = "WorkItemTracking.Server"
    ) -> None:
        super().__init__(message)
        self.status = status
        self.key = key
        self.message = message
        self.properties = properties
        self.space = space

    def response(self) -> Response:
        assembly = f"Microsoft.TeamFoundation.{self.space}"
        tracking = self.space.startswith("WorkItemTracking") and not self.key.startswith("Vss")
        place = f"{assembly}.Metadata" if self.key in _OF_METADATA else assembly
        custom: Object = {"customProperties": self.properties} if self.properties else {}
        body: Object = {
            "$id": "1",
            **custom,
            "innerException": None,
            "message": self.message,
            "typeName": f"{place}.{self.key}, {assembly}",
            "typeKey": self.key,
            "errorCode": 0,
            "eventId": 3200 if tracking or self.status == 404 else 3000,
        }
        return JSONResponse(body, self.status)


def no_item(item_id: int | str) -> Problem:
    message = f"TF401232: Work item {item_id} does not exist, or you do not have permissions to read it."
    return Problem(404, "WorkItemUnauthorizedAccessException", message)


def bad_parameter(message: str) -> Problem:
    return Problem(400, "VssPropertyValidationException", message)


@dataclass(frozen=True)
class Resource:
    """One entry of the route table; `path` follows `_apis/` and is matched in any case, `{*name}` over several of its parts.

    `preview` if no version of it is released.
    """

    methods: str
    path: str
    endpoint: "Endpoint"
    preview: bool = False
    scoped: bool = False

    def match(self, method: str, path: str) -> re.Match[str] | None:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path.replace("$", r"\$"))
        pattern = re.sub(r"\{\*(\w+)\}", r"(?P<\1>.+)", pattern)
        return re.fullmatch(pattern, path, re.IGNORECASE) if method in self.methods.split() else None


@dataclass(frozen=True)
class Call:
    request: Request
    organization: Organization
    user: User
    base: str
    project: Project | None
    values: dict[str, str]
    payload: JsonValue

    @property
    def body(self) -> Object:
        """The JSON object that was sent; 400 for anything else."""
        if not isinstance(self.payload, dict):
            raise bad_parameter("Value cannot be null.\r\nParameter name: body")
        return self.payload

    def asked(self, name: str, default: str = "") -> str:
        """A parameter of the query, whose name has no case."""
        found = {key.casefold(): value for key, value in self.request.query_params.items()}
        return found.get(name.casefold(), default)

    def says(self, name: str) -> bool:
        return self.asked(name).casefold() == "true"

    def number(self, name: str, default: int, most: int) -> int:
        text = self.asked(name, str(default))
        if not text.isdigit():
            raise bad_parameter(f"The value '{text}' of the query parameter {name} is not a number.")
        return min(int(text), most)

    def moment(self, name: str) -> datetime | None:
        """A time in ISO form or, as the client for Node sends it, in that of HTTP headers."""
        return read_moment(self.asked(name), name)

    def item(self, name: str = "id") -> WorkItem:
        """The item that the path names, in the project that it names."""
        text = self.values[name]
        found = self.organization.item(int(text)) if text.isdigit() else None
        if found is None or (self.project and found.project != self.project.name):
            raise no_item(text)
        return found

    def require_scope(self, name: str) -> None:
        """401 where the caller's token lacks that scope."""
        if name in self.user.lacks:
            message = f"TF400813: The user '{self.user.id}' is not authorized to access this resource."
            raise Problem(401, "UnauthorizedRequestException", message, space="Framework")

    def scope(self) -> Project:
        if self.project is None:
            raise Problem(404, "VssServiceException", "The project is missing in the address.")
        return self.project


Endpoint = Callable[[Call], Awaitable[Response]]


def enumerated(value: JsonValue, names: Sequence[str], first: int = 0) -> str:
    """A value of an enumeration by its name or, as the client for Node sends it, by its number."""
    text = str(value)
    return names[int(text) - first] if text.isdigit() and first <= int(text) < first + len(names) else text.casefold()


def read_moment(text: str, name: str) -> datetime | None:
    if not text:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text.replace(" ", "+") if read is datetime.fromisoformat else text)
        except ValueError:
            continue
        return at if at.tzinfo else at.replace(tzinfo=UTC)
    raise bad_parameter(f"The value '{text}' of the query parameter {name} is not a date.")


def version_of(request: Request) -> str:
    """From the query, or from the Accept header as the vendor's own clients send it."""
    asked = {key.casefold(): value for key, value in request.query_params.items()}.get("api-version", "")
    found = _IN_ACCEPT.search(request.headers.get("accept", ""))
    return asked or (found[1] if found else "")


def require_version(request: Request, resource: Resource) -> None:
    """Writes need a version, and what is not released a preview."""
    text = version_of(request)
    if not text:
        if request.method in {"GET", "OPTIONS"}:
            return
        message = f"No api-version was supplied for the '{request.method}' request. It must be supplied in the Accept header or the query."
        raise version_problem("VssVersionNotSpecifiedException", message)
    found = _VERSION.fullmatch(text)
    if found is None:
        raise version_problem("VssInvalidApiResourceVersionException", f"The api-version '{text}' is not valid.")
    if float(found[1]) > NEWEST and not found[2]:
        message = f"The requested REST API version of {text} is out of range for this server. The latest version it supports is {NEWEST}."
        raise version_problem("VssVersionOutOfRangeException", message)
    if resource.preview and not found[2]:
        message = f"The requested version '{text}' of the resource is under preview. The -preview flag must be supplied in the api-version."
        raise version_problem("VssInvalidPreviewVersionException", message)


def version_problem(key: str, message: str) -> Problem:
    return Problem(400, key, message, space="Services")


def signed_in(organization: Organization, request: Request) -> User | None:
    """By a token, as the password of basic authentication or as a bearer."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return organization.user_with(secret)
    if scheme.lower() != "basic":
        return None
    try:
        return organization.user_with(base64.b64decode(secret).decode().partition(":")[2])
    except ValueError:
        return None


def sign_in(organization: Organization, request: Request) -> Response:
    """To people the page on which they sign in; to a program that asks not to get it, 401."""
    if not organization.sign_in_page and request.headers.get("x-tfs-fedauthredirect") == "Suppress":
        return Response(status_code=401, headers={"WWW-Authenticate": 'Basic realm="https://dev.azure.com/"', "X-TFS-FedAuthRealm": "acme"})
    if "authorization" in request.headers:
        return HTMLResponse(SIGN_IN, 203)
    return RedirectResponse("/_signin?realm=dev.azure.com", 302)


async def payload_of(request: Request) -> JsonValue:
    """The JSON that was sent; a file is left to its endpoint."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if request.method in {"GET", "OPTIONS"} or kind == "application/octet-stream":
        return None
    body = await request.body()
    if not body:
        return None
    if kind not in {"application/json", "application/json-patch+json"}:
        message = f'The request indicated a Content-Type of "{kind}" for method type "{request.method}" which is not supported.'
        raise Problem(415, "VssRequestContentTypeNotSupportedException", message, space="Services")
    try:
        parsed: JsonValue = json.loads(body)
    except ValueError:
        raise bad_parameter("You must pass a valid patch document in the body of the request.") from None
    return parsed


def answer(content: JsonValue, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(content, status, {"Content-Type": TYPE + "7.1", **(headers or {})})


def listed(values: list[JsonValue]) -> Response:
    return answer({"count": len(values), "value": values})
