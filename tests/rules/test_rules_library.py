"""The methods of texts, lists, maps and numbers."""

import pytest
from pydantic import JsonValue

from tests.rules.conftest import Evaluate

CALLS: list[tuple[str, JsonValue]] = [
    ("' a '.trim()", "a"),
    ("'AbC'.toLowerCase() + 'x'.toUpperCase()", "abcX"),
    ("'a.b.a'.replace('.', '-')", "a-b-a"),
    ("'a1b22'.replaceAll(/\\d+/, '#')", "a#b#"),
    ("'John Doe'.replaceAll(/(\\w+) (\\w+)/, '$2 $1')", "Doe John"),
    ("'a1b2'.replaceAll(/\\d/) { it.toInteger() + 1 }", "a2b3"),
    ("'a1b2'.replaceFirst(/\\d/, '')", "ab2"),
    ("'a,b,,c,,'.split(',')", ["a", "b", "", "c"]),
    ("'a, b;c'.tokenize(',; ')", ["a", "b", "c"]),
    ("'abc'.take(2) + 'abc'.drop(2)", "abc"),
    ("'abc'.startsWith('a') && 'abc'.endsWith('c') && 'abc'.contains('b')", True),
    ("'abc'.substring(1) + 'abc'.substring(0, 1)", "bca"),
    ("'abc'.indexOf('c') + 'abca'.lastIndexOf('a') + 'abc'.size() + 'ab'.length()", 10),
    ("'12'.toInteger() + '1.5'.toBigDecimal()", 13.5),
    ("'x'.padLeft(3, '0') + 'x'.padRight(2)", "00xx "),
    ("'AB'.equalsIgnoreCase('ab') && 'a'.equals('a')", True),
    ("'abc'.find(/b./)", "bc"),
    ("'a1b2'.findAll(/\\d/)", ["1", "2"]),
    ("'abc'.matches('[a-c]+')", True),
    ("'aXbXc' ==~ /a.*?c/", True),
    ("'foofoo' ==~ /(foo)\\1/", True),
    ("'price: 5 EUR'.find(/(?<=: )\\d+(?= EUR)/)", "5"),
    ("'ABC' ==~ /(?i)abc/", True),
    ("'one\\ntwo'.readLines()", ["one", "two"]),
    ("'abab'.findAll(/(?:ab){2}|x/)", ["abab"]),
    ("[3, 1, 2].sort()", [1, 2, 3]),
    ("[3, 1, 2].sort { -it }", [3, 2, 1]),
    ("['bb', 'a'].sort { x, y -> x.size() <=> y.size() }", ["a", "bb"]),
    ("[1, 2, 3].find { it > 1 }", 2),
    ("[1, 2, 3].findAll { it > 1 }", [2, 3]),
    ("[1, 2].any { it > 1 } && [1, 2].every { it > 0 }", True),
    ("[1, 2, 1].unique()", [1, 2]),
    ("[[a: 1], [a: 1]].unique { it.a }.size()", 1),
    ("[1, [2, [3]]].flatten()", [1, 2, 3]),
    ("[1, 2].collectEntries { [it, it * 2] }", {"1": 2, "2": 4}),
    ("['a', 'bb', 'c'].groupBy { it.size() }", {"1": ["a", "c"], "2": ["bb"]}),
    ("[1, 2, 3].sum() + [1, 2].sum { it * 10 }", 36),
    ("[1, 3].max() + [1, 3].min()", 4),
    ("['a', 'bbb'].max { it.size() }", "bbb"),
    ("[1, 2].first() + [1, 2].last()", 3),
    ("[1, 2].join('-')", "1-2"),
    ("[1, 2].contains(2.0)", False),
    ("[1, 2, 3].take(2).reverse()", [2, 1]),
    ("[1, 2, 2].count(2) + [1, 2].count { it > 1 }", 3),
    ("[1, 2, 3].intersect([2, 3, 4])", [2, 3]),
    ("[1, 2].plus(3).minus([1])", [2, 3]),
    ("['a', 'b'].indexOf('b') + [4].findIndexOf { it == 4 }", 1),
    ("[[1, 2], [3]].collectMany { it }", [1, 2, 3]),
    ("[1, 2, 3].collate(2)", [[1, 2], [3]]),
    ("[1, 2, 3].split { it > 1 }", [[2, 3], [1]]),
    ("[a: 1].containsKey('a') && ![a: 1].containsValue(2)", True),
    ("[a: 1].getOrDefault('b', 7)", 7),
    ("[a: 1, b: 2].findAll { k, v -> v > 1 }", {"b": 2}),
    ("[a: 1, b: 2].find { it.value == 2 }.key", "b"),
    ("[a: 1].keySet().join() + [a: 1].values().join()", "a1"),
    ("[b: 1, a: 2].sort().keySet()", ["a", "b"]),
    ("[a: 1] + [b: 2]", {"a": 1, "b": 2}),
    ("[a: 1, b: 2].subMap(['b'])", {"b": 2}),
    ("[a: 1].collectEntries { k, v -> [v, k] }", {"1": "a"}),
    ("2.5.round() + 7.intdiv(2)", 6),
    ("3.7.toInteger() + (-2).abs()", 5),
]
CHANGES: list[tuple[str, JsonValue]] = [
    ("def l = [1]; l.add(2); l.addAll([3]); l.remove(0); l << 4; l.removeAll([3]); replica.r = l", [2, 4]),
    ("def l = [1, 2, 3]; l.retainAll { it > 1 }; l.pop(); replica.r = l", [3]),
    ("def m = [a: 1]; m.put('b', 2); m.remove('a'); m.putAll([c: 3]); replica.r = m", {"b": 2, "c": 3}),
    ("def s = [1] as Set; s << 1; s.add(2); s += 2; replica.r = s", [1, 2]),
    (
        (
            "def r = []; [a: 1].each { k, v -> r << k };"
            " ['x'].eachWithIndex { v, i -> r << i }\n2.times { r << it }; replica.r = r"
        ),
        ["a", 0, 0, 1],
    ),
    ("def m = 'k=v' =~ /(\\w)=(\\w)/\nif (m.find()) { replica.r = m.group(1) + m.group(2) }", "kv"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CALLS, ids=[one for one, _ in CALLS])
def test_call(evaluate: Evaluate, source: str, expected: JsonValue) -> None:
    assert evaluate(f"replica.r = {source}") == expected


@pytest.mark.parametrize(("source", "expected"), CHANGES, ids=[one for one, _ in CHANGES])
def test_change(evaluate: Evaluate, source: str, expected: JsonValue) -> None:
    assert evaluate(source) == expected
