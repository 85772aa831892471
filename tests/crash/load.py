"""The work of people, from a seed: what they do next, on which side, on which item. Every text they write is unique."""

import random
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from model.errors import NotFound, Refused
from tests.crash.people import Person
from tests.crash.reading import current
from tests.oracle.records import COMMENT, ENGINE, FILE, Kind, Record, Side

MOSTLY = 0.8
TEXTS = ("summary", "description", "labels")


@dataclass
class Field:
    """A connection as people see it: who works on each side, and what they find there. `seen` is asked for the logs as they are now."""

    name: str
    people: dict[Side, Person]
    seen: Callable[[], Awaitable[Sequence[Record]]]


Act = Callable[["Load", Field, Side], Awaitable[bool]]


@dataclass
class Load:
    """`step` does one thing, chosen by chance; `act` a thing of a certain kind. Both are false where there is nothing to do it to."""

    fields: list[Field]
    chance: random.Random
    tokens: Iterator[int] = field(default_factory=lambda: count(1), init=False)

    async def step(self) -> bool:
        act = self.chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]
        return await self.act(act, self.chance.choice(self.fields), self.chance.choice(list(Side)))

    async def act(self, act: Act, where: Field, side: Side) -> bool:
        """What others removed in between is no failure."""
        try:
            return await act(self, where, side)
        except (NotFound, Refused):
            return False

    def text(self, about: str) -> str:
        return f"{about} t{next(self.tokens)}"

    def prose(self, about: str) -> str:
        """Sometimes with lines and paragraphs, which platforms store in forms of their own."""
        return self.text(about) + self.chance.choice(("", "\nin two lines", "\n\nand a paragraph"))

    async def item(self, where: Field, side: Side) -> str | None:
        """One of those on that side, the newer the likelier."""
        keys = [one.item for one in await where.seen() if one.kind is Kind.CREATE and one.side is side]
        return self.chance.choice(keys[-8:]) if keys else None

    async def child(self, where: Field, side: Side, kind: str, *, copies: bool) -> Record | None:
        """A comment or file that is there now, mostly one that was copied already; a copy itself only where wanted."""
        records = await where.seen()
        copied = {one.new for one in records if one.kind is Kind.ADD and one.actor == ENGINE}
        there = [one for place, some in current(records).items() if place[0] is side for one in some.values() if one.subject == kind]
        fitting = [one for one in there if copies or one.actor != ENGINE]
        settled = [one for one in fitting if one.new in copied]
        chosen = settled if settled and self.chance.random() < MOSTLY else fitting
        return self.chance.choice(chosen[-12:]) if chosen else None


async def create(load: Load, where: Field, side: Side) -> bool:
    await where.people[side].create(load.text("summary"), load.prose("description"))
    return True


async def edit(load: Load, where: Field, side: Side) -> bool:
    key, subject = await load.item(where, side), load.chance.choice(TEXTS)
    if key:
        await where.people[side].edit(key, subject, value(load, subject))
    return bool(key)


def value(load: Load, subject: str) -> str:
    match subject:
        case "labels":
            return f"l{next(load.tokens)}"
        case "description":
            return load.prose(subject)
        case _:
            return load.text(subject)


async def rename(load: Load, where: Field, side: Side) -> bool:
    key = await load.item(where, side)
    if key:
        await where.people[side].edit(key, "summary", load.text("summary"))
    return bool(key)


async def move(load: Load, where: Field, side: Side) -> bool:
    person, key = where.people[side], await load.item(where, side)
    if key:
        await person.edit(key, "status", load.chance.choice(person.statuses))
        if person.priorities and load.chance.random() < 0.5:
            await person.edit(key, "priority", load.chance.choice(person.priorities))
    return bool(key)


async def comment(load: Load, where: Field, side: Side) -> bool:
    key = await load.item(where, side)
    if key:
        await where.people[side].comment(key, load.prose("remark"))
    return bool(key)


async def edit_comment(load: Load, where: Field, side: Side) -> bool:
    one = await load.child(where, side, COMMENT, copies=load.chance.random() < 0.3)
    if one:
        await where.people[side].edit_comment(one.item, one.child, load.prose("remark"))
    return one is not None or await comment(load, where, side)


async def delete_comment(load: Load, where: Field, side: Side) -> bool:
    one = await load.child(where, side, COMMENT, copies=load.chance.random() < 0.2)
    if one:
        await where.people[side].delete_comment(one.item, one.child)
    return one is not None or await comment(load, where, side)


async def attach(load: Load, where: Field, side: Side) -> bool:
    person, key = where.people[side], await load.item(where, side)
    if key and person.files:
        name = load.text("file").replace(" ", "-")
        await person.attach(key, f"{name}.bin", f"content of {name}".encode() * load.chance.randint(1, 2000))
    return bool(key) and person.files


async def detach(load: Load, where: Field, side: Side) -> bool:
    one = await load.child(where, side, FILE, copies=False)
    if one:
        await where.people[side].detach(one.item, one.child)
    return one is not None or await attach(load, where, side)


async def clash(load: Load, where: Field, side: Side) -> bool:
    """Two people write the same property of a pair, one after the other without looking."""
    del side
    both = partners(await where.seen())
    if not both:
        return False
    left, right = load.chance.choice(both[-8:])
    subject = load.chance.choice(TEXTS)
    await where.people[Side.LEFT].edit(left, subject, value(load, subject))
    await where.people[Side.RIGHT].edit(right, subject, value(load, subject))
    return True


def partners(records: Sequence[Record]) -> list[tuple[str, str]]:
    """Left and right keys of the pairs whose copy was created with the summary that the original was created with."""
    made = [one for one in records if one.kind is Kind.CREATE]
    origins = {one.values.get("summary"): one for one in made if one.actor != ENGINE}
    pairs = [(origins.get(one.values.get("summary")), one) for one in made if one.actor == ENGINE]
    return [(first.item, copy.item) if first.side is Side.LEFT else (copy.item, first.item) for first, copy in pairs if first]


WEIGHTS: dict[Act, int] = {
    create: 1,
    edit: 8,
    move: 3,
    comment: 4,
    edit_comment: 3,
    delete_comment: 2,
    attach: 3,
    detach: 1,
    clash: 2,
}
