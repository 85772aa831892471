"""Whatever a platform answers, `mapping.py` makes an item of it or says what is wrong; keys that are new do no harm."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from connectors.azure_devops import mapping as azure_devops
from connectors.azure_devops import payloads as azure_payloads
from connectors.github import mapping as github
from connectors.github import payloads as github_payloads
from connectors.jira import mapping as jira
from connectors.jira import payloads as jira_payloads
from connectors.jira.dialect import Cloud, DataCenter, Dialect
from connectors.redmine import mapping as redmine
from connectors.redmine import payloads as redmine_payloads
from connectors.salesforce import mapping as salesforce
from connectors.salesforce import payloads as salesforce_payloads
from connectors.salesforce.shape import Shape
from connectors.servicenow import mapping as servicenow
from connectors.servicenow import payloads as servicenow_payloads
from connectors.servicenow.tables import Column, Table
from connectors.zendesk import mapping as zendesk
from connectors.zendesk import payloads as zendesk_payloads
from model.errors import TwinlineError
from tests.connectors.payload_strategies import DAYS, TIMES, UNKNOWN, anything, numbers, payloads, texts, without_unknown

SITE = "https://acme.test"
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
Parts = Mapping[str, Any]
Read = Callable[[Parts], object]


def _jira(parts: Parts, dialect: Dialect) -> object:
    issue = jira_payloads.IssuePayload.model_validate(parts["issue"])
    comment = jira.comment(jira_payloads.CommentPayload.model_validate(parts["comment"]), dialect)
    item = jira.item(issue, (comment,), SITE, dialect)
    known = {name: value for name, value in item.fields.items() if name != UNKNOWN}  # A field that is new is one more property.
    return item.model_copy(update={"fields": known}), jira.change(issue)


def _github(parts: Parts) -> object:
    issue, comment = github_payloads.Issue.model_validate(parts["issue"]), github_payloads.Comment.model_validate(parts["comment"])
    return github.item("acme/app#1", issue, (comment,), {}), github.change("acme/app", issue, (comment,))


def _azure(parts: Parts) -> object:
    item = azure_payloads.WorkItemPayload.model_validate(parts["item"])
    comment = azure_payloads.CommentPayload.model_validate(parts["comment"])
    return azure_devops.to_item(item, (comment,), azure_devops.Kind(), SITE), azure_devops.change(item)


def _redmine(parts: Parts) -> object:
    issue = redmine_payloads.IssuePayload.model_validate(parts["issue"])
    project = redmine_payloads.ProjectPayload.model_validate(parts["project"])
    around = redmine.Surroundings(url=SITE, project=project, people={}, statuses=(), first_statuses=frozenset())
    return redmine.to_item(issue, around)


@cache
def _shape() -> Shape:
    kinds = {
        "Subject": "string", "Description": "textarea", "Status": "picklist", "Priority": "picklist", "Closed__c": "boolean",
        "Cost__c": "double", "Due__c": "date", "At__c": "datetime", "Many__c": "multipicklist", "Link__c": "url",
    }  # fmt: skip
    fields = [{"name": name, "label": name, "type": kind, "updateable": True} for name, kind in kinds.items()]
    described = {"name": "Case", "label": "Case", "keyPrefix": "500", "fields": fields}
    return Shape(salesforce_payloads.DescribePayload.model_validate(described))


def _salesforce(parts: Parts) -> object:
    comment = salesforce.to_comment(salesforce_payloads.CommentRow.model_validate(parts["comment"]))
    post = salesforce.to_post(salesforce_payloads.PostRow.model_validate(parts["post"]))
    file = salesforce.to_attachment(salesforce_payloads.LinkRow.model_validate(parts["file"]))
    whole = salesforce.Whole(row=parts["row"], people={}, comments=(comment, post), attachments=(file,))
    item = salesforce.to_item(_shape(), whole, (), SITE)
    seconds = item.version.partition("/")[0]  # The digest behind it is of all that was read, a field that is new included.
    return item.model_copy(update={"version": seconds}), salesforce.to_change(_shape(), parts["row"])


@cache
def _table() -> Table:
    kinds = {
        "number": "string", "short_description": "string", "description": "html", "state": "integer", "priority": "integer",
        "assigned_to": "reference", "due_date": "glide_date_time", "active": "boolean", "u_day": "glide_date", "u_list": "glide_list",
        "u_cost": "decimal", "correlation_id": "string",
    }  # fmt: skip
    columns = {name: Column(element=name, label=name, kind=kind) for name, kind in kinds.items()}
    return Table(name="incident", label="Incident", lineage=("incident", "task"), family=("incident",), columns=columns, choices={})


def _servicenow(parts: Parts) -> object:
    row, entry = (servicenow_payloads.Row.model_validate(parts[name]) for name in ("row", "entry"))
    file = servicenow_payloads.AttachmentPayload.model_validate(parts["file"])
    around = servicenow.Around(people={}, authors={})
    item = servicenow.to_item(servicenow.Place(url=SITE, table=_table()), row, (entry,), (file,), around)
    return item, servicenow.change(_table(), row)


def _zendesk(parts: Parts) -> object:
    ticket = zendesk_payloads.TicketPayload.model_validate(parts["ticket"])
    comments = [zendesk_payloads.CommentPayload.model_validate(one) for one in parts["comments"]]
    fields = tuple(zendesk_payloads.FieldPayload.model_validate(one) for one in parts["fields"])
    around = zendesk.Around(root=SITE, catalogue=zendesk.Catalogue(fields=fields, statuses=()), people={})
    return zendesk.to_item(ticket, comments, {}, around), zendesk.change(ticket)


def _parts(**models: type[BaseModel]) -> st.SearchStrategy[Parts]:
    return st.fixed_dictionaries({name: payloads(model) for name, model in models.items()})


_JIRA = _parts(issue=jira_payloads.IssuePayload, comment=jira_payloads.CommentPayload)
_times, _days = st.sampled_from(TIMES), st.sampled_from(DAYS)
_row = st.fixed_dictionaries(
    {"Id": texts, "SystemModstamp": _times},
    optional={
        **dict.fromkeys(("CreatedDate", "LastModifiedDate"), _times),
        **dict.fromkeys(("Subject", "Description", "Status", "Priority", "Many__c", "Link__c"), st.none() | texts),
        "Closed__c": st.booleans(),
        "Cost__c": st.none() | numbers | st.floats(allow_nan=False, allow_infinity=False),
        "Due__c": st.none() | _days,
        "At__c": st.none() | _times,
        UNKNOWN: anything,
    },
)
"""A field has a value of its type, or null: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm."""
_moments = st.sampled_from(["", "2031-02-03 04:05:06", "1969-12-31 23:59:59", "9999-12-31 23:59:59"])
_counts = st.sampled_from(["", "0", "-1", "17"])
_KINDS: Mapping[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(("sys_updated_on", "sys_created_on", "due_date"), _moments),
    **dict.fromkeys(("state", "priority", "sys_mod_count"), _counts),
    "u_day": st.just("") | _days,
    "active": st.sampled_from(["true", "false", ""]),
    "u_cost": _counts | st.just("3.50"),
}


def _cell(text: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Bare, or with what people see and perhaps where it leads."""
    return text | st.fixed_dictionaries({"value": text, "display_value": texts | st.none()}, optional={"link": texts, UNKNOWN: anything})


_cells = st.fixed_dictionaries(
    {},
    optional={
        **{
            name: _cell(texts)
            for name in (
                "sys_id", "number", "short_description", "description", "assigned_to", "u_list", "correlation_id", "correlation_display",
                "sys_created_by", "value", "element",
            )
        },
        **{name: _cell(text) for name, text in _KINDS.items()},
    },
)  # fmt: skip


def _file(told: Mapping[str, Any], at: str, size: str) -> dict[str, Any]:
    return {**told, "sys_created_on": at, "size_bytes": size}


_files = st.builds(_file, payloads(servicenow_payloads.AttachmentPayload), _moments, st.sampled_from(["0", "17"]))
CONNECTORS: Mapping[str, tuple[st.SearchStrategy[Parts], Read]] = {
    "jira": (_JIRA, partial(_jira, dialect=Cloud())),
    "jira_data_center": (_JIRA, partial(_jira, dialect=DataCenter())),
    "github": (_parts(issue=github_payloads.Issue, comment=github_payloads.Comment), _github),
    "azure_devops": (_parts(item=azure_payloads.WorkItemPayload, comment=azure_payloads.CommentPayload), _azure),
    "redmine": (_parts(issue=redmine_payloads.IssuePayload, project=redmine_payloads.ProjectPayload), _redmine),
    "salesforce": (
        st.fixed_dictionaries(
            {
                "row": _row,
                "comment": payloads(salesforce_payloads.CommentRow),
                "post": payloads(salesforce_payloads.PostRow),
                "file": payloads(salesforce_payloads.LinkRow),
            }
        ),
        _salesforce,
    ),
    "servicenow": (
        st.fixed_dictionaries({"row": _cells, "entry": _cells, "file": _files}),
        _servicenow,
    ),
    "zendesk": (
        st.fixed_dictionaries(
            {
                "ticket": payloads(zendesk_payloads.TicketPayload),
                "comments": st.lists(payloads(zendesk_payloads.CommentPayload), max_size=2),
                "fields": st.lists(payloads(zendesk_payloads.FieldPayload), max_size=3),
            }
        ),
        _zendesk,
    ),
}


def _outcome(read: Read, parts: Parts) -> object:
    """The item, or the error that tells of it: that of the models where the payload does not fit them, which the client turns into ours."""
    try:
        return read(parts)
    except ValidationError:
        return ValidationError
    except TwinlineError as error:
        return type(error)


@pytest.mark.parametrize("kind", CONNECTORS)
@settings(max_examples=30, deadline=None, suppress_health_check=SLOW, derandomize=True)
@given(data=st.data())
def test_no_payload_crashes_a_mapping(kind: str, data: st.DataObject) -> None:
    strategy, read = CONNECTORS[kind]
    parts = data.draw(strategy)
    plain = without_unknown(dict(parts))
    assert isinstance(plain, dict)
    assert _outcome(read, parts) == _outcome(read, plain)


@pytest.mark.parametrize("kind", CONNECTORS)
def test_there_are_payloads_that_fit(kind: str) -> None:
    """Or the test above would try nothing."""
    strategy, read = CONNECTORS[kind]
    quick = settings(max_examples=500, phases=[Phase.generate], derandomize=True, database=None)
    find(strategy, lambda parts: not isinstance(_outcome(read, parts), type), settings=quick)
