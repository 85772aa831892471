"""The people of the other side as this side knows them, by a connection's user map.

Only what arrives is rewritten, and never what is sent: whom we wrote comes back as a person of the side that sends.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from pydantic import JsonValue

from model.item import Fields
from model.people import UserMap, UserPair
from model.words import Side

PARTS = ("key", "email", "username")
"""What of a user names a person; the first that the map has counts."""

Question = Literal["user_by_email", "user_by_username", "user"]
Locals = Mapping[UserPair, Fields]
"""People as the platform of this side tells them."""


class People:
    """A user map, read on the side `here`, where a replica arrives."""

    def __init__(self, users: UserMap, here: Side) -> None:
        self._here = _by_name(users, here)
        self._there = _by_name(users, here.other)
        self._side = here

    def called(self, name: str, known: Locals) -> UserPair | None:
        """The person of that name: one that the platform gave to somebody `known`, or else the map on this side, or else on the other."""
        folded = name.casefold()
        given = (pair for pair, local in known.items() if folded in map(str.casefold, _names(local)))
        return next(given, None) or self._here.get(folded) or self._there.get(folded)

    def met(self, *values: JsonValue) -> tuple[UserPair, ...]:
        """The people of the map who are among the users in what arrived."""
        found = (self.pair(user) for value in values for user in _users(value))
        return tuple(dict.fromkeys(pair for pair in found if pair is not None))

    def questions(self, pair: UserPair) -> Iterator[tuple[Question, str]]:
        """What to ask the platform of this side for the person, until it answers."""
        for name in pair.on(self._side):
            if "@" in name:
                yield "user_by_email", name
            yield "user_by_username", name
            yield "user", name

    def unknown(self, pair: UserPair) -> Fields:
        """The person whom the platform of this side does not know."""
        name = pair.on(self._side)[0]
        return {"key": None, "username": name, "email": name if "@" in name else None, "displayName": name}

    def shown(self, pair: UserPair, local: Fields) -> Fields:
        """The person as rules see it: the map's own name stands for what the platform does not tell."""
        name = pair.on(self._side)[0]
        return {**local, **{part: local.get(part) or name for part in ("username", "email")}}

    def localized(self, value: Fields, known: Locals) -> Fields:
        """What arrived, with the people of this side for those of the other whom the map has."""

        def change(user: Fields) -> Fields:
            pair = self.pair(user)
            return {**user, **self.shown(pair, known[pair])} if pair is not None and pair in known else user

        return _rewritten(value, change)

    def told(self, value: Fields, known: Locals) -> Fields:
        """What a rule asks for, with the platform's own people for those whom it was shown."""
        shown = [(self.shown(pair, local), local) for pair, local in known.items()]

        def change(user: Fields) -> Fields:
            return next(({**user, **local} for seen, local in shown if user.items() >= seen.items()), user)

        return _rewritten(value, change)

    def there(self, name: str) -> UserPair | None:
        """The person whom the map calls so on the other side."""
        return self._there.get(name.casefold())

    def pair(self, user: Fields) -> UserPair | None:
        """The person who is that user of the other side."""
        return next((pair for name in _names(user) if (pair := self.there(name))), None)


def _by_name(users: UserMap, side: Side) -> dict[str, UserPair]:
    return {name.casefold(): pair for pair in users for name in pair.on(side)}


def _names(user: Fields) -> Iterator[str]:
    for part in PARTS:
        match user.get(part):
            case str(name):
                yield name
            case _:
                continue


def _is_user(value: Fields) -> bool:
    return "displayName" in value or "email" in value


def _users(value: JsonValue) -> Iterator[Fields]:
    match value:
        case dict() if _is_user(value):
            yield value
        case dict():
            for one in value.values():
                yield from _users(one)
        case list():
            for one in value:
                yield from _users(one)
        case _:
            return


def _rewritten(value: Fields, change: Callable[[Fields], Fields]) -> Fields:
    return {name: _changed(one, change) for name, one in value.items()}


def _changed(value: JsonValue, change: Callable[[Fields], Fields]) -> JsonValue:
    match value:
        case dict() if _is_user(value):
            return change(value)
        case dict():
            return _rewritten(value, change)
        case list():
            return [_changed(one, change) for one in value]
        case _:
            return value
