"""Bulk API 2.0: https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/bulk_api_2_0.htm.

Salesforce works jobs off in the background; here a job is over as soon as its data are complete.
"""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import JsonValue

from connectors.salesforce import fake_records
from connectors.salesforce.fake_call import Call, Endpoint, Problem, Reply, not_found
from connectors.salesforce.fake_query import query
from connectors.salesforce.fake_schema import Object
from connectors.salesforce.fake_soql import parse
from connectors.salesforce.fake_world import Job, shown

OPERATIONS = ("insert", "update", "upsert", "delete")
DELIMITERS = {"COMMA": ",", "SEMICOLON": ";", "TAB": "\t", "PIPE": "|", "CARET": "^", "BACKQUOTE": "`"}
CLEARED = "#N/A"
NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def endpoints() -> tuple[tuple[str, str, Endpoint], ...]:
    return (
        ("GET", "jobs/(?:ingest|query)", jobs),
        ("POST", "jobs/ingest", create),
        ("POST", "jobs/query", ask),
        ("GET", r"jobs/(?:ingest|query)/\w+", read),
        ("DELETE", r"jobs/(?:ingest|query)/\w+", delete),
        ("PATCH", r"jobs/(?:ingest|query)/\w+", change),
        ("PUT", r"jobs/ingest/\w+/batches", upload),
        ("GET", r"jobs/ingest/\w+/(?:successfulResults|failedResults|unprocessedrecords)", outcome),
        ("GET", r"jobs/query/\w+/results", results),
    )


def _job(call: Call) -> Job:
    found = call.world.jobs.get(call.path[2])
    if found is None or found.kind != call.path[1].lower():
        raise not_found()
    return found


def _shown(call: Call, job: Job) -> Object:
    told: Object = {
        "id": job.id,
        "operation": job.operation,
        "object": job.table,
        "createdById": job.by,
        "createdDate": job.at,
        "systemModstamp": job.at,
        "state": job.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(call.version.removeprefix("v")),
        "lineEnding": job.line_ending,
        "columnDelimiter": job.delimiter,
    }
    counts: Object = {"numberRecordsProcessed": len(job.done) + len(job.failed), "retries": 0, "totalProcessingTime": 1}
    if job.kind == "query":
        return {**told, "query": job.text, **counts}
    own: Object = {"jobType": "V2Ingest", "contentUrl": f"{call.base.lstrip('/')}/jobs/ingest/{job.id}/batches"}
    named: Object = {"externalIdFieldName": job.external} if job.external else {}
    return {**told, **own, **named, **counts, "numberRecordsFailed": len(job.failed), "errorMessage": ""}


def _new(call: Call, kind: str, table: str, operation: str, text: str = "") -> Job:
    ending, delimiter = str(call.body.get("lineEnding") or "LF"), str(call.body.get("columnDelimiter") or "COMMA")
    if delimiter not in DELIMITERS or ending not in {"LF", "CRLF"}:
        raise Problem(400, "INVALIDJOB", f"InvalidJob : unknown columnDelimiter {delimiter!r} or lineEnding {ending!r}")
    identity = f"750{call.world.count('job'):012}AAA"
    job = Job(identity, kind, table, operation, call.user, shown(call.world.clock.now()), ending, delimiter, text)
    call.world.jobs[identity] = job
    return job


async def create(call: Call) -> Reply:
    table, operation = call.world.table(str(call.body.get("object"))), str(call.body.get("operation"))
    external = str(call.body.get("externalIdFieldName") or "")
    if table is None:
        raise Problem(400, "INVALIDENTITY", f"InvalidEntity : entity {call.body.get('object')} not supported by the Bulk API")
    if operation not in OPERATIONS:
        raise Problem(400, "INVALIDJOB", f"InvalidJob : operation {operation!r} is not one of {', '.join(OPERATIONS)}")
    if operation == "upsert" and not external:
        raise Problem(400, "INVALIDJOB", "InvalidJob : ExternalIdFieldName not provided for upsert job")
    job = _new(call, "ingest", table.name, operation)
    job.external = external
    return Reply(200, _shown(call, job))


async def upload(call: Call) -> Reply:
    job = _job(call)
    if job.state != "Open" or not isinstance(call.payload, str):
        raise Problem(400, "INVALIDJOBSTATE", f"InvalidJobState : a CSV is taken by an open job, and this one is {job.state}")
    job.text += call.payload
    return Reply(201)


async def change(call: Call) -> Reply:
    """`UploadComplete` and `Aborted`."""
    job, wanted = _job(call), str(call.body.get("state"))
    allowed = {"UploadComplete", "Aborted"} if job.kind == "ingest" else {"Aborted"}
    if job.state != "Open" or wanted not in allowed:
        raise Problem(400, "INVALIDJOBSTATE", f"InvalidJobState : a job that is {job.state} does not become {wanted}")
    job.state = wanted
    if wanted == "UploadComplete":
        await _work_off(call, job)
        return Reply(200, {**_shown(call, job), "state": "UploadComplete"})
    return Reply(200, _shown(call, job))


async def _work_off(call: Call, job: Job) -> None:
    rows = csv.DictReader(io.StringIO(job.text, newline=""), delimiter=DELIMITERS[job.delimiter])
    job.columns = list(rows.fieldnames or [])
    for row in rows:
        told = {name: row.get(name) or "" for name in job.columns}
        try:
            identity, made = await _written(call, job, told)
        except Problem as problem:
            words = f"{problem.code}:{problem.message}:{' '.join(problem.fields or ())}--"
            job.failed.append({"sf__Id": told.get("Id", ""), "sf__Error": words, **told})
            continue
        job.done.append({"sf__Id": identity, "sf__Created": "true" if made else "false", **told})
    job.state = "JobComplete"


async def _written(call: Call, job: Job, row: dict[str, str]) -> tuple[str, bool]:
    return await written(call, job, {name: typed(call, job.table, name, text) for name, text in row.items() if text})


async def written(call: Call, job: Job, row: Object) -> tuple[str, bool]:
    """What the job does with one row: the record's id, and whether it is new."""
    identity, key = str(row.get("Id") or row.get("id") or ""), str(row.get(job.external) or "")
    own: Object = {name: value for name, value in row.items() if name not in {"Id", "id", "attributes", job.external}}
    part = replace(call, path=("sobjects", job.table, identity), payload=own, method="PATCH")
    if job.operation == "insert":
        return fake_records.made(part, own).id, True
    if job.operation == "upsert":
        reply = await fake_records.upsert(replace(part, path=("sobjects", job.table, job.external, key)))
        body = reply.body if isinstance(reply.body, dict) else {}
        return str(body["id"]), body["created"] is True
    stored = part.record(identity)
    if job.operation in {"delete", "hardDelete"}:
        fake_records.removed(part, stored)
    else:
        fake_records.changed(part, stored, own)
    return stored.id, False


def typed(call: Call, object_name: str, name: str, text: str) -> JsonValue:
    """As the field's type has it; all is text in a CSV."""
    if text == CLEARED:
        return None
    table = call.world.table(object_name)
    column = call.world.column(table, name) if table else None
    if column is not None and column.type == "boolean":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if column is not None and column.type in {"double", "int"} and NUMBER.fullmatch(text):
        return float(text)
    return text


async def jobs(call: Call) -> Reply:
    found = [_shown(call, one) for one in call.world.jobs.values() if one.kind == call.path[1].lower()]
    return Reply(200, {"done": True, "records": [*found], "nextRecordsUrl": None})


async def read(call: Call) -> Reply:
    return Reply(200, _shown(call, _job(call)))


async def delete(call: Call) -> Reply:
    del call.world.jobs[_job(call).id]
    return Reply(204)


async def outcome(call: Call) -> Reply:
    job, which = _job(call), call.path[3].lower()
    first = {"successfulresults": ("sf__Id", "sf__Created"), "failedresults": ("sf__Id", "sf__Error")}.get(which, ())
    rows = {"successfulresults": job.done, "failedresults": job.failed}.get(which, [])
    return _csv(job, [*first, *job.columns], rows, {})


async def ask(call: Call) -> Reply:
    """A query and all that it finds."""
    text, operation = str(call.body.get("query") or ""), str(call.body.get("operation") or "query")
    name = {"query": "query", "queryall": "queryAll"}.get(operation.lower())
    if name is None:
        raise Problem(400, "INVALIDJOB", f"InvalidJob : operation {operation!r} is not one of query, queryAll")
    rows = await everything(call, name, text)
    job = _new(call, "query", _table_of(rows), operation, text)
    job.columns = asked_for(text)
    job.done = [{name: reached(row, name) for name in job.columns} for row in rows]
    job.state = "JobComplete"
    return Reply(200, {**_shown(call, job), "state": "UploadComplete"})


async def everything(call: Call, resource: str, soql: str) -> list[Object]:
    """All records that a query finds, of all its pages; `resource` is query or queryAll."""
    rows: list[Object] = []
    part, further = replace(call, method="GET", path=(resource,), query={"q": soql}), True
    while further:
        body = (await query(part)).body
        told = body if isinstance(body, dict) else {}
        listed = told.get("records")
        rows += [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        following = str(told.get("nextRecordsUrl") or "")
        part, further = replace(part, path=(resource, following.rpartition("/")[2]), query={}), bool(following)
    return rows


def asked_for(soql: str) -> list[str]:
    """The columns of a query's table: fields as they are written, and names of aggregates."""
    wanted = parse(soql)
    return [*wanted.paths, *(one.alias for one in wanted.aggregates)] or ["Id"]


def _table_of(rows: Sequence[Object]) -> str:
    attributes = rows[0].get("attributes") if rows else None
    return str(attributes.get("type")) if isinstance(attributes, dict) else ""


def reached(row: Object, path: str) -> str:
    value: JsonValue = row
    for part in path.split("."):
        held = {name.casefold(): one for name, one in value.items()} if isinstance(value, dict) else {}
        value = held.get(part.casefold())
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


async def results(call: Call) -> Reply:
    job = _job(call)
    start = int(call.query.get("locator") or 0)
    size = int(call.query.get("maxRecords") or len(job.done) or 1)
    part = job.done[start : start + size]
    following = str(start + size) if start + size < len(job.done) else "null"
    return _csv(job, job.columns, part, {"Sforce-Locator": following, "Sforce-NumberOfRecords": str(len(part))})


def _csv(job: Job, columns: Sequence[str], rows: Sequence[dict[str, str]], headers: dict[str, str]) -> Reply:
    out = io.StringIO()
    ending = "\r\n" if job.line_ending == "CRLF" else "\n"
    written = csv.DictWriter(out, columns, delimiter=DELIMITERS[job.delimiter], lineterminator=ending, quoting=csv.QUOTE_ALL)
    written.writeheader()
    written.writerows(rows)
    return Reply(200, content=out.getvalue().encode(), headers={**headers, "Content-Type": "text/csv"})
