"""ServiceNow, over its Table and Attachment APIs."""

from connectors.kit.interface import Declaration
from connectors.servicenow.config import Credentials, Settings, scope_of, settings_of
from connectors.servicenow.connector import CAPABILITIES, ServiceNowConnector
from connectors.servicenow.fake import FakeServiceNow
from connectors.servicenow.webhook import parse_webhook

OUTGOING = """\
replica.key         = issue.key
replica.type        = issue.type
replica.summary     = issue.summary
replica.description = issue.description
replica.status      = issue.status
replica.priority    = issue.priority
replica.resolution  = issue.resolution
replica.assignee    = issue.assignee
replica.reporter    = issue.reporter
replica.due         = issue.due
replica.comments    = issue.comments
replica.attachments = issue.attachments
"""

INCOMING = """\
issue.summary     = replica.summary?.take(160)
issue.description = replica.description
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)

// The state of that name; where the table has none, the usual one of the same category. Resolving an incident needs a code and notes.
def usual  = ["new": "New", "indeterminate": "In Progress", "done": "Resolved"]
def status = nodeHelper.getStatus(replica.status?.name) ?: nodeHelper.getStatus(usual[replica.status?.category])
if (status) {
    issue.status = status
}
if (status?.category == "done") {
    def code = nodeHelper.getResolution(replica.resolution?.name) ?: issue.resolution ?: nodeHelper.getResolution("Solution provided")
    if (code) {
        issue.resolution  = code
        issue.close_notes = issue.close_notes ?: "Resolved in ${replica.key}"
    }
}
// Priority is computed: a matching pair of impact and urgency is written.
def levels   = ["highest": "1 - Critical", "high": "2 - High", "medium": "3 - Moderate", "low": "4 - Low", "lowest": "5 - Planning"]
def priority = nodeHelper.getPriority(replica.priority?.name) ?: nodeHelper.getPriority(levels[replica.priority?.level])
if (priority) {
    issue.priority = priority
}
def assignee = nodeHelper.getUserByEmail(replica.assignee?.email)
if (assignee) {
    issue.assignee = assignee
}
def caller = nodeHelper.getUserByEmail(replica.reporter?.email)
if (firstSync && caller) {
    issue.reporter = caller
}
"""

DECLARATION = Declaration(
    kind="servicenow",
    title="ServiceNow",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=scope_of,
    open=ServiceNowConnector,
    parse_webhook=parse_webhook,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeServiceNow,
    entity=lambda settings, _query: settings_of(settings).table,
)
