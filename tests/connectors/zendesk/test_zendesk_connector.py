from datetime import UTC, datetime, timedelta

import pytest
from pydantic import JsonValue
from zendesk_site import BOT, SETTINGS, ZendeskSite, connected, running

from connectors.zendesk.connector import ZendeskConnector
from model.errors import Ambiguous, Gone, LoginRejected, Misconfigured, NotFound, RateLimited, Refused, Stale, Unavailable
from model.item import Fields

MARKER = "acme-1:left:0001"
BOB = {"username": "bob@acme.test", "email": "bob@acme.test", "displayName": "Bob Baker"}


async def test_what_is_created_is_read_back(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    wanted: Fields = {
        "summary": "Anvil falls on coyote",
        "description": "It **hurts**:\n\n- head\n- pride\n\n`boom()`",
        "status": {"name": "Waiting for Acme"},
        "priority": {"name": "urgent"},
        "type": {"name": "Task"},
        "labels": [{"label": "sync"}, {"label": "Big Bang"}],
        "assignee": {"email": "bob@acme.test"},
        "due": "2031-05-06",
    }
    written = await zendesk.create(SETTINGS, wanted, MARKER)
    item = await zendesk.read(written.ref.id)
    assert (written.ref, item.marker, item.version) == (item.ref, MARKER, written.version)
    assert (item.ref.key, item.ref.url) == ("#4", f"{site.url}/agent/tickets/4")
    assert written.fields == {name: item.fields[name] for name in wanted}
    assert item.fields["description"] == wanted["description"]
    status = item.fields["status"]
    assert isinstance(status, dict)
    assert (status["name"], status["category"]) == ("Waiting for Acme", "indeterminate")
    assert item.fields["priority"] == {"name": "Urgent", "id": "urgent"}
    assert item.fields["type"] == {"name": "Task", "id": "task"}
    assert item.fields["labels"] == [{"label": "big_bang"}, {"label": "sync"}]
    assert item.fields["due"] == "2031-05-06"
    assignee = item.fields["assignee"]
    assert isinstance(assignee, dict)
    assert {name: assignee[name] for name in BOB} == BOB
    assert (item.comments, item.attachments) == ((), ())
    assert await site.writes() == ["create ticket"]


async def test_a_ticket_without_a_description_says_its_subject(zendesk: ZendeskConnector) -> None:
    written = await zendesk.create(SETTINGS, {"summary": "Empty", "description": None}, MARKER)
    assert written.fields == {"summary": "Empty", "description": "Empty"}


async def test_what_zendesk_makes_of_a_new_ticket_is_told(zendesk: ZendeskConnector) -> None:
    """An assigned ticket is open, and a question has no due date; the ticket is there all the same."""
    wanted: Fields = {"summary": "x", "status": {"name": "New"}, "assignee": {"email": "bob@acme.test"}, "due": "2031-01-02"}
    written = await zendesk.create(SETTINGS, wanted, MARKER)
    status = written.fields["status"]
    assert isinstance(status, dict)
    assert (status["name"], written.fields["due"]) == ("Open", None)


async def test_where_created_tickets_go(zendesk: ZendeskConnector) -> None:
    side: dict[str, JsonValue] = {"group": "engineering", "form": "Return of goods", "requester": "carol@acme.test"}
    item = await zendesk.read((await zendesk.create(side, {"summary": "Placed"}, MARKER)).ref.id)
    reporter = item.fields["reporter"]
    assert isinstance(reporter, dict)
    assert (item.fields["Group"], item.fields["Form"], reporter["email"]) == ("Engineering", "Return of goods", "carol@acme.test")


async def test_a_repeated_create_gives_the_first_ones_ticket(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    first = await zendesk.create(SETTINGS, {"summary": "Once"}, MARKER)
    await site.edit("bob", first.ref.id, subject="Edited since")
    again = await zendesk.create(SETTINGS, {"summary": "Once"}, MARKER)
    other = await zendesk.create(SETTINGS, {"summary": "Once"}, "acme-1:left:0002")
    assert (again.ref, again.fields["summary"]) == (first.ref, "Edited since")
    assert other.ref != first.ref
    assert await site.writes() == ["create ticket", "create ticket"]


async def test_a_repeated_create_makes_one_ticket_while_the_first_is_not_to_be_seen(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    first = await zendesk.create(SETTINGS, {"summary": "Once"}, MARKER)
    await site.edit("ann", first.ref.id, external_id=None)
    assert (await zendesk.create(SETTINGS, {"summary": "Once"}, MARKER)).ref == first.ref
    assert await site.writes() == ["create ticket"]


@pytest.mark.parametrize("kept", [False, True])
async def test_a_create_that_was_refused_can_be_corrected(*, kept: bool) -> None:
    """Whether or not Zendesk keeps a refusal under the key of its request."""
    async with running({"keys_keep_refusals": kept}) as site, connected(site) as zendesk:
        for _ in range(2):
            with pytest.raises(Refused, match="Order number: is invalid"):
                await zendesk.create(SETTINGS, {"summary": "x", "Order number": "B-1"}, MARKER)
        await zendesk.create(SETTINGS, {"summary": "x", "Order number": "A-1"}, MARKER)
        assert await site.writes() == ["create ticket"]


async def test_an_edit_costs_one_call_and_answers_what_was_written(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await zendesk.read("1")
    before = await site.calls()
    written = await zendesk.update("1", {"summary": " After ", "priority": {"name": "Low"}, "assignee": None})
    assert await site.calls() == before + 1
    assert written.fields == {"summary": "After", "priority": {"name": "Low", "id": "low"}, "assignee": None}
    assert written.version == (await zendesk.read("1")).version


async def test_an_update_of_what_has_moved_on_is_stale(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    read = await zendesk.read("1")
    assert (await zendesk.update("1", {"summary": "In time"}, read.version)).fields == {"summary": "In time"}
    await site.edit("bob", "1", subject="Faster")
    with pytest.raises(Stale, match="ticket #1 was changed"):
        await zendesk.update("1", {"summary": "Too late"}, read.version)
    with pytest.raises(Stale):
        await zendesk.transition("1", "Solved", read.version)
    assert (await zendesk.read("1")).fields["summary"] == "Faster"


async def test_the_description_cannot_be_changed(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    now = (await zendesk.read("1")).fields["description"]
    same = await zendesk.update("1", {"description": now})
    assert same.fields == {}
    with pytest.raises(Refused, match=r"first comment.*firstSync") as refused:
        await zendesk.update("1", {"summary": "x", "description": "Another"})
    assert refused.value.field == "description"
    assert await site.writes() == []


async def test_status_by_name(zendesk: ZendeskConnector) -> None:
    for name, shown, category in (
        ("Pending", "Pending", "indeterminate"),
        ("open", "Open", "indeterminate"),
        ("on-HOLD", "On-hold", "indeterminate"),
        ("Waiting for Acme", "Waiting for Acme", "indeterminate"),
        ("Solved", "Solved", "done"),
        ("closed", "Closed", "done"),
    ):
        status = (await zendesk.transition("1", name)).fields["status"]
        assert isinstance(status, dict)
        assert (status["name"], status["category"]) == (shown, category)
        assert (await zendesk.read("1")).fields["status"] == status


async def test_an_account_without_custom_statuses() -> None:
    async with running({"custom_statuses": False}) as site, connected(site) as zendesk:
        assert (await zendesk.read("1")).fields["status"] == {"name": "Open", "id": "open", "category": "indeterminate"}
        assert (await zendesk.transition("1", "on-hold")).fields["status"] == {"name": "On-hold", "id": "hold", "category": "indeterminate"}
        with pytest.raises(Refused, match="options: 'New', 'Open', 'Pending', 'On-hold', 'Solved', 'Closed'"):
            await zendesk.transition("1", "Waiting for Acme")


@pytest.mark.parametrize("habit", ["refused", "ignored"])
async def test_nothing_is_new_again(habit: str) -> None:
    """Whether Zendesk says so or keeps the status without a word."""
    async with running({"new_again": habit}) as site, connected(site) as zendesk:
        with pytest.raises(Refused, match=r"back to new|left field 'status'") as refused:
            await zendesk.transition("1", "New")
        assert refused.value.field == "status"


async def test_a_closed_ticket_takes_nothing(zendesk: ZendeskConnector) -> None:
    with pytest.raises(Refused, match="closed prevents ticket update") as refused:
        await zendesk.update("3", {"summary": "Reopened"})
    assert refused.value.field == "status"
    with pytest.raises(Refused, match="closed prevents"):
        await zendesk.add_comment("3", "Hello?", internal=False, marker="c-1")


async def test_solving_may_need_an_assignee() -> None:
    async with running({"solve_needs_assignee": True}) as site, connected(site) as zendesk:
        with pytest.raises(Refused, match="required when solving") as refused:
            await zendesk.transition("2", "Solved")
        assert refused.value.field == "assignee"
        both: Fields = {"status": {"name": "Solved"}, "assignee": {"email": "ann@acme.test"}}
        assert (await zendesk.update("2", both)).fields["status"] == (await zendesk.read("2")).fields["status"]


async def test_a_trigger_of_the_account_may_have_the_last_word() -> None:
    seed: dict[str, JsonValue] = {"triggers": [{"on_status": "pending", "status": "hold", "priority": "low", "tag": "waits"}]}
    async with running(seed) as site, connected(site) as zendesk:
        written = await zendesk.update("1", {"status": {"name": "Pending"}, "priority": {"name": "Urgent"}})
        status = written.fields["status"]
        assert isinstance(status, dict)
        assert (status["name"], written.fields["priority"]) == ("On-hold", {"name": "Low", "id": "low"})


async def test_a_due_date_is_for_tasks_only(zendesk: ZendeskConnector) -> None:
    with pytest.raises(Refused, match="left field 'due' of ticket #1") as refused:
        await zendesk.update("1", {"due": "2031-01-02"})
    assert refused.value.field == "due"
    assert (await zendesk.update("1", {"due": "2031-01-02", "type": {"name": "Task"}})).fields["due"] == "2031-01-02"


REFUSED: tuple[tuple[Fields, str, str], ...] = (
    ({"status": {"name": "Doing"}}, "status", r"no option 'Doing' \(options: .*'Waiting for Acme', 'Closed'\)"),
    ({"priority": {"name": "P0"}}, "priority", "options: 'Low', 'Normal', 'High', 'Urgent'"),
    ({"type": {"name": "Epic"}}, "type", "options: 'Question', 'Incident', 'Problem', 'Task'"),
    ({"Group": "Sales"}, "Group", "options: 'Support', 'Engineering'"),
    ({"assignee": {"email": "nobody@acme.test"}}, "assignee", "no user is 'nobody@acme.test'"),
    ({"assignee": {"email": "carol@acme.test"}}, "assignee", "'carol@acme.test' is no agent"),
    ({"assignee": {"displayName": "Bob Baker"}}, "assignee", "no user is"),
    ({"labels": [7]}, "labels", "takes labels"),
    ({"summary": ["x"]}, "summary", "takes text"),
    ({"due": "soon"}, "due", "YYYY-MM-DD"),
    ({"Weather": "fine"}, "Weather", "no field 'Weather' that can be written"),
    ({"Card": "4111"}, "Card", "no field 'Card' that can be written"),
    ({"Product": {"value": "Piano"}}, "Product", "options: 'Anvil', 'Rocket skates'"),
    ({"Order number": "B-1"}, "", "Order number: is invalid"),
)


async def test_a_value_without_a_place_is_refused_by_name(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    for fields, field, words in REFUSED:
        with pytest.raises(Refused, match=words) as refused:
            await zendesk.update("1", fields)
        assert refused.value.field == field
    assert await site.writes() == []


async def test_the_reporter_can_be_changed(zendesk: ZendeskConnector) -> None:
    reporter = (await zendesk.update("1", {"reporter": {"email": "ann@acme.test", "key": "17"}})).fields["reporter"]
    assert isinstance(reporter, dict)
    assert reporter["displayName"] == "Ann Archer"


async def test_custom_fields_by_name_and_type(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    wanted: Fields = {
        "Order number": "A-4711",
        "Product": {"value": "Rocket skates"},
        "Regions": [{"value": "North"}, "reg_south"],
        "Quantity": 3,
        "Weight": 2.5,
        "Delivery date": 1_893_456_000_000,
        "Under guarantee": True,
        "Remarks": "Two\nlines",
    }
    written = await zendesk.update("1", wanted)
    assert written.fields == {
        "Order number": "A-4711",
        "Product": {"value": "Rocket skates", "id": "prod_skates"},
        "Regions": [{"value": "North", "id": "reg_north"}, {"value": "South", "id": "reg_south"}],
        "Quantity": 3,
        "Weight": 2.5,
        "Delivery date": "2030-01-01",
        "Under guarantee": True,
        "Remarks": "Two\nlines",
    }
    item = await zendesk.read("1")
    assert {name: item.fields[name] for name in wanted} == written.fields
    assert item.fields["labels"] == [{"label": "delivery"}]
    assert (await site.raw("1"))["tags"] == ["delivery", "guarantee", "prod_skates", "reg_north", "reg_south"]
    nothing: Fields = dict.fromkeys(wanted)
    assert (await zendesk.update("1", nothing)).fields == {**nothing, "Under guarantee": False}
    assert (await site.raw("1"))["tags"] == ["delivery"]


async def test_labels_do_not_empty_the_fields_that_live_in_tags(zendesk: ZendeskConnector) -> None:
    written = await zendesk.update("1", {"labels": [{"label": "new"}]})
    assert written.fields["labels"] == [{"label": "new"}]
    product = {"value": "Anvil", "id": "prod_anvil"}
    assert (await zendesk.read("1")).fields["Product"] == product
    both = await zendesk.update("1", {"labels": [], "Product": {"value": "Rocket skates"}})
    assert both.fields == {"labels": [], "Product": {"value": "Rocket skates", "id": "prod_skates"}}


async def test_two_fields_of_one_name_are_told_apart_by_id() -> None:
    seed: dict[str, JsonValue] = {"fields": [{"title": "Place"}, {"title": "Place"}], "tickets": [{"subject": "Lost"}]}
    async with running(seed) as site, connected(site) as other:
        number = await site.field_id("Place")
        with pytest.raises(Refused, match=rf"several fields 'Place' \(ids: {number}"):
            await other.update("1", {"Place": "here"})
        await other.update("1", {str(number): "there"})
        assert (await other.read("1")).fields["Place"] == "there"


async def test_an_item_is_found_by_its_marker_before_the_index_knows_it(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await site.control(lag_s=600, lose_response=1)
    since = datetime.now(UTC) - timedelta(minutes=5)
    with pytest.raises(Ambiguous):
        await zendesk.create(SETTINGS, {"summary": "x"}, MARKER)
    found = await zendesk.find_by_marker(SETTINGS, MARKER, since)
    assert found is not None
    assert (found.marker, found.fields["summary"]) == (MARKER, "x")
    assert await zendesk.find_by_marker(SETTINGS, "acme-1:left:0009", since) is None


async def test_keys_that_people_type(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    keys = ("1", " #1", f"{site.url}/agent/tickets/1", f"{site.url}/api/v2/tickets/1.json", f"{site.url}/agent/tickets/1/events?x=1")
    assert {(await zendesk.find(SETTINGS, key)).id for key in keys} == {"1"}
    for key in ("99", "PROJ-1", "1/comments", "²"):
        with pytest.raises(NotFound):
            await zendesk.find(SETTINGS, key)


async def test_absent_hidden_and_deleted(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    with pytest.raises(NotFound, match="ticket '99' does not exist"):
        await zendesk.read("99")
    with pytest.raises(NotFound, match="no id"):
        await zendesk.read("../users/me")
    await site.call("ann", "DELETE", "/tickets/1")
    with pytest.raises(Gone, match="#1 was deleted"):
        await zendesk.read("1")
    with pytest.raises(NotFound):
        await zendesk.update("1", {"summary": "x"})


async def test_a_deletion_that_the_account_may_not_see_is_no_proof() -> None:
    async with running({"agents_see_deleted": False}) as site, connected(site, email="bob@acme.test", token="bob-token") as agent:
        await site.call("ann", "DELETE", "/tickets/1")
        with pytest.raises(NotFound):
            await agent.read("1")


async def test_check(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await zendesk.check(None)
    await zendesk.check({"group": "Support", "form": "default ticket form", "requester": "carol@acme.test"})
    for settings, words in (
        ({"group": "Sales"}, "no option 'Sales'.*'Support', 'Engineering'.*side's settings"),
        ({"form": "Complaint"}, "no option 'Complaint'"),
        ({"requester": "eve@acme.test"}, "shows no user 'eve@acme.test'"),
    ):
        with pytest.raises(Misconfigured, match=words):
            await zendesk.check(settings)
    async with connected(site, email=BOT, token="wrong-token") as stranger:
        with pytest.raises(LoginRejected) as rejected:
            await stranger.check(None)
        assert "wrong-token" not in rejected.value.message
    async with connected(site, email="carol@acme.test", token="carol-token") as customer:
        with pytest.raises(LoginRejected, match="not those of an agent"):
            await customer.check(None)


async def test_faults_become_our_errors(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await zendesk.read("1")
    await site.control(down=True)
    with pytest.raises(Unavailable):
        await zendesk.read("1")
    with pytest.raises(Ambiguous):
        await zendesk.update("1", {"summary": "x"})
    await site.control(down=False, reject_next=1)
    with pytest.raises(RateLimited) as limited:
        await zendesk.read("1")
    assert limited.value.retry_after == 1


async def test_the_history_tells_who_changed_what(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    await site.edit("bob", "1", subject="By Bob", status="pending", priority=None, tags=["prod_anvil", "bob"])
    written = await zendesk.update("1", {"summary": "By us", "assignee": {"email": "ann@acme.test"}, "Quantity": 2})
    told = await zendesk.history("1", before)
    bobs, ours = ["summary", "priority", "status", "labels"], ["summary", "assignee", "Group", "Quantity"]
    assert sorted((one.field, one.ours) for one in told) == sorted([(one, False) for one in bobs] + [(one, True) for one in ours])
    assert [one.at for one in told] == sorted(one.at for one in told)
    by_name = {(one.field, one.ours): (one.old, one.new) for one in told}
    assert by_name["summary", True] == ("By Bob", "By us")
    assert by_name["priority", False] == ({"name": "High", "id": "high"}, None)
    assert by_name["labels", False] == ([{"label": "delivery"}], [{"label": "bob"}])
    assert by_name["assignee", True][1] == written.fields["assignee"]
    assert by_name["Group", True] == ("Engineering", "Support")
    assert by_name["Quantity", True] == (None, 2)
    assert await zendesk.history("1", datetime.now(UTC) + timedelta(minutes=1)) == ()


async def test_rules_get_their_answers(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    people = (await site.call("ann", "GET", "/users/search?query=email:bob@acme.test")).json()["users"]
    key = str(people[0]["id"])
    bob = {"key": key, **BOB}
    field = str(await site.field_id("Product"))
    answers = {
        ("issue_type", "task"): {"name": "Task", "id": "task"},
        ("priority", "High"): {"name": "High", "id": "high"},
        ("user", key): bob,
        ("user_by_email", "Bob@acme.test"): bob,
        ("user_by_username", "bob@acme.test"): bob,
        ("custom_field", "Product"): {"id": field, "name": "Product", "type": "tagger"},
        ("option", "Product", "Anvil"): {"value": "Anvil", "id": "prod_anvil"},
        ("user_assignable", "", key): True,
        ("user_assignable", "", "1"): False,
        ("issue_type", "Epic"): None,
        ("priority", "P0"): None,
        ("status", "Doing"): None,
        ("user_by_email", "eve@acme.test"): None,
        ("user", "bob"): None,
        ("option", "Product", "Piano"): None,
        ("project", "x"): None,
        ("version", ""): None,
    }
    assert {ask: await zendesk.lookup(SETTINGS, ask[0], ask[1:]) for ask in answers} == answers
    open_ = await zendesk.lookup(SETTINGS, "status", ("open",))
    assert isinstance(open_, dict)
    assert (open_["name"], open_["category"]) == ("Open", "indeterminate")
    called = await zendesk.lookup(SETTINGS, "http", ("GET", "/api/v2/tickets/count.json"))
    assert isinstance(called, dict)
    assert called["code"] == 200


async def test_a_ticket_that_was_merged_tells_so(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    await site.call("ann", "POST", "/tickets/1/merge", {"ids": [2]})
    assert await zendesk.whereabouts(SETTINGS, await zendesk.read("2")) == "was merged into another ticket"
    assert await zendesk.whereabouts(SETTINGS, await zendesk.read("1")) == ""
