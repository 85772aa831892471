"""What many ask for at the same time is read together: records, entries and files in one list each, however long these are."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import cast

import httpx
import pytest
from pydantic import JsonValue
from servicenow_site import SECRET, SERVERS, TRUSTED, USER, Json, Site, access, connected, peopled
from starlette.types import Message, Scope, Send

from connectors.kit.interface import FakeOptions
from connectors.servicenow.client import LONGEST_ADDRESS, LONGEST_LIST, TEXT_PAGE, WHOLE_PAGE, ServiceNowClient
from connectors.servicenow.connector import ServiceNowConnector
from connectors.servicenow.fake import FakeServiceNow
from connectors.servicenow.reading import MOST
from connectors.servicenow.text import entry
from model.errors import Gone, Misconfigured, NotFound
from model.item import Item

RECORD, RECORDS, ENTRIES, FILES = "incident/…", "incident", "sys_journal_field", "attachment"
OLDEST_FIRST = ["four-4.txt", "four-3.txt", "four-2.txt", "four-1.txt", "four-0.txt"]
AUTHORS, DELETIONS = "sys_user", "sys_audit_delete"


class Watched(FakeServiceNow):
    """Notes which lists are asked for; `before` is done first, and neither headers nor rows are told that `leaves_out` names."""

    def __init__(self, seed: Mapping[str, JsonValue]) -> None:
        super().__init__(FakeOptions(USER, SECRET, peopled(seed)))
        self.calls: list[str] = []
        self.addresses: list[str] = []
        self.before: Callable[[str], None] = lambda _kind: None
        self.leaves_out: set[str] = set()

    async def __call__(self, scope: object, receive: object, send: object) -> None:
        told = cast("Scope", scope)
        kind = _kind(str(told["path"]))
        self.before(kind)
        self.calls.append(kind)
        self.addresses.append(str(told["path"]) + "?" + told["query_string"].decode())

        parts: list[Message] = []

        async def keep(message: Message) -> None:
            parts.append(message)

        await super().__call__(scope, receive, keep if self.leaves_out else send)
        if self.leaves_out:
            body = json.loads(b"".join(one.get("body", b"") for one in parts))
            if isinstance(rows := body.get("result"), list):
                body["result"] = [one for one in cast("list[Json]", rows) if _told(one) not in self.leaves_out]
            headers = [pair for pair in parts[0]["headers"] if pair[0].decode() not in {*self.leaves_out, "content-length"}]
            await cast("Send", send)({**parts[0], "headers": headers})
            await cast("Send", send)({"type": "http.response.body", "body": json.dumps(body).encode()})

    def since(self, start: int) -> dict[str, int]:
        calls = self.calls[start:]
        return {kind: calls.count(kind) for kind in dict.fromkeys(calls)}


def _told(row: Json) -> str:
    sys_id = row.get("sys_id")
    return str(sys_id["value"] if isinstance(sys_id, dict) else sys_id)


def _kind(path: str) -> str:
    """The table that a path leads to, with `…` behind it for one record."""
    table, _, sys_id = path.removeprefix("/api/now/").removeprefix("table/").partition("/")
    return f"{table}/…" if sys_id else table


@asynccontextmanager
async def watched(**seed: JsonValue) -> AsyncGenerator[tuple[Site, Watched, ServiceNowConnector]]:
    fake = Watched(seed)
    async with (
        SERVERS.lent(fake) as url,
        httpx.AsyncClient(base_url=url, trust_env=False, verify=TRUSTED) as client,
        connected(Site(url, client, fake.world)) as snow,
    ):
        yield Site(url, client, fake.world), fake, snow


def planted(site: Site, count: int, table: str = "incident") -> list[str]:
    """Ids of new records, numbered in their summaries."""
    rows = [{**site.world.new_row(table, "ann"), "short_description": f"Number {number}"} for number in range(count)]
    for row in rows:
        site.world.put(table, row)
    return [f"{table}/{row['sys_id']}" for row in rows]


def noted(site: Site, item: str, text: str, author: str = "ann", element: str = "comments", age: int = 0) -> None:
    """An entry that was made `age` seconds ago."""
    site.world.journal("incident", item.partition("/")[2], element, text, author, datetime.now(UTC) - timedelta(seconds=age))


def filed(site: Site, item: str, name: str, age: int = 0) -> None:
    row = site.world.new_row("sys_attachment", "bob", datetime.now(UTC) - timedelta(seconds=age))
    table, _, sys_id = item.partition("/")
    site.world.put("sys_attachment", {**row, "table_name": table, "table_sys_id": sys_id, "file_name": name, "size_bytes": "1"})


async def at_once(snow: ServiceNowConnector, ids: Sequence[str]) -> list[Item | BaseException]:
    return await asyncio.gather(*map(snow.read, ids), return_exceptions=True)


def said(item: Item | BaseException) -> list[str]:
    assert isinstance(item, Item), item
    return [one.body for one in item.comments]


async def test_many_records_cost_three_calls_and_one_for_new_people() -> None:
    async with watched(roles=["itil", "reader", "admin"]) as (site, fake, snow):
        ids = planted(site, 6)
        await snow.read(site.named("Printer on fire"))
        noted(site, ids[1], "From Bob", "bob", "work_notes")
        noted(site, ids[1], "From Ann", age=60)
        noted(site, ids[4], "From Cat", "cat")
        filed(site, ids[2], "two.txt")
        for age in range(5):
            filed(site, ids[4], f"four-{age}.txt", age)
        await site.call("root", "DELETE", f"/api/now/table/{ids[3]}")
        start = len(fake.calls)
        first, *others, gone, absent = await at_once(snow, [ids[0], ids[1], ids[2], ids[4], ids[5], ids[1], ids[3], f"incident/{'0' * 32}"])
        assert fake.since(start) == {RECORD: 3, RECORDS: 1, ENTRIES: 2, FILES: 2, AUTHORS: 1, DELETIONS: 2}
        assert (type(gone), type(absent)) == (Gone, NotFound)
        items = [one for one in (first, *others) if isinstance(one, Item)]
        assert [one.fields["summary"] for one in items] == [f"Number {number}" for number in (0, 1, 2, 4, 5, 1)]
        assert [said(one) for one in items] == [[], ["From Ann", "From Bob"], [], ["From Cat"], [], ["From Ann", "From Bob"]]
        assert [[file.filename for file in one.attachments] for one in items] == [[], [], ["two.txt"], OLDEST_FIRST, [], []]
        assert [one.internal for one in items[1].comments] == [False, True]
        by_cat = items[3].comments[0].author
        assert by_cat is not None
        assert by_cat["displayName"] == "Cat Cole"
        assert items == [await snow.read(one.ref.id) for one in items]


async def test_the_dictionary_is_asked_for_once_however_many_records_are_read() -> None:
    async with watched() as (site, fake, snow):
        ids = planted(site, 9)
        await snow.read(ids[0])
        alone = fake.since(0)
        start = len(fake.calls)
        async with connected(site) as other:
            await at_once(other, ids)
        together = fake.since(start)
        assert {kind: count for kind, count in together.items() if count != alone.get(kind)} == {RECORDS: 1, ENTRIES: 2, FILES: 2}


async def test_more_records_than_an_address_names_are_read_in_several_calls() -> None:
    async with watched() as (site, fake, snow):
        ids = planted(site, MOST + 5)
        await snow.read(site.named("Printer on fire"))
        start = len(fake.calls)
        answers = await at_once(snow, ids)
        assert [one.ref.id for one in answers if isinstance(one, Item)] == ids
        assert fake.since(start) == {RECORD: 1, RECORDS: 2, ENTRIES: 3, FILES: 3}
        assert max(map(len, fake.addresses)) < LONGEST_ADDRESS


@pytest.mark.parametrize(("named", "calls"), [(0, 1), (LONGEST_LIST - 100, 3), (LONGEST_LIST + 100, 1)])
async def test_a_table_of_many_columns_leaves_room_for_fewer_ids(named: int, calls: int) -> None:
    async with watched() as (site, fake, _):
        ids = [one.partition("/")[2] for one in planted(site, MOST)]
        columns = ["sys_id", *(f"u_{number:06}" for number in range(named // 9))]
        client = ServiceNowClient(access(site.url))
        rows = await client.rows("incident", ids, columns)
        await client.aclose()
        assert {one.sys_id for one in rows} == {*ids}
        assert fake.since(0) == {RECORDS: calls}
        assert max(map(len, fake.addresses)) < LONGEST_ADDRESS + 300


async def test_entries_of_many_records_are_all_read_in_their_order() -> None:
    async with watched() as (site, fake, snow):
        ids = planted(site, 4)
        for number in range(TEXT_PAGE + 10):
            noted(site, ids[1 + number % 3], f"Note {number}", age=number)
        await snow.read(site.named("Scanner sleeps"))
        start = len(fake.calls)
        _, *others = await at_once(snow, ids)
        assert fake.since(start) == {RECORD: 1, RECORDS: 1, ENTRIES: 1 + 2, FILES: 2}
        for place, item in enumerate(others):
            assert said(item) == [f"Note {number}" for number in reversed(range(place, TEXT_PAGE + 10, 3))]


@pytest.mark.parametrize("leaves_out", [set[str](), {"link"}], ids=["with links", "without"])
async def test_files_of_many_records_are_all_read(leaves_out: set[str]) -> None:
    async with watched() as (site, fake, snow):
        ids = planted(site, 3)
        for number in range(WHOLE_PAGE + 10):
            filed(site, ids[1 + number % 2], f"{number}.txt")
        await snow.read(site.named("Scanner sleeps"))
        fake.leaves_out = leaves_out
        start = len(fake.calls)
        _, *others = await at_once(snow, ids)
        assert fake.since(start)[FILES] == 1 + 2
        names = [{file.filename for file in one.attachments} for one in others if isinstance(one, Item)]
        assert names == [{f"{number}.txt" for number in range(place, WHOLE_PAGE + 10, 2)} for place in range(2)]


async def test_rows_that_are_hidden_from_us_hide_no_others() -> None:
    async with watched() as (site, fake, snow):
        item = planted(site, 1)[0]
        for number in range(max(TEXT_PAGE, WHOLE_PAGE) + 10):
            noted(site, item, f"Note {number}")
            filed(site, item, f"{number}.txt")
        entries = sorted((row for _, row in site.world.rows(ENTRIES) if row["value"].startswith("Note")), key=lambda row: row["sys_id"])
        attached = sorted(site.world.attachments(item.partition("/")[2]), key=lambda row: row["sys_id"])
        fake.leaves_out = {row["sys_id"] for row in (*entries[: TEXT_PAGE + 1], *attached[:5], *attached[-5:])}
        read = await snow.read(item)
        assert {one.body for one in read.comments} == {row["value"] for row in entries[TEXT_PAGE + 1 :]}
        assert {one.filename for one in read.attachments} == {row["file_name"] for row in attached[5:-5]}


async def test_conditions_that_are_left_aside_bring_nothing_of_others() -> None:
    async with watched(unqueryable=["sys_id", "element_id", "table_sys_id"]) as (site, _, snow):
        ids = planted(site, 3)
        for number, item in enumerate(ids):
            noted(site, item, f"Note {number}")
            filed(site, item, f"{number}.txt")
        answers = await at_once(snow, ids)
        assert [said(one) for one in answers] == [["Note 0"], ["Note 1"], ["Note 2"]]
        files = [one.attachments[0] for one in answers if isinstance(one, Item)]
        assert await snow.find_attachment(ids[1], "m-1", files[1]) == files[1]
        assert await snow.find_attachment(ids[1], "m-1", files[2]) is None
        site.world.journal("incident", ids[2].partition("/")[2], "comments", entry("Ours", "m-2"), USER)
        assert await snow.find_comment(ids[1], "m-2") is None
        for number in range(TEXT_PAGE):
            noted(site, ids[0], f"Note {number}")
        with pytest.raises(Misconfigured, match="leaves conditions on 'sys_id' of 'sys_journal_field' aside"):
            await snow.read(ids[0])


async def test_records_that_are_not_there_have_no_entries_to_ask_for() -> None:
    async with watched() as (site, fake, snow):
        await snow.read(site.named("Scanner sleeps"))
        start = len(fake.calls)
        answers = await at_once(snow, [f"incident/{number:032}" for number in range(3)])
        assert [type(one) for one in answers] == [NotFound] * 3
        assert fake.since(start) == {RECORD: 3, DELETIONS: 3, RECORDS: 1}


async def test_what_goes_while_pages_are_read_hides_nothing_else() -> None:
    async with watched() as (site, fake, snow):
        ids = planted(site, 3)
        for number in range(TEXT_PAGE + 10):
            noted(site, ids[1 + number % 2], f"Note {number}")
        await snow.read(site.named("Scanner sleeps"))
        removed: list[str] = []

        def remove_first(kind: str) -> None:
            if kind == ENTRIES and fake.calls.count(ENTRIES) == start + 2:
                rows = sorted((row for _, row in site.world.rows(ENTRIES)), key=lambda row: row["sys_id"])
                removed.append(next(row["value"] for row in rows if row["value"].startswith("Note")))
                site.world.remove(next(row["sys_id"] for row in rows if row["value"] == removed[0]))

        start = fake.calls.count(ENTRIES)
        fake.before = remove_first
        _, *others = await at_once(snow, ids)
        assert len(removed) == 1
        kept = {body for one in others for body in said(one)}
        assert kept - {*removed} == {f"Note {number}" for number in range(TEXT_PAGE + 10)} - {*removed}


async def test_a_table_that_is_hidden_hides_no_other() -> None:
    async with watched(unreadable=["problem"]) as (site, fake, snow):
        incidents, problems = planted(site, 3), planted(site, 3, "problem")
        start = len(fake.calls)
        answers = await at_once(snow, [*problems, *incidents])
        assert [type(one) for one in answers] == [NotFound] * 3 + [Item] * 3
        assert fake.since(start)[RECORDS] == 1


async def test_each_record_is_read_after_it_was_asked_for() -> None:
    async with watched() as (site, _, snow):
        ids = planted(site, 12)

        async def edited(number: int) -> str:
            await site.edit("ann", ids[number], short_description=f"Edit {number}")
            return str((await snow.read(ids[number])).fields["summary"])

        assert await asyncio.gather(*map(edited, range(12))) == [f"Edit {number}" for number in range(12)]


async def test_records_that_are_known_are_read_as_they_are_though_lists_are_late() -> None:
    async with watched() as (site, fake, snow):
        ids = planted(site, 3)
        await snow.read(site.named("Scanner sleeps"))
        await site.control(lag_s=300)
        start = len(fake.calls)
        assert [type(one) for one in await at_once(snow, ids)] == [Item] * 3
        assert fake.since(start) == {RECORD: 1, RECORDS: 1, ENTRIES: 2, FILES: 2}


async def test_the_fakes_log_has_each_reading_of_a_whole_record() -> None:
    async with watched() as (site, _, snow):
        ids = planted(site, 3)
        await at_once(snow, ids)
        log = (await site.client.get("/_fake/log")).json()
        assert sorted(one["item"] for one in log if one["action"] == "read") == sorted(ids)
