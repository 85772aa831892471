"""Every call that may change something leaves its entry in the audit log."""

import json

from pydantic import JsonValue

from model.audit import AuditEntry, AuditFilter, Outcome
from model.item import ItemRef
from model.members import Role
from model.operation import Parameters
from model.plan import Conflict
from model.twin import Twin
from model.words import ConflictPolicy, ConnectionStatus, OperationKind, Side, TwinStatus
from operations.views import AuditPage, Relinked, Started
from tests.api.api_site import TOKEN, Site
from tests.api.test_api_access import PERMISSIONS, call, owned, token

SCRIPT = "replica.summary = issue.summary"


async def entries(site: Site, **wanted: str) -> tuple[AuditEntry, ...]:
    return await site.opened.store.audit.page(AuditFilter.model_validate(wanted), 1000)


def declared(site: Site, name: str) -> JsonValue:
    connections = site.content()["connections"]
    assert isinstance(connections, dict)
    return connections[name]


async def twin_with_conflict(site: Site) -> tuple[Twin, int]:
    store = site.opened.store
    twin = await store.twins.start("app-bugs", Side.LEFT, ItemRef(id="77", key="APP-77", url=""))
    assert twin
    transaction = await store.transactions.begin(twin.id, Side.LEFT)
    conflict = Conflict(target=Side.RIGHT, subject="summary", left="a", right="b", policy=ConflictPolicy.HOLD, winner=None)
    await store.conflicts.record(twin.id, transaction.id, [conflict])
    return twin, (await store.conflicts.of_twin(twin.id))[0].id


def with_trigger(site: Site, **jira: JsonValue) -> dict[str, JsonValue]:
    """What the site declares, with a trigger, and with these keys of the system Jira."""
    content = json.loads(json.dumps(site.content()))
    content["systems"]["acme-jira"] |= jira
    content["connections"]["app-bugs"]["triggers"] = [{"side": "left", "query": "project = APP"}]
    return content


async def test_every_changing_call_leaves_one_entry_with_who_and_from_where(site: Site):
    owner = await owned(site)
    await token(site, owner, Role.ADMIN)
    viewer = (await token(site, owner, Role.VIEWER)).split("_")[1]
    twin, conflict = await twin_with_conflict(site)
    pair: dict[str, JsonValue] = {"left": "APP-2", "right": "acme/app#2", "source": "left"}
    await call(site, "POST /deployment", owner, with_trigger(site))
    changed = with_trigger(site, poll="7s")
    await call(site, "POST /connections/app-bugs/copy", owner, {"name": "waiting"})
    await site.opened.store.configurations.set_status("waiting", ConnectionStatus.PENDING)
    operation = (await site.opened.store.operations.add(OperationKind.SYNC, "app-bugs", Parameters(per_minute=1), "")).id
    versions, trigger = "/connections/{name}/versions", "/connections/{name}/triggers/{side}/{trigger}"
    bulk: list[tuple[str, str, JsonValue]] = [
        (f"POST /connections/{{name}}/bulk/{kind}", f"/connections/app-bugs/bulk/{kind}", {})
        for kind in ("exalate", "sync", "unlink", "retry", "cleanup")
    ]
    calls: list[tuple[str, str, JsonValue]] = [
        ("POST /deployment", "/deployment", changed),
        ("POST /connections", "/connections", {"name": "app-tasks", "connection": declared(site, "app-bugs")}),
        ("POST /systems/{name}/check", "/systems/acme-jira/check", None),
        ("POST /connections/{name}/deactivate", "/connections/app-bugs/deactivate", None),
        ("POST /connections/{name}/activate", "/connections/app-bugs/activate", None),
        ("POST /connections/{name}/sync", "/connections/app-bugs/sync", {"item": "APP-1", "side": "left"}),
        ("POST /connections/{name}/relink", "/connections/app-bugs/relink", pair),
        ("POST /connections/{name}/accept", "/connections/waiting/accept", None),
        ("POST /connections/{name}/rename", "/connections/waiting/rename", {"name": "renamed"}),
        ("POST /connections/{name}/copy", "/connections/renamed/copy", {"name": "copied"}),
        ("POST /deployment/adopt", "/deployment/adopt", None),
        (f"POST {versions}", "/connections/app-bugs/versions", {"note": "try"}),
        (
            f"POST {versions}/{{number}}/edit",
            "/connections/app-bugs/versions/3/edit",
            {"left": {"outgoing": "replica.summary = issue.summary"}},
        ),
        (f"POST {versions}/{{number}}/publish", "/connections/app-bugs/versions/3/publish", {"why": "shorter"}),
        (f"POST {versions}/{{number}}/rollback", "/connections/app-bugs/versions/2/rollback", {"why": "longer"}),
        (f"POST {versions}", "/connections/app-bugs/versions", {"made_from": 1}),
        (f"POST {versions}/{{number}}/discard", "/connections/app-bugs/versions/5/discard", None),
        (f"POST {trigger}/deactivate", "/connections/app-bugs/triggers/left/trigger-1/deactivate", None),
        (f"POST {trigger}/activate", "/connections/app-bugs/triggers/left/trigger-1/activate", None),
        (f"POST {trigger}/dry-run", "/connections/app-bugs/triggers/left/trigger-1/dry-run", None),
        ("POST /connections/{name}/triggers/dry-run", "/connections/app-bugs/triggers/dry-run", {"side": "left", "query": "project = APP"}),
        ("POST /connections/{name}/test-runs", "/connections/app-bugs/test-runs", {"items": ["APP-1"]}),
        ("POST /connections/{name}/replays", "/connections/app-bugs/replays", {"version": 1}),
        ("POST /operations/{operation}/pause", f"/operations/{operation}/pause", None),
        ("POST /operations/{operation}/resume", f"/operations/{operation}/resume", None),
        ("POST /operations/{operation}/cancel", f"/operations/{operation}/cancel", None),
        ("POST /conflicts/{conflict}/resolve", f"/conflicts/{conflict}/resolve", {"use": "left"}),
        ("POST /conflicts/{conflict}/restore", f"/conflicts/{conflict}/restore", None),
        ("POST /twins/{twin}/resync", f"/twins/{twin.id}/resync", {"source": "left"}),
        ("POST /twins/{twin}/retry", f"/twins/{twin.id}/retry", None),
        ("POST /twins/{twin}/unlink", f"/twins/{twin.id}/unlink", {"force": True}),
        ("POST /errors/retry", "/errors/retry", {"everything": True}),
        *bulk,
        ("POST /connections/{name}/bulk/connect", "/connections/app-bugs/bulk/connect", {"csv": "APP-1,acme/app#1", "source": "left"}),
        ("POST /systems/{name}/bulk/cleanup", "/systems/acme-jira/bulk/cleanup", None),
        ("POST /members", "/members", {"name": "bob", "role": "viewer"}),
        ("POST /members/{member}/role", "/members/bob/role", {"role": "admin"}),
        ("POST /members/{member}/remove", "/members/bob/remove", None),
        ("POST /tokens", "/tokens", {"member": "viewer@acme.test"}),
        ("POST /tokens/{token}/revoke", f"/tokens/{viewer}/revoke", None),
    ]
    for route, path, payload in calls:
        before = await entries(site)
        answer = await call(site, f"{route.partition(' ')[0]} {path}", owner, payload)
        new = [one for one in await entries(site) if one not in before]
        assert answer.status < 300, (route, answer.body)
        assert [(one.who, one.address, one.outcome) for one in new] == [("ada@acme.test", "127.0.0.1", Outcome.DONE)], route
        assert new[0].subject, route
    taken = {route for route, _, _ in calls}
    assert {route for route in PERMISSIONS if not route.startswith("GET")} - taken == {
        "POST /twins/{twin}/relink",
        "DELETE /connections/{name}",
    }


async def test_taking_up_a_pair_again_is_recorded(site: Site):
    owner = await owned(site)
    done = await call(site, "POST /connections/app-bugs/relink", owner, {"left": "APP-1", "right": "acme/app#1", "source": "left"})
    twin = Relinked.model_validate_json(done.body).twin
    await site.opened.store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    await call(site, f"POST /twins/{twin.id}/relink", owner, {"source": "right"})
    assert len(await entries(site, operation="relink_twin")) == 1


async def test_calls_that_are_refused_are_recorded_and_change_nothing(site: Site):
    owner = await owned(site)
    viewer = await token(site, owner, Role.VIEWER)
    for route in PERMISSIONS:
        if route.startswith("POST") and route != "POST /deployment/adopt":
            before = await entries(site)
            await call(site, route, viewer)
            await call(site, route, owner, {"nonsense": 1})
            new = [one for one in await entries(site) if one not in before]
            assert [one.who for one in new][1:] == ["viewer@acme.test"], route
            assert all(one.outcome in {Outcome.REFUSED, Outcome.FAILED} and one.reason for one in new), (route, new)


async def test_looks_are_not_recorded(site: Site):
    owner = await owned(site)
    before = await entries(site)
    for route in PERMISSIONS:
        if route.startswith("GET"):
            await call(site, route, owner)
    await call(site, "POST /deployment?dry_run=true", owner, site.content())
    assert await entries(site) == before


async def test_a_deployment_is_recorded_thing_by_thing_without_secrets(site: Site):
    await site.post("/api/v1/deployment", site.content())
    added = await entries(site)
    assert sorted(one.subject for one in added) == ["acme-github", "acme-jira", "app-bugs", "jira-github"]
    assert {(one.who, one.operation, one.before) for one in added} == {("", "apply_deployment", None)}
    content = site.content()
    systems = content["systems"]
    assert isinstance(systems, dict)
    jira_login: dict[str, JsonValue] = {"user": "bot@acme.test", "token": TOKEN}
    github_login: dict[str, JsonValue] = {"token": TOKEN}
    systems["acme-jira"] = {"kind": "jira", "url": site.jira, "credentials": jira_login, "poll": "9s"}
    systems["acme-github"] = {"kind": "github", "url": site.github, "credentials": github_login, "webhook_secret": "canary"}
    await site.post("/api/v1/deployment", content)
    github, jira = sorted((one for one in await entries(site) if one not in added), key=lambda one: one.subject)
    assert (jira.before, jira.after) == ({"poll": 30.0}, {"poll": 9.0})
    assert (github.before, github.after) == ({"webhook_secret": None}, {"webhook_secret": "***"})
    shown = (await site.get("/api/v1/audit")).body
    assert b"canary" not in shown
    assert TOKEN.encode() not in shown


async def test_a_switch_is_recorded_with_what_was_before(site: Site):
    await site.post("/api/v1/deployment", site.content())
    await site.post("/api/v1/connections/app-bugs/deactivate")
    (entry,) = await entries(site, operation="deactivate_connection")
    assert (entry.subject, entry.before, entry.after) == (
        "app-bugs",
        {"status": "Active", "left": True, "right": True},
        {"left": False, "right": False},
    )


async def test_the_log_comes_in_pages_and_filtered(site: Site):
    await site.post("/api/v1/deployment", site.content())
    for _ in range(2):
        await site.post("/api/v1/connections/app-bugs/activate")
    first = AuditPage.model_validate_json((await site.get("/api/v1/audit?limit=4")).body)
    second = AuditPage.model_validate_json((await site.get(f"/api/v1/audit?limit=4&after={first.after}")).body)
    assert [len(first.entries), len(second.entries), second.after] == [4, 2, ""]
    numbers = [one.id for one in (*first.entries, *second.entries)]
    assert numbers == sorted(set(numbers), reverse=True)
    for query, count in (("subject=acme-jira", 1), ("operation=activate_connection", 2), ("who=ada", 0), ("since=2020-01-01", 6)):
        assert len(AuditPage.model_validate_json((await site.get(f"/api/v1/audit?{query}")).body).entries) == count, query
    assert AuditPage.model_validate_json((await site.get("/api/v1/audit?until=2020-01-01T00:00:00Z")).body).entries == ()


async def test_who_decides_a_conflict_is_who_calls(site: Site):
    owner = await owned(site)
    _, conflict = await twin_with_conflict(site)
    await call(site, f"POST /conflicts/{conflict}/resolve", owner, {"use": "left", "who": "somebody else"})
    assert (await site.opened.store.conflicts.get(conflict)).who == "ada@acme.test"
    await call(site, f"POST /conflicts/{conflict}/restore", owner, {"who": "somebody else"})
    restored = await site.opened.store.conflicts.get(conflict)
    assert (restored.who, restored.winner) == ("ada@acme.test", Side.RIGHT)
    [entry] = await entries(site, operation="restore_conflict")
    assert entry.after == {"property": "summary", "restored": "right"}


async def test_a_sync_that_began_is_recorded_with_its_item(site: Site):
    await site.post("/api/v1/deployment", site.content())
    started = Started.model_validate_json((await site.post("/api/v1/connections/app-bugs/sync", {"item": "APP-1", "side": "left"})).body)
    (entry,) = await entries(site, operation="sync_item")
    assert (entry.subject, entry.after, started.new) == ("app-bugs", {"item": "APP-1", "side": "left"}, True)


async def test_a_deletion_that_temporal_could_not_be_told_of_is_recorded_and_changes_nothing(site: Site):
    await site.post("/api/v1/deployment", site.content())
    answer = await call(site, "DELETE /connections/app-bugs")
    (entry,) = await entries(site, operation="delete_connection")
    assert (answer.status, entry.subject, entry.outcome) == (503, "app-bugs", Outcome.FAILED)
    assert (await site.get("/api/v1/connections/app-bugs")).status == 200


async def test_letting_many_pairs_go_on_is_recorded_with_what_they_are_of(site: Site):
    owner = await owned(site)
    twin, _ = await twin_with_conflict(site)
    await site.opened.store.twins.set_status(twin.id, TwinStatus.ERROR, "no option 'P0'")
    await call(site, "POST /connections/app-bugs/rename", owner, {"name": "bugs"})
    ways: tuple[JsonValue, ...] = ({"connection": "bugs"}, {"connection": "bugs", "text": "P0"}, {"everything": True}, {"twins": [twin.id]})
    for wanted in ways:
        answer = await call(site, "POST /errors/retry", owner, wanted)
        assert b'"told":1' in answer.body, answer.body
    found = [(one.subject, one.before, one.after) for one in await entries(site, operation="retry_errors")]
    assert found == [
        (twin.id, {"status": "error", "reason": "no option 'P0'"}, None),
        ("all connections", None, {"retried": "all in error"}),
        ("app-bugs", None, {"retried": "P0"}),
        ("app-bugs", None, {"retried": "all in error"}),
    ]
