"""Comments and rich text travel both ways and stay what they are."""

from pydantic import JsonValue

from tests.e2e.bare_jira import BareJira
from tests.e2e.world import BOT, World, eventually


async def test_comments_travel_with_their_author_and_follow_edits_and_deletion(world: World) -> None:
    key, number = await world.one_pair("Trap fails")

    by_ann = await world.ann.comment(key, "It shuts too *late*.")
    by_bob = await world.bob.comment(number, "Not here.")
    on_github = ["Not here.", "Ann Archer commented: \nIt shuts too *late*."]
    in_jira = ["It shuts too *late*.", "bob commented: \nNot here."]
    await _comments(world, key, number, in_jira, on_github)

    await world.ann.edit_comment(key, by_ann, "It shuts too early.")
    await world.bob.edit_comment(by_bob, "Here too.")
    in_jira = ["It shuts too early.", "bob commented: \nHere too."]
    on_github = ["Ann Archer commented: \nIt shuts too early.", "Here too."]
    await _comments(world, key, number, in_jira, on_github)

    await world.ann.delete_comment(key, by_ann)
    await world.bob.delete_comment(by_bob)
    await _comments(world, key, number, [], [])
    await world.quiet(1)


async def test_an_edited_copy_changes_the_original(world: World) -> None:
    key, number = await world.one_pair("Paint tunnel is solid")
    await world.ann.comment(key, "Red paint.")
    await _comments(world, key, number, ["Red paint."], ["Ann Archer commented: \nRed paint."])
    await world.quiet(1)

    copy = await world.comment_id(number)
    await world.bob.edit_comment(copy, "Ann Archer commented: \nBlack paint.")
    await _comments(world, key, number, ["Black paint."], ["Ann Archer commented: \nBlack paint."])
    await world.quiet(1)
    writes = await world.bot_writes()
    await world.polled(4)
    assert await world.bot_writes() == writes


async def _comments(world: World, key: str, number: int, in_jira: list[str], on_github: list[str]) -> None:
    async def look() -> tuple[list[str], list[str]]:
        seen = [_plain(one) for one in await world.bob.comments(number)]
        return sorted(_plain(one) for one in await world.ann.comments(key)), sorted(seen)

    await eventually(look, lambda seen: seen == (sorted(map(_plain, in_jira)), sorted(map(_plain, on_github))), "comments on both sides")


def _plain(body: str) -> str:
    """Without the hidden marker and the platforms' ways of breaking a line."""
    text = body.partition("<!--")[0]
    return " ".join(text.replace("\\\n", "\n").split())


def _node(kind: str, *content: JsonValue, **attributes: JsonValue) -> dict[str, JsonValue]:
    return {"type": kind, **({"attrs": dict(attributes)} if attributes else {}), **({"content": list(content)} if content else {})}


def _text(words: str) -> dict[str, JsonValue]:
    return {"type": "text", "text": words}


def _cell(kind: str, words: str, *more: JsonValue) -> dict[str, JsonValue]:
    return _node(kind, _node("paragraph", _text(words)), *more)


RICH: dict[str, JsonValue] = {
    "version": 1,
    **_node(
        "doc",
        _node("paragraph", _text("مرحبا, "), _node("mention", id="712020:ann", text="@Ann Archer"), _text(" see 🚀 "), _text("here")),
        _node("paragraph", _node("emoji", shortName=":tada:", id="1f389", text="🎉")),
        _node("codeBlock", _text("def fall():\n    return None"), language="python"),
        _node(
            "bulletList",
            _cell("listItem", "one", _node("bulletList", _cell("listItem", "deeper"))),
            _cell("listItem", "two"),
        ),
        _node(
            "table",
            _node("tableRow", _cell("tableHeader", "part"), _cell("tableHeader", "weight")),
            _node("tableRow", _cell("tableCell", "anvil"), _cell("tableCell", "500")),
        ),
    ),
}


async def test_rich_text_is_readable_on_github_and_unchanged_in_jira_after_an_edit_there(world: World) -> None:
    bare = BareJira(world.jira_url)
    try:
        key = await bare.create("APP", {"summary": "Manual", "labels": ["sync"], "description": RICH})
        before = await bare.field(key, "description")
        await world.configure(world.deployment())
        await world.start_worker()
        await world.quiet(1)
        number = await world.number_of(key)
        body = str((await world.bob.see(number))["body"])
        for part in ("مرحبا", "Ann Archer", "🚀", "def fall():", "deeper", "anvil"):
            assert part in body

        await world.bob.edit(number, title="Manual of the catapult")
        await world.in_jira(key, lambda issue: issue["summary"] == "Manual of the catapult", "summary in Jira")
        await world.quiet(1)
        assert await bare.field(key, "description") == before
        assert all("description" not in str(record["detail"]) for record in await bare.log(key) if record["actor"] == BOT)
    finally:
        await bare.aclose()
