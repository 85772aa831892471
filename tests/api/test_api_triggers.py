"""Triggers over the API, with Temporal down."""

from pydantic import TypeAdapter

from operations.views import DryRun, TriggerSwitched, TriggerView
from tests.api.api_site import Site

TRIGGERS = "/api/v1/connections/app-bugs/triggers"


async def _applied(site: Site) -> None:
    content = site.content()
    connections = content["connections"]
    assert isinstance(connections, dict)
    bugs = connections["app-bugs"]
    assert isinstance(bugs, dict)
    bugs["triggers"] = [{"side": "left", "name": "labelled", "query": "labels = sync"}]
    assert (await site.post("/api/v1/deployment", content)).status == 200


async def test_triggers_are_shown_tried_and_switched(site: Site):
    await _applied(site)
    [view] = TypeAdapter(tuple[TriggerView, ...]).validate_json((await site.get(TRIGGERS)).body)
    tried = DryRun.model_validate_json((await site.post(f"{TRIGGERS}/left/labelled/dry-run")).body)
    another = DryRun.model_validate_json((await site.post(f"{TRIGGERS}/dry-run", {"side": "left", "query": "labels = none"})).body)
    off = TriggerSwitched.model_validate_json((await site.post(f"{TRIGGERS}/left/labelled/deactivate")).body)
    after = TriggerView.model_validate_json((await site.get(f"{TRIGGERS}/left/labelled")).body)
    assert (view.name, view.entity, view.active, after.active) == ("labelled", "issue", True, False)
    assert (tried.query, tried.starts, another.query) == ("labels = sync", 0, "labels = none")
    assert (off.version, off.changed, len(off.warnings)) == (2, True, 1)


async def test_a_bad_query_and_an_unknown_trigger_are_told(site: Site):
    await _applied(site)
    bad = await site.post(f"{TRIGGERS}/dry-run", {"side": "left", "query": "a === b"})
    unknown = await site.post(f"{TRIGGERS}/left/urgent/dry-run")
    other = await site.get("/api/v1/connections/nothing/triggers")
    assert (bad.status, unknown.status, other.status) == (400, 404, 404)
    assert "does not accept the query 'a === b'" in bad.body.decode()
    assert "those are labelled" in unknown.body.decode()
