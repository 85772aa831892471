"""Tiny Tracker: cards with a title, a text, a state and comments. A made-up platform; put your own in its place."""

from cli.scaffold.tiny_tracker.config import Credentials, Settings, settings_of
from cli.scaffold.tiny_tracker.connector import CAPABILITIES, TinyTrackerConnector
from cli.scaffold.tiny_tracker.fake import FakeTinyTracker
from cli.scaffold.tiny_tracker.webhook import parse_webhook
from connectors.kit.interface import Declaration

OUTGOING = """\
replica.key         = issue.key
replica.summary     = issue.summary
replica.description = issue.description
replica.status      = issue.status
replica.comments    = issue.comments
"""

INCOMING = """\
issue.summary     = replica.summary
issue.description = replica.description
issue.comments    = commentHelper.mergeComments(issue, replica)
def usual  = ["new": "Open", "indeterminate": "Doing", "done": "Done"]
def status = nodeHelper.getStatus(replica.status?.name) ?: nodeHelper.getStatus(usual[replica.status?.category])
if (status) {
    issue.status = status
}
"""

DECLARATION = Declaration(
    kind="tiny-tracker",
    title="Tiny Tracker",
    capabilities=CAPABILITIES,
    credentials=Credentials,
    settings=Settings,
    scope=lambda settings: settings_of(settings).board,
    open=TinyTrackerConnector,
    parse_webhook=parse_webhook,
    outgoing=OUTGOING,
    incoming=INCOMING,
    fake=FakeTinyTracker,
)
