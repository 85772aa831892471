"""Salesforce's REST API as a stateful ASGI app, written from Salesforce's documentation.

`README.md` tells the accounts, the form of a seed and what is missing.
"""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast
from urllib.parse import unquote

from pydantic import JsonValue
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from connectors.kit.fake import fake_app
from connectors.kit.fake_page import page_route
from connectors.kit.interface import FakeOptions
from connectors.salesforce import (
    fake_bulk,
    fake_bulk_first,
    fake_composite,
    fake_describe,
    fake_files,
    fake_oauth,
    fake_query,
    fake_records,
    fake_search,
    fake_soap,
    fake_tree,
)
from connectors.salesforce.fake_call import Call, Endpoint, Problem, Reply, not_found, parsed
from connectors.salesforce.fake_schema import Object
from connectors.salesforce.fake_shown import entries, identity, state
from connectors.salesforce.fake_world import DAILY_LIMIT, ORG, Login, opened, shown

OLDEST, NEWEST = 31, 68
"""Three a year, from Summer '14 to Winter '27; older ones are retired."""
RESOURCES = ("composite", "jobs", "limits", "parameterizedSearch", "query", "queryAll", "recent", "search", "sobjects", "ui-api")
READING = "salesforce.reading"
METHODS = ["GET", "POST", "PATCH", "DELETE", "HEAD", "PUT"]


class FakeSalesforce:
    """One org with `options.user` and `options.secret` as Twinline's client app."""

    def __init__(self, options: FakeOptions) -> None:
        self.world = opened(options)
        self._table: tuple[tuple[str, re.Pattern[str], Endpoint], ...] = tuple(
            (method, re.compile(path, re.IGNORECASE), endpoint) for method, path, endpoint in self._endpoints()
        )
        routes = [
            Route("/services/oauth2/token", self._token, methods=["POST"]),
            Route("/services/oauth2/revoke", self._revoke, methods=["POST"]),
            Route("/services/oauth2/userinfo", self._userinfo),
            Route("/services/Soap/{kind:str}/{version:str}", self._soap, methods=["POST"]),
            Route("/services/Soap/{kind:str}/{version:str}/{rest:path}", self._soap, methods=["POST"]),
            Route("/id/{organization}/{user}", self._userinfo),
            page_route("Salesforce", lambda: entries(self.world)),
            Route("/services/async/{version}/{rest:path}", self._bulk, methods=METHODS),
            Route("/services/data", _versions),
            Route("/services/data/{rest:path}", self._serve, methods=METHODS),
        ]
        world = self.world
        self._app = fake_app([*routes], world.controls, lambda: state(world), _rate_limited, _is_write, world.log)

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        known, told = cast("Scope", scope), cast("Receive", receive)
        if known["type"] == "http" and known["method"] == "POST" and known["path"].endswith("/composite"):
            told = await _looked_into(known, told)
        await self._app(known, told, cast("Send", send))

    def _endpoints(self) -> tuple[tuple[str, str, Endpoint], ...]:
        return (
            ("GET", "limits", _limits),
            ("GET", "query(All)?", fake_query.query),
            ("GET", "query(All)?/[^/]+", fake_query.query),
            ("GET", "sobjects", fake_describe.objects),
            ("GET", r"sobjects/\w+", fake_describe.basic),
            ("GET", "recent", _recent),
            ("POST", r"sobjects/\w+", fake_records.create),
            ("GET", r"sobjects/\w+/describe", fake_describe.describe),
            ("GET", r"sobjects/\w+/describe/layouts(?:/\w+)?", fake_describe.layouts),
            ("GET", r"sobjects/\w+/(?:describe/(?:compactLayouts|approvalLayouts)|listviews|quickActions)", fake_describe.none),
            ("GET", "tabs|quickActions", _recent),
            ("GET", r"sobjects/\w+/(?:updated|deleted)", _replication),
            ("GET", r"sobjects/\w+/\w+", fake_records.read),
            ("PATCH", r"sobjects/\w+/\w+", fake_records.update),
            ("DELETE", r"sobjects/\w+/\w+", fake_records.delete),
            ("GET", r"sobjects/\w+/\w+/(?:VersionData|Body)", fake_files.content),
            ("GET", r"sobjects/\w+/\w+/.+", fake_records.read_by),
            ("PATCH", r"sobjects/\w+/\w+/.+", fake_records.upsert),
            ("GET", r"ui-api/object-info/\w+/picklist-values/\w+", fake_describe.picklists),
            ("POST", "composite", fake_composite.composite(self._dispatch)),
            ("POST", "composite/batch", fake_composite.batch(self._dispatch)),
            ("POST", "composite/sobjects", fake_composite.collections),
            ("PATCH", "composite/sobjects", fake_composite.collections),
            ("DELETE", "composite/sobjects", fake_composite.deleted),
            ("GET", r"composite/sobjects/\w+", fake_composite.retrieved),
            ("POST", r"composite/sobjects/\w+", fake_composite.retrieved),
            ("PATCH", r"composite/sobjects/\w+/\w+", fake_composite.upserted),
            ("POST", "composite/graph", fake_composite.graphs(self._dispatch)),
            ("POST", r"composite/tree/\w+", fake_tree.planted),
            ("GET", "search", fake_search.search),
            ("GET", "parameterizedSearch", fake_search.parameterized),
            ("POST", "parameterizedSearch", fake_search.parameterized),
            *fake_bulk.endpoints(),
        )

    async def _serve(self, request: Request) -> Response:
        login = fake_oauth.signed_in(self.world, request.headers.get("authorization", ""))
        if login is None:
            return JSONResponse([{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}], 401)
        self.world.used += 1
        try:
            reply = await self._dispatch(await self._call(request, login))
        except Problem as problem:
            reply = Reply(problem.status, [problem.fault])
        return self._response(reply)

    async def _call(self, request: Request, login: Login, *, as_text: bool = False) -> Call:
        parts = [unquote(one) for one in request.scope["raw_path"].decode().partition("?")[0].strip("/").split("/")[2:]]
        payload, file = ((await request.body()).decode("utf-8", "replace"), None) if as_text else await _payload(request)
        return Call(
            world=self.world,
            user=login.id,
            version=parts[0],
            method="GET" if request.method == "HEAD" else request.method,
            path=tuple(one for one in parts[1:] if one),
            query=dict(request.query_params),
            headers={name.lower(): value for name, value in request.headers.items()},
            payload=payload,
            file=file,
        )

    async def _dispatch(self, call: Call) -> Reply:
        if call.version not in {f"v{one}.0" for one in range(OLDEST, NEWEST + 1)}:
            raise not_found()
        if not call.path:
            names: Object = {name: f"{call.base}/{name}" for name in RESOURCES}
            return Reply(200, {**names, "identity": f"/id/{ORG}/{call.user}"})
        path = "/".join(call.path)
        for method, pattern, endpoint in self._table:
            if method == call.method and pattern.fullmatch(path):
                return await endpoint(call)
        if any(pattern.fullmatch(path) for _, pattern, _ in self._table):
            raise Problem(405, "METHOD_NOT_ALLOWED", f"HTTP Method '{call.method}' not allowed.")
        raise not_found()

    def _response(self, reply: Reply) -> Response:
        headers = dict(reply.headers)
        if reply.status != 204:
            headers["Sforce-Limit-Info"] = f"api-usage={self.world.used}/{DAILY_LIMIT}"
        if reply.content is not None:
            return Response(reply.content, reply.status, headers)
        if reply.status in {204, 304}:
            return Response(status_code=reply.status, headers=headers)
        return Response(json.dumps(reply.body).encode(), reply.status, headers, "application/json;charset=UTF-8")

    async def _token(self, request: Request) -> Response:
        return await fake_oauth.token(self.world, request)

    async def _revoke(self, request: Request) -> Response:
        return await fake_oauth.revoke(self.world, request)

    async def _userinfo(self, request: Request) -> Response:
        login = fake_oauth.signed_in(self.world, request.headers.get("authorization", ""))
        if login is None:
            return JSONResponse([{"message": "Bad_OAuth_Token", "errorCode": "INVALID_SESSION_ID"}], 403)
        return JSONResponse(identity(self.world, login, str(request.base_url).rstrip("/")))

    async def _bulk(self, request: Request) -> Response:
        """The first Bulk API, which takes the session in a header of its own."""
        session = request.headers.get("x-sfdc-session", "")
        login = fake_oauth.signed_in(self.world, request.headers.get("authorization", f"Bearer {session}"))
        form = fake_bulk_first.JSON if "json" in request.headers.get("content-type", "") else fake_bulk_first.XML
        if login is None:
            return self._response(fake_bulk_first.refused(form, fake_bulk_first.invalid_session()))
        self.world.used += 1
        version, rest = f"v{request.path_params['version']}", str(request.path_params["rest"])
        call = replace(await self._call(request, login, as_text=True), version=version, path=tuple(one for one in rest.split("/") if one))
        return self._response(await fake_bulk_first.answer(call))

    async def _soap(self, request: Request) -> Response:
        return await fake_soap.call(self.world, request)


async def _versions(request: Request) -> Response:
    del request
    return JSONResponse(
        [{"label": _release(one), "url": f"/services/data/v{one}.0", "version": f"{one}.0"} for one in range(OLDEST, NEWEST + 1)]
    )


def _release(version: int) -> str:
    year, season = divmod(version + 1, 3)
    return f"{('Winter', 'Spring', 'Summer')[season]} '{year + 4}"


async def _recent(call: Call) -> Reply:
    """The fake remembers nothing that was looked at, and has no tabs or global actions."""
    del call
    return Reply(200, [])


async def _limits(call: Call) -> Reply:
    daily: Object = {"Max": DAILY_LIMIT, "Remaining": DAILY_LIMIT - call.world.used}
    return Reply(200, {"DailyApiRequests": daily})


async def _replication(call: Call) -> Reply:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_getupdated.htm: minutes count, not seconds."""
    start, end = (_minute(call.query.get(name, "")) for name in ("start", "end"))
    if end <= start or end - start > timedelta(days=30):
        raise Problem(400, "INVALID_REPLICATION_DATE", "the end date has to be after the start date, and by 30 days at most")
    rows = [one for one in call.world.rows(call.table(), deleted=True) if start <= _moment(one.values["SystemModstamp"]) < end]
    covered = shown(min(end, datetime.now(UTC).replace(second=0, microsecond=0)))
    if call.path[2].casefold() == "updated":
        return Reply(200, {"ids": [one.id for one in rows if not one.deleted], "latestDateCovered": covered})
    gone: list[JsonValue] = [{"id": one.id, "deletedDate": one.values["SystemModstamp"]} for one in rows if one.deleted]
    return Reply(
        200, {"deletedRecords": gone, "earliestDateAvailable": shown(call.world.started - timedelta(days=15)), "latestDateCovered": covered}
    )


def _minute(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text.replace(" ", "+")).replace(second=0, microsecond=0)
    except ValueError:
        raise Problem(400, "INVALID_REPLICATION_DATE", f"{text!r} is not a valid date") from None


def _moment(value: JsonValue) -> datetime:
    return datetime.fromisoformat(str(value))


async def _payload(request: Request) -> tuple[JsonValue, tuple[str, bytes] | None]:
    """JSON, or the JSON and the file of a multipart body."""
    if request.method in {"GET", "HEAD"}:
        return None, None
    if request.headers.get("content-type", "").startswith("text/csv"):
        return (await request.body()).decode(), None
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return parsed(await request.body()), None
    async with request.form() as form:
        data, fields = form.get("VersionData"), form.get("entity_content")
        if not isinstance(data, UploadFile) or fields is None:
            raise Problem(400, "INVALID_MULTIPART_REQUEST", "Multipart message must include a non-binary part and one binary part")
        raw = await fields.read() if isinstance(fields, UploadFile) else fields.encode()
        return parsed(raw), (data.filename or "", await data.read())


def _rate_limited() -> Response:
    return JSONResponse([{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}], 403)


def _is_write(scope: Scope) -> bool:
    signing_in = scope["path"].startswith(("/services/oauth2/", "/services/Soap/"))
    return scope["method"] in {"POST", "PATCH", "DELETE", "PUT"} and not signing_in and READING not in scope


async def _looked_into(scope: Scope, receive: Receive) -> Receive:
    """Marks a composite call that only reads, so that faults of writes pass it by; gives its body once more."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = bool(message.get("more_body"))
    if not re.search(rb'"method"\s*:\s*"(?:POST|PATCH|DELETE|PUT)"', body):
        scope[READING] = True
    told = iter([cast("Message", {"type": "http.request", "body": body, "more_body": False})])

    async def again() -> Message:
        return next(told, None) or await receive()

    return again
