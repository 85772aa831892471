"""Zendesk Support, over its REST API."""

from collections.abc import Mapping

from pydantic import JsonValue

from connectors.kit.interface import Declaration
from connectors.zendesk.config import Credentials, Settings, settings_of
from connectors.zendesk.connector import CAPABILITIES, ZendeskConnector
from connectors.zendesk.fake import FakeZendesk
from connectors.zendesk.hooks import ZendeskHooks
from connectors.zendesk.webhook import parse

OUTGOING = """\
replica.key         = issue.key
replica.type        = issue.type
replica.summary     = issue.summary
replica.description = issue.description
replica.status      = issue.status
replica.priority    = issue.priority
replica.labels      = issue.labels
replica.assignee    = issue.assignee
replica.reporter    = issue.reporter
replica.due         = issue.due
replica.comments    = issue.comments
replica.attachments = issue.attachments
"""

INCOMING = """\
issue.summary     = replica.summary
issue.labels      = replica.labels
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)

// The description is the first comment: later ones are told in an internal one.
if (firstSync) {
    issue.description = replica.description
} else if (previous && replica.description != previous.description) {
    def text = "The description is now:\\n\\n" + (replica.description ?: "(empty)")
    issue.comments = commentHelper.addComment(text, issue.comments)
    issue.comments.last().internal = true
}

// The status of that name, else the usual one of the same category. Nothing goes back to New, and Closed is for ever.
def usual  = ["new": "Open", "indeterminate": "Open", "done": "Solved"]
def named  = ["new", "closed"].contains(replica.status?.name?.toLowerCase()) ? null : nodeHelper.getStatus(replica.status?.name)
def status = named ?: nodeHelper.getStatus(usual[replica.status?.category])
if (status) {
    issue.status = status
}
// The priority of that name, else the one as high.
def levels   = ["highest": "Urgent", "high": "High", "medium": "Normal", "low": "Low", "lowest": "Low"]
def priority = nodeHelper.getPriority(replica.priority?.name) ?: nodeHelper.getPriority(levels[replica.priority?.level])
if (priority) {
    issue.priority = priority
}
def assignee = nodeHelper.getUserByEmail(replica.assignee?.email)
if (assignee && nodeHelper.isUserAssignable("", assignee)) {
    issue.assignee = assignee
}
"""


def _scope(settings: Mapping[str, JsonValue]) -> str:
    """All sides share one feed: Zendesk exports the changes of the whole account, ten times a minute."""
    settings_of(settings)
    return "tickets"


DECLARATION = Declaration(
    kind="zendesk",
    title="Zendesk Support",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=_scope,
    open=ZendeskConnector,
    parse_webhook=parse,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeZendesk,
    hooks=ZendeskHooks,
    entity=lambda _settings, _query: "ticket",
)
