"""GitHub issues, on github.com and GitHub Enterprise Server."""

from connectors.github import triggers
from connectors.github.config import Credentials, Settings, repository_of
from connectors.github.connector import CAPABILITIES, GitHubConnector
from connectors.github.fake import FakeGitHub
from connectors.github.hooks import GitHubHooks
from connectors.github.webhook import parse
from connectors.kit.interface import Declaration

OUTGOING = """\
replica.key = issue.key
replica.summary = issue.summary
replica.description = issue.description
replica.status = issue.status
replica.type = issue.type
replica.labels = issue.labels
replica.assignee = issue.assignee
replica.reporter = issue.reporter
replica.comments = issue.comments
"""
INCOMING = """\
issue.summary = replica.summary
issue.description = replica.description
issue.labels = replica.labels
issue.comments = commentHelper.mergeComments(issue, replica)

// GitHub knows open and closed only.
if (replica.status) {
    issue.status = replica.status.category == "done" ? "closed" : "open"
}
def assignee = nodeHelper.getUserByEmail(replica.assignee?.email)
if (assignee) {
    issue.assignee = assignee
}
"""

DECLARATION = Declaration(
    kind="github",
    title="GitHub",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=repository_of,
    open=GitHubConnector,
    parse_webhook=parse,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeGitHub,
    hooks=GitHubHooks,
    entity=lambda _settings, query: triggers.entity(query),
)
