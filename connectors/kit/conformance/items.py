"""Reading and writing items."""

import asyncio

from pydantic import JsonValue

from connectors.kit.conformance.expect import Broken, expect, same, shows, told
from connectors.kit.conformance.live import Live, an_hour_ago, new_marker, new_word
from connectors.kit.conformance.subject import Sample
from connectors.kit.interface import Written
from model.errors import Ambiguous, NotFound, Refused
from model.item import Fields, Item

CATEGORIES = {"new", "indeterminate", "done"}
RICH = "Hello **Ann**\n\n- one\n- two\n\n```\ncode\n```"


async def reads_in_the_shapes_of_the_hub(live: Live) -> None:
    item = await live.made(description="It *is* empty.")
    expect(bool(item.ref.id and item.ref.key and item.version), "an item has an id, a key and a version")
    expect(item.ref.url.startswith(live.url), f"an item's address leads to its system, not to {item.ref.url!r}")
    expect(item.updated.tzinfo is not None, "an item's time tells its zone")
    same("the summary", item.fields["summary"], "Printer on fire")
    status = item.fields["status"]
    expect(isinstance(status, dict) and bool(status.get("name")), f"a status has a name: {status!r}")
    expect(isinstance(status, dict) and status.get("category") in CATEGORIES, f"a status has a category: {status!r}")
    for name in ("created", "updated"):
        expect(isinstance(item.fields[name], int), f"{name!r} is a number of milliseconds, not {item.fields[name]!r}")
    with told(NotFound, "an item that is not there is read"):
        await live.connector.read(live.subject.absent)


async def reads_the_same_however_many_are_asked_for_at_once(live: Live) -> None:
    made = [await live.made(f"Printer {number}", description="It *is* empty.") for number in range(3)]
    await live.say(made[0].ref, "From a person")
    await live.connector.add_comment(made[1].ref.id, "From us", internal=False, marker=new_marker())
    ids = [item.ref.id for item in made]
    one_by_one = [await live.connector.read(id) for id in ids]  # noqa: A001
    asked = [*ids, live.subject.absent, *ids]
    answers = await asyncio.gather(*map(live.connector.read, asked), return_exceptions=True)
    expect(isinstance(answers[3], NotFound), f"an item that is not there is not found among others either, but {answers[3]!r}")
    same("the items that were asked for at once", [*answers[:3], *answers[4:]], [*one_by_one, *one_by_one])


async def samples_cover_what_is_writable(live: Live) -> None:
    covered = {name for sample in live.subject.samples for name in sample.fields}
    same("what the samples cover", covered, set(live.connector.capabilities.writable))


async def creates_with_its_fields(live: Live) -> None:
    for sample in live.subject.samples:
        if not sample.on_creation:
            continue
        marker = new_marker()
        written = await live.connector.create(sample.settings or live.settings, {"summary": "Created", **sample.fields}, marker)
        item = await live.connector.read(written.ref.id)
        same("the item that was created", (item.ref, item.marker), (written.ref, marker))
        _shown(item, written, sample)


async def updates_nothing_else(live: Live) -> None:
    for sample in live.subject.samples:
        if not sample.on_update:
            continue
        made = await live.connector.create(sample.settings or live.settings, {"summary": "Before", **_rest(live, sample)}, new_marker())
        await live.connector.add_comment(made.ref.id, "Seen.", internal=False, marker=new_marker())
        before = await live.connector.read(made.ref.id)
        written = await live.connector.update(before.ref.id, sample.fields)
        after = await live.connector.read(before.ref.id)
        same("the updated item", (after.ref.id, after.marker), (before.ref.id, before.marker))
        _shown(after, written, sample)
        free = {*sample.fields, *sample.moves, *live.subject.noise}
        for name, value in before.fields.items():
            expect(name in free or after.fields.get(name) == value, f"an update of {sorted(sample.fields)} also changed {name!r}")
        same("comments and files after an update", (after.comments, after.attachments), (before.comments, before.attachments))


def _rest(live: Live, sample: Sample) -> Fields:
    """What can be set beside the sample, so that an update which drops it is seen."""
    others = [
        one
        for one in live.subject.samples
        if one.on_creation and one.on_update and not one.moves and one is not sample and one.settings == sample.settings
    ]
    return {name: value for one in others for name, value in one.fields.items() if name not in {"summary", *sample.fields}}


def _shown(item: Item, written: Written, sample: Sample) -> None:
    for name, wanted in sample.fields.items():
        expect(shows(item.fields.get(name), wanted), f"{name!r} was written as {wanted!r} and is read as {item.fields.get(name)!r}")
        same(f"{name!r} as the answer to the write tells it", written.fields.get(name, item.fields[name]), item.fields[name])


async def goes_from_status_to_status(live: Live) -> None:
    item_id = (await live.made()).ref.id
    for name in live.subject.statuses:
        if live.connector.capabilities.status_by == "field":
            await live.connector.update(item_id, {"status": {"name": name}})
        else:
            await live.connector.transition(item_id, name)
        same("the status", _name((await live.connector.read(item_id)).fields["status"]), name)
    with told(Refused, "a status that does not exist is set") as caught:
        if live.connector.capabilities.status_by == "field":
            await live.connector.update(item_id, {"status": {"name": "Nowhere"}})
        else:
            await live.connector.transition(item_id, "Nowhere")
    same("the property that was refused", caught.error and caught.error.field, "status")


async def creates_in_a_status(live: Live) -> None:
    for name in live.subject.statuses:
        item = await live.made(status={"name": name})
        same("the status of a new item", _name(item.fields["status"]), name)


def _name(value: JsonValue) -> JsonValue:
    return value.get("name") if isinstance(value, dict) else value


async def writes_own_fields_by_name(live: Live) -> None:
    if live.subject.custom_field is None:
        raise Broken("the subject names no custom_field")
    name, value = live.subject.custom_field
    created = await live.made(**{name: value})
    expect(shows(created.fields.get(name), value), f"{name!r} was created as {value!r} and is read as {created.fields.get(name)!r}")
    item_id = (await live.made()).ref.id
    await live.connector.update(item_id, {name: value})
    shown = (await live.connector.read(item_id)).fields.get(name)
    expect(shows(shown, value), f"{name!r} was written as {value!r} and is read as {shown!r}")
    with told(Refused, "a field is written that the platform does not have") as caught:
        await live.connector.update(item_id, {"Colour of the sky": "blue"})
    same("the property that was refused", caught.error and caught.error.field, "Colour of the sky")


async def reads_rich_text_as_it_says(live: Live) -> None:
    item = await live.made(description=RICH)
    shown = live.connector.as_read(RICH)
    same("as_read of what is read", live.connector.as_read(shown), shown)
    same("the description", item.fields["description"], shown)
    comment = await live.connector.add_comment(item.ref.id, RICH, internal=False, marker=new_marker())
    same("the comment", comment.body, shown)
    same("the comment as it is read", (await live.connector.read(item.ref.id)).comments[-1].body, shown)


async def finds_an_item_by_its_marker(live: Live) -> None:
    marker = new_marker()
    written = await live.connector.create(live.settings, {"summary": "Marked", "description": None}, marker)
    await live.retitle(written.ref, "Marked, and edited since")
    found = await live.connector.find_by_marker(live.settings, marker, an_hour_ago())
    same("the item of the marker", found and (found.ref.id, found.marker), (written.ref.id, marker))
    same("the item of a shorter marker", await live.connector.find_by_marker(live.settings, marker[:-1], an_hour_ago()), None)
    await live.connector.update(written.ref.id, {"summary": "Edited"})
    same("the marker after an edit", (await live.connector.read(written.ref.id)).marker, marker)


async def finds_what_a_lost_answer_made(live: Live) -> None:
    await live.made()
    marker = new_marker()
    await live.control(lose_response=1)
    with told(Ambiguous, "the answer to a creation is lost"):
        await live.connector.create(live.settings, {"summary": "Made in the dark"}, marker)
    await live.control(lose_response=0)
    found = await live.connector.find_by_marker(live.settings, marker, an_hour_ago())
    same("the item whose creation was in doubt", found and found.fields["summary"], "Made in the dark")


async def finds_an_item_by_key_and_address(live: Live) -> None:
    item = await live.made(new_word())
    for name in (item.ref.key, item.ref.url, item.ref.id):
        found = await live.connector.find(live.settings, name)
        same(f"the item that people call {name!r}", (found.id, found.deleted), (item.ref.id, False))
    with told(NotFound, "an item is looked for that nobody has"):
        await live.connector.find(live.settings, "no such item")


async def finds_people_by_their_address(live: Live) -> None:
    found = await live.connector.lookup(live.settings, "user_by_email", (live.subject.mail,))
    expect(
        isinstance(found, dict) and bool(found.get("displayName") or found.get("username")), f"{live.subject.mail} is somebody: {found!r}"
    )
    same("a stranger", await live.connector.lookup(live.settings, "user_by_email", ("nobody@elsewhere.test",)), None)
    same("the answer to an unknown question", await live.connector.lookup(live.settings, "weather", ("today",)), None)
