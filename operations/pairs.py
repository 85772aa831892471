"""Pairs of items as a CSV file: what Clean-up writes, Bulk Connect reads. Pure."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from operations.problems import Problem, Rejected

HEADER = ("left", "right")
DELIMITERS = (",", ";")
MOST_PAIRS = 200_000
PROBLEMS_TOLD = 20


class Pair(NamedTuple):
    """What people call the two items, and the line of the file that they stand on; lines start at 1."""

    left: str
    right: str
    line: int


def read_pairs(text: str) -> tuple[Pair, ...]:
    """One pair of keys, ids or URLs per line, separated by `,` or `;` as in its first line; a first line `left,right` is a header.

    Rejected, naming the lines, where a line is no pair, or an item stands on two lines with different ones; nothing of the file is used.
    """
    lines = text.removeprefix("\ufeff")
    rows = tuple(_rows(lines, _delimiter(lines)))
    pairs = rows[1:] if rows and _is_header(rows[0].fields) else rows
    if not pairs:
        raise Rejected([Problem(place="", message="there is no pair in the file; write one per line, such as APP-1,acme/app#34")])
    if len(pairs) > MOST_PAIRS:
        message = f"there are {len(pairs)} pairs in the file; split it into files of at most {MOST_PAIRS}"
        raise Rejected([Problem(place="", message=message)])
    problems = list(_problems(pairs))
    if len(problems) > PROBLEMS_TOLD:
        rest = Problem(place="", message=f"{len(problems) - PROBLEMS_TOLD} more lines are wrong")
        problems = [*problems[:PROBLEMS_TOLD], rest]
    Rejected.unless_none(problems)
    return tuple(Pair(row.fields[0], row.fields[1], row.line) for row in pairs)


def write_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """A file that `read_pairs` reads, with header."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(pairs)
    return written.getvalue()


class _Row(NamedTuple):
    fields: tuple[str, ...]
    line: int


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((one for one in DELIMITERS if len(_fields(first, one)) == len(HEADER)), DELIMITERS[0])


def _fields(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter, strict=True, skipinitialspace=True)))
    except csv.Error:
        return ()


def _rows(text: str, delimiter: str) -> Iterator[_Row]:
    """Every line that is not blank. Rejected, with the line, where a quotation mark is amiss."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    line = 1
    try:
        for row in reader:
            fields = tuple(field.strip() for field in row)
            if any(fields):
                yield _Row(fields, line)
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"{error}; put a value with a quotation mark in quotation marks, and double the mark"
        raise Rejected([Problem(place=f"line {line}", message=message)]) from error


def _is_header(fields: tuple[str, ...]) -> bool:
    return tuple(field.lower() for field in fields) == HEADER


def _problems(rows: Iterable[_Row]) -> Iterator[Problem]:
    seen: dict[tuple[int, str], _Row] = {}
    for row in rows:
        place = f"line {row.line}"
        if len(row.fields) != len(HEADER) or not all(row.fields):
            yield Problem(place=place, message=f"there must be two items, as in APP-1,acme/app#34; it has {_counted(row.fields)}")
            continue
        for position, field in enumerate(row.fields):
            first = seen.setdefault((position, field), row)
            if first.fields != row.fields:
                message = f"{field!r} is the {HEADER[position]} item of line {first.line} already, with another one; leave one of them out"
                yield Problem(place=place, message=message)


def _counted(fields: tuple[str, ...]) -> str:
    filled = sum(1 for field in fields if field)
    return "one" if filled == 1 else str(filled)
