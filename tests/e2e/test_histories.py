"""What Temporal keeps: ids and stages, no content of items and no secret."""

from tests.e2e.world import BOT, HOOK_SECRET, SECRET, World

CANARIES = ("canary-summary", "canary-body", "canary-comment", "canary-label", "canary-title", "ann@acme.test")
SECRETS = (SECRET, HOOK_SECRET, BOT)


async def test_no_history_has_content_of_items_or_secrets(world: World) -> None:
    key, number = await world.one_pair("canary-summary", "canary-body")
    await world.ann.comment(key, "canary-comment")
    await world.on_github(number, lambda issue: issue["comments"] == 1, "the comment on GitHub")
    await world.bob.edit(number, title="canary-title", labels=["sync", "canary-label"])
    await world.in_jira(key, lambda issue: issue["summary"] == "canary-title", "summary in Jira")
    await world.quiet(1)

    histories = await world.histories()
    assert {name.partition("/")[0] for name in histories} == {"twin", "feed"}
    for name, history in histories.items():
        content = b"".join(event.SerializeToString() for event in history.events)
        assert b"fetch" in content or b"poll" in content
        found = [canary for canary in (*CANARIES, *SECRETS) if canary.encode() in content]
        assert not found, f"{name} has {found}"
