"""Several calls in one: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite.htm."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import JsonValue

from connectors.salesforce import fake_records
from connectors.salesforce.fake_call import Call, Problem, Reply, not_found
from connectors.salesforce.fake_query import shown_row
from connectors.salesforce.fake_schema import Object
from connectors.salesforce.fake_world import Stored

MOST = 25
MOST_QUERIES = 5
MOST_RECORDS = 200
MOST_GRAPHS, MOST_NODES = 75, 500
HALTED = Reply(
    400,
    [
        {
            "errorCode": "PROCESSING_HALTED",
            "message": "The transaction was rolled back since another operation in the same transaction failed.",
        }
    ],
)
ROLLED_BACK = Problem(
    400,
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
    (),
)
REFERENCE = re.compile(r"@\{([A-Za-z0-9_]+)\.([A-Za-z0-9_.]+)\}")

T = TypeVar("T")
Dispatch = Callable[[Call], Awaitable[Reply]]


def composite(dispatch: Dispatch) -> Dispatch:
    """`POST /composite`: 200 whatever becomes of the parts, which may refer to results of earlier ones."""

    async def answer(call: Call) -> Reply:
        parts = call.body.get("compositeRequest")
        if not isinstance(parts, list) or not all(isinstance(one, dict) for one in parts):
            raise Problem(400, "JSON_PARSER_ERROR", "compositeRequest is missing")
        requests = cast("list[Object]", parts)
        _require_few(requests)
        _, answers = await _worked_off(call, dispatch, requests, together=call.body.get("allOrNone") is True)
        return Reply(200, {"compositeResponse": answers})

    return answer


def graphs(dispatch: Dispatch) -> Dispatch:
    """`POST /composite/graph`: composite calls that succeed or fail as a whole, each for itself.

    https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_graph.htm
    """

    async def answer(call: Call) -> Reply:
        listed = call.body.get("graphs")
        if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
            raise Problem(400, "JSON_PARSER_ERROR", "graphs is missing")
        known = [(str(one.get("graphId")), cast("list[Object]", one.get("compositeRequest") or [])) for one in cast("list[Object]", listed)]
        if len(known) > MOST_GRAPHS or sum(len(parts) for _, parts in known) > MOST_NODES:
            raise Problem(400, "LIMIT_EXCEEDED", f"A call takes {MOST_GRAPHS} graphs and {MOST_NODES} nodes")
        told: list[JsonValue] = []
        for name, parts in known:
            _require_names(parts)
            failed, answers = await _worked_off(call, dispatch, parts, together=True)
            told.append({"graphId": name, "graphResponse": {"compositeResponse": answers}, "isSuccessful": not failed})
        return Reply(200, {"graphs": told})

    return answer


async def _worked_off(call: Call, dispatch: Dispatch, requests: list[Object], *, together: bool) -> tuple[bool, list[JsonValue]]:
    """Whether a part failed, and the answers; `together` takes back what was written if one fails."""
    restore, results = call.world.kept(), dict[str, JsonValue]()
    replies: dict[str, Reply] = {}
    failed = ""
    for one in requests:
        name = str(one.get("referenceId"))
        replies[name] = await _one(call, dispatch, one, results, halted=together and bool(failed))
        results[name] = replies[name].body
        failed = failed or (name if replies[name].status >= 400 else "")
    if together and failed:
        restore()
        replies = {name: one if name == failed else HALTED for name, one in replies.items()}
    answers: list[JsonValue] = [
        {"body": one.body, "httpHeaders": dict(one.headers), "httpStatusCode": one.status, "referenceId": name}
        for name, one in replies.items()
    ]
    return bool(failed), answers


async def collections(call: Call) -> Reply:
    """`/composite/sobjects`: each record with its own success."""

    async def save(one: Object) -> JsonValue:
        return {"id": _saved(call, one).id, "success": True, "errors": []}

    return await _each(call, _records(call), save, together=call.body.get("allOrNone") is True)


async def _each(call: Call, items: Sequence[T], work: Callable[[T], Awaitable[JsonValue]], *, together: bool) -> Reply:
    """Each item for itself, or all of them `together`: https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections.htm."""
    restore, failed = call.world.kept(), False
    results: list[JsonValue] = []
    for one in items:
        try:
            results.append(await work(one))
        except Problem as problem:
            results.append(_failed(problem))
            failed = True
    if together and failed:
        restore()
        results = [one if isinstance(one, dict) and one["success"] is False else _failed(ROLLED_BACK) for one in results]
    return Reply(200, results)


async def deleted(call: Call) -> Reply:
    """`DELETE /composite/sobjects?ids=`, of any objects."""

    async def remove(one: str) -> JsonValue:
        stored = call.world.get(one)
        if stored is None:
            raise Problem(404, "INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", ())
        if stored.deleted:
            raise Problem(404, "ENTITY_IS_DELETED", "entity is deleted", ())
        fake_records.removed(call, stored)
        return {"id": stored.id, "success": True, "errors": []}

    return await _each(call, _ids(call.query.get("ids", "")), remove, together=call.query.get("allOrNone", "").lower() == "true")


async def retrieved(call: Call) -> Reply:
    """`/composite/sobjects/{object}`: each record, or null where there is none."""
    part = replace(call, path=("sobjects", call.path[2]))
    listed = cast("list[str]", call.body.get("ids") or []) if call.method == "POST" else _ids(call.query.get("ids", ""))
    given = call.body.get("fields") if call.method == "POST" else _ids(call.query.get("fields", ""))
    names = cast("list[str]", given or [])
    for name in names:
        if part.column(name) is None:
            raise Problem(400, "INVALID_FIELD", f"No such column '{name}' on sobject of type {part.table().name}")
    found = [call.world.get(one) for one in listed]
    rows: list[JsonValue] = [
        shown_row(part, one, names) if one and one.table is part.table() and not one.deleted else None for one in found
    ]
    return Reply(200, rows)


async def upserted(call: Call) -> Reply:
    """`PATCH /composite/sobjects/{object}/{external id field}`."""
    kind, name = call.path[2], call.path[3]

    async def save(one: Object) -> JsonValue:
        own = {key: value for key, value in one.items() if key not in {"attributes", name}}
        return (await fake_records.upsert(replace(call, path=("sobjects", kind, name, str(one.get(name) or "")), payload=own))).body

    return await _each(call, _records(call), save, together=call.body.get("allOrNone") is True)


def batch(dispatch: Dispatch) -> Dispatch:
    """`POST /composite/batch`: calls that know nothing of each other."""

    async def answer(call: Call) -> Reply:
        parts = call.body.get("batchRequests")
        if not isinstance(parts, list) or len(parts) > MOST:
            raise Problem(400, "INVALID_BATCH_REQUEST", f"A batch takes a list of at most {MOST} requests")
        replies: list[Reply] = []
        for one in cast("list[Object]", parts):
            url = f"/services/data/{str(one.get('url')).removeprefix('/services/data/').lstrip('/')}"
            replies.append(await _one(call, dispatch, {**one, "url": url, "body": one.get("richInput")}, {}, halted=False))
        results: list[JsonValue] = [{"statusCode": one.status, "result": one.body} for one in replies]
        return Reply(200, {"hasErrors": any(one.status >= 400 for one in replies), "results": results})

    return answer


def _ids(text: str) -> list[str]:
    return [one for one in text.split(",") if one]


def _records(call: Call) -> list[Object]:
    listed = call.body.get("records")
    records = cast("list[Object]", listed) if isinstance(listed, list) else []
    if len(records) > MOST_RECORDS:
        raise Problem(400, "INVALID_INPUT", f"record limit reached. cannot submit more than {MOST_RECORDS} records in this list")
    return records


def _failed(problem: Problem) -> Object:
    fault: Object = {"statusCode": problem.code, "message": problem.message, "fields": [*(problem.fields or ())]}
    return {"success": False, "errors": [fault]}


def _saved(call: Call, record: Object) -> Stored:
    kind = str(cast("Object", record.get("attributes") or {}).get("type"))
    identity = str(record.get("id") or record.get("Id") or "")
    own = {name: value for name, value in record.items() if name.casefold() not in {"id", "attributes"}}
    if call.world.table(kind) is None:
        raise Problem(400, "INVALID_TYPE", f"sObject type '{kind}' is not supported.", ())
    part = replace(call, path=("sobjects", kind, identity), payload=own)
    if call.method != "PATCH":
        return fake_records.made(part, own)
    stored = part.record(identity)
    fake_records.changed(part, stored, own)
    return stored


def _require_few(requests: list[Object]) -> None:
    queries = [one for one in requests if re.search(r"/v\d+\.\d+/(query|queryAll|composite/sobjects)\b", str(one.get("url")))]
    if len(requests) > MOST or len(queries) > MOST_QUERIES:
        raise Problem(400, "LIMIT_EXCEEDED", f"A composite request takes {MOST} subrequests, {MOST_QUERIES} of them queries or collections")
    _require_names(requests)


def _require_names(requests: list[Object]) -> None:
    names = [one.get("referenceId") for one in requests]
    if len(set(map(str, names))) < len(names) or not all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", str(one)) for one in names):
        raise Problem(400, "INVALID_INPUT", "Provide a unique referenceId of letters, digits and underscores for each subrequest")


async def _one(call: Call, dispatch: Dispatch, request: Object, results: Mapping[str, JsonValue], *, halted: bool) -> Reply:
    if halted:
        return HALTED
    try:
        return await dispatch(_part(call, request, results))
    except Problem as problem:
        return Reply(problem.status, [problem.fault])


def _part(call: Call, request: Object, results: Mapping[str, JsonValue]) -> Call:
    address = urlsplit(_filled(str(request.get("url")), results))
    body = request.get("body")
    if isinstance(body, dict):
        body = {key: _filled(value, results) if isinstance(value, str) else value for key, value in body.items()}
    headers = cast("Object", request.get("httpHeaders") or {})
    parts = tuple(unquote(one) for one in address.path.strip("/").split("/"))
    if parts[:2] != ("services", "data") or len(parts) < 4:
        raise not_found()
    return replace(
        call,
        method=str(request.get("method")),
        version=parts[2],
        path=parts[3:],
        query=dict(parse_qsl(address.query, keep_blank_values=True)),
        headers={name.lower(): str(value) for name, value in headers.items()},
        payload=body,
    )


def _filled(text: str, results: Mapping[str, JsonValue]) -> str:
    def value(found: re.Match[str]) -> str:
        reached: JsonValue = results.get(found[1])
        for part in found[2].split("."):
            reached = reached.get(part) if isinstance(reached, dict) else None
        if reached is None:
            message = f"Invalid reference specified. No value for {found[1]}.{found[2]} found in {found[1]}"
            raise Problem(400, "PROCESSING_HALTED", message)
        return str(reached)

    return REFERENCE.sub(value, text)
