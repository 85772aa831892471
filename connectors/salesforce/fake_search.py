"""SOSL and the search that takes parameters in its place.

https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_intro.htm. Here a record is found as
soon as it is written, and by the words that it has; Salesforce's index lags, and knows forms of words.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pydantic import JsonValue

from connectors.salesforce.fake_call import Call, Problem, Reply
from connectors.salesforce.fake_query import found_rows, selected
from connectors.salesforce.fake_schema import Object, Table
from connectors.salesforce.fake_soql import Malformed, parse
from connectors.salesforce.fake_world import Stored, World

OBJECTS = ("Account", "Contact", "Case", "Incident_Report__c", "Memo__c", "Tag__c", "User")
MOST = 2000
KINDS = {
    "ALL": ("string", "textarea", "email", "phone", "url"),
    "SIDEBAR": ("string", "textarea", "email", "phone", "url"),
    "EMAIL": ("email",),
    "PHONE": ("phone",),
}
STATEMENT = re.compile(
    r"\s*FIND\s*\{(?P<find>(?:\\.|[^}\\])*)\}(?:\s*IN\s+(?P<within>ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS)?"
    r"(?:\s*RETURNING\s+(?P<returning>.*?))?(?:\s+WITH\s+.*?)?(?:\s+LIMIT\s+(?P<limit>\d+))?\s*",
    re.IGNORECASE | re.DOTALL,
)
RETURNED = re.compile(r"\s*(?P<name>\w+)\s*(?:\((?P<inner>(?:[^()']|'(?:\\.|[^'\\])*'|\([^()]*\))*)\))?\s*(?:,|$)")
PART = re.compile(r'"(?P<phrase>(?:\\.|[^"\\])*)"|(?P<mark>[()])|(?P<word>(?:\\.|[^\s()"\\])+)', re.DOTALL)
Test = Callable[[Sequence[str]], bool]


@dataclass(frozen=True)
class Wanted:
    """One object of a search; `rest` is what stands behind its fields: conditions, order, limit."""

    table: str
    fields: str = "Id"
    rest: str = ""


async def search(call: Call) -> Reply:
    """`/search?q=FIND {...}`."""
    sosl = call.query.get("q", "")
    found = STATEMENT.fullmatch(sosl)
    if found is None:
        raise _malformed(f"unexpected token: {sosl[:40]!r}")
    objects = _returning(found["returning"]) if found["returning"] else [Wanted(one) for one in OBJECTS]
    return Reply(200, {"searchRecords": [*_found(call, found["find"], found["within"] or "ALL", objects, int(found["limit"] or MOST))]})


async def parameterized(call: Call) -> Reply:
    """https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search_parameterized.htm"""
    told = call.body if call.method == "POST" else _of_address(call)
    common = cast("list[str]", told.get("fields") or ["Id"])
    listed = cast("list[Object]", told.get("sobjects") or [{"name": one} for one in OBJECTS])
    objects = [
        Wanted(
            str(one.get("name")),
            ", ".join(cast("list[str]", one.get("fields") or common)),
            (f"WHERE {one['where']} " if one.get("where") else "") + f"LIMIT {one.get('limit') or told.get('defaultLimit') or MOST}",
        )
        for one in listed
    ]
    limit = int(str(told.get("overallLimit") or MOST))
    return Reply(200, {"searchRecords": [*_found(call, str(told.get("q") or ""), str(told.get("in") or "ALL"), objects, limit)]})


def _of_address(call: Call) -> Object:
    query = call.query
    names = [one for one in query.get("sobject", "").split(",") if one]
    several: list[JsonValue] = [
        {
            "name": one,
            "fields": [part.strip() for part in query[f"{one}.fields"].split(",")] if f"{one}.fields" in query else None,
            "where": query.get(f"{one}.where"),
            "limit": query.get(f"{one}.limit"),
        }
        for one in names
    ]
    given = [part.strip() for part in query.get("fields", "").split(",") if part.strip()]
    kept: Object = {name: query[name] for name in ("q", "in", "defaultLimit", "overallLimit") if name in query}
    return {**kept, "sobjects": several, "fields": [*given] or None}


def _returning(text: str) -> list[Wanted]:
    """`Case(Id, Subject WHERE Status = 'New' LIMIT 5), Account`."""
    found: list[Wanted] = []
    at = 0
    while at < len(text):
        part = RETURNED.match(text, at)
        if part is None:
            raise _malformed(f"unexpected token: {text[at:][:40]!r}")
        fields, *rest = re.split(r"\s+(?=(?:WHERE|ORDER\s+BY|LIMIT|OFFSET)\b)", part["inner"] or "Id", maxsplit=1, flags=re.IGNORECASE)
        found.append(Wanted(part["name"], fields, "".join(rest)))
        at = part.end()
    return found


def _found(call: Call, text: str, within: str, objects: Sequence[Wanted], limit: int) -> list[JsonValue]:
    meets, shown = _test(text), list[JsonValue]()
    for one in objects:
        try:
            wanted = parse(f"SELECT {one.fields} FROM {one.table} {one.rest}")  # noqa: S608
        except Malformed as error:
            raise _malformed(str(error)) from None
        rows = found_rows(call.world, replace(wanted, limit=None, offset=0))
        met = [row for row in rows if meets(_words(call.world, row, within.upper()))]
        end = None if wanted.limit is None else wanted.offset + wanted.limit
        shown += [selected(call, row, row.table, wanted.paths) for row in met[wanted.offset : end]]
    return shown[:limit]


def _words(world: World, stored: Stored, within: str) -> list[str]:
    texts = [str(stored.values[name] or "") for name in _searched(world, stored.table, within)]
    return [*_split(" \n ".join(texts))]


def _searched(world: World, whole: Table, within: str) -> list[str]:
    columns = world.columns(whole)
    if within == "NAME":
        return [one.name for one in columns if one.name_field or one.name == "Subject"]
    return [one.name for one in columns if one.type in KINDS.get(within, KINDS["ALL"])]


def _split(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _test(text: str) -> Test:
    """What a search asks of the words of a record: AND, OR, AND NOT, phrases, `*` and `?`."""
    if len(re.sub(r"[\s*?\"()\\]", "", text)) < 2:
        raise Problem(400, "MALFORMED_SEARCH", f"search term must be longer than one character: {text}")
    parts = [*PART.finditer(text)]
    test, end = _either(parts, 0)
    if end < len(parts):
        raise _malformed(f"unexpected token: {parts[end][0]!r}")
    return test


def _either(parts: Sequence[re.Match[str]], at: int) -> tuple[Test, int]:
    test, at = _both(parts, at)
    while at < len(parts) and parts[at]["word"] and parts[at]["word"].upper() == "OR":
        other, at = _both(parts, at + 1)
        test = _or(test, other)
    return test, at


def _both(parts: Sequence[re.Match[str]], at: int) -> tuple[Test, int]:
    test, at = _one(parts, at)
    while at < len(parts) and parts[at]["mark"] != ")" and (parts[at]["word"] or "").upper() != "OR":
        at += (parts[at]["word"] or "").upper() == "AND"
        inverse = at < len(parts) and (parts[at]["word"] or "").upper() == "NOT"
        other, at = _one(parts, at + inverse)
        test = _and(test, other, inverse=inverse)
    return test, at


def _one(parts: Sequence[re.Match[str]], at: int) -> tuple[Test, int]:
    if at >= len(parts):
        raise _malformed("unexpected token: '<EOF>'")
    found = parts[at]
    if found["mark"] == "(":
        test, at = _either(parts, at + 1)
        if at >= len(parts) or parts[at]["mark"] != ")":
            raise _malformed("unexpected token: '<EOF>'")
        return test, at + 1
    return _phrase(re.sub(r"\\(.)", r"\1", found["phrase"] or found["word"] or "")), at + 1


def _and(one: Test, other: Test, *, inverse: bool) -> Test:
    return lambda words: one(words) and other(words) != inverse


def _or(one: Test, other: Test) -> Test:
    return lambda words: one(words) or other(words)


def _phrase(text: str) -> Test:
    """Its words, one after the other."""
    patterns = [re.compile(one.replace("*", r"\w*").replace("?", r"\w")) for one in re.findall(r"[\w*?]+", text.casefold())]

    def meets(words: Sequence[str]) -> bool:
        places = range(len(words) - len(patterns) + 1)
        return any(all(one.fullmatch(words[at + place]) for place, one in enumerate(patterns)) for at in places)

    return meets


def _malformed(message: str) -> Problem:
    return Problem(400, "MALFORMED_SEARCH", message)
