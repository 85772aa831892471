"""What a platform does to protect a write, where it has it."""

from time import monotonic

from connectors.kit.conformance.expect import expect, same, told
from connectors.kit.conformance.live import PATIENCE, Live, an_hour_ago, new_marker
from model.errors import Stale
from model.item import Item


async def an_update_of_what_moved_on_is_stale(live: Live) -> None:
    item = await live.made()
    written = await live.connector.update(item.ref.id, {"summary": "In time"}, item.version)
    same("the title", written.fields["summary"], "In time")
    read = await live.connector.read(item.ref.id)
    title = await _edited_later(live, read)
    with told(Stale, "an update names a version that is no longer the item's"):
        await live.connector.update(item.ref.id, {"summary": "Too late"}, read.version)
    with told(Stale, "a transition names a version that is no longer the item's"):
        await live.connector.transition(item.ref.id, live.subject.statuses[0], read.version)
    same("the title after the person's edit", (await live.connector.read(item.ref.id)).fields["summary"], title)


async def _edited_later(live: Live, item: Item) -> str:
    """A person edits until it shows, since a platform that keeps seconds compares seconds; the title in the end."""
    deadline = monotonic() + PATIENCE
    number, version = 0, item.version
    while version == item.version:
        expect(monotonic() < deadline, "an edit gives the item another version, at least within seconds")
        number += 1
        await live.retitle(item.ref, f"Edit {number} by a person")
        version = (await live.connector.read(item.ref.id)).version
    return f"Edit {number} by a person"


async def a_repeated_creation_makes_one_item(live: Live) -> None:
    marker = new_marker()
    first = await live.connector.create(live.settings, {"summary": "Once"}, marker)
    await live.retitle(first.ref, "Edited since")
    again = await live.connector.create(live.settings, {"summary": "Once"}, marker)
    same("the item of the repeated creation", again.ref, first.ref)
    same("its title", (await live.connector.read(first.ref.id)).fields["summary"], "Edited since")
    other = await live.connector.create(live.settings, {"summary": "Once"}, new_marker())
    expect(other.ref != first.ref, "another marker makes another item")


async def every_state_has_a_version_of_its_own(live: Live) -> None:
    item = await live.made()
    versions = [item.version]
    for number in range(8):
        await live.retitle(item.ref, f"Edit {number}")
        versions.append((await live.connector.read(item.ref.id)).version)
    same("how many versions eight edits make", len(set(versions)), len(versions))
    same("the version of a state that is read again", (await live.connector.read(item.ref.id)).version, versions[-1])


async def the_history_tells_who_changed_what(live: Live) -> None:
    item = await live.made("First")
    await live.retitle(item.ref, "By a person")
    await live.connector.update(item.ref.id, {"summary": "By us"})
    changes = [one for one in await live.connector.history(item.ref.id, an_hour_ago()) if one.field == "summary"]
    shown = [(one.old, one.new, one.ours) for one in changes if one.old]
    same("the history of the title", shown, [("First", "By a person", False), ("By a person", "By us", True)])
    expect([one.at for one in changes] == sorted(one.at for one in changes), "the history is told oldest first")
    last = changes[-1].at
    same("the history since the last change", [one.new for one in await live.connector.history(item.ref.id, last)][-1:], ["By us"])
