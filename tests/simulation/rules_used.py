"""The sync rules that simulated connections run: both sides alike, every property as it came, each version stamped on what it writes."""

from tests.simulation.profile import Profile

OUTGOING = """\
replica.summary     = issue.summary
replica.description = issue.description
replica.priority    = issue.priority
replica.status      = issue.status
replica.comments    = {comments}
replica.attachments = issue.attachments
replica.workLogs    = issue.workLogs
replica.stamp       = "v{version}"
{parent}"""

INCOMING = """\
{guard}issue.summary     = replica.summary
issue.description = replica.description
{store}{call}issue.priority    = nodeHelper.getPriority(replica.priority?.name)
issue.status      = nodeHelper.getStatus(replica.status?.name)
issue.environment = "${{replica.stamp}}/v{version}"
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
issue.workLogs    = workLogHelper.mergeWorkLogs(issue, replica)
{parent}"""

STORE = 'if (firstSync) {\n    store(issue)\n    issue.priority = nodeHelper.getPriority(issue.key ? "Medium" : "")\n}\n'
CALL = """\
if (!firstSync) {{
    httpClient.http("{method}", "/tally", replica.summary, null, null) {{ request, response -> response.code }}
}}
"""
GUARD = 'if (replica.description?.startsWith("poison")) {\n    throw new IllegalStateException("poison")\n}\n'


ABOVE = "replica.parentId = issue.parentId\n"
BELOW = "issue.parentId = nodeHelper.getLocalIssueFromRemoteId(replica.parentId)?.id\n"


def outgoing(version: int, profile: Profile) -> str:
    comments = "issue.comments" if profile.sends_internal else "issue.comments.findAll { !it.internal }"
    return OUTGOING.format(comments=comments, version=version, parent=ABOVE if profile.parents else "")


def incoming(version: int, profile: Profile, *, broken: bool) -> str:
    """Where the profile `stores`, the rule makes the new item half-way and goes on with its key; where it `calls`, it tells a tally."""
    call = CALL.format(method=profile.calls) if profile.calls else ""
    parent = BELOW if profile.parents else ""
    return INCOMING.format(guard=GUARD if broken else "", store=STORE if profile.stores else "", call=call, version=version, parent=parent)
