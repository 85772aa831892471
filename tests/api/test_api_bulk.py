"""Bulk operations over HTTP, with Temporal down: they are recorded, and wait."""

from pydantic import JsonValue

from api.problems import ProblemDetails
from connectors.kit.http import Answer
from model.words import ItemState, OperationStatus
from operations.bulk_views import Begun, ItemPage, OperationPage, OperationView, Turned
from tests.api.api_site import Site

BULK = "/api/v1/connections/app-bugs/bulk"


async def _begun(site: Site, csv: str = "APP-1,acme/app#1\nAPP-2,acme/app#2\n") -> Begun:
    await site.post("/api/v1/deployment", site.content())
    answer = await site.post(f"{BULK}/connect", {"csv": csv, "source": "left"})
    assert answer.status == 202, answer.body
    return Begun.model_validate_json(answer.body)


def _problem(answer: Answer) -> tuple[int, str]:
    return answer.status, ProblemDetails.model_validate_json(answer.body).detail


async def test_a_bulk_operation_is_answered_with_its_resource(site: Site):
    begun = await _begun(site)
    path = f"/api/v1/operations/{begun.operation.id}"
    assert OperationView.model_validate_json((await site.get(path)).body).total == 2
    page = ItemPage.model_validate_json((await site.get(f"{path}/items?state=waiting&limit=1")).body)
    assert ([one.subject for one in page.items], page.after) == (["line 1: APP-1 ⇄ acme/app#1"], "1")
    listed = OperationPage.model_validate_json((await site.get("/api/v1/operations?connection=app-bugs&status=running")).body)
    assert [one.id for one in listed.operations] == [begun.operation.id]
    assert len(begun.warnings) == 1


async def test_it_is_paused_resumed_and_cancelled_once(site: Site):
    path = f"/api/v1/operations/{(await _begun(site)).operation.id}"
    seen: list[OperationStatus] = []
    for change in ("pause", "resume", "cancel"):
        answer = await site.post(f"{path}/{change}")
        seen.append(Turned.model_validate_json(answer.body).operation.status)
    assert seen == [OperationStatus.PAUSED, OperationStatus.RUNNING, OperationStatus.CANCELLED]
    assert OperationView.model_validate_json((await site.get(path)).body).items[ItemState.SKIPPED] == 2
    status, detail = _problem(await site.post(f"{path}/resume"))
    assert (status, detail.endswith("is cancelled; start another one")) == (400, True)


async def test_a_bad_line_is_named_and_nothing_recorded(site: Site):
    await site.post("/api/v1/deployment", site.content())
    lines = "".join(f"APP-{line},{line}\n" if line != 4711 else "APP-4711\n" for line in range(1, 5001))
    answer = await site.post(f"{BULK}/connect", {"csv": lines, "source": "left"})
    assert _problem(answer) == (400, "line 4711: there must be two items, as in APP-1,acme/app#34; it has one")
    assert OperationPage.model_validate_json((await site.get("/api/v1/operations")).body).operations == ()


async def test_every_kind_can_be_begun(site: Site):
    await site.post("/api/v1/deployment", site.content())
    query: JsonValue = {"side": "left", "query": "project = APP"}
    bodies: dict[str, dict[str, JsonValue]] = {
        "exalate": {"query": query},
        "sync": {},
        "unlink": {},
        "retry": {"per_minute": 10},
        "cleanup": {},
    }
    for kind, wanted in bodies.items():
        answer = await site.post(f"{BULK}/{kind}", wanted)
        assert (answer.status, Begun.model_validate_json(answer.body).operation.kind) == (202, kind), answer.body
    answer = await site.post("/api/v1/systems/acme-jira/bulk/cleanup")
    assert answer.status == 202
    assert len(OperationPage.model_validate_json((await site.get("/api/v1/operations")).body).operations) == 6


async def test_what_is_not_there_is_404_and_what_makes_no_sense_is_refused(site: Site):
    begun = await _begun(site)
    assert (await site.post("/api/v1/connections/nope/bulk/sync", {})).status == 404
    assert (await site.get("/api/v1/operations/nope")).status == 404
    assert (await site.post(f"{BULK}/retry", {"per_minute": 0})).status == 422
    assert _problem(await site.get(f"/api/v1/operations/{begun.operation.id}/pairs"))[0] == 400


async def test_the_pairs_of_a_clean_up_come_as_csv(site: Site):
    await site.post("/api/v1/deployment", site.content())
    await site.post("/api/v1/connections/app-bugs/relink", {"left": "APP-1", "right": "acme/app#1", "source": "left"})
    answer = await site.post(f"{BULK}/cleanup", {"item": "APP-1", "side": "left"})
    operation = Begun.model_validate_json(answer.body).operation.id
    pairs = await site.get(f"/api/v1/operations/{operation}/pairs")
    assert (pairs.headers["content-type"].split(";")[0], pairs.body.decode()) == ("text/csv", "left,right\nAPP-1,acme/app#1\n")
