"""Many tickets at once, and the jobs that Zendesk makes of them.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-many-tickets
"""

from pydantic import JsonValue
from starlette.responses import Response

from connectors.zendesk import fake_hooks, fake_write
from connectors.zendesk.fake_call import Call, Problem, json_answer, not_found
from connectors.zendesk.fake_state import Object

MOST = 100


async def update_many(call: Call) -> Response:
    """One change for all of `ids`, or a list of tickets that each name their own."""
    call.only("admin", "agent")
    listed = call.body.get("tickets")
    batch = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    wanted = batch or [{**call.part("ticket"), "id": number} for number in _ids(call)]
    _require_few(len(wanted))
    return finished(call, [_updated(call, number, one) for number, one in enumerate(wanted)])


async def destroy_many(call: Call) -> Response:
    call.only("admin", "agent")
    numbers = _ids(call)
    _require_few(len(numbers))
    rows: list[JsonValue] = []
    for place, number in enumerate(numbers):
        ticket = call.world.tickets.get(number)
        if ticket is None or ticket.deleted is not None:
            rows.append(_failed(place, number))
            continue
        ticket.deleted, ticket.deleted_by = call.world.clock.now(), call.user.id
        call.world.touch(ticket)
        call.world.record(call.user.id, "delete ticket", ticket.id, {})
        fake_hooks.emit(call.world, ticket, "soft_deleted", {}, call.user.id)
        rows.append({"index": place, "id": number, "success": True, "status": "Deleted"})
    return finished(call, rows)


async def merge(call: Call) -> Response:
    """https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#merge-tickets-into-target-ticket"""
    call.only("admin", "agent")
    target, given = call.ticket(), call.body.get("ids")
    numbers = [one for one in given if isinstance(one, int)] if isinstance(given, list) else []
    sources = [call.world.tickets.get(one) for one in numbers]
    found = [one for one in sources if one is not None and one.deleted is None and one.status != "closed" and one is not target]
    if not found or len(found) < len(numbers) or target.status == "closed":
        raise Problem(422, {"error": "TicketMerge", "description": "Tickets that are closed, deleted or absent cannot be merged"})
    for one in found:
        said = _said(call, "source", f"This request was closed and merged into request #{target.id} {target.subject!r}.")
        fake_hooks.tell(call.world, fake_write.update(call.world, call.user, one, {"comment": said, "status": "solved"}, call.view))
        one.status, one.tags = "closed", sorted({*one.tags, "closed_by_merge"})
        call.world.touch(one)
    listed = ", ".join(f"#{one.id} {one.subject!r}" for one in found)
    said = _said(call, "target", f"Requests {listed} were closed and merged into this request.")
    wanted: Object = {
        "comment": said,
        "tags": list[JsonValue](sorted({*target.tags, *(tag for one in found for tag in one.tags)} - {"closed_by_merge"})),
    }
    fake_hooks.tell(call.world, fake_write.update(call.world, call.user, target, wanted, call.view))
    return finished(call, [{"id": target.id, "action": "update", "success": True, "status": "Updated", "index": 0}])


def _said(call: Call, which: str, text: str) -> Object:
    return {"body": str(call.body.get(f"{which}_comment") or text), "public": call.body.get(f"{which}_comment_is_public") is True}


async def list_jobs(call: Call) -> Response:
    """The newest first."""
    call.only("admin", "agent")
    return call.page("job_statuses", [*reversed(call.world.jobs.values())])


async def get_job(call: Call) -> Response:
    found = call.world.jobs.get(str(call.request.path_params["id"]))
    if found is None:
        raise not_found()
    return json_answer({"job_status": found})


def finished(call: Call, results: list[JsonValue]) -> Response:
    """Zendesk does it in the background; here it is over at once."""
    number = f"{len(call.world.jobs) + 1:032x}"
    done: Object = {"total": len(results), "progress": len(results), "results": results, "message": "Completed"}
    job: Object = {"id": number, "url": call.view.api(f"job_statuses/{number}"), "status": "completed", "job_type": "Bulk Ticket", **done}
    call.world.jobs[number] = job
    return json_answer({"job_status": job})


def _updated(call: Call, place: int, wanted: Object) -> JsonValue:
    number = wanted.get("id")
    ticket = call.world.tickets.get(number) if isinstance(number, int) else None
    if ticket is None or ticket.deleted is not None:
        return _failed(place, number)
    own: Object = {name: value for name, value in wanted.items() if name not in {"id", "additional_tags", "remove_tags"}}
    added, removed = (_tags(wanted.get(name)) for name in ("additional_tags", "remove_tags"))
    if added or removed:
        own["tags"] = list[JsonValue](sorted((set(ticket.tags) | added) - removed))
    try:
        done = fake_write.update(call.world, call.user, ticket, own, call.view)
    except Problem as problem:
        return {"index": place, "id": ticket.id, "success": False, "error": "TicketUpdateFailed", "details": str(problem)}
    fake_hooks.tell(call.world, done)
    return {"index": place, "id": ticket.id, "action": "update", "success": True, "status": "Updated"}


def _failed(place: int, number: JsonValue) -> Object:
    return {"index": place, "id": number, "success": False, "error": "TicketNotFound", "details": "Ticket not found"}


def _tags(value: JsonValue) -> set[str]:
    return {str(one).lower() for one in value} if isinstance(value, list) else set(str(value).lower().split()) if value else set()


def _ids(call: Call) -> list[int]:
    return [int(one) for one in call.query("ids").split(",") if one.isdecimal()]


def _require_few(number: int) -> None:
    if number > MOST:
        raise Problem(400, {"error": "TooManyValues", "description": f"Too many tickets, limit is {MOST}"})
