"""Programs that Hypothesis writes over the grammar, here and in Apache Groovy."""

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.rules.grammar import Grammar
from tests.rules.groovy import Groovy
from tests.rules.play import play


@st.composite
def programs(draw: DrawFn) -> str:
    return Grammar(lambda below: draw(st.integers(0, below - 1)), 3).program()


@pytest.mark.xdist_group("groovy")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(programs())
def test_the_same_in_groovy(groovy: Groovy, program: str) -> None:
    """But for maps as keys, which are refused here."""
    ours = play(program)
    assume("cannot be the key of a map" not in ours.message)
    assert ours.compared() == groovy.run(program).compared()
