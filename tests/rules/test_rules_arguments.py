"""Methods, classes and operators with arguments that they were not made for: an error of the language, or a value."""

import random

import pytest

from rules import Limits, compile_rule
from rules.library.common import COMMON
from rules.library.dispatch import call_method, listed_methods, read_index, write_index
from rules.library.statics import MAKERS, STATICS, StaticClass
from rules.limits import Raised
from rules.operators import OPERATORS
from rules.state import Run
from rules.values import Value, compare, equal, text_of
from tests.rules.conftest import surroundings
from tests.rules.play import BARE

LIMITS = Limits(steps=20_000, text=20_000, items=5_000, allocated=400_000, pattern_steps=20_000)
VALUES = (
    "null", "true", "0", "1", "-1", "255", "3000000000", "2**200", "1.5", "-0.0", "1e290", "1.5e-200", "0.1d", "1e300d * 1e8d", "0d/0",
    "''", "'a'", "'abc'", "'12'", "'a,b'", "'2026-03-01'", "'yyyy-MM-dd'", "'(a'", "'[a-z]+'", "'\\u0000'", "'%s %d'", "'UTC'", "'$9 \\\\'",
    "[]", "[1, 2, 3]", "['a', null]", "[[1, 2], [3]]", "[:]", "[a: 1]", "[1, 2] as Set", "1..3", "{ it }", "{ a, b -> a }", "{ -> 1 }",
    "{ throw new Exception('x') }", "new Date(0)", "new java.sql.Timestamp(5)", "java.time.LocalDate.of(2026, 1, 31)",
    "java.time.LocalTime.of(1, 2)", "java.time.Instant.ofEpochMilli(0)", "java.time.ZonedDateTime.parse('2026-03-01T10:00:00+01:00')",
    "java.time.Duration.ofHours(5)", "java.time.Period.of(1, 2, 3)", "java.time.ZoneId.of('Europe/Brussels')",
    "java.time.format.DateTimeFormatter.ofPattern('yyyy')", "java.time.format.DateTimeFormatter.ISO_INSTANT",
    "java.time.temporal.ChronoUnit.NANOS", "java.time.temporal.ChronoUnit.YEARS", "java.math.RoundingMode.HALF_UP",
    "new java.text.SimpleDateFormat('yyyy-MM-dd')", "Calendar.instance", "new StringBuilder('abc')", "'abc' =~ /b/", "~/a(b)?/",
    "[1].iterator()", "Optional.of(1)", "new Random(1)", "new URI('https://acme.test/c?d')", "UUID.randomUUID()", "new Exception('x')",
    "'abc'.bytes", "[a: 1].entrySet()[0]", "new groovy.json.JsonSlurper()", "new groovy.json.JsonBuilder([a: 1])", "Base64.encoder", "Math",
    "[:].withDefault { 1 }", "new TreeMap([a: 1])", "new TreeSet([1, 2])", "Locale.US", "new Object()",
)  # fmt: skip
PROGRAMS = [compile_rule(one, "value", BARE) for one in VALUES]


class Attempt:
    """One random use of a random value."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.run = Run(surroundings(), {}, LIMITS, None)
        self.run.binding["printed"] = ""

    def value(self) -> Value:
        self.run.depth = 0
        return self.chance.choice(PROGRAMS).main.call(self.run, None, [])

    def values(self, least: int, most: int) -> list[Value]:
        return [self.value() for _ in range(self.chance.randint(least, min(most, least + 3)))]

    def make(self) -> None:
        chosen = self.chance.randrange(10)
        if chosen < 6:
            self.method(self.value())
        elif chosen == 6:
            classes = [one for one in STATICS.values() if isinstance(one, StaticClass) and one.table]
            self.method(self.chance.choice(classes))
        elif chosen == 7:
            MAKERS[self.chance.choice(list(MAKERS))](self.run, self.values(0, 3))
        elif chosen == 8:
            OPERATORS[self.chance.choice(list(OPERATORS))](self.run, self.value(), self.value())
        else:
            self.element(self.value(), self.value())

    def method(self, target: Value) -> None:
        table = listed_methods(target)
        name = self.chance.choice([*table, *COMMON])
        method = table.get(name) or COMMON[name]
        call_method(self.run, target, name, self.values(method.least, method.most))

    def element(self, target: Value, key: Value) -> None:
        read_index(self.run, target, [key])
        write_index(self.run, target, key, 1)
        equal(target, key)
        compare(target, key)
        text_of(target)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_but_the_languages_errors_comes_out(seed: int) -> None:
    chance = random.Random(seed)
    ended = {"value": 0, "error": 0}
    for _ in range(2500):
        attempt = Attempt(chance)
        try:
            attempt.make()
            ended["value"] += 1
        except (Raised, RecursionError):
            ended["error"] += 1
    assert min(ended.values()) > 300
