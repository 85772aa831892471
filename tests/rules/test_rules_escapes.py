"""No way out: what opens other sandboxes ends here with an error of the language, soon."""

import pytest

from tests.rules.escapes import ESCAPES
from tests.rules.fuzz import fuzz, run_one

HARMLESS = frozenset(
    {
        "binding.variables", "@groovy.transform.ASTTest(value = { assert true }) def x = 1",
        "import groovy.transform.CompileStatic\n@CompileStatic class A { }", "def n = 'getClass'; ''.\"$n\"()", "''.&execute",
        "println(this)", "class A { def a = super(1) }; new A()",
        "''.@value", "[].@elementData", "[:].__class__", "[:]['__class__']", "class A { def __init__() { 1 } }; new A()",
        "\"{{7*7}} <%= 7*7 %> #{7*7} ${'$'}{7*7}\"", "def l = []; l << l; l == [l]", "def l = []; 100.times { l = [l, l] }; l == [l]",
        "enum E { A(new E2()); def x; E(y) { x = y } }\nclass E2 { def e = E.A }\nE.A", "'1e999999999'.toDouble() as long",
        "('a' * 5000).replaceAll(/(a*)*/, 'x')", "'a' ==~ '(?:a{100}){100}'", "'abc'.split('(?=(?=(?=(?=b))))')",
        "/" * 1000, "List<" * 200 + ">" * 200 + " x", "@A " * 500 + "def x",
        "import " + "a." * 3000 + "b", "\n" * 100_000, ";" * 5_000,
    }
)  # fmt: skip
"""What comes to a value that is the language's own: a name, null, a text, an empty list."""


@pytest.mark.parametrize("source", ESCAPES, ids=[one[:50] for one in ESCAPES])
def test_escape(source: str) -> None:
    ended = run_one(source)
    assert (ended == "value") == (source in HARMLESS), ended


@pytest.mark.parametrize("seed", [1, 2])
def test_no_input_breaks_the_language(seed: int) -> None:
    assert sum(fuzz(1500, seed).values()) == 1500
