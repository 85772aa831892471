"""What incoming rules write by `httpClient`: once for a change, whatever breaks on the way."""

from typing import cast

from connectors import declaration
from model.deployment import SideDeclaration
from model.item import Fields
from model.words import IntentStatus, TwinStatus
from tests.e2e.world import BOT, World, eventually

STORED = """\
issue.typeName = "Task"
issue.summary = replica.summary
if (firstSync) {
    store(issue)
    def made = httpClient.post("/rest/api/3/issue/${issue.key}/comment", CONTENT)
    httpClient.put("/rest/api/3/issue/${issue.key}", [fields: [description: null, labels: ["made-" + made.id]]])
}
"""
EVERY_TIME = """\
issue.summary = replica.summary
if (!firstSync) {
    def made = httpClient.http("POST", "/rest/api/3/issue/${issue.key}/comment", CONTENT, null, null) { req, res -> res.code }
    issue.labels = ["made-" + made]
}
"""
CONTENT = (
    '{"body": {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "By the rule."}]}]}}'
)


def _jira(incoming: str, outgoing: str = "replica.summary = issue.summary") -> SideDeclaration:
    return SideDeclaration(settings={"project": "APP"}, outgoing=outgoing, incoming=incoming.replace("CONTENT", f"'{CONTENT}'"))


def _github() -> SideDeclaration:
    return SideDeclaration(
        settings={"repository": "acme/app"}, outgoing=declaration("github").outgoing, incoming="issue.summary = replica.summary"
    )


async def test_a_rule_stores_its_item_and_writes_to_it(world: World) -> None:
    number = await world.bob.create("Wheel", labels=("sync",))
    await world.configure(world.deployment(left=_jira(STORED), right=_github()))
    await world.start_worker()
    key = await world.key_of(number)
    await world.in_jira(key, lambda issue: bool(issue["labels"]), "a label")
    await world.quiet(1)
    assert await world.ann.comments(key) == ["By the rule."]
    assert await world.jira.writes(BOT) == 3
    await world.bob.edit(number, title="Spare wheel")
    await world.in_jira(key, lambda issue: issue["summary"] == "Spare wheel", "the new title")
    await world.quiet(1)
    assert await world.ann.comments(key) == ["By the rule."]
    assert await world.ann.search('project = APP AND summary ~ "wheel"') == [key]


async def test_a_rule_makes_the_version_that_is_missing(world: World) -> None:
    incoming = """issue.summary = replica.summary
issue.fixVersions = [nodeHelper.createVersion(issue, replica.labels.find { it.label.startsWith("v") }.label, "made")]"""
    numbers = [await world.bob.create(title, labels=("sync", "v7")) for title in ("Wheel", "Cart")]
    await world.configure(world.deployment(left=_jira(incoming), right=_github()))
    await world.start_worker()
    for number in numbers:
        issue = await world.ann.see(await world.key_of(number))
        assert [one["name"] for one in cast("list[Fields]", issue["fixVersions"])] == ["v7"]
    await world.quiet(2)
    assert await world.jira.writes(BOT) == 3


async def test_a_rule_that_is_run_again_has_its_answer(world: World) -> None:
    number = await world.bob.create("Rope", labels=("sync",))
    await world.configure(world.deployment(left=_jira(EVERY_TIME), right=_github()))
    await world.start_worker()
    key = await world.key_of(number)
    await world.quiet(1)
    assert await world.ann.comments(key) == []
    for title in ("Long rope", "Longer rope"):
        await world.bob.edit(number, title=title)
        await world.in_jira(key, lambda issue, title=title: issue["summary"] == title, "the new title")
        await world.quiet(1)
    assert await world.ann.comments(key) == ["By the rule."] * 2
    assert (await world.ann.see(key))["labels"] == ["made-201"]


async def test_a_lost_answer_parks_the_pair_and_the_call_is_not_repeated(world: World) -> None:
    number = await world.bob.create("Rope", labels=("sync",))
    await world.configure(world.deployment(left=_jira(EVERY_TIME), right=_github()))
    await world.start_worker()
    key = await world.key_of(number)
    await world.quiet(1)
    await world.jira.set(lose_response=1)
    await world.bob.edit(number, title="Long rope")

    async def reason() -> str:
        return next((twin.reason for twin in await world.twins() if twin.status is TwinStatus.ERROR), "")

    said = await eventually(reason, bool, "a parked twin")
    assert "was lost" in said
    assert f"POST /rest/api/3/issue/{key}/comment" in said
    [twin] = await world.twins()
    await world.signals.retry(twin, await world.store.configurations.connection(world.connection))
    await world.in_jira(key, lambda issue: issue["summary"] == "Long rope", "the new title")
    await world.quiet(1)
    assert await world.ann.comments(key) == ["By the rule."]
    assert (await world.ann.see(key))["labels"] == ["made-0"]
    calls = [one for one in await world.store.journal.of_twin(twin.id) if one.step.kind == "call"]
    assert [(one.status, one.sends) for one in calls] == [(IntentStatus.APPLIED, 1)]


async def test_a_lost_answer_to_what_may_be_repeated_heals_by_itself(world: World) -> None:
    put = """if (!firstSync) httpClient.put("/rest/api/3/issue/${issue.key}", [fields: [labels: ["put"]]])"""
    number = await world.bob.create("Rope", labels=("sync",))
    await world.configure(world.deployment(left=_jira(f"issue.summary = replica.summary\n{put}"), right=_github()))
    await world.start_worker()
    key = await world.key_of(number)
    await world.quiet(1)
    await world.jira.set(lose_response=1)
    await world.bob.edit(number, title="Long rope")
    issue = await world.in_jira(key, lambda issue: issue["summary"] == "Long rope", "the new title")
    assert issue["labels"] == ["put"]


async def test_a_refusal_reaches_the_rule(world: World) -> None:
    incoming = EVERY_TIME.replace("${issue.key}", "APP-99999")
    number = await world.bob.create("Rope", labels=("sync",))
    await world.configure(world.deployment(left=_jira(incoming), right=_github()))
    await world.start_worker()
    key = await world.key_of(number)
    await world.quiet(1)
    await world.bob.edit(number, title="Long rope")
    issue = await world.in_jira(key, lambda issue: issue["summary"] == "Long rope", "the new title")
    assert issue["labels"] == ["made-404"]


async def test_an_outgoing_rule_does_not_write(world: World) -> None:
    outgoing = 'replica.summary = issue.summary\nhttpClient.post("/rest/api/3/issueLink", "{}")'
    key = await world.ann.create("APP", "Anvil", labels=("sync",))
    before = await world.jira.writes(BOT)
    await world.configure(world.deployment(left=_jira("issue.summary = replica.summary", outgoing)))
    await world.start_worker()

    async def reason() -> str:
        return next((twin.reason for twin in await world.twins() if twin.left and twin.left.key == key), "")

    said = await eventually(reason, lambda text: "httpClient" in text, "a parked twin")
    assert "line 2" in said
    assert "httpClient writes in incoming rules only" in said
    assert await world.jira.writes(BOT) == before
