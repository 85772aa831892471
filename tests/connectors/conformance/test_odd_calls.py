"""Whatever a genuine webhook call carries, it is read or refused as bad input; keys that are new do no harm."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from connectors import declarations
from connectors.azure_devops.webhook import Event as AzureEvent
from connectors.azure_devops.webhook import Resource
from connectors.github.webhook import Event as GitHubEvent
from connectors.jira.webhook import HookEvent
from connectors.kit.conformance.suite import known
from connectors.kit.interface import Change
from connectors.redmine.webhook import Hint
from connectors.salesforce.webhook import Header
from connectors.servicenow.webhook import Event as ServiceNowEvent
from model.errors import BadInput
from tests.connectors.payload_strategies import TIMES, anything, numbers, payloads, texts, without_unknown

SECRET = "acme-hook-secret"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
_salesforce_header = payloads(
    Header, change_type=st.sampled_from(["CREATE", "DELETE", "GAP_UPDATE"]), record_ids=st.lists(texts, max_size=3)
)


def _change_event(header: dict[str, Any], parent: JsonValue) -> dict[str, Any]:
    return {"payload": {"ChangeEventHeader": header, "ParentId": parent}}


EVENTS: Mapping[str, st.SearchStrategy[Any]] = {
    "azure-devops": st.fixed_dictionaries(
        {"eventType": st.sampled_from(["workitem.updated", "workitem.deleted", "other"]), "resource": payloads(Resource)}
    )
    | payloads(AzureEvent),
    "github": payloads(GitHubEvent),
    "jira": payloads(HookEvent, webhook_event=st.sampled_from(["jira:issue_updated", "jira:issue_deleted", "sprint_closed"])),
    "redmine": payloads(Hint),
    "salesforce": st.builds(_change_event, _salesforce_header, anything),
    "servicenow": payloads(ServiceNowEvent, table=st.just("incident"), sys_id=st.just("0" * 32)) | payloads(ServiceNowEvent),
    "zendesk": st.fixed_dictionaries(
        {},
        optional={
            "id": anything,
            "type": texts | st.just("zen:event-type:ticket.soft_deleted"),
            "subject": anything | st.just("zen:ticket:17"),
            "ticket_id": numbers | texts,
            "detail": st.fixed_dictionaries({"updated_at": st.sampled_from(TIMES) | anything}) | anything,
        },
    ),
}


def _read(kind: str, body: bytes) -> tuple[Change, ...] | None:
    """The changes of a genuine call; None where it is refused as bad input, the only error that it may bring."""
    headers = known(kind).subject.signed(body, SECRET)
    try:
        return declarations()[kind].parse_webhook(headers, body, SECRET).changes
    except BadInput:
        return None


@pytest.mark.parametrize("kind", EVENTS)
@settings(max_examples=60, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(data=st.data())
def test_no_call_crashes(kind: str, data: st.DataObject) -> None:
    event = data.draw(EVENTS[kind] | anything)
    read = _read(kind, json.dumps(event).encode())
    assert read == _read(kind, json.dumps(without_unknown(event)).encode())


@pytest.mark.parametrize("kind", EVENTS)
@settings(max_examples=30, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(body=st.binary(max_size=60))
def test_no_bytes_crash(kind: str, body: bytes) -> None:
    _read(kind, body)


def test_no_connector_is_left_out() -> None:
    assert sorted(EVENTS) == list(declarations())
