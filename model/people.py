"""Who is who: the people of one side of a connection and the same people on the other."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from model.frozen import Frozen
from model.words import Side


def _listed(value: object) -> object:
    """One name as a list of it, numbers as YAML reads ids as text."""
    names: list[object] = list(value) if isinstance(value, list | tuple) else [value]  # pyright: ignore[reportUnknownArgumentType]
    return tuple(str(name) if isinstance(name, int) and not isinstance(name, bool) else name for name in names)


def _told(names: tuple[str, ...]) -> tuple[str, ...]:
    bare = tuple(name.strip() for name in names)
    if not all(bare) or not bare:
        raise ValueError("an entry of users names nobody on this side; give an e-mail address, a login or an id")
    return bare


Who = Annotated[tuple[str, ...], BeforeValidator(_listed), AfterValidator(_told)]
"""One person: all the e-mail addresses, logins and ids by which a platform knows that person here."""


class UserPair(Frozen):
    """One person on both sides."""

    left: Who
    right: Who

    def on(self, side: Side) -> tuple[str, ...]:
        return self.left if side is Side.LEFT else self.right


def _unambiguous(pairs: tuple[UserPair, ...]) -> tuple[UserPair, ...]:
    for side in Side:
        known: dict[str, UserPair] = {}
        for pair in pairs:
            for name in pair.on(side):
                other = known.setdefault(name.casefold(), pair)
                if other is not pair:
                    both = f"{other.on(side.other)[0]!r} and {pair.on(side.other)[0]!r}"
                    raise ValueError(f"users maps {name!r} of the {side} side to two people, {both}; name each person in one entry")
    return pairs


UserMap = Annotated[tuple[UserPair, ...], AfterValidator(_unambiguous)]
"""No name of a side stands in two entries; capital letters do not matter."""
