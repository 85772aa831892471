"""`POST /composite/tree/{object}`: records with their children, all of them or none.

https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobject_tree.htm
"""

from dataclasses import dataclass, field, replace
from typing import cast

from pydantic import JsonValue

from connectors.salesforce import fake_records
from connectors.salesforce.fake_call import Call, Problem, Reply
from connectors.salesforce.fake_schema import Object, Table, child_of
from connectors.salesforce.fake_world import Stored

MOST_RECORDS, DEEPEST = 200, 5


@dataclass
class _Grown:
    """What became of the records of one call."""

    call: Call
    made: list[JsonValue] = field(default_factory=list[JsonValue])
    failed: list[JsonValue] = field(default_factory=list[JsonValue])


async def planted(call: Call) -> Reply:
    listed = call.body.get("records")
    whole = call.world.table(call.path[2])
    if whole is None:
        raise Problem(404, "NOT_FOUND", "The requested resource does not exist")
    if not isinstance(listed, list):
        raise Problem(400, "JSON_PARSER_ERROR", "records is missing")
    restore, grown = call.world.kept(), _Grown(call)
    for one in cast("list[Object]", listed):
        _grow(grown, whole, one, {}, 1)
    if len(grown.made) + len(grown.failed) > MOST_RECORDS:
        restore()
        raise Problem(400, "LIMIT_EXCEEDED", f"A tree has at most {MOST_RECORDS} records")
    if grown.failed:
        restore()
        return Reply(400, {"hasErrors": True, "results": grown.failed})
    return Reply(201, {"hasErrors": False, "results": grown.made})


def _grow(grown: _Grown, whole: Table, record: Object, above: Object, depth: int) -> None:
    """The record, then its children with its id in `above`; children of a record that failed are left out."""
    if depth > DEEPEST:
        raise Problem(400, "LIMIT_EXCEEDED", f"A tree is at most {DEEPEST} levels deep")
    attributes = cast("Object", record.get("attributes") or {})
    name = str(attributes.get("referenceId") or "")
    below = {key: value for key, value in record.items() if isinstance(value, dict) and "records" in value}
    own: Object = {key: value for key, value in record.items() if key not in below and key != "attributes"}
    try:
        stored = _made(grown.call, whole, attributes, {**own, **above})
    except Problem as problem:
        fault: Object = {"statusCode": problem.code, "message": problem.message, "fields": [*(problem.fields or ())]}
        grown.failed.append({"referenceId": name, "errors": [fault]})
        return
    grown.made.append({"referenceId": name, "id": stored.id})
    for key, value in below.items():
        relation = child_of(whole, key)
        child = grown.call.world.table(relation.table) if relation else None
        if relation is None or child is None:
            raise Problem(400, "INVALID_FIELD", f"No such column '{key}' on sobject of type {whole.name}")
        for one in cast("list[Object]", cast("Object", value)["records"]):
            _grow(grown, child, one, {relation.field: stored.id}, depth + 1)


def _made(call: Call, whole: Table, attributes: Object, values: Object) -> Stored:
    if str(attributes.get("type", "")).casefold() != whole.name.casefold() or not attributes.get("referenceId"):
        raise Problem(400, "INVALID_INPUT", "Include a type and a reference ID in the attributes of each record", ())
    return fake_records.made(replace(call, path=("sobjects", whole.name)), values)
