"""Jira: Cloud with version 3 of its REST API, Data Center with version 2."""

from collections.abc import Mapping

from pydantic import JsonValue

from connectors.jira.config import JiraCredentials, JiraSettings
from connectors.jira.connector import CAPABILITIES, JiraConnector
from connectors.jira.fake import FakeJira
from connectors.jira.hooks import JiraHooks
from connectors.jira.webhook import parse_webhook
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
replica.comments    = issue.comments
replica.attachments = issue.attachments
replica.workLogs    = issue.workLogs
"""

INCOMING = """\
issue.summary     = replica.summary
issue.description = replica.description
issue.labels      = replica.labels
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
issue.workLogs    = workLogHelper.mergeWorkLogs(issue, replica)

// The status of that name; where the project has none, the usual one of the same category.
def usual  = ["new": "To Do", "indeterminate": "In Progress", "done": "Done"]
def status = nodeHelper.getStatus(replica.status?.name) ?: nodeHelper.getStatus(usual[replica.status?.category])
if (status) {
    issue.status = status
}
// The priority of that name, else the one as high.
def levels   = ["highest": "Highest", "high": "High", "medium": "Medium", "low": "Low", "lowest": "Lowest"]
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
    return JiraSettings.model_validate(dict(settings)).project.upper()


DECLARATION = Declaration(
    kind="jira",
    title="Jira",
    capabilities=CAPABILITIES,
    credentials=JiraCredentials,
    settings=JiraSettings,
    scope=_scope,
    open=JiraConnector,
    parse_webhook=parse_webhook,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeJira,
    hooks=JiraHooks,
    entity=lambda _settings, _query: "issue",
)
