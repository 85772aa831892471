"""The Import Set API: https://www.servicenow.com/docs/r/api-reference/rest-apis/c_ImportSetAPI.html.

Two staging tables with a transform map each; a map finds the record to update by the column that it coalesces on.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue
from starlette.responses import Response

from connectors.servicenow import fake_schema as schema
from connectors.servicenow import fake_write
from connectors.servicenow.fake_call import Call, Problem, answered, no_record
from connectors.servicenow.fake_render import Json
from connectors.servicenow.fake_world import named_id

IMPORT_SET = "ISET0010001"


@dataclass(frozen=True)
class TransformMap:
    name: str
    table: str
    coalesce: str
    columns: Mapping[str, str]


MAPS = {
    "imp_user": TransformMap(
        "User", "sys_user", "user_name", {"user_id": "user_name", "first_name": "first_name", "last_name": "last_name", "email": "email"}
    ),
    "u_imp_incident": TransformMap(
        "Incident", "incident", "correlation_id", {one: one for one in schema.columns_of("incident") if not one.startswith("sys_")}
    ),
}


async def insert(call: Call) -> Response:
    """201, and what became of the record."""
    known = _map(call)
    result = _transformed(call, known, await call.body())
    return answered(_set(call, [result]), 201)


async def insert_multiple(call: Call) -> Response:
    """The records are there at once; an instance says so too, but transforms them later."""
    known, wanted = _map(call), await call.body()
    records = wanted.get("records")
    if not isinstance(records, list):
        raise Problem(400, "Invalid request body", "records is a list of objects")
    for one in records:
        if isinstance(one, dict):
            _transformed(call, known, one)
    sets = {"import_set_id": named_id("sys_import_set", IMPORT_SET), "multi_import_set_id": named_id("sys_multi_import_set", IMPORT_SET)}
    return answered({**sets}, 201)


async def get(call: Call) -> Response:
    _map(call)
    found = call.world.imported.get(call.path("sys_id"))
    if found is None:
        raise no_record()
    return answered(_set(call, [dict(found)]))


def _map(call: Call) -> TransformMap:
    found = MAPS.get(call.path("table"))
    if found is None:
        raise Problem(400, f"Invalid staging table {call.path('table')}")
    return found


def _set(call: Call, results: list[JsonValue]) -> Json:
    return {"import_set": IMPORT_SET, "staging_table": call.path("table"), "result": results}


def _transformed(call: Call, known: TransformMap, wanted: Json) -> Json:
    values: Json = {target: wanted[source] for source, target in known.columns.items() if source in wanted}
    table, key = known.table, str(values.get(known.coalesce, ""))
    shown: Json = {"transform_map": known.name, "table": table, "display_name": schema.table_named(table).display}
    before = next((row for _, row in call.world.rows(table) if key and row[known.coalesce] == key), None)
    try:
        row = fake_write.made(call, table, values) if before is None else fake_write.changed(call, table, before, values)
    except Problem as problem:
        return {**shown, "status": "error", "error_message": problem.detail or problem.message}
    status = "inserted" if before is None else "updated" if row is not before else "ignored"
    link = f"{call.base}/api/now/table/{table}/{row['sys_id']}"
    shown |= {"display_value": row[schema.table_named(table).display], "record_link": link, "status": status, "sys_id": row["sys_id"]}
    call.world.imported[row["sys_id"]] = shown
    return shown
