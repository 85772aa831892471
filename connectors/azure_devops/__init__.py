"""Azure DevOps Services, and Azure DevOps Server by its collection's address: work items, REST API 7.1."""

from connectors.azure_devops.config import Credentials, Settings, settings_of
from connectors.azure_devops.connector import CAPABILITIES, AzureDevOpsConnector
from connectors.azure_devops.fake import FakeAzureDevOps
from connectors.azure_devops.hooks import AzureDevOpsHooks
from connectors.azure_devops.webhook import parse_webhook
from connectors.kit.interface import Declaration

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
issue.description = replica.description
issue.labels      = replica.labels
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)

// The state of that name; where the process has none, the usual one of the same category, as the processes Agile, Scrum and Basic name it.
def first  = ["new": "New", "indeterminate": "Active", "done": "Closed"]
def second = ["new": "To Do", "indeterminate": "In Progress", "done": "Done"]
def third  = ["new": "Proposed", "indeterminate": "Doing", "done": "Done"]
def usual  = replica.status?.category
def status = nodeHelper.getStatus(replica.status?.name) ?: nodeHelper.getStatus(first[usual]) ?:
    nodeHelper.getStatus(second[usual]) ?: nodeHelper.getStatus(third[usual])
if (status) {
    issue.status = status
}
// The priority of that name, else the one as high.
def levels   = ["highest": "1", "high": "2", "medium": "3", "low": "4", "lowest": "4"]
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
    kind="azure-devops",
    title="Azure DevOps",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=lambda settings: settings_of(settings).project.casefold(),
    open=AzureDevOpsConnector,
    parse_webhook=parse_webhook,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeAzureDevOps,
    hooks=AzureDevOpsHooks,
    entity=lambda _settings, _query: "workItem",
)
