"""No value gets out of its literal, and no condition out of its parentheses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from salesforce_site import SETTINGS, Site, created

from connectors.salesforce import soql, triggers
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.fake_soql import Both, Comparison, parse
from connectors.salesforce.fake_world import checked
from model.errors import BadInput, Refused

HOSTILE = ("x' OR Id != '", "x\\", "x\\' OR Id != '", "' OR '1'='1", "\\\\' OR Id != null OR Name = '", "x\n' OR Id != '", "é'😀")


@settings(deadline=None)
@given(st.text(max_size=40) | st.sampled_from(HOSTILE))
def test_a_literal_is_one_value(value: str) -> None:
    condition = parse(soql.select("Id", "Case", soql.equal("Subject", value), "Priority = 'x'")).where
    assert isinstance(condition, Both)
    first = condition.parts[0]
    assert isinstance(first, Comparison)
    assert first.values[0].value == "".join(one for one in value if one >= " " or one in "\n\r\t\b\f")
    assert len(condition.parts) == 2


@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_values_find_nobody_and_nothing(salesforce: SalesforceConnector, site: Site, hostile: str) -> None:
    item_id = await created(salesforce)
    for ask in (
        salesforce.update(item_id, {"assignee": {"displayName": hostile}}),
        salesforce.update(item_id, {"assignee": {"username": hostile}}),
        salesforce.update(item_id, {"parentId": hostile}),
    ):
        with pytest.raises(Refused):
            await ask
    assert await salesforce.find_comment(item_id, hostile) is None
    assert await salesforce.lookup(SETTINGS, "user_by_username", (hostile,)) is None
    written = await salesforce.update(item_id, {"summary": hostile})
    assert (await site.raw(item_id))["Subject"] == hostile.strip()
    assert written.fields == {"summary": hostile.strip()}


@pytest.mark.parametrize(
    "query",
    [
        "1=1) OR (Id != null",
        "Subject = 'x') OR (Subject = 'y'",
        "Subject = 'x",
        "(Subject = 'x'",
        "Subject = 'x' ORDER BY Id",
        "Subject = 'x' limit 1",
        "Subject = 'x' FOR UPDATE",
        "Subject = 'x' ALL ROWS",
        "WHERE Subject = 'x'",
        "Subject = 'x' WITH SECURITY_ENFORCED",
        "x" * 12_001,
    ],
)
def test_a_condition_stays_in_its_parentheses(query: str) -> None:
    with pytest.raises(BadInput):
        triggers.condition(query)


@pytest.mark.parametrize(
    "query",
    [
        "Subject = 'order by (limit'",
        "Subject = 'it\\'s'",
        "Id IN (SELECT ParentId FROM CaseComment WHERE IsPublished = true ORDER BY Id LIMIT 3)",
        "(NOT Subject LIKE '%x%') AND CreatedDate = LAST_N_DAYS:3",
    ],
)
def test_a_sound_condition_is_kept_as_it_is(query: str) -> None:
    assert triggers.condition(f"  {query} ") == f"({query})"


def test_ids_have_their_check_characters() -> None:
    assert soql.long_id("001A0000006Vm9u") == "001A0000006Vm9uIAC"
    assert soql.long_id("500000000000001AAA") == "500000000000001AAA"
    assert soql.is_id("001A0000006Vm9uIAC")
    assert not soql.is_id("001A0000006Vm9uIAD")
    assert not soql.is_id("00001001")


@settings(deadline=None)
@given(st.text(alphabet="aZ09b", min_size=15, max_size=15))
def test_the_fake_counts_check_characters_alike(short: str) -> None:
    assert checked(short) == soql.long_id(short)
