"""Text methods that take a pattern, and what `=~` and `~/.../` give."""

from collections.abc import Mapping
from typing import ClassVar

from rules.library.buffers import Buffer
from rules.library.pattern import Found, Pattern, pattern
from rules.library.strings import STRINGS, Args
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.numbers_math import whole
from rules.state import Invocable, Run
from rules.values import Host, Value, kind_of, text_of

PATTERNS: Table["PatternValue"] = Table("a pattern")
MATCHERS: Table["Matcher"] = Table("a matcher")


class PatternValue(Host):
    kind = "a pattern"
    methods: ClassVar[Mapping[str, Method]] = PATTERNS

    def __init__(self, run: Run, compiled: Pattern) -> None:
        self.run = run
        self.compiled = compiled

    def text(self) -> str:
        return self.compiled.source

    def takes_case(self, value: Value) -> bool:
        return value is not None and self.compiled.whole(self.run, text_of(value)) is not None


class Matcher(Host):
    """What `text =~ pattern` gives: true where the pattern is found."""

    kind = "a matcher"
    methods: ClassVar[Mapping[str, Method]] = MATCHERS

    def __init__(self, run: Run, compiled: Pattern, subject: str) -> None:
        self.run = run
        self.compiled = compiled
        self.subject = subject
        self.next = 0
        self.written = 0
        self.current: Found | None = None

    def truth(self) -> bool:
        return self.compiled.search(self.run, self.subject) is not None

    def results(self) -> list[Value]:
        return [result(one) for one in self.compiled.all(self.run, self.subject)]

    def found(self) -> Found:
        if self.current is None:
            raise Fault("no match has been found; call find() or matches() first", "IllegalStateException")
        return self.current

    def read(self, run: Run, name: str) -> Value:
        if name == "count":
            return len(self.results())
        return super().read(run, name)


def result(found: Found) -> Value:
    """A match: its text, or with groups the list of the text and the groups."""
    if len(found.spans) == 1:
        return found.group()
    return [found.group(number) for number in range(len(found.spans))]


def compiled(value: Value) -> Pattern:
    if isinstance(value, PatternValue):
        return value.compiled
    if isinstance(value, str):
        return pattern(value)
    raise Fault(f"a pattern is needed here, not {kind_of(value)}")


def make_pattern(run: Run, value: Value) -> Value:
    return PatternValue(run, compiled(value))


def find_operator(run: Run, left: Value, right: Value) -> Value:
    """`=~`."""
    return Matcher(run, compiled(right), text_of(left))


def match_operator(run: Run, left: Value, right: Value) -> Value:
    """`==~`; null matches nothing."""
    return left is not None and compiled(right).whole(run, text_of(left)) is not None


def _expand(found: Found, template: str) -> str:
    pieces: list[str] = []
    at = 0
    while at < len(template):
        char = template[at]
        at += 1
        if char == "\\":
            pieces.append(template[at : at + 1])
            at += 1
        elif char == "$" and template[at : at + 1].isdigit():
            pieces.append(found.group(int(template[at])) or "")
            at += 1
        elif char == "$" and template[at : at + 1] == "{" and "}" in template[at:]:
            end = template.index("}", at)
            pieces.append(found.group(found.names.get(template[at + 1 : end], -1)) or "")
            at = end + 1
        else:
            pieces.append(char)
    return "".join(pieces)


def substitute(run: Run, text: str, arguments: Args, most: int) -> str:
    """Replaces the first `most` matches by a template with `$1`, or by what a closure makes of each."""
    wanted, by = compiled(arguments[0]), arguments[1]
    pieces: list[str] = []
    at = size = 0
    for index, found in enumerate(wanted.all(run, text)):
        if index == most:
            break
        new = text_of(_called(run, by, found)) if isinstance(by, Invocable) else _expand(found, text_of(by))
        pieces += [text[at : found.start], new]
        size += found.start - at + len(new)
        run.spend(1 + (len(new) >> 6))
        if size > run.limits.text:
            run.text(size)
        at = found.end
    pieces.append(text[at:])
    run.text(size + len(text) - at)
    return "".join(pieces)


def _called(run: Run, closure: Invocable, found: Found) -> Value:
    value = result(found)
    if isinstance(value, list) and closure.wants == len(value):
        return closure.call(run, value)
    return closure.call(run, [value])


@STRINGS.method("replaceAll", takes=2)
def replace_all(run: Run, text: str, arguments: Args) -> Value:
    return substitute(run, text, arguments, -1)


@STRINGS.method("replaceFirst", takes=2)
def replace_first(run: Run, text: str, arguments: Args) -> Value:
    return substitute(run, text, arguments, 1)


@STRINGS.method("matches", takes=1)
def matches(run: Run, text: str, arguments: Args) -> Value:
    return match_operator(run, text, arguments[0])


@STRINGS.method("find", takes=1, most=2)
def find(run: Run, text: str, arguments: Args) -> Value:
    found = compiled(arguments[0]).search(run, text)
    if found is None:
        return None
    if len(arguments) == 2 and isinstance(arguments[1], Invocable):
        return _called(run, arguments[1], found)
    return found.group()


@STRINGS.method("findAll", takes=1, most=2)
def find_all(run: Run, text: str, arguments: Args) -> Value:
    closure = arguments[1] if len(arguments) == 2 else None
    found: list[Value] = []
    for one in compiled(arguments[0]).all(run, text):
        found += [_called(run, closure, one) if isinstance(closure, Invocable) else one.group()]
    return found


@STRINGS.method("split", most=2)
def split(run: Run, text: str, arguments: Args) -> Value:
    if not arguments:
        return list[Value](text.split())
    most = whole(arguments[1], "split()") if len(arguments) == 2 else 0
    pieces: list[Value] = []
    at = 0
    for found in compiled(arguments[0]).all(run, text):
        if most and len(pieces) == most - 1:
            break
        if found.end == 0 or (found.start == found.end == len(text)):
            continue
        pieces.append(text[at : found.start])
        at = found.end
    pieces.append(text[at:])
    while not most and at and pieces and pieces[-1] == "":
        pieces.pop()
    return pieces


@PATTERNS.method("matcher", takes=1)
def matcher(run: Run, value: PatternValue, arguments: Args) -> Value:
    return Matcher(run, value.compiled, text_of(arguments[0]))


@PATTERNS.method("pattern")
def source(_run: Run, value: PatternValue, _arguments: Args) -> Value:
    return value.compiled.source


@MATCHERS.method("find")
def matcher_find(run: Run, value: Matcher, _arguments: Args) -> Value:
    value.current = value.compiled.search(run, value.subject, value.next) if value.next <= len(value.subject) else None
    if value.current:
        value.next = value.current.end + (value.current.end == value.current.start)
    return value.current is not None


@MATCHERS.method("matches")
def matcher_matches(run: Run, value: Matcher, _arguments: Args) -> Value:
    value.current = value.compiled.whole(run, value.subject)
    return value.current is not None


@MATCHERS.method("group", most=1)
def matcher_group(_run: Run, value: Matcher, arguments: Args) -> Value:
    wanted = arguments[0] if arguments else 0
    if isinstance(wanted, str):
        return value.found().group(value.compiled.names.get(wanted, -1))
    return value.found().group(whole(wanted, "group()"))


@MATCHERS.method("groupCount")
def matcher_group_count(_run: Run, value: Matcher, _arguments: Args) -> Value:
    return value.compiled.groups


@MATCHERS.method("hasGroup")
def matcher_has_group(_run: Run, value: Matcher, _arguments: Args) -> Value:
    return value.compiled.groups > 0


@MATCHERS.method("start")
def matcher_start(_run: Run, value: Matcher, _arguments: Args) -> Value:
    return value.found().start


@MATCHERS.method("end")
def matcher_end(_run: Run, value: Matcher, _arguments: Args) -> Value:
    return value.found().end


@MATCHERS.method("size", "getCount")
def matcher_size(_run: Run, value: Matcher, _arguments: Args) -> Value:
    return len(value.results())


@MATCHERS.method("getAt", takes=1)
def matcher_get_at(_run: Run, value: Matcher, arguments: Args) -> Value:
    results, at = value.results(), whole(arguments[0], "an index")
    if not -len(results) <= at < len(results):
        raise Fault(f"the pattern was found {len(results)} times, there is no match {at}", "IndexOutOfBoundsException")
    return results[at]


@MATCHERS.method("each", takes=1)
def matcher_each(run: Run, value: Matcher, arguments: Args) -> Value:
    for one in value.results():
        run.call(arguments[0], [one])
    return value


@MATCHERS.method("collect", takes=1)
def matcher_collect(run: Run, value: Matcher, arguments: Args) -> Value:
    return [run.call(arguments[0], [one]) for one in value.results()]


@MATCHERS.method("replaceAll", takes=1)
def matcher_replace_all(run: Run, value: Matcher, arguments: Args) -> Value:
    return substitute(run, value.subject, [value.compiled.source, arguments[0]], -1)


@MATCHERS.method("replaceFirst", takes=1)
def matcher_replace_first(run: Run, value: Matcher, arguments: Args) -> Value:
    return substitute(run, value.subject, [value.compiled.source, arguments[0]], 1)


@MATCHERS.method("reset", most=1)
def matcher_reset(_run: Run, value: Matcher, arguments: Args) -> Value:
    value.next, value.written, value.current = 0, 0, None
    if arguments:
        value.subject = text_of(arguments[0])
    return value


@MATCHERS.method("lookingAt")
def matcher_looking_at(run: Run, value: Matcher, _arguments: Args) -> Value:
    found = value.compiled.search(run, value.subject)
    value.current = found if found and found.start == 0 else None
    return value.current is not None


@MATCHERS.method("appendReplacement", takes=2)
def append_replacement(run: Run, value: Matcher, arguments: Args) -> Value:
    found, buffer = value.found(), arguments[0]
    if not isinstance(buffer, Buffer):
        raise Fault(f"appendReplacement() needs a StringBuffer, not {kind_of(buffer)}", "MissingMethodException")
    buffer.add(run, value.subject[value.written : found.start] + _expand(found, text_of(arguments[1])))
    value.written = found.end
    return value


@MATCHERS.method("appendTail", takes=1)
def append_tail(run: Run, value: Matcher, arguments: Args) -> Value:
    buffer = arguments[0]
    if not isinstance(buffer, Buffer):
        raise Fault(f"appendTail() needs a StringBuffer, not {kind_of(buffer)}", "MissingMethodException")
    buffer.add(run, value.subject[value.written :])
    return buffer


@STRINGS.method("eachMatch", takes=2)
def each_match(run: Run, text: str, arguments: Args) -> Value:
    for one in compiled(arguments[0]).all(run, text):
        run.call(arguments[1], [result(one)])
    return text


@PATTERNS.method("removeFirstFrom", takes=1)
def remove_first_from(run: Run, value: PatternValue, arguments: Args) -> Value:
    return substitute(run, text_of(arguments[0]), [value, ""], 1)


@PATTERNS.method("split", takes=1)
def pattern_split(run: Run, value: PatternValue, arguments: Args) -> Value:
    return split(run, text_of(arguments[0]), [value])
