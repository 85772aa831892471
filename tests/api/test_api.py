import json
from typing import cast

from pydantic import JsonValue

from api.problems import ProblemDetails
from connectors.kit.http import exchange
from model.words import Side, TwinStatus
from operations.queue import Cause, QueuePage
from operations.views import Application, ConnectionDetail, ConnectionView, Relinked, Started, Switched, SystemCheck, TwinDetail, TwinPage
from tests.api.api_site import TOKEN, Site


async def _applied(site: Site) -> Application:
    answer = await site.post("/api/v1/deployment", site.content())
    assert answer.status == 200, answer.body
    return Application.model_validate_json(answer.body)


def _problem(body: bytes) -> ProblemDetails:
    return ProblemDetails.model_validate_json(body)


async def test_a_dry_run_changes_nothing_and_an_apply_does(site: Site):
    dry = await site.post("/api/v1/deployment?dry_run=true", site.content())
    assert not Application.model_validate_json(dry.body).applied
    assert (await site.get("/api/v1/systems")).json() == []

    done = await _applied(site)
    assert [one.name for one in done.differences] == ["acme-jira", "acme-github", "jira-github", "app-bugs"]
    assert len(done.warnings) == 1
    assert len(cast("list[JsonValue]", (await site.get("/api/v1/systems")).json())) == 2


async def test_a_system_is_checked(site: Site):
    await _applied(site)
    answer = await site.post("/api/v1/systems/acme-github/check")
    found = SystemCheck.model_validate_json(answer.body)

    assert (answer.status, found.system, found.account, found.platform) == (200, "acme-github", "acme-bot", "GitHub")
    assert [(one.connection, one.side) for one in found.sides] == [("app-bugs", Side.RIGHT)]
    assert all(one.given for one in found.sides[0].permissions)
    assert TOKEN.encode() not in answer.body


async def test_a_system_that_lets_nobody_in_is_told(site: Site):
    await _applied(site)
    await exchange("POST", f"{site.github}/_fake/control", {"down": True})
    answer = await site.post("/api/v1/systems/acme-github/check")

    assert answer.status == 503
    assert "acme-github" in _problem(answer.body).detail


async def test_mistakes_are_listed_as_a_problem_document(site: Site):
    content = site.content()
    cast("dict[str, dict[str, JsonValue]]", content["systems"])["acme-jira"]["kind"] = "jirra"
    answer = await site.post("/api/v1/deployment", content)

    assert (answer.status, answer.headers["content-type"]) == (400, "application/problem+json")
    assert [one.place for one in _problem(answer.body).problems] == ["systems.acme-jira.kind"]


async def test_a_shape_error_names_the_place_and_not_the_value(site: Site):
    content = site.content()
    cast("dict[str, dict[str, JsonValue]]", content["systems"])["acme-jira"]["credentials"] = f"user:{TOKEN}"
    answer = await site.post("/api/v1/deployment", content)

    assert answer.status == 422
    assert [one.place for one in _problem(answer.body).problems] == ["systems.acme-jira.credentials"]
    assert TOKEN.encode() not in answer.body


async def test_no_answer_carries_a_secret(site: Site):
    await _applied(site)
    for path in ("/api/v1/systems", "/api/v1/connections", "/api/v1/connections/app-bugs", "/api/v1/twins", "/api/v1/queue"):
        assert TOKEN.encode() not in (await site.get(path)).body, path


async def test_a_connection_is_shown_and_switched(site: Site):
    await _applied(site)
    off = await site.post("/api/v1/connections/app-bugs/deactivate")
    shown = await site.get("/api/v1/connections/app-bugs")
    on = await site.post("/api/v1/connections/app-bugs/activate")

    assert (off.status, on.status) == (200, 200)
    assert ConnectionDetail.model_validate_json(shown.body).status == "Deactivated"
    assert Switched.model_validate_json(on.body).changed
    listed = cast("list[JsonValue]", (await site.get("/api/v1/connections")).json())
    assert [ConnectionView.model_validate(one).status for one in listed] == ["Active"]


async def test_a_sync_makes_a_twin_that_can_be_looked_at(site: Site):
    await _applied(site)
    answer = await site.post("/api/v1/connections/app-bugs/sync", {"item": "APP-1", "side": "left"})
    twin = Started.model_validate_json(answer.body).twin

    assert answer.status == 202
    assert TwinDetail.model_validate_json((await site.get(f"/api/v1/twins/{twin.id}")).body).twin == twin
    page = TwinPage.model_validate_json((await site.get("/api/v1/twins?connection=app-bugs&status=syncing&text=APP")).body)
    assert [one.id for one in page.twins] == [twin.id]
    assert TwinPage.model_validate_json((await site.get("/api/v1/twins?status=error")).body).twins == ()
    queue = QueuePage.model_validate_json((await site.get("/api/v1/queue?connection=app-bugs&stage=queued")).body)
    assert [(one.transaction.twin, one.cause, one.stuck) for one in queue.entries] == [(twin.id, Cause.TURN, False)]


async def test_items_are_paired_and_only_an_unlinked_pair_is_taken_up_again(site: Site):
    await _applied(site)
    pair: dict[str, JsonValue] = {"left": "APP-1", "right": "acme/app#1", "source": "right"}
    done = await site.post("/api/v1/connections/app-bugs/relink", pair)
    twin = Relinked.model_validate_json(done.body).twin
    live = await site.post(f"/api/v1/twins/{twin.id}/relink", {"source": "left"})
    await site.opened.store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    again = await site.post(f"/api/v1/twins/{twin.id}/relink", {"source": "left"})

    assert (done.status, live.status, again.status) == (202, 400, 202)
    assert (twin.origin, Relinked.model_validate_json(again.body).twin.origin) == (Side.RIGHT, Side.LEFT)
    assert "not unlinked" in _problem(live.body).detail


async def test_what_does_not_exist_is_404(site: Site):
    missing = (
        await site.get("/api/v1/connections/nope"),
        await site.post("/api/v1/connections/nope/activate"),
        await site.post("/api/v1/connections/nope/sync", {"item": "APP-1"}),
        await site.get("/api/v1/twins/nope"),
        await site.post("/api/v1/connections/nope/relink", {"left": "APP-1", "right": "acme/app#1", "source": "left"}),
        await site.post("/api/v1/twins/nope/relink", {"source": "left"}),
        await site.post("/api/v1/conflicts/7/resolve", {"use": "left"}),
        await site.post("/api/v1/conflicts/7/restore", {}),
        await site.post("/api/v1/systems/nope/check"),
        await site.get("/api/v1/nothing"),
    )

    assert [one.status for one in missing] == [404] * 10
    assert all(one.headers["content-type"] == "application/problem+json" for one in missing)
    assert "'nope'" in _problem(missing[0].body).detail


async def test_bad_requests_say_what_is_wrong(site: Site):
    await _applied(site)
    item = await site.post("/api/v1/connections/app-bugs/sync", {"item": "APP-999"})
    side = await site.post("/api/v1/connections/app-bugs/sync", {"item": "APP-1", "side": "top"})

    assert (item.status, "APP-999" in _problem(item.body).detail) == (400, True)
    assert (side.status, _problem(side.body).problems[0].place) == (422, "side")


async def test_health_tells_life_from_readiness(site: Site):
    live, ready = await site.get("/livez"), await site.get("/readyz")

    assert live.status == 200
    assert (ready.status, ready.json()) == (503, {"ready": False, "store": True, "temporal": False})


async def test_openapi_describes_every_path_and_its_errors(site: Site):
    document = json.loads((await site.get("/api/v1/openapi.json")).body)
    paths = [path for path in document["paths"] if path.startswith("/api/v1")]

    assert len(paths) == 71
    for path in paths:
        for operation in document["paths"][path].values():
            assert operation["responses"]["403"]["content"]["application/problem+json"], path
