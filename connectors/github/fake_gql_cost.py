"""What a question of GraphQL costs, which is known before it is answered.

https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api#predicting-the-point-value-of-a-query
"""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.github.fake_gql import Document, Selection

MOST_NODES = 500_000


@dataclass(frozen=True)
class Cost:
    """`requests` that GitHub makes to itself if every list is as long as it may be, and `nodes` that are in them then."""

    requests: int = 0
    nodes: int = 0

    @property
    def points(self) -> int:
        return max(1, round(self.requests / 100))

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.requests + other.requests, self.nodes + other.nodes)


FREE = Cost()


def cost_of(document: Document) -> Cost:
    return _of(document, document.selections, 1)


def _of(document: Document, selections: Iterable[Selection], times: int) -> Cost:
    found = FREE
    for one in selections:
        opened = document.fragments.get(one.spread, one) if one.spread else one
        args = one.args or {}
        size = next((value for name in ("first", "last") if isinstance(value := args.get(name), int)), None)
        listed = FREE if size is None else Cost(times, times * size)
        found = found + listed + _of(document, opened.selections, times * (1 if size is None else size))
    return found
