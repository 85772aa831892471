"""Questions about many items: WIQL, and the reporting revisions with their sequence of changes.

https://learn.microsoft.com/rest/api/azure/devops/wit/reporting-work-item-revisions?view=azure-devops-rest-7.1
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from pydantic import JsonValue
from starlette.responses import Response

from connectors.azure_devops import fake_links
from connectors.azure_devops.fake_call import Call, Problem, Resource, answer, bad_parameter
from connectors.azure_devops.fake_process import FIELDS
from connectors.azure_devops.fake_render import View, when
from connectors.azure_devops.fake_state import CommentRef, Object, Revision, WorkItem
from connectors.azure_devops.fake_wiql import Parser, Query, Surroundings

MOST = 20_000
LONGEST = 32_000
LARGEST_BATCH = 1000


def resources() -> list[Resource]:
    return [
        Resource("POST", "wit/wiql", wiql),
        Resource("GET", "wit/reporting/workitemrevisions", revisions),
        Resource("POST", "wit/reporting/workitemrevisions", revisions),
        Resource("GET", "wit/reporting/workItemRevisions/discussions", discussions, preview=True),
    ]


def _seen(call: Call) -> list[tuple[WorkItem, Revision]]:
    """The items as the index knows them."""
    horizon = call.organization.horizon()
    found = [(one, at) for one in call.organization.items.values() if (at := one.at(horizon))]
    return [(one, at) for one, at in found if call.project is None or one.project == call.project.name]


async def wiql(call: Call) -> Response:
    return answer(result_of(call, str(call.body.get("query") or "")))


def parsed(call: Call, text: str) -> Query:
    if not text or len(text) > LONGEST:
        raise bad_parameter(f"VS402347: The text of the query is empty or longer than {LONGEST} characters.")
    if "@project" in text.casefold() and call.project is None:
        raise bad_parameter("TF51010: The macro @project needs a project in the address.")
    around = Surroundings(call.project.name if call.project else "", call.user.combined, call.says("timePrecision"))
    return Parser(text, around).query()


def result_of(call: Call, text: str) -> Object:
    query = parsed(call, text)
    view = View(call.organization, call.base)
    everything = [(one, at) for one in call.organization.items.values() if (at := one.at(call.organization.horizon()))]
    rows = [(one, view.fields(one, at)) for one, at in everything if not at.deleted and not one.deleted]
    found = [(one, fields) for one, fields in rows if query.links or query.test(fields)]
    for definition, down in reversed(query.order):
        found.sort(key=lambda row, name=definition.reference: _sortable(row[1].get(name)), reverse=down)
    top = call.number("$top", MOST, MOST)
    if len(found) > MOST and not call.asked("$top"):
        message = f"VS402337: The number of work items returned exceeds the size limit of {MOST}. Change the query to return fewer items."
        raise Problem(400, "WorkItemTrackingQueryResultSizeLimitExceededException", message)
    shown: Object = {"queryType": query.kind, "queryResultType": "workItem" if query.links is None else "workItemLink"}
    shown |= {"asOf": when(datetime.now(UTC)), **columns_of(call, query)}
    if query.links is None:
        return {**shown, "workItems": [_reference(call, one.id) for one, _ in found[:top]]}
    relations = fake_links.answered(query.links, fake_links.links(call.organization), {one.id: fields for one, fields in found})
    return {**shown, "workItemRelations": [_addressed(call, one) for one in relations[:top]]}


def _reference(call: Call, number: JsonValue) -> Object:
    return {"id": number, "url": f"{call.base}/_apis/wit/workItems/{number}"}


def _addressed(call: Call, row: JsonValue) -> JsonValue:
    ends = row if isinstance(row, dict) else {}
    return {name: _reference(call, value["id"]) if isinstance(value, dict) else value for name, value in ends.items()}


def _sortable(value: JsonValue) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value or "").casefold())


def columns_of(call: Call, query: Query) -> Object:
    def column(reference: str) -> Object:
        return {"referenceName": reference, "name": FIELDS[reference].name, "url": f"{call.base}/_apis/wit/fields/{reference}"}

    order: list[JsonValue] = [{"field": column(one.reference), "descending": down} for one, down in query.order]
    return {"columns": [column(one.reference) for one in query.columns], **({"sortColumns": order} if order else {})}


def _token(call: Call) -> int:
    text = call.asked("continuationToken")
    if not text:
        return 0
    if call.asked("startDateTime"):
        raise Problem(400, "ConflictingParametersException", "startDateTime cannot be used together with continuationToken.")
    first = text.split(";")[0]
    if not first.isdigit():
        raise bad_parameter("The query parameter continuationToken is out of range.")
    return int(first)


async def revisions(call: Call) -> Response:
    """Each revision after the token, or only the latest of each item; a POST has the filter in its body."""
    after, start = _token(call), call.moment("startDateTime")
    given = call.payload if isinstance(call.payload, dict) else {}
    rows: list[tuple[WorkItem, Revision]] = []
    for item, latest in _seen(call):
        history = [latest] if _says(call, given, "includeLatestOnly") else item.revisions[: latest.rev]
        rows += [(item, one) for one in history if one.watermark > after and (start is None or one.at >= start)]
    deleted, types = _says(call, given, "includeDeleted"), _names(call, given, "types")
    shown = [(item, one) for item, one in rows if (deleted or not one.deleted) and (not types or item.type in types)]
    shown.sort(key=lambda row: row[1].watermark)
    size = call.number("$maxPageSize", LARGEST_BATCH, LARGEST_BATCH)
    page = shown[: max(1, size)]
    view = View(call.organization, call.base)
    names = _names(call, given, "fields")
    values = [_row(view, item, one, names) for item, one in page]
    last = page[-1] if page else None
    token = f"{last[1].watermark};{last[0].id};{last[1].rev}" if last else call.asked("continuationToken") or f"{_newest(call)};0;0"
    return answer(_batch(call, values, token, len(page) == len(shown)))


def _says(call: Call, given: Object, name: str) -> bool:
    return call.says(name) or given.get(name) is True


def _names(call: Call, given: Object, name: str) -> list[str]:
    listed = given.get(name)
    return [str(one) for one in listed] if isinstance(listed, list) else [one.strip() for one in call.asked(name).split(",") if one.strip()]


def _newest(call: Call) -> int:
    return max((one.watermark for _, one in _seen(call)), default=0)


def _row(view: View, item: WorkItem, revision: Revision, names: Sequence[str]) -> JsonValue:
    """People are `Name <mail>`; long texts are left out."""
    fields = view.fields(item, revision, combined=True)
    wanted = {one.casefold() for one in names}
    shown: Object = {
        name: value
        for name, value in fields.items()
        if (name.casefold() in wanted if wanted else FIELDS[name].type not in {"html", "history"})
    }
    return {"id": item.id, "rev": revision.rev, "fields": shown}


def _batch(call: Call, values: list[JsonValue], token: str, last: bool) -> JsonValue:
    kept = {
        name: value for name, value in call.request.query_params.items() if name.casefold() not in {"continuationtoken", "startdatetime"}
    }
    link = f"{call.base}/_apis/wit/reporting/workItemRevisions?{urlencode({**kept, 'continuationToken': token})}"
    return {"values": values, "nextLink": link, "continuationToken": token, "isLastBatch": last}


async def discussions(call: Call) -> Response:
    """Additions, edits and deletions of comments after the token."""
    after, horizon = _token(call), call.organization.horizon()
    seen = {item.id: item for item, _ in _seen(call)}
    found = [one for one in call.organization.talk if one.watermark > after and one.at <= horizon and one.item in seen]
    page = found[: max(1, call.number("$maxPageSize", LARGEST_BATCH, LARGEST_BATCH))]
    view = View(call.organization, call.base)
    values: list[JsonValue] = [
        {"id": one.item, "rev": one.rev, "fields": {"System.Id": one.item}, "commentVersionRef": _about(view, seen[one.item], one.comment)}
        for one in page
    ]
    last = page[-1] if page else None
    token = f"{last.watermark};{last.item};{last.rev}" if last else call.asked("continuationToken") or "0;0;0"
    return answer(_batch(call, values, token, len(page) == len(found)))


def _about(view: View, item: WorkItem, comment: CommentRef) -> JsonValue:
    url = f"{view.item_url(item)}/comments/{comment.id}/versions/{comment.version}"
    return {"commentId": comment.id, "version": comment.version, "url": url, **({"isDeleted": True} if comment.deleted else {})}
