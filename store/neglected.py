"""Whether anything waits that nobody is at work on: one look in place of a query for each kind, since every poll asks."""

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import BindParameter, ColumnElement, TextClause, exists, text
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from model.words import TwinStatus
from store import tables
from store.awaited import arrived_copies
from store.transactions import forgotten_ones

Given: TypeAlias = BindParameter[Any]


class Neglected(NamedTuple):
    """What a connection has of held twins, unbegun ones, forgotten transactions and copies that arrived.

    See `Twins.held` and `unbegun`, `Transactions.forgotten`, `Awaited.arrived`.
    """

    held: bool
    unbegun: bool
    forgotten: bool
    arrived: bool


def held_ones(connection: str | Given) -> tuple[ColumnElement[bool] | TextClause, ...]:
    return (col(tables.Twin.connection) == connection, text("held"))


def unbegun_ones(connection: str | Given, before: datetime | Given) -> tuple[ColumnElement[bool], ...]:
    queued = exists().where(col(tables.Transaction.twin) == col(tables.Twin.id))
    syncing = col(tables.Twin.status) == TwinStatus.SYNCING
    return (col(tables.Twin.connection) == connection, syncing, col(tables.Twin.updated) < before, ~queued)


@cache
def neglected_ones() -> Select[bool, bool, bool, bool]:
    """Four truths, of `connection` and `before`."""
    connection, before = Given("connection"), Given("before")
    twins, queue = select(tables.Twin.id), select(tables.Transaction.id)
    return select(
        twins.where(*held_ones(connection)).exists(),
        twins.where(*unbegun_ones(connection, before)).exists(),
        queue.where(*forgotten_ones(connection, before)).exists(),
        arrived_copies().exists(),
    )
