"""Random programs over the grammar of the language, of typed expressions so that most come to a value."""

from collections.abc import Callable

Pick = Callable[[int], int]
"""A number from 0 up to, but not including, the given one."""


TAGGED = '"<$it>"'


class Grammar:
    """Writes programs; `pick` decides everything."""

    def __init__(self, pick: Pick, deepest: int = 4) -> None:
        self.pick = pick
        self.left = deepest
        self.names: list[tuple[str, str]] = []
        self.count = 0

    def one(self, *options: str) -> str:
        return options[self.pick(len(options))]

    def program(self) -> str:
        lines = [self.statement() for _ in range(1 + self.pick(4))]
        self.left = 3
        return "\n".join([*lines, f"def result = {self.any()}", "result"])

    def statement(self) -> str:
        match self.pick(12):
            case 0 | 1 | 2:
                return self.declaration()
            case 3:
                return f"if ({self.boolean()}) {{ {self.change()} }} else {{ {self.change()} }}"
            case 4:
                return f"for (x{self.fresh()} in {self.list()}) {{ {self.change()} }}"
            case 5:
                return f"println({self.any()})"
            case 8:
                return self.function()
            case 9:
                return f"def c{self.fresh()} = {{ {self.one('it', 'it ?: 0', '[it]', TAGGED)} }}\nprintln(c{self.count}({self.any()}))"
            case 10:
                return f"def n{self.fresh()} = {self.pick(4)}; while (n{self.count} > 0) {{ {self.change()}; n{self.count}-- }}"
            case 11:
                return self.class_()
            case 6:
                return f"try {{ {self.change()} }} catch (Exception e{self.fresh()}) {{ {self.change()} }}"
            case _:
                return f"switch ({self.whole()}) {{ case {self.pick(4)}: {self.change()}; break; default: {self.change()} }}"

    def function(self) -> str:
        name, body = f"f{self.fresh()}", self.one("a + b", "b", "[a, b]")
        return f"def {name}(a, b = {self.whole()}) {{ {body} }}\nprintln({name}({self.whole()}))"

    def class_(self) -> str:
        name, given = f"C{self.fresh()}", self.one("", "x: 5")
        return f"class {name} {{ def x = {self.whole()}; def m(y) {{ x + y }} }}\nprintln(new {name}({given}).m({self.whole()}))"

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def declaration(self) -> str:
        kind, write = self.kind()
        name = f"v{self.fresh()}"
        text = f"def {name} = {write()}"
        self.names.append((kind, name))
        return text

    def kind(self) -> tuple[str, Callable[[], str]]:
        kinds = (("whole", self.whole), ("decimal", self.decimal), ("text", self.text), ("list", self.list), ("map", self.map))
        return kinds[self.pick(len(kinds))]

    def change(self) -> str:
        known = [one for one in self.names if one[0] in ("whole", "text", "list", "map")]
        if not known:
            return f"println({self.whole()})"
        kind, name = known[self.pick(len(known))]
        match kind:
            case "whole":
                return self.one(f"{name} += {self.whole()}", f"{name}++", f"{name} = {self.whole()}")
            case "text":
                return f"{name} += {self.any()}"
            case "list":
                return self.one(f"{name} << {self.whole()}", f"{name} += {self.list()}", f"{name} -= {self.whole()}")
            case _:
                return self.one(f"{name}.k = {self.whole()}", f"{name}['m'] = {self.text()}", f"{name} += {self.map()}")

    def named(self, kind: str, fallback: str) -> str:
        known = [name for of, name in self.names if of == kind]
        return known[self.pick(len(known))] if known else fallback

    def nested(self, *writers: Callable[[], str], leaf: Callable[[], str]) -> str:
        if self.left <= 0:
            return leaf()
        self.left -= 1
        text = writers[self.pick(len(writers))]()
        self.left += 1
        return text

    def any(self) -> str:
        return self.nested(
            self.whole, self.decimal, self.text, self.list, self.map, self.boolean,
            lambda: f"({self.any()} ?: {self.any()})",
            lambda: f"({self.boolean()} ? {self.any()} : {self.any()})",
            lambda: f"{self.map()}.{self.one('a', 'k', 'none')}",
            lambda: f"{self.map()}?.none?.{self.one('a', 'b')}",
            lambda: f"{self.list()}[{self.one('0', '1', '-1', '9')}]",
            lambda: f"{self.list()}.{self.one('find { it }', 'first()', 'inject { p, q -> p }', 'last()')}",
            lambda: f"{self.whole_list()}.{self.one('max { -it }', 'min { it % 3 }', 'inject(1) { p, q -> p + q }', 'average()')}",
            lambda: f"[{self.map()}, {self.map()}].{self.one('a', 'b', 'none')}",
            lambda: f"{self.list()}*.toString()",
            lambda: f"({self.text()} =~ /{self.pattern()}/).collect {{ it }}",
            lambda: f"{self.text()}.{self.one('toInteger()', 'isNumber()', 'isInteger()', 'toList().toSet().size()')}",
            lambda: f"({self.any()} as {self.one('String', 'boolean')})",
            lambda: f"new groovy.json.JsonSlurper().parseText(groovy.json.JsonOutput.toJson({self.map()})).keySet().toList()",
            leaf=self.whole,
        )  # fmt: skip

    def whole(self) -> str:
        return self.nested(
            lambda: f"({self.whole()} {self.one('+', '-', '*')} {self.whole()})",
            lambda: f"({self.whole()} % {1 + self.pick(9)})",
            lambda: f"{self.text()}.{self.one('size()', 'length()')}",
            lambda: f"{self.list()}.size()",
            lambda: f"{self.text()}.indexOf({self.text()})",
            lambda: f"{self.list()}.count {{ it > {self.pick(5)} }}",
            lambda: f"({self.whole()} <=> {self.whole()})",
            lambda: f"{self.whole()}.intdiv({1 + self.pick(9)})",
            lambda: f"({self.decimal()} as int)",
            lambda: f"{{ a -> a + {self.whole()} }}({self.whole()})",
            leaf=lambda: self.named("whole", str(self.pick(200) - 50)),
        ).replace("--", "- -")

    def decimal(self) -> str:
        return self.nested(
            lambda: f"({self.whole()} / {1 + self.pick(12)})",
            lambda: f"({self.decimal()} {self.one('+', '-', '*')} {self.decimal()})",
            lambda: f"{self.decimal()}.setScale({self.pick(4)}, java.math.RoundingMode.HALF_UP)",
            lambda: f"({self.decimal()} + {self.whole()})",
            leaf=lambda: self.named("decimal", f"{self.pick(90)}.{self.pick(100):02}"),
        )  # fmt: skip

    def text(self) -> str:
        return self.nested(
            lambda: f"({self.text()} + {self.any()})",
            lambda: f'"a${{{self.any()}}}b"',
            lambda: f"{self.text()}.{self.one('toUpperCase()', 'reverse()', 'trim()', 'capitalize()', 'take(2)', 'drop(1)')}",
            lambda: f"{self.text()}.replace({self.text()}, {self.text()})",
            lambda: f"{self.text()}.replaceAll(/{self.pattern()}/, '-')",
            lambda: f"{self.text()}.padLeft({self.pick(9)}, '*')",
            lambda: f"{self.list()}.join(', ')",
            lambda: f"({self.text()} * {self.pick(4)})",
            lambda: f"({self.any()}).toString()",
            lambda: f"({self.text()} - {self.text()})",
            lambda: f"{self.text()}[{self.one('0', '-1', '0..1', '1..-1', '0..<1', '-2..-1')}]",
            lambda: f"String.format('%s|%5d|%.2f', {self.text()}, {self.whole()}, {self.decimal()})",
            lambda: f"groovy.json.JsonOutput.toJson({self.any()})",
            lambda: f"{self.text()}.replaceFirst(/({self.pattern()})/, '<$1>')",
            lambda: f"{self.text()}.replaceAll(/{self.pattern()}/) {{ '[' + it + ']' }}",
            lambda: f"new Date({self.whole()} * 86400000L).format('{self.one('yyyy-MM-dd', 'EEE d MMM', 'D HH')}')",
            leaf=lambda: self.named("text", self.one("'abc'", "''", "'x y'", "'A1b2'", "'1'", "'tEst'")),
        )  # fmt: skip

    def pattern(self) -> str:
        return "".join(self.one("a", "\\d", "[a-c]", "b+", "x?", ".", "(a|b)", "\\w*", "[^a]", "(?:1|2)") for _ in range(1 + self.pick(3)))

    def list(self) -> str:
        return self.nested(
            lambda: f"[{', '.join(self.any() for _ in range(self.pick(4)))}]",
            lambda: f"({self.whole_list()} + {self.whole_list()})",
            lambda: f"{self.whole_list()}.collect {{ it {self.one('+', '*')} {self.pick(5)} }}",
            lambda: f"{self.whole_list()}.findAll {{ it > {self.pick(6)} }}",
            lambda: f"{self.whole_list()}.{self.one('sort()', 'reverse()', 'unique()', 'take(2)', 'drop(1)', 'flatten()', 'toList()')}",
            lambda: f"{self.text()}.{self.one('toList()', 'split(/[a ]/).toList()', 'findAll(/[a-z]/)', 'tokenize()')}",
            lambda: f"{self.map()}.{self.one('keySet()', 'values()', 'collect { k, v -> v }')}.toList()",
            lambda: f"(0..{self.pick(5)}).toList()",
            lambda: f"({self.whole_list()} - {self.whole_list()})",
            lambda: f"{self.whole_list()}.sort {{ {self.one('-it', 'it % 3', 'p, q -> q <=> p')} }}",
            lambda: f"{self.list()}.{self.one('withIndex()', 'collate(2)', 'tail()', 'init()', 'indexed().keySet().toList()')}",
            lambda: f"{self.list()}[{self.one('0..1', '1..-1', '0..<1', '-1..0')}]",
            lambda: f"[*{self.list()}, {self.any()}]",
            lambda: f"{self.list()}.{self.one('collectMany { [it, it] }', 'findResults { it ?: null }', 'split { it }')}",
            lambda: f"{self.list()}.groupBy {{ it }}.keySet().toList()",
            lambda: f"{self.text()}.split(/{self.one('b', ',', ' ', '[1a]')}/).toList()",
            leaf=self.whole_list,
        )  # fmt: skip

    def whole_list(self) -> str:
        return f"[{', '.join(str(self.pick(9)) for _ in range(self.pick(5)))}]"

    def map(self) -> str:
        return self.nested(
            lambda: f"[a: {self.any()}, b: {self.any()}]",
            lambda: f"({self.map()} + {self.map()})",
            lambda: f"{self.map()}.findAll {{ k, v -> v }}",
            lambda: f"{self.map()}.collectEntries {{ k, v -> [(k + 'x'): v] }}",
            lambda: f"{self.whole_list()}.groupBy {{ it % 2 }}",
            lambda: f"{self.whole_list()}.countBy {{ it }}",
            leaf=lambda: self.named("map", self.one("[a: 1]", "[:]", "[b: 'x', k: null]", "['a': 2, 'a': 3]")),
        )  # fmt: skip

    def boolean(self) -> str:
        return self.nested(
            lambda: f"({self.any()} == {self.any()})",
            lambda: f"({self.whole()} {self.one('<', '<=', '>', '>=', '!=')} {self.whole()})",
            lambda: f"({self.boolean()} {self.one('&&', '||')} {self.boolean()})",
            lambda: f"!{self.list()}",
            lambda: f"({self.text()} ==~ /{self.pattern()}/)",
            lambda: f"({self.text()} =~ /{self.pattern()}/).find()",
            lambda: f"{self.text()}.{self.one('contains', 'startsWith', 'endsWith')}({self.text()})",
            lambda: f"({self.whole()} in {self.whole_list()})",
            lambda: f"({self.any()} instanceof {self.one('String', 'Integer', 'List', 'Map', 'Number')})",
            leaf=lambda: self.one("true", "false"),
        )  # fmt: skip
