"""Salesforce, over its REST API: cases and any other object."""

from collections.abc import Mapping

from pydantic import JsonValue

from connectors.kit.interface import Declaration
from connectors.salesforce.config import Credentials, Settings, settings_of
from connectors.salesforce.connector import CAPABILITIES, SalesforceConnector
from connectors.salesforce.fake import FakeSalesforce
from connectors.salesforce.webhook import parse_webhook

OUTGOING = """\
replica.key         = issue.key
replica.type        = issue.type
replica.summary     = issue.summary
replica.description = issue.description
replica.status      = issue.status
replica.priority    = issue.priority
replica.assignee    = issue.assignee
replica.reporter    = issue.reporter
replica.comments    = issue.comments
replica.attachments = issue.attachments
"""

INCOMING = """\
issue.summary     = replica.summary
issue.description = replica.description
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)

// The status of that name; where the object has none, the usual one of the same category.
def usual  = ["new": "New", "indeterminate": "Working", "done": "Closed"]
def status = nodeHelper.getStatus(replica.status?.name) ?: nodeHelper.getStatus(usual[replica.status?.category])
if (status) {
    issue.status = status
}
// The priority of that name, else the one as high.
def levels   = ["highest": "High", "high": "High", "medium": "Medium", "low": "Low", "lowest": "Low"]
def priority = nodeHelper.getPriority(replica.priority?.name) ?: nodeHelper.getPriority(levels[replica.priority?.level])
if (priority) {
    issue.priority = priority
}
def assignee = nodeHelper.getUserByEmail(replica.assignee?.email)
if (assignee) {
    issue.assignee = assignee
}
"""


def _scope(settings: Mapping[str, JsonValue]) -> str:
    """The object: its sides share one feed, since a record that got another record type may still have its twin."""
    return settings_of(settings).object.casefold()


DECLARATION = Declaration(
    kind="salesforce",
    title="Salesforce",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=_scope,
    open=SalesforceConnector,
    parse_webhook=parse_webhook,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeSalesforce,
    entity=lambda settings, _query: settings_of(settings).object,
)
