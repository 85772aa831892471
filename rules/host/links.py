"""Links of the other side as links of this one: to the copies of their items, with the types that this platform has.

Platforms name the same relation in different words. Those in one row of `KINDS` mean the same; a relation that is not there, or that
this platform does not have, becomes a plain one ("relates to").
"""

from collections.abc import Callable, Iterable

from pydantic import JsonValue

from model.item import Fields
from model.links import LINKS, LinkType, each_once, identity, links_in
from rules.host.helper import Args, granted
from rules.host.item_view import ItemView
from rules.host.replica_view import ReplicaView
from rules.interface import Lookup, Needed
from rules.library.json_text import from_json, to_json
from rules.limits import Fault
from rules.state import Run
from rules.values import Value, kind_of, text_of

PLAIN = "relates"
BELONGS = "belongs"
_BOTH_WAYS = frozenset({"relates", "relates to", "related", "related to"})
KINDS = {
    PLAIN: (_BOTH_WAYS, _BOTH_WAYS),
    "blocks": (
        frozenset({"blocks", "blocking", "precedes", "successor"}),
        frozenset({"is blocked by", "blocked by", "blocked", "follows", "predecessor"}),
    ),
    "duplicates": (
        frozenset({"duplicates", "duplicate of", "is a duplicate of"}),
        frozenset({"is duplicated by", "duplicated by", "duplicated", "duplicate"}),
    ),
    "causes": (frozenset({"causes"}), frozenset({"is caused by", "caused by"})),
    "clones": (frozenset({"clones", "copied from"}), frozenset({"is cloned by", "copied to"})),
    BELONGS: (frozenset({"child", "parent of"}), frozenset({"parent", "child of"})),
}
"""By relation: how one item stands to the other, and the other to the one. `parentId` carries what belongs to a parent."""
Kind = tuple[str, bool]


def merge_links(run: Run, arguments: Args) -> Value:
    issue, replica, *given = arguments
    if not isinstance(issue, ItemView) or not isinstance(replica, ReplicaView):
        raise Fault("mergeLinks() takes the issue and the replica: mergeLinks(issue, replica)")
    names = _names(given[0] if given else None)
    remote = links_in(to_json(replica.get(LINKS)))
    here = links_in(to_json(issue.get(LINKS)))
    if not remote:
        return []
    types = [LinkType.model_validate(one) for one in _list(_all(run, [("link_types", ())])[0])]
    keys = _all(run, [("linked_item", (str(one["otherIssueId"]),)) for one in remote])
    found: list[Fields] = []
    for link, key in zip(remote, keys, strict=True):
        of_type = _of_type(link, types, names)
        if not isinstance(key, dict) or not of_type:
            continue
        wanted = of_type[0].link(str(key["id"]), outward=of_type[1])
        there = _there(wanted, here)
        if there or key.get("carries"):
            found.append(there or wanted)
    return from_json(list[JsonValue](each_once(found)))


def _names(value: Value) -> dict[str, str | None]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Fault(f"mergeLinks() takes a map of link types, such as ['Causes': 'Relates'], not {kind_of(value)}")
    return {text_of(name).casefold(): None if one is None else text_of(one) for name, one in value.items()}


def _all(run: Run, questions: Iterable[tuple[str, tuple[str, ...]]]) -> list[JsonValue]:
    """All the answers; `Needed` with every question that has none yet."""
    found: list[JsonValue] = []
    needed: dict[Lookup, None] = {}
    for name, arguments in questions:
        try:
            found.append(granted(run.ask(name, *arguments)))
        except Needed as missing:
            needed.update(dict.fromkeys(missing.lookups))
    if needed:
        raise Needed(tuple(needed))
    return found


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _of_type(link: Fields, types: list[LinkType], names: dict[str, str | None]) -> tuple[LinkType, bool] | None:
    """The type of this side, and whether the link is an outward one; None where it is left out."""
    word, name, outward = str(link.get("linkName") or ""), str(link.get("linkTypeName") or ""), link.get("isOutward") is not False
    for one in (word.casefold(), name.casefold()):
        if one and one in names:
            wanted = names[one]
            return None if wanted is None else _called(wanted, types, outward=outward)
    kind = kind_of_words(word) or kind_of_words(name, outward=outward)
    if kind and kind[0] == BELONGS:
        return None
    same_name = next(((one, outward) for one in types if one.name.casefold() == name.casefold()), None)
    return same_name or (kind and _of_kind(types, lambda found: found == kind)) or _of_kind(types, lambda found: found[0] == PLAIN)


def _called(wanted: str, types: list[LinkType], *, outward: bool) -> tuple[LinkType, bool]:
    for one in types:
        for word, out in ((one.name, outward), (one.outward, True), (one.inward, False)):
            if word.casefold() == wanted.casefold():
                return one, out
    known = ", ".join(repr(one.name) for one in types) or "none"
    raise Fault(f"there is no type of links {wanted!r} here (types: {known}); correct the map that mergeLinks() is given")


def kind_of_words(words: str, *, outward: bool = True) -> Kind | None:
    """The relation, and whether the one of the two items is meant that comes first in it."""
    plain = words.casefold().replace("_", " ").replace("-", " ").strip()
    for kind, (forth, back) in KINDS.items():
        if plain in forth:
            return kind, outward or forth == back
        if plain in back:
            return kind, not outward
    return None


def _of_kind(types: list[LinkType], fits: Callable[[Kind], bool]) -> tuple[LinkType, bool] | None:
    for one in types:
        for word, outward in ((one.outward, True), (one.inward, False)):
            if (kind := kind_of_words(word)) and fits(kind):
                return one, outward
    return None


def _there(link: Fields, here: Iterable[Fields]) -> Fields | None:
    """The link that is there already for this one: the same, one that means the same, or for a plain one any between the two items."""
    between = [one for one in here if str(one["otherIssueId"]) == link["otherIssueId"]]
    kind = _kind_of_link(link)
    same = [one for one in between if identity(one) == identity(link)]
    alike = [one for one in between if kind is not None and _kind_of_link(one) == kind]
    any_at_all = [one for one in between if kind and kind[0] == PLAIN and (_kind_of_link(one) or ("", True))[0] != BELONGS]
    there = next(iter((*same, *alike, *any_at_all)), None)
    return {name: there.get(name) for name in link} if there else None


def _kind_of_link(link: Fields) -> Kind | None:
    outward = link.get("isOutward") is not False
    return kind_of_words(str(link.get("linkName") or "")) or kind_of_words(str(link.get("linkTypeName") or ""), outward=outward)
