import asyncio

import pytest
from acme_world import World
from temporalio.testing import ActivityEnvironment

from activities.access import Systems
from activities.engine import Engine
from activities.interface import ApplyRequest, FetchRequest, Outcome, TransformRequest
from activities.routing import Router
from activities.ruling import Ruling
from activities.twin import SyncActivities
from model.deployment import ConnectionDeclaration
from model.errors import BadInput
from model.version import Version
from model.words import Side, VersionStatus
from operations import deployment, twins, versions
from operations.problems import Rejected
from operations.versions import Edit, Scripts
from operations.views import Published

SHORT = "replica.summary = issue.summary\n"


@pytest.fixture
async def live(world: World) -> World:
    await deployment.apply(world.store, world.signals, world.declared(), "ann")
    world.signals.messages.clear()
    return world


async def _draft(live: World, script: str = SHORT, made_from: int | None = None) -> Version:
    drafted = await versions.draft(live.store, "app-bugs", made_from, who="ann", note="shorter")
    return await versions.edit(live.store, "app-bugs", drafted.number, Edit(left=Scripts(outgoing=script)))


async def _publish(live: World, number: int, *, anyway: bool = False) -> Published:
    return await versions.publish(live.store, live.signals, "app-bugs", number, who="bob", why="agreed", anyway=anyway)


async def _active(live: World) -> tuple[int, str]:
    connection = await live.store.configurations.connection("app-bugs")
    return connection.version, connection.configuration.left.outgoing


async def test_what_is_applied_is_a_version_with_who_and_when(live: World):
    (first,) = (await versions.listed(live.store, "app-bugs")).versions

    assert (first.number, first.status, first.made_from) == (1, VersionStatus.ACTIVE, 0)
    assert (first.created_by, first.published_by, first.note) == ("ann", "ann", "applied as declared")
    assert first.published == first.created


async def test_a_draft_changes_nothing_until_it_is_published(live: World):
    before = await _active(live)
    drafted = await _draft(live)

    assert (drafted.number, drafted.status, drafted.made_from, drafted.created_by) == (2, VersionStatus.DRAFT, 1, "ann")
    assert await _active(live) == before
    assert live.signals.messages == []

    done = await _publish(live, drafted.number)
    newest, former = (await versions.listed(live.store, "app-bugs")).versions
    assert await _active(live) == (2, SHORT)
    assert (done.version, done.former, done.warnings) == (newest, 1, ())
    assert (newest.status, newest.published_by, newest.note, former.status) == (
        VersionStatus.ACTIVE,
        "bob",
        "agreed",
        VersionStatus.ARCHIVED,
    )
    assert newest.published
    assert newest.published >= newest.created
    assert sorted(live.signals.messages) == ["connection_changed app-bugs True", "wake_feed acme-github", "wake_feed acme-jira"]


async def test_a_whole_draft_is_replaced_by_what_a_file_declares(live: World):
    drafted = await _draft(live)
    declared = ConnectionDeclaration.model_validate(
        {
            "integration": "jira-github",
            "left": {"settings": {"project": "OPS"}},
            "right": {"settings": {"repository": "acme/app"}},
            "active": False,
        }
    )
    edited = await versions.edit(
        live.store, "app-bugs", drafted.number, Edit(declared=declared, right=Scripts(incoming="issue.summary = 'x'"))
    )

    content = edited.configuration
    assert (content.left.settings, content.triggers, content.right.incoming) == ({"project": "OPS"}, (), "issue.summary = 'x'")
    assert content.left.outgoing != SHORT
    assert (await live.store.configurations.connection("app-bugs")).status == "Active"


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (Edit(left=Scripts(outgoing="def x = 1\nfoo(")), r"connections\.app-bugs\.left\.outgoing line 2 column 4: "),
        (
            Edit(
                declared=ConnectionDeclaration.model_validate(
                    {"integration": "jira-github", "left": {"settings": {"project": "NOPE"}}, "right": {}}
                )
            ),
            r"connections\.app-bugs\.right\.settings\.repository: is missing",
        ),
        (
            Edit(
                declared=ConnectionDeclaration.model_validate(
                    {
                        "integration": "jira-github",
                        "left": {"settings": {"project": "NOPE"}},
                        "right": {"settings": {"repository": "acme/app"}},
                    }
                )
            ),
            r"connections\.app-bugs\.left\.settings: ",
        ),
        (
            Edit(declared=ConnectionDeclaration.model_validate({"integration": "other", "left": {}, "right": {}})),
            r"a version stays with the integration of its connection, jira-github",
        ),
    ],
)
async def test_an_edit_is_checked_as_a_file_is_and_changes_nothing_if_anything_is_wrong(live: World, wanted: Edit, problem: str):
    drafted = await _draft(live)

    with pytest.raises(Rejected, match=problem):
        await versions.edit(live.store, "app-bugs", drafted.number, wanted)
    assert await versions.shown(live.store, "app-bugs", drafted.number) == drafted


async def test_of_two_edits_at_once_none_is_lost_silently(live: World):
    drafted = await _draft(live)
    edits = (Edit(left=Scripts(outgoing="replica.key = issue.key")), Edit(left=Scripts(incoming="issue.summary = replica.summary")))
    done = await asyncio.gather(*(versions.edit(live.store, "app-bugs", drafted.number, one) for one in edits), return_exceptions=True)

    refused = [one for one in done if isinstance(one, BadInput)]
    kept = (await versions.shown(live.store, "app-bugs", drafted.number)).configuration.left
    both = (kept.outgoing, kept.incoming) == ("replica.key = issue.key", "issue.summary = replica.summary")
    assert both != bool(refused)
    assert all("was edited meanwhile" in one.message for one in refused)


async def test_only_drafts_are_edited_published_and_discarded(live: World):
    await _publish(live, (await _draft(live)).number)

    for number, status in ((1, "Archived"), (2, "Active")):
        with pytest.raises(BadInput, match=f"version {number} of app-bugs is {status}"):
            await versions.edit(live.store, "app-bugs", number, Edit(left=Scripts(outgoing=SHORT)))
        with pytest.raises(BadInput, match=f"version {number} of connection 'app-bugs' is {status}"):
            await versions.discard(live.store, "app-bugs", number)
        with pytest.raises(BadInput, match=f"version {number} of connection 'app-bugs' is {status}"):
            await _publish(live, number)
    with pytest.raises(BadInput, match="no version 9"):
        await _publish(live, 9)


async def test_a_draft_can_be_forgotten(live: World):
    await versions.discard(live.store, "app-bugs", (await _draft(live)).number)

    assert [one.number for one in (await versions.listed(live.store, "app-bugs")).versions] == [1]


async def test_a_draft_of_what_is_no_longer_active_is_published_only_if_told_so(live: World):
    mine, theirs = await _draft(live), await _draft(live, "replica.key = issue.key")
    await _publish(live, theirs.number)

    with pytest.raises(BadInput, match="was made from version 1, and version 3 is active by now"):
        await _publish(live, mine.number)
    assert await _active(live) == (3, "replica.key = issue.key")
    await _publish(live, mine.number, anyway=True)
    assert await _active(live) == (2, SHORT)


async def test_two_who_publish_at_once_are_told_of_each_other(live: World):
    drafts = [await _draft(live), await _draft(live, "replica.key = issue.key")]
    done = await asyncio.gather(*(_publish(live, one.number) for one in drafts), return_exceptions=True)

    assert sum(isinstance(one, Published) for one in done) == 1
    assert [one.status for one in (await versions.listed(live.store, "app-bugs")).versions].count(VersionStatus.ACTIVE) == 1


async def test_a_draft_that_no_longer_fits_the_systems_is_not_published(live: World):
    drafted = await _draft(live)
    now = await live.store.configurations.deployment()
    elsewhere = now.systems["acme-github"].model_copy(update={"url": "http://127.0.0.1:1"})
    await live.store.configurations.match(now.model_copy(update={"systems": now.systems | {"acme-github": elsewhere}}))

    with pytest.raises(Rejected, match="cannot be reached"):
        await _publish(live, drafted.number)
    assert (await _active(live))[0] == 1


async def test_an_archived_version_is_published_again_as_a_new_one(live: World):
    first = await _active(live)
    await _publish(live, (await _draft(live)).number)
    done = await versions.rollback(live.store, live.signals, "app-bugs", 1, who="eve", why="")

    assert await _active(live) == (3, first[1])
    assert (done.version.made_from, done.version.published_by, done.version.note, done.former) == (1, "eve", "version 1 again", 2)
    assert [(one.number, one.status) for one in (await versions.listed(live.store, "app-bugs")).versions] == [
        (3, VersionStatus.ACTIVE),
        (2, VersionStatus.ARCHIVED),
        (1, VersionStatus.ARCHIVED),
    ]
    with pytest.raises(BadInput, match="version 3 of connection 'app-bugs' is Active; only an archived one"):
        await versions.rollback(live.store, live.signals, "app-bugs", 3, who="eve", why="")


async def test_any_two_versions_are_compared(live: World):
    long = "".join(f"replica.customKeys.k{number} = {number}\n" for number in range(100))
    drafted = await _draft(live, long)
    forth = await versions.difference(live.store, "app-bugs", drafted.number, None)
    back = await versions.difference(live.store, "app-bugs", 1, drafted.number)

    assert (forth.old, forth.new, forth.lines[0]) == (1, 2, "left.outgoing:")
    assert "  +replica.customKeys.k99 = 99" in forth.lines
    assert "  -replica.customKeys.k99 = 99" in back.lines
    assert (await versions.difference(live.store, "app-bugs", 2, 2)).lines == ()


async def test_publishing_tries_parked_twins_again(live: World):
    twin = (await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)).twin
    begun = await live.store.transactions.begin(twin.id, Side.LEFT)
    await live.store.transactions.park(begun.id, "the rule failed")
    await _publish(live, (await _draft(live)).number)

    assert f"retry {twin.id}" in live.signals.messages


async def test_what_is_published_while_temporal_is_down_is_in_effect_with_a_warning(live: World):
    live.signals.down = True
    done = await _publish(live, (await _draft(live)).number)

    assert len(done.warnings) == 1
    assert await _active(live) == (2, SHORT)


async def test_a_change_under_way_finishes_with_the_version_that_it_began_with(live: World):
    systems = Systems(live.store)
    engine = Engine(live.store, systems, Ruling(live.store.database.now), b"key", live.store.database.now)
    sync = SyncActivities(engine, Router(engine, live.signals))
    environment = ActivityEnvironment()
    started = await twins.sync(live.store, live.signals, live.systems, "app-bugs", item="APP-1", side=Side.LEFT)
    twin = started.twin.id

    fetched = await environment.run(sync.fetch, FetchRequest(twin=twin, source=Side.LEFT))
    drafted = await _draft(live, "replica.summary = 'another rule'")
    edit = Edit(right=Scripts(incoming="issue.summary = 'another rule'"))
    await _publish(live, (await versions.edit(live.store, "app-bugs", drafted.number, edit)).number)
    again = await environment.run(sync.fetch, FetchRequest(twin=twin, source=Side.LEFT))
    planned = await environment.run(sync.transform, TransformRequest(twin=twin, replica=again.replica))
    (drafted,) = [await _draft(live, "replica.summary = 'a third rule'")]
    await _publish(live, drafted.number)
    applied = await environment.run(sync.apply, ApplyRequest(twin=twin, plan=planned.plan))
    await systems.aclose()

    made = (await live.store.twins.get(twin)).right
    assert made
    assert (again.transaction, applied.outcome) == (fetched.transaction, Outcome.APPLIED)
    assert (await live.store.transactions.get(fetched.transaction)).version == 1
    assert (await (await live.systems.opened("acme-github")).connector.read(made.id)).fields["summary"] == "Checkout shows the wrong total"
