"""Redmine 5, over its REST API."""

from connectors.kit.interface import Declaration
from connectors.redmine.config import Credentials, Settings, settings_of
from connectors.redmine.connector import CAPABILITIES, RedmineConnector
from connectors.redmine.fake import FakeRedmine
from connectors.redmine.webhook import parse_webhook

OUTGOING = """\
replica.key         = issue.key
replica.type        = issue.type
replica.summary     = issue.summary
replica.description = issue.description
replica.status      = issue.status
replica.priority    = issue.priority
replica.assignee    = issue.assignee
replica.reporter    = issue.reporter
replica.due         = issue.due
replica.comments    = issue.comments
replica.attachments = issue.attachments
replica.workLogs    = issue.workLogs
"""

INCOMING = """\
issue.summary     = replica.summary
issue.description = replica.description
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
issue.workLogs    = workLogHelper.mergeWorkLogs(issue, replica)

// The status of that name; where this Redmine has none, the usual one of the same category.
def usual  = ["new": "New", "indeterminate": "In Progress", "done": "Closed"]
def status = nodeHelper.getStatus(replica.status?.name) ?: nodeHelper.getStatus(usual[replica.status?.category])
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
if (assignee) {
    issue.assignee = assignee
}
"""

DECLARATION = Declaration(
    kind="redmine",
    title="Redmine",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=lambda settings: settings_of(settings).project,
    open=RedmineConnector,
    parse_webhook=parse_webhook,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeRedmine,
    entity=lambda _settings, _query: "issue",
)
