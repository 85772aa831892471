import pytest
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from model.deployment import Deployment, IntegrationDeclaration
from model.errors import BadInput, Misconfigured
from model.trigger import Trigger
from model.twin import Twin
from model.words import ConflictPolicy, ConnectionStatus, Side, TwinStatus
from store import Store, tables
from tests.store.clock import Clock


def changed_rules(deployment: Deployment, outgoing: str, *, active: bool = True) -> Deployment:
    connection = deployment.connections["support"]
    left = connection.left.model_copy(update={"outgoing": outgoing})
    triggers = (Trigger(side=Side.LEFT, query="project = ACME"),)
    changed = connection.model_copy(update={"left": left, "triggers": triggers, "active": active})
    return deployment.model_copy(update={"connections": {"support": changed}})


async def test_what_was_declared_is_configured(store: Store, acme: Deployment) -> None:
    assert [system.id for system in await store.configurations.systems()] == ["acme-github", "acme-jira"]
    jira = await store.configurations.system("acme-jira")
    assert (jira.kind, jira.url, jira.has_webhook_secret) == ("jira", "https://jira.acme.example", True)
    (connection,) = await store.configurations.connections()
    assert (connection.id, connection.status, connection.version) == ("support", ConnectionStatus.ACTIVE, 1)
    assert connection.configuration.left.outgoing == acme.connections["support"].left.outgoing
    assert await store.configurations.connection("support") == connection
    assert await store.configurations.connections_of("acme-github") == (connection,)
    assert await store.configurations.connections_of("other") == ()


async def test_the_deployment_reads_back_as_declared(store: Store, acme: Deployment) -> None:
    connection = acme.connections["support"].model_copy(update={"conflicts": {"default": ConflictPolicy.LATEST}})
    assert await store.configurations.deployment() == acme.model_copy(update={"connections": {"support": connection}})


async def test_nothing_configured_is_an_empty_deployment(empty: Store) -> None:
    assert await empty.configurations.deployment() == Deployment()


async def test_an_equal_declaration_makes_no_version(store: Store, acme: Deployment) -> None:
    await store.configurations.match(acme)
    await store.configurations.match(await store.configurations.deployment())
    assert (await store.configurations.connection("support")).version == 1


async def test_changed_rules_make_a_version_and_archive_the_former(store: Store, acme: Deployment) -> None:
    await store.configurations.match(changed_rules(acme, "replica.key = issue.key"))
    connection = await store.configurations.connection("support")
    assert (connection.version, connection.configuration.left.outgoing) == (2, "replica.key = issue.key")
    assert connection.configuration.triggers == (Trigger(side=Side.LEFT, query="project = ACME"),)
    assert (await store.configurations.configuration("support", 1)).left.outgoing == "replica.summary = issue.summary"


@pytest.mark.databases
async def test_a_connection_has_one_active_version_with_its_triggers(store: Store, acme: Deployment) -> None:
    await store.configurations.match(changed_rules(acme, "replica.key = issue.key"))
    async with store.database.reading() as session:
        versions = await session.exec(select(tables.Version.number, tables.Version.status).order_by(col(tables.Version.number)))
        assert versions.all() == [(1, "Archived"), (2, "Active")]
        triggers = await session.exec(select(tables.Trigger.version, tables.Trigger.side, tables.Trigger.query))
        assert triggers.all() == [(2, "left", "project = ACME")]


async def test_absence_deletes_nothing(store: Store) -> None:
    await store.configurations.match(Deployment())
    assert len(await store.configurations.systems()) == 2
    assert len(await store.configurations.connections()) == 1


@pytest.mark.parametrize(
    ("before", "active", "after"),
    [
        (ConnectionStatus.ACTIVE, False, ConnectionStatus.DEACTIVATED),
        (ConnectionStatus.DEACTIVATED, True, ConnectionStatus.ACTIVE),
        (ConnectionStatus.ERROR, True, ConnectionStatus.ACTIVE),
        (ConnectionStatus.ERROR, False, ConnectionStatus.DEACTIVATED),
        (ConnectionStatus.PENDING, True, ConnectionStatus.ACTIVE),
    ],
)
async def test_the_declaration_says_whether_it_is_active(
    store: Store, acme: Deployment, before: ConnectionStatus, active: bool, after: ConnectionStatus
) -> None:
    await store.configurations.set_status("support", before, "a reason")
    await store.configurations.match(changed_rules(acme, "", active=active))
    connection = await store.configurations.connection("support")
    assert (connection.status, connection.reason) == (after, "")


@pytest.mark.databases
async def test_credentials_are_stored_encrypted_and_bound_to_their_row(store: Store) -> None:
    assert await store.configurations.credentials("acme-jira") == {"token": "canary-token"}
    assert await store.configurations.webhook_secret("acme-jira") == "s3"
    assert await store.configurations.credentials("acme-github") == {}
    assert await store.configurations.webhook_secret("acme-github") == ""
    async with store.database.writing() as session:
        jira = await session.get_one(tables.System, "acme-jira")
        github = await session.get_one(tables.System, "acme-github")
        assert "canary" not in jira.model_dump_json()
        github.credentials = jira.credentials
    with pytest.raises(Misconfigured, match="acme-github"):
        await store.configurations.credentials("acme-github")


@pytest.mark.parametrize(("moved_to", "left"), [("https://jira.acme.example", {"token": "canary-token"}), ("https://evil.example", {})])
async def test_credentials_stay_unless_the_url_changes(store: Store, acme: Deployment, moved_to: str, left: dict[str, str]) -> None:
    jira = acme.systems["acme-jira"].model_copy(update={"credentials": {}, "webhook_secret": None, "url": moved_to})
    await store.configurations.match(acme.model_copy(update={"systems": {"acme-jira": jira}}))
    assert await store.configurations.credentials("acme-jira") == left
    assert await store.configurations.webhook_secret("acme-jira") == "s3"


async def test_given_credentials_replace_the_stored_ones(store: Store, acme: Deployment) -> None:
    jira = acme.systems["acme-jira"].model_copy(update={"credentials": {"password": SecretStr("new")}, "url": "https://new.example"})
    await store.configurations.match(acme.model_copy(update={"systems": {"acme-jira": jira}}))
    assert await store.configurations.credentials("acme-jira") == {"password": "new"}


async def test_unknown_names_are_answered_with_the_known_ones(store: Store) -> None:
    with pytest.raises(BadInput, match="'acme-github', 'acme-jira'"):
        await store.configurations.system("acme")
    for asked in (store.configurations.connection("acme"), store.configurations.set_status("acme", ConnectionStatus.ACTIVE)):
        with pytest.raises(BadInput, match="connections: 'support'"):
            await asked
    with pytest.raises(BadInput, match="no version 7"):
        await store.configurations.configuration("support", 7)


async def test_a_declaration_that_refers_to_nothing_changes_nothing(store: Store, acme: Deployment) -> None:
    connection = acme.connections["support"].model_copy(update={"integration": "nowhere"})
    with pytest.raises(BadInput, match="integration 'nowhere'"):
        await store.configurations.match(changed_rules(acme, "new").model_copy(update={"connections": {"support": connection}}))
    with pytest.raises(BadInput, match="system 'nowhere'"):
        await store.configurations.match(Deployment(integrations={"acme": IntegrationDeclaration(left="acme-jira", right="nowhere")}))
    with pytest.raises(BadInput, match="workspace: default"):
        await store.configurations.match(acme.model_copy(update={"workspace": "other"}))
    ruleless = acme.connections["support"].left.model_copy(update={"incoming": None})
    connection = acme.connections["support"].model_copy(update={"left": ruleless})
    with pytest.raises(BadInput, match="no rules for its left side"):
        await store.configurations.match(acme.model_copy(update={"connections": {"support": connection}}))
    assert (await store.configurations.connection("support")).integration == "acme"


async def test_a_connection_moves_to_other_systems_only_without_live_twins(store: Store, acme: Deployment, twin: Twin) -> None:
    turned = Deployment(integrations={"acme": IntegrationDeclaration(left="acme-github", right="acme-jira")})
    with pytest.raises(BadInput, match="'support' has 1 twins"):
        await store.configurations.match(turned.model_copy(update={"connections": changed_rules(acme, "new").connections}))
    with pytest.raises(BadInput, match="no version 2"):
        await store.configurations.configuration("support", 2)
    await store.twins.set_status(twin.id, TwinStatus.UNLINKED)
    await store.configurations.match(turned)
    assert (await store.configurations.connection("support")).left_system == "acme-github"


async def test_a_status_is_set_once(store: Store) -> None:
    assert await store.configurations.set_status("support", ConnectionStatus.ERROR, "login rejected")
    assert not await store.configurations.set_status("support", ConnectionStatus.ERROR, "again")
    assert (await store.configurations.connection("support")).reason == "login rejected"


async def test_since_when_it_is_in_error_is_known_while_it_is(store: Store, clock: Clock) -> None:
    for fail in (
        store.configurations.set_status("support", ConnectionStatus.ERROR),
        store.configurations.fail_system("acme-github", "gone"),
    ):
        clock.tick()
        began = clock()
        await fail
        clock.tick()
        assert (await store.configurations.connection("support")).since == began
        await store.lifecycles.switch("support", Side, active=True)
        assert (await store.configurations.connection("support")).since is None


async def test_a_failing_system_fails_its_active_connections(store: Store, acme: Deployment) -> None:
    sleeping = acme.connections["support"].model_copy(update={"active": False})
    await store.configurations.match(acme.model_copy(update={"connections": {"sleeping": sleeping}}))
    assert await store.configurations.fail_system("acme-github", "gone") == ("support",)
    assert await store.configurations.fail_system("acme-github", "gone") == ()
    statuses = [connection.status for connection in await store.configurations.connections()]
    assert statuses == [ConnectionStatus.DEACTIVATED, ConnectionStatus.ERROR]


async def test_script_failures_count_per_version_and_transaction(store: Store) -> None:
    count = store.configurations.count_script_failure
    assert [await count("support", 1), await count("support", 1), await count("support", 2)] == [1, 2, 1]
    assert [await count("support", 2, 7), await count("support", 2, 7), await count("support", 2, 8)] == [2, 2, 3]
    await store.configurations.clear_script_failures("support")
    await store.configurations.clear_script_failures("support")
    assert await count("support", 1) == 1


async def test_a_failed_declaration_leaves_systems_and_versions_as_they_were(store: Store, acme: Deployment) -> None:
    broken = changed_rules(acme, "new").model_copy(update={"integrations": {"more": IntegrationDeclaration(left="acme-jira", right="x")}})
    moved = broken.model_copy(update={"systems": {"acme-jira": acme.systems["acme-github"]}})
    before = await store.configurations.deployment()
    with pytest.raises(BadInput, match="system 'x'"):
        await store.configurations.match(moved)
    assert await store.configurations.deployment() == before


async def test_an_empty_webhook_secret_takes_the_stored_one_away(store: Store, acme: Deployment) -> None:
    jira = acme.systems["acme-jira"].model_copy(update={"webhook_secret": SecretStr("")})
    await store.configurations.match(acme.model_copy(update={"systems": {"acme-jira": jira}}))
    assert await store.configurations.webhook_secret("acme-jira") == ""
    assert not (await store.configurations.system("acme-jira")).has_webhook_secret


async def test_a_reason_is_stored_without_nul(store: Store) -> None:
    await store.configurations.set_status("support", ConnectionStatus.ERROR, "login\0 rejected")
    assert (await store.configurations.connection("support")).reason == "login rejected"


async def test_failures_of_an_unknown_connection_are_not_counted(store: Store) -> None:
    with pytest.raises(IntegrityError):
        await store.configurations.count_script_failure("nowhere", 1)


async def test_what_is_done_to_an_answer_is_not_done_to_the_store(store: Store) -> None:
    (await store.configurations.credentials("acme-jira")).clear()
    assert await store.configurations.credentials("acme-jira") == {"token": "canary-token"}
