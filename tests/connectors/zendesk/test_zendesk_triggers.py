from datetime import UTC, datetime, timedelta

import pytest
from zendesk_site import SETTINGS, ZendeskSite

from connectors.zendesk import triggers
from connectors.zendesk.connector import ZendeskConnector
from connectors.zendesk.mapping import Catalogue
from connectors.zendesk.payloads import FieldPayload
from model.errors import BadInput

KNOWN = Catalogue(fields=(FieldPayload(id=77, title="Product", type="tagger"),))


@pytest.mark.parametrize(
    ("query", "fault"),
    [
        ("tags:sync status<solved", ""),
        ('group:"Level 2" -tags:spam printer priority:none', ""),
        ("custom_field_77:prod_anvil updated>2031-01-02T03:04:05Z", ""),
        ("type:ticket ticket_type:incident 17", ""),
        ("  ", "every ticket"),
        ('subject:"anvil', "quotation mark"),
        ("lables:sync", "keyword 'lables'"),
        ("custom_field_78:x", "field 78"),
        ("status:doing", "values: new, open"),
        ("priority:P0", "values: low"),
        ("type:user", "values: ticket"),
        ("tags:", "gives 'tags' no value"),
    ],
)
def test_what_zendesk_would_misread(query: str, fault: str) -> None:
    found = triggers.misread(query, KNOWN)
    assert fault in found
    assert bool(fault) == bool(found)


async def test_queries_select_tickets(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    product = await site.field_id("Product")
    cases = {
        "tags:delivery": {"1"},
        "status<solved": {"1", "2"},
        "status>=solved": {"3"},
        "assignee:bob@acme.test": {"1"},
        "assignee:none": {"2"},
        f"custom_field_{product}:prod_anvil": {"1"},
        "invoice -tags:delivery": {"2"},
        'subject:"skates do"': {"3"},
        "created<2000-01-01": set[str](),
        "ticket_type:problem priority:high": {"1"},
    }
    for query, wanted in cases.items():
        await zendesk.check_query(SETTINGS, query)
        assert {one.id for one in await zendesk.search(SETTINGS, query, None)} == wanted, query


async def test_since_and_the_index(zendesk: ZendeskConnector, site: ZendeskSite) -> None:
    now = datetime.now(UTC)
    assert await zendesk.search(SETTINGS, "status<closed", now - timedelta(minutes=1)) == ()
    await site.control(lag_s=600)
    await site.edit("ann", "1", tags=["fresh"])
    assert await zendesk.search(SETTINGS, "tags:fresh", now - timedelta(minutes=1)) == ()
    await site.control(lag_s=0)
    found = await zendesk.search(SETTINGS, "tags:fresh", now - timedelta(minutes=1))
    assert [(one.id, one.marker) for one in found] == [("1", None)]


async def test_all_pages_are_read(zendesk: ZendeskConnector, site: ZendeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(triggers.ZendeskClient.search, "__defaults__", (2, ""))
    for number in range(5):
        await site.call("ann", "POST", "/tickets", {"ticket": {"subject": f"N{number}", "comment": {"body": "x"}, "tags": ["many"]}})
    assert len(await zendesk.search(SETTINGS, "tags:many", None)) == 5


async def test_a_query_that_is_refused_is_told_in_zendesks_words(zendesk: ZendeskConnector) -> None:
    with pytest.raises(BadInput, match="keyword 'colour'"):
        await zendesk.check_query(SETTINGS, "colour:red")
    with pytest.raises(BadInput, match=r"does not accept.*Invalid search: soon is not a date"):
        await zendesk.check_query(SETTINGS, "created>soon")
    with pytest.raises(BadInput, match="is not a date"):
        await zendesk.search(SETTINGS, "created>soon", None)
