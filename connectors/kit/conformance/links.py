"""Links between items."""

from pydantic import JsonValue, TypeAdapter

from connectors.kit.conformance.expect import expect, same, told
from connectors.kit.conformance.live import Live
from connectors.kit.links import TYPES
from model.errors import Ambiguous, Refused
from model.item import Fields, Item
from model.links import LINKS, LinkChange, LinkType, identity, links_in

_TYPES = TypeAdapter(tuple[LinkType, ...])


async def a_link_of_every_type_is_seen_from_both_ends(live: Live) -> None:
    types = await _types(live)
    expect(bool(types), "a platform with links has a type of them")
    for kind in types:
        for outward in (True, False):
            one, other = await live.made("One"), await live.made("Other")
            await _change(live, one, added=(kind.link(other.ref.id, outward=outward),))
            wanted = ([kind.link(other.ref.id, outward=outward)], [kind.link(one.ref.id, outward=not outward)])
            same(f"a link of the type {kind.name!r} from both ends", (await _links(live, one), await _links(live, other)), wanted)


async def a_link_is_added_and_removed_once(live: Live) -> None:
    kind, one, other = (await _types(live))[0], await live.made("One"), await live.made("Other")
    link = kind.link(other.ref.id, outward=True)
    for _ in range(2):
        told_links = await _change(live, one, added=(link,))
        same("the answer to an update of links", [identity(each) for each in links_in(told_links)], [identity(link)])
    same("a link that was added twice", await _links(live, one), [link])
    await _change(live, other, added=(kind.link(one.ref.id, outward=False),))
    same("a link that was added from its other end, too", await _links(live, one), [link])
    for _ in range(2):
        same("the answer to a removal", await _change(live, one, removed=(link,)), [])
    same("a link that was removed twice, from its other end", await _links(live, other), [])


async def other_links_are_left_alone(live: Live) -> None:
    kind, one = (await _types(live))[0], await live.made("One")
    links = [kind.link((await live.made(f"Other {number}")).ref.id, outward=True) for number in range(3)]
    await _change(live, one, added=(links[0],))
    await _change(live, one, added=(links[1], links[2]))
    await _change(live, one, removed=(links[0],))
    same("the links besides the one that was removed", await _links(live, one), sorted(links[1:], key=identity))


async def a_link_to_nothing_is_refused(live: Live) -> None:
    kind, one = (await _types(live))[0], await live.made("One")
    with told(Refused, "a link to an item that is not there is added") as caught:
        await _change(live, one, added=(kind.link(live.subject.absent, outward=True),))
    same("the property that was refused", caught.error and caught.error.field, LINKS)
    with told(Refused, "a link of a type that does not exist is added") as caught:
        await _change(live, one, added=({"otherIssueId": one.ref.id, "linkTypeName": "Admires", "isOutward": True},))
    same("the property that was refused", caught.error and caught.error.field, LINKS)


async def a_link_in_doubt_is_repeated(live: Live) -> None:
    kind, one, other = (await _types(live))[0], await live.made("One"), await live.made("Other")
    link = kind.link(other.ref.id, outward=True)
    await live.control(lose_response=1)
    with told(Ambiguous, "the answer to a link is lost"):
        await _change(live, one, added=(link,))
    await live.control(lose_response=0)
    await _change(live, one, added=(link,))
    same("a link that was in doubt", await _links(live, one), [link])


async def _types(live: Live) -> tuple[LinkType, ...]:
    return _TYPES.validate_python(await live.connector.lookup(live.settings, TYPES, ()))


async def _change(live: Live, item: Item, *, added: tuple[Fields, ...] = (), removed: tuple[Fields, ...] = ()) -> JsonValue:
    """The links as the answer tells them."""
    change = LinkChange(added=added, removed=removed)
    return (await live.connector.update(item.ref.id, {LINKS: change.as_field()})).fields.get(LINKS)


async def _links(live: Live, item: Item) -> list[Fields]:
    """As they are read, by item, without what a platform tells besides."""
    shown = links_in((await live.connector.read(item.ref.id)).fields.get(LINKS))
    names = ("otherIssueId", "linkTypeName", "linkName", "isOutward")
    return sorted(({name: one.get(name) for name in names} for one in shown), key=identity)
