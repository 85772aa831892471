"""The suite notices: each way to break the connector that `twinline connector new` writes breaks the check that is for it."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from pydantic import JsonValue

from cli.scaffold.tiny_tracker import DECLARATION
from cli.scaffold.tiny_tracker.conformance import SUBJECT
from cli.scaffold.tiny_tracker.connector import TinyTrackerConnector
from connectors.kit.conformance import accounts, children, items, protection, refusals, seeing
from connectors.kit.conformance.expect import Broken
from connectors.kit.conformance.live import Known, running
from connectors.kit.conformance.quality import load
from connectors.kit.conformance.suite import Check
from connectors.kit.interface import Account, Change, ChangePage, Connector, Delivery, Permission, SystemAccess, Written
from model.errors import LoginRejected, RateLimited
from model.item import Comment, Fields, Item

QUALITY = load("cli.scaffold.tiny_tracker")


class Forgetful(TinyTrackerConnector):
    async def find_by_marker(self, settings: Mapping[str, JsonValue], marker: str, since: datetime) -> Item | None:
        del settings, marker, since
        return None


class Muddled(TinyTrackerConnector):
    asked = ""

    async def read(self, item_id: str) -> Item:
        self.asked = self.asked or item_id
        try:
            return await super().read(self.asked)
        finally:
            self.asked = ""


class Sweeping(TinyTrackerConnector):
    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        return await super().update(item_id, {"description": None, **fields}, version)


class Boastful(TinyTrackerConnector):
    async def update(self, item_id: str, fields: Fields, version: str = "") -> Written:
        written = await super().update(item_id, fields, version)
        return written.model_copy(update={"fields": dict.fromkeys(fields, "done")})


class Hasty(TinyTrackerConnector):
    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        page = await super().changes(settings, cursor)
        return page.model_copy(update={"cursor": str(int(page.cursor) + 1)})


class Idle(TinyTrackerConnector):
    async def changes(self, settings: Mapping[str, JsonValue], cursor: str) -> ChangePage:
        return (await super().changes(settings, cursor)).model_copy(update={"more": False})


class Generous(TinyTrackerConnector):
    async def search(self, settings: Mapping[str, JsonValue], query: str, since: datetime | None) -> tuple[Change, ...]:
        del query
        return await super().search(settings, "", since)


class Lenient(TinyTrackerConnector):
    async def check_query(self, settings: Mapping[str, JsonValue], query: str) -> None: ...


class Chatty(TinyTrackerConnector):
    def __init__(self, access: SystemAccess) -> None:
        super().__init__(access)
        self._token = access.credentials["token"]

    async def check(self, settings: Mapping[str, JsonValue] | None) -> None:
        try:
            await super().check(settings)
        except LoginRejected as error:
            raise LoginRejected(f"{error} ({self._token})") from error


class Nameless(TinyTrackerConnector):
    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        return (await super().account(settings)).model_copy(update={"name": ""})


class Helpless(TinyTrackerConnector):
    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        doubt = Permission(name="see cards", given=None)
        return (await super().account(settings)).model_copy(update={"permissions": (doubt,) if settings else ()})


class Modest(TinyTrackerConnector):
    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        lack = Permission(name="see cards", given=False, remedy="ask for it")
        return (await super().account(settings)).model_copy(update={"permissions": (lack,) if settings else ()})


class Trying(TinyTrackerConnector):
    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        if settings is not None:
            await self.create(settings, {"summary": "A trial"}, "trial")
        return await super().account(settings)


class Easy(TinyTrackerConnector):
    async def account(self, settings: Mapping[str, JsonValue] | None) -> Account:
        del settings
        return Account(name="somebody", platform="Tiny Tracker")


class Vague(TinyTrackerConnector):
    async def read(self, item_id: str) -> Item:
        return (await super().read(item_id)).model_copy(update={"version": "1"})


class Silent(TinyTrackerConnector):
    async def read(self, item_id: str) -> Item:
        try:
            return await super().read(item_id)
        except RateLimited as limited:
            await asyncio.sleep(limited.retry_after)
            return await super().read(item_id)


class Loud(TinyTrackerConnector):
    def as_read(self, written: str) -> str:
        return super().as_read(written).upper()


class Anonymous(TinyTrackerConnector):
    async def add_comment(self, item_id: str, body: str, *, internal: bool, marker: str) -> Comment:
        return await super().add_comment(item_id, body, internal=internal, marker=marker[:-1])


def _trusting(headers: Mapping[str, str], body: bytes, secret: str) -> Delivery:
    """Whoever calls is believed."""
    del headers, secret
    return DECLARATION.parse_webhook(SUBJECT.signed(body, "any"), body, "any")


def _known(connector: type[TinyTrackerConnector]) -> Known:
    def opened(access: SystemAccess) -> Connector:
        return connector(access)

    return Known(replace(DECLARATION, open=opened), QUALITY, SUBJECT)


@pytest.mark.parametrize(
    ("connector", "check"),
    [
        (Forgetful, items.finds_an_item_by_its_marker),
        (Forgetful, items.finds_what_a_lost_answer_made),
        (Sweeping, items.updates_nothing_else),
        (Boastful, items.updates_nothing_else),
        (Hasty, seeing.the_feed_loses_nothing_that_happens_at_the_same_time),
        (Idle, seeing.the_feed_turns_its_pages),
        (Generous, seeing.a_query_selects),
        (Lenient, seeing.a_bad_query_is_refused),
        (Chatty, refusals.a_wrong_login_is_rejected),
        (Nameless, accounts.the_account_is_named_with_what_it_may_do),
        (Helpless, accounts.the_account_is_named_with_what_it_may_do),
        (Modest, accounts.the_account_is_named_with_what_it_may_do),
        (Trying, accounts.nothing_is_written_to_find_that_out),
        (Easy, accounts.a_wrong_login_has_no_account),
        (Vague, protection.every_state_has_a_version_of_its_own),
        (Silent, refusals.a_limit_is_waited_for),
        (Loud, items.reads_rich_text_as_it_says),
        (Anonymous, children.comments_are_added_and_found),
    ],
    ids=lambda one: one.__name__,
)
async def test_a_broken_promise_is_noticed(connector: type[TinyTrackerConnector], check: Check) -> None:
    async with running(_known(TinyTrackerConnector)) as sound:
        await check(sound)
    async with running(_known(connector)) as live:
        with pytest.raises(Broken):
            await check(live)


async def test_a_webhook_that_takes_anything_is_noticed() -> None:
    async with running(Known(replace(DECLARATION, parse_webhook=_trusting), QUALITY, SUBJECT)) as live:
        with pytest.raises(Broken):
            await seeing.a_forged_call_is_refused(live)
