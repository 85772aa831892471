"""Telling our own work from a person's."""

from collections.abc import Sequence
from itertools import pairwise

from model.item import Fields
from model.words import Side
from sync.canonical import canonical_replica


def is_echo(payload: Fields, expected: Fields) -> bool:
    """Whether a fetched replica is what the side sent last, or is expected to send after our own write."""
    return canonical_replica(payload) == canonical_replica(expected)


def alternations(writes: Sequence[tuple[Side, str]], subject: str) -> int:
    """How often the direction of writes to `subject` turned: `writes` are (source, subject), oldest first."""
    sources = [source for source, written in writes if written == subject]
    return sum(1 for earlier, later in pairwise(sources) if earlier is not later)
