from operations.predictions import Predictions
from operations.replaying import Replay
from tests.api.api_site import Site


async def test_a_test_run_answers_what_would_be_done(site: Site):
    await site.post("/api/v1/deployment", site.content())
    answer = await site.post("/api/v1/connections/app-bugs/test-runs", {"items": ["APP-1"], "side": "left"})
    found = Predictions.model_validate_json(answer.body)

    assert (answer.status, found.version, [one.item for one in found.items]) == (200, 1, ["APP-1"])
    assert found.items[0].directions[0].steps[0].kind == "create"
    assert (await site.post("/api/v1/connections/app-bugs/test-runs", {})).status == 400
    assert (await site.post("/api/v1/connections/nope/test-runs", {"items": ["APP-1"]})).status == 404


async def test_a_replay_answers_for_every_recorded_transaction(site: Site):
    await site.post("/api/v1/deployment", site.content())
    answer = await site.post("/api/v1/connections/app-bugs/replays", {"version": 1})

    assert (answer.status, Replay.model_validate_json(answer.body).transactions) == (200, ())
    assert (await site.post("/api/v1/connections/app-bugs/replays", {"version": 9})).status == 400
