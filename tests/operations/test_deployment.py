import pytest
from acme_world import SECRET, World
from pydantic import JsonValue

from connectors import declaration
from model.words import ConnectionStatus, Side
from operations.deployment import apply, preview
from operations.problems import Rejected
from operations.twins import sync
from operations.views import Application


def _lines(application: Application) -> list[str]:
    return [line for difference in application.differences for line in difference.lines]


async def test_preview_tells_everything_and_changes_nothing(world: World):
    told = await preview(world.store, world.declared())

    assert not told.applied
    assert _lines(told)[0] == "+ system acme-jira"
    assert "+ connection app-bugs" in _lines(told)
    assert await world.store.configurations.systems() == ()


async def test_apply_configures_and_wakes(world: World):
    done = await apply(world.store, world.signals, world.declared())

    connection = await world.store.configurations.connection("app-bugs")
    assert done.applied
    assert connection.status is ConnectionStatus.ACTIVE
    assert sorted(world.signals.messages) == ["connection_changed app-bugs True", "wake_feed acme-github", "wake_feed acme-jira"]


async def test_rules_that_are_left_out_are_the_connectors_own(world: World):
    await apply(world.store, world.signals, world.declared())

    configuration = (await world.store.configurations.connection("app-bugs")).configuration
    assert configuration.left.outgoing == declaration("jira").outgoing
    assert configuration.left.incoming == declaration("jira").incoming
    assert configuration.right.incoming == declaration("github").incoming


async def test_applying_twice_changes_nothing(world: World):
    await apply(world.store, world.signals, world.declared())
    again = await apply(world.store, world.signals, world.declared())

    assert again.differences == ()
    assert (await world.store.configurations.connection("app-bugs")).version == 1


async def test_a_changed_rule_shows_its_lines_and_makes_a_version(world: World):
    await apply(world.store, world.signals, world.declared())
    done = await apply(
        world.store, world.signals, world.declared(("connections.app-bugs.left.incoming", "issue.summary = replica.summary\n"))
    )

    assert "      -issue.description = replica.description" in _lines(done)
    assert (await world.store.configurations.connection("app-bugs")).version == 2


async def test_who_is_who_belongs_to_the_version(world: World):
    users: JsonValue = [{"left": ["ann@acme.test", "ann"], "right": "ann-gh"}, {"left": "bob", "right": "bob-gh"}]
    await apply(world.store, world.signals, world.declared(("connections.app-bugs.users", users)))
    again = await apply(world.store, world.signals, world.declared(("connections.app-bugs.users", users)))
    done = await apply(world.store, world.signals, world.declared(("connections.app-bugs.users", users[:1])))

    connection = await world.store.configurations.connection("app-bugs")
    before = await world.store.configurations.configuration("app-bugs", 1)
    assert again.differences == ()
    assert "    user - bob = bob-gh" in _lines(done)
    assert [one.right for one in before.users] == [("ann-gh",), ("bob-gh",)]
    assert [one.left for one in connection.configuration.users] == [("ann@acme.test", "ann")]


async def test_secrets_are_in_no_difference(world: World):
    told = await apply(world.store, world.signals, world.declared())
    rotated = await preview(world.store, world.declared(("systems.acme-jira.webhook_secret", "another-secret-4712")))

    assert _lines(rotated) == ["~ system acme-jira", "    webhook_secret changes"]
    assert SECRET not in told.model_dump_json()
    assert "4712" not in rotated.model_dump_json()


async def test_credentials_that_are_left_out_stay_while_the_url_does(world: World):
    await apply(world.store, world.signals, world.declared())
    kept = await apply(world.store, world.signals, world.declared(("systems.acme-github.credentials", None)))

    assert kept.differences == ()
    with pytest.raises(Rejected, match=r"systems\.acme-github\.credentials: give token, or app_id and private_key"):
        await apply(
            world.store,
            world.signals,
            world.declared(("systems.acme-github.credentials", None), ("systems.acme-github.url", world.jira)),
        )


async def test_unreachable_temporal_is_a_warning(world: World):
    world.signals.down = True
    done = await apply(world.store, world.signals, world.declared())

    assert len(done.warnings) == 1
    assert "Temporal" in done.warnings[0]
    assert (await world.store.configurations.connection("app-bugs")).status is ConnectionStatus.ACTIVE


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        ("systems.acme-jira.kind", "jirra", "systems.acme-jira.kind: there is no kind 'jirra'; known are "),
        ("systems.acme-jira.url", "acme", "systems.acme-jira.url: 'acme' is not a web address"),
        ("systems.acme-jira.url", "http://127.0.0.1:1", "systems.acme-jira: acme-jira cannot be reached at http://127.0.0.1:1"),
        ("systems.acme-jira.url", "http://bot:pass@127.0.0.1", "systems.acme-jira.url: holds a login"),
        ("systems.acme-jira.credentials", {"user": "u", "tokn": "t"}, "systems.acme-jira.credentials.tokn: is not known here"),
        ("systems.acme-github.credentials", {"token": "wrong"}, "systems.acme-github: acme-github"),
        ("integrations.jira-github.left", "acme-jra", "integrations.jira-github.left: there is no system 'acme-jra'; declared are "),
        ("connections.app-bugs.integration", "nothing", "connections.app-bugs.integration: there is no integration 'nothing'"),
        ("connections.app-bugs.left.settings", {"project": "NOPE"}, "connections.app-bugs.left.settings: "),
        ("connections.app-bugs.right.settings", {"repo": "a/b"}, "connections.app-bugs.right.settings.repo: is not known here"),
        ("connections.app-bugs.left.incoming", "def x = 1\nfoo(", "connections.app-bugs.left.incoming line 2 column 4: "),
        ("connections.app-bugs.triggers", [{"side": "left", "query": "a === b"}], "connections.app-bugs.triggers.0.query: "),
    ],
)
async def test_each_mistake_is_told_with_its_place_and_nothing_is_applied(world: World, place: str, value: JsonValue, problem: str):
    with pytest.raises(Rejected) as rejected:
        await apply(world.store, world.signals, world.declared((place, value)))

    assert any(str(one).startswith(problem) for one in rejected.value.problems), rejected.value.problems
    assert await world.store.configurations.systems() == ()
    assert world.signals.messages == []


async def test_all_mistakes_are_told_at_once(world: World):
    with pytest.raises(Rejected) as rejected:
        await preview(
            world.store,
            world.declared(
                ("systems.acme-github.credentials", {"token": "wrong"}),
                ("connections.app-bugs.left.settings", {"project": "NOPE"}),
                ("connections.app-bugs.right.outgoing", "replica.key = ("),
            ),
        )

    places = [problem.place for problem in rejected.value.problems]
    assert places == ["connections.app-bugs.right.outgoing line 1 column 15", "connections.app-bugs.left.settings", "systems.acme-github"]


async def test_another_workspace_is_refused(world: World):
    await apply(world.store, world.signals, world.declared())

    with pytest.raises(Rejected, match="this deployment holds workspace 'acme'"):
        await preview(world.store, world.declared(("workspace", "beta")))


async def test_a_connection_with_twins_does_not_move_to_other_systems(world: World):
    await apply(world.store, world.signals, world.declared())
    await sync(world.store, world.signals, world.systems, "app-bugs", item="APP-1", side=Side.LEFT)

    turned: JsonValue = {"left": "acme-github", "right": "acme-jira"}
    with pytest.raises(Rejected, match=r"connections\.app-bugs: has twins of acme-jira ⇄ acme-github"):
        await preview(world.store, world.declared(("integrations.jira-github", turned)))


async def test_an_unchanged_deployment_asks_no_system(world: World):
    await apply(world.store, world.signals, world.declared())
    quiet = world.declared(("connections.app-bugs.active", False))

    assert _lines(await preview(world.store, quiet)) == ["~ connection app-bugs", "    status: Active → Deactivated"]
