"""The first Bulk API, in JSON, XML and CSV.

https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_intro.htm: a job holds batches of rows, or of
queries. Salesforce works them off in the background; here a batch is over as soon as it was sent.
"""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import cast
from xml.sax.saxutils import escape

from pydantic import JsonValue

from connectors.salesforce.fake_bulk import asked_for, everything, reached, typed, written
from connectors.salesforce.fake_call import Call, Problem, Reply
from connectors.salesforce.fake_schema import Object
from connectors.salesforce.fake_world import Batch, Job, shown

NAMESPACE = "http://www.force.com/2009/06/asyncapi/dataload"
XML, JSON, CSV = "XML", "JSON", "CSV"
QUERIES = {"query": "query", "queryAll": "queryAll"}
OPERATIONS = ("insert", "update", "upsert", "delete", "hardDelete", *QUERIES)
STATES = ("Closed", "Aborted")


class Fault(Exception):
    """A refusal in this API's own form."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


async def answer(call: Call) -> Reply:
    """One call below `/services/async/VERSION/`; `call.payload` is the text of its body."""
    form = JSON if "json" in call.headers.get("content-type", "") else XML
    try:
        return await _dispatched(call, form)
    except Fault as fault:
        return refused(form, fault)


def refused(form: str, fault: Fault) -> Reply:
    return _told(form, "error", {"exceptionCode": fault.code, "exceptionMessage": fault.message}, fault.status)


def invalid_session() -> Fault:
    return Fault("InvalidSessionId", "Invalid session id")


async def _dispatched(call: Call, form: str) -> Reply:
    match (call.method, *call.path):
        case ("POST", "job"):
            return _told(form, "jobInfo", _job_info(call, _opened(call, form)), 201)
        case ("GET", "job", job):
            return _told(form, "jobInfo", _job_info(call, _job(call, job)))
        case ("POST", "job", job):
            return _told(form, "jobInfo", _job_info(call, _ended(call, _job(call, job), form)))
        case (method, "job", job, "batch", *rest):
            return await _below(call, method, _job(call, job), rest)
        case _:
            raise Fault("InvalidUrl", f"Destination URL not found: /{'/'.join(call.path)}", 404)


async def _below(call: Call, method: str, job: Job, rest: list[str]) -> Reply:
    """What concerns batches is told in JSON for a job that takes JSON, else in XML."""
    form = JSON if job.content == JSON else XML
    if method == "POST" and not rest:
        return _told(form, "batchInfo", {**_batch_info(job, await _added(call, job)), "state": "Queued"}, 201)
    if method == "GET" and not rest:
        listed = [_batch_info(job, one) for one in call.world.batches.values() if one.job == job.id]
        return _told(form, "batchInfoList", {"batchInfo": [*listed]})
    batch = call.world.batches.get(rest[0]) if rest else None
    if method != "GET" or batch is None or batch.job != job.id:
        raise Fault("InvalidBatch", f"Unable to find batch for id: {'/'.join(rest)}")
    match rest[1:]:
        case []:
            return _told(form, "batchInfo", _batch_info(job, batch))
        case ["request"]:
            return Reply(200, content=batch.text.encode(), headers={"Content-Type": _media(job.content)})
        case ["result"]:
            return _found(form, batch) if job.operation in QUERIES else _outcome(job.content, batch)
        case ["result", _] if job.operation in QUERIES:
            return _records(job.content, batch)
        case _:
            raise Fault("InvalidUrl", f"Destination URL not found: /{'/'.join(call.path)}", 404)


def _fields(call: Call, form: str) -> dict[str, str]:
    text = str(call.payload or "")
    if form == XML:
        return {name: unescape(value).strip() for name, value in re.findall(r"<(\w+)>([^<]*)</\1>", text)}
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Fault("InvalidJob", "Unable to parse Job")
    return {name: str(value) for name, value in cast("Object", told).items()}


def _opened(call: Call, form: str) -> Job:
    wanted = _fields(call, form)
    table, operation = call.world.table(wanted.get("object", "")), wanted.get("operation", "")
    content = wanted.get("contentType", XML).upper()
    if operation not in OPERATIONS or content not in {XML, JSON, CSV}:
        raise Fault("InvalidJob", f"Unable to parse Job: operation {operation!r}, contentType {content!r}")
    if table is None:
        raise Fault("InvalidEntity", f"Entity '{wanted.get('object', '')}' is not supported by the Bulk API.")
    if operation == "upsert" and not wanted.get("externalIdFieldName"):
        raise Fault("InvalidJob", "External ID was blank for the entity and operation is upsert")
    identity = f"750{call.world.count('job'):012}AAA"
    job = Job(identity, "first", table.name, operation, call.user, shown(call.world.clock.now()), "LF", "COMMA")
    job.external, job.content = wanted.get("externalIdFieldName", ""), content
    job.concurrency = "Serial" if wanted.get("concurrencyMode") in {"1", "Serial"} else "Parallel"
    call.world.jobs[identity] = job
    return job


def _job(call: Call, identity: str) -> Job:
    found = next((one for one in call.world.jobs.values() if one.kind == "first" and one.id[:15] == identity[:15]), None)
    if found is None:
        raise Fault("InvalidJob", f"Unable to find object with id: {identity}")
    return found


def _ended(call: Call, job: Job, form: str) -> Job:
    wanted = _fields(call, form).get("state", "")
    if wanted not in STATES:
        raise Fault("InvalidJob", f"Unable to change the job to the state {wanted!r}")
    if job.state != "Open":
        raise Fault("InvalidJobState", f"Closing already {job.state.lower()} Job not allowed")
    job.state = wanted
    return job


def _job_info(call: Call, job: Job) -> Object:
    own = [one for one in call.world.batches.values() if one.job == job.id]
    completed, failed = sum(not one.error for one in own), sum(bool(one.error) for one in own)
    return {
        "id": job.id, "operation": job.operation, "object": job.table, "createdById": job.by, "createdDate": job.at,
        "systemModstamp": job.at, "state": job.state, **({"externalIdFieldName": job.external} if job.external else {}),
        "concurrencyMode": job.concurrency, "contentType": job.content, "numberBatchesQueued": 0, "numberBatchesInProgress": 0,
        "numberBatchesCompleted": completed, "numberBatchesFailed": failed, "numberBatchesTotal": len(own),
        "numberRecordsProcessed": sum(len(one.results) for one in own), "numberRetries": 0,
        "apiVersion": float(call.version.removeprefix("v")), "numberRecordsFailed": sum(one.failed for one in own),
        "totalProcessingTime": 1, "apiActiveProcessingTime": 1, "apexProcessingTime": 0,
    }  # fmt: skip


def _batch_info(job: Job, batch: Batch) -> Object:
    state = "Not Processed" if job.state == "Aborted" else "Failed" if batch.error else "Completed"
    return {
        "id": batch.id, "jobId": job.id, "state": state, **({"stateMessage": batch.error} if batch.error else {}),
        "createdDate": batch.at, "systemModstamp": batch.at, "numberRecordsProcessed": len(batch.results),
        "numberRecordsFailed": batch.failed, "totalProcessingTime": 1, "apiActiveProcessingTime": 1, "apexProcessingTime": 0,
    }  # fmt: skip


async def _added(call: Call, job: Job) -> Batch:
    if job.state != "Open":
        raise Fault("InvalidJobState", f"Unable to add batch to a job that is not open: {job.id}")
    batch = Batch(f"751{call.world.count('batch'):012}AAA", job.id, shown(call.world.clock.now()), str(call.payload or ""))
    if job.operation in QUERIES:
        try:
            batch.results = await everything(call, QUERIES[job.operation], batch.text.strip())
        except Problem as problem:
            batch.error = f"InvalidBatch : Failed to process query: {problem.code}: {problem.message}"
    else:
        for row in _rows(call, job, batch.text):
            batch.results.append(await _result(call, job, row))
        batch.failed = sum(one["success"] is False for one in batch.results)
    call.world.batches[batch.id] = batch
    return batch


async def _result(call: Call, job: Job, row: Object) -> Object:
    try:
        identity, made = await written(call, job, row)
    except Problem as problem:
        fault: Object = {"statusCode": problem.code, "message": problem.message, "fields": [*(problem.fields or ())]}
        return {"success": False, "created": False, "id": None, "errors": [{**fault, "extendedErrorDetails": None}]}
    return {"success": True, "created": made, "id": identity, "errors": []}


def _rows(call: Call, job: Job, text: str) -> list[Object]:
    if job.content == JSON:
        try:
            told = json.loads(text)
        except ValueError:
            raise Fault("InvalidBatch", "Failed to parse the JSON of the batch") from None
        if not isinstance(told, list):
            raise Fault("InvalidBatch", "A batch of JSON is a list of records")
        return [one for one in cast("list[JsonValue]", told) if isinstance(one, dict)]
    if job.content == CSV:
        listed = [*csv.DictReader(io.StringIO(text, newline=""))]
    else:
        listed = [_of_xml(one) for one in re.findall(r"<sObject[^>]*>(.*?)</sObject>", text, re.DOTALL)]
    return [{name: typed(call, job.table, name, value) for name, value in one.items() if name and value} for one in listed]


def _of_xml(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r"<(\w+)[^>/]*>([^<]*)</\1>", text)}


def _outcome(content: str, batch: Batch) -> Reply:
    if content == JSON:
        return _json([*batch.results])
    if content == XML:
        return _told(XML, "results", {"result": [*batch.results]})
    rows = [
        {"Id": one["id"] or "", "Success": _word(one["success"]), "Created": _word(one["created"]), "Error": _error(one)}
        for one in batch.results
    ]
    return _table(("Id", "Success", "Created", "Error"), rows)


def _error(result: Object) -> str:
    """As `CODE:message:fields --`."""
    faults = cast("list[Object]", result["errors"])
    return "".join(
        f"{one['statusCode']}:{one['message']}:{' '.join(map(str, cast('list[JsonValue]', one['fields'])))} --" for one in faults
    )


def _found(form: str, batch: Batch) -> Reply:
    """Ids of results: a query has one here."""
    identity = f"752{batch.id[3:]}"
    return _json([identity]) if form == JSON else _told(XML, "result-list", {"result": [identity]})


def _records(content: str, batch: Batch) -> Reply:
    if content == JSON:
        return _json([*batch.results])
    if content == XML:
        named: list[JsonValue] = [{name: value for name, value in one.items() if name != "attributes"} for one in batch.results]
        return _told(XML, "queryResult", {"records": named})
    if not batch.results:
        return Reply(200, content=b"Records not found for this query", headers={"Content-Type": _media(CSV)})
    columns = asked_for(batch.text)
    return _table(tuple(columns), [{name: reached(row, name) for name in columns} for row in batch.results])


def _word(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def _table(columns: tuple[str, ...], rows: Sequence[Mapping[str, JsonValue]]) -> Reply:
    out = io.StringIO()
    told = csv.DictWriter(out, columns, lineterminator="\n", quoting=csv.QUOTE_ALL)
    told.writeheader()
    told.writerows(rows)
    return Reply(200, content=out.getvalue().encode(), headers={"Content-Type": _media(CSV)})


def _media(content: str) -> str:
    """Without a character set: clients compare it as a whole."""
    return {CSV: "text/csv", JSON: "application/json"}.get(content, "application/xml")


def _json(body: JsonValue, status: int = 200) -> Reply:
    return Reply(status, content=json.dumps(body).encode(), headers={"Content-Type": _media(JSON)})


def _told(form: str, root: str, body: Object, status: int = 200) -> Reply:
    if form == JSON:
        return _json(body, status)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">{_elements(body)}</{root}>'
    return Reply(status, content=text.encode(), headers={"Content-Type": _media(XML)})


def _elements(body: Object) -> str:
    pairs = [(name, one) for name, value in body.items() for one in (value if isinstance(value, list) else [value])]
    return "".join(f"<{name}>{_elements(one) if isinstance(one, dict) else escape(_word(one))}</{name}>" for name, one in pairs)
