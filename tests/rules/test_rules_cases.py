"""The cases that specify the language, here and in Apache Groovy."""

import pytest

from tests.rules.chunks import Chunk, canonical, chunks
from tests.rules.groovy import Groovy
from tests.rules.play import play

CHUNKS = chunks()


@pytest.mark.parametrize("chunk", CHUNKS, ids=[one.name for one in CHUNKS])
def test_here(chunk: Chunk) -> None:
    answer = play(chunk.program)
    assert chunk.agrees(answer, chunk.expected), f"{chunk.program}\n{canonical(answer)} {answer.out!r} {answer.message}"


@pytest.mark.xdist_group("groovy")
def test_in_groovy(groovy: Groovy) -> None:
    """One test for all: a JVM per worker would cost more than the programs."""
    differing: list[str] = []
    for chunk in CHUNKS:
        answer = groovy.run(chunk.program)
        if not chunk.agrees(
            answer, "refused" if chunk.expected.startswith("refused") and not chunk.groovy else chunk.groovy or chunk.expected
        ):
            differing.append(f"{chunk.name}: {chunk.program!r} gives {canonical(answer)} {answer.out!r}")
    assert differing == []
