"""The rules that a new connection starts with; they work between any two platforms."""

DEFAULT_OUTGOING = """\
replica.key         = issue.key
replica.type        = issue.type
replica.summary     = issue.summary
replica.description = issue.description
replica.status      = issue.status
replica.priority    = issue.priority
replica.resolution  = issue.resolution
replica.labels      = issue.labels
replica.assignee    = issue.assignee
replica.reporter    = issue.reporter
replica.due         = issue.due
replica.project     = issue.project
replica.comments    = issue.comments
replica.attachments = issue.attachments
"""

DEFAULT_INCOMING = """\
// The project and type of a new item come from the connection's settings.
issue.summary     = replica.summary
issue.description = replica.description
issue.labels      = replica.labels
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)

def assignee = nodeHelper.getUserByEmail(replica.assignee?.email)
if (assignee) {
    issue.assignee = assignee
}
def priority = nodeHelper.getPriority(replica.priority?.name)
if (priority) {
    issue.priority = priority
}
def status = nodeHelper.getStatus(replica.status?.name)
if (status) {
    issue.status = status
}
"""
