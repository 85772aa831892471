"""`commentHelper`, `attachmentHelper` and `workLogHelper`: the lists below an item."""

from rules.host.description import Helper, call

COMMENTS = Helper(
    "commentHelper",
    "Works on lists of comments. A list has no effect until it is put into `issue.comments`.",
    (
        call(
            "mergeComments(issue: issue, replica: replica, change?: closure) -> list",
            "The item's comments with what the other side added, changed and removed. New and edited ones begin with the author's name"
            " and `commented:`. With a closure they come without that line, and the closure may change each: `body`, `internal`,"
            " `executor`, `author`.",
            'issue.comments = commentHelper.mergeComments(issue, replica) { it.body = "[" + it.author.displayName + "] " + it.body }',
            when="incoming",
            fails="Ends the script where the first two arguments are not the issue and the replica.",
        ),
        call(
            "mergeCommentsIntoCommentsArea(issue: issue, replica: replica, change?: closure) -> list",
            "The same.",
            "issue.comments = commentHelper.mergeCommentsIntoCommentsArea(issue, replica)",
            when="incoming",
            fails="Ends the script where the first two arguments are not the issue and the replica.",
        ),
        call(
            "addComment(text: text, sync: boolean or list, comments?: list) -> list",
            "The list with one more comment; without `sync`, write `addComment(text, comments)`.",
            'issue.comments = commentHelper.addComment("Taken over", false, issue.comments)',
        ),
        call(
            "filterLocal(comments: list) -> list",
            "Without internal comments and those for a group or role.",
            "replica.comments = commentHelper.filterLocal(issue.comments)",
        ),
    ),
)
ATTACHMENTS = Helper(
    "attachmentHelper",
    "Works on lists of attachments. A list has no effect until it is put into `issue.attachments`.",
    (
        call(
            "mergeAttachments(issue: issue, replica: replica, change?: closure) -> list",
            "The item's attachments with what the other side added and removed. Files of this side alone stay."
            " A closure may change each new one.",
            "issue.attachments = attachmentHelper.mergeAttachments(issue, replica)",
            when="incoming",
            fails="Ends the script where the first two arguments are not the issue and the replica.",
        ),
        call(
            "filterLocal(attachments: list) -> list",
            "The attachments that are not internal.",
            "replica.attachments = attachmentHelper.filterLocal(issue.attachments)",
        ),
    ),
)
WORK_LOGS = Helper(
    "workLogHelper",
    "Works on lists of work logs. A list has no effect until it is put into `issue.workLogs`.",
    (
        call(
            "mergeWorkLogs(issue: issue, replica: replica, change?: closure) -> list",
            "The item's work logs with what the other side added, changed and removed; work logs of this side alone stay."
            " Without a closure each new one begins with its author's name.",
            "issue.workLogs = workLogHelper.mergeWorkLogs(issue, replica)",
            when="incoming",
            fails="Ends the script where the first two arguments are not the issue and the replica.",
        ),
        call(
            "mergeNewWorkLogs(previous: list, remote: list, local: list) -> list",
            "The local work logs with those of the remote list that were not in the previous one.",
            "issue.workLogs = workLogHelper.mergeNewWorkLogs(previous?.workLogs, replica.workLogs, issue.workLogs)",
            when="incoming",
        ),
        call(
            "addWorkLog(start: text, spent: text, comment?: text, workLogs?: list) -> list",
            "The list with one more work log: start as `yyyy/MM/dd`, time as `1w 2d 3h 4m`.",
            'issue.workLogs = workLogHelper.addWorkLog("2026/03/01", "3h 30m", "Repair", issue.workLogs)',
            fails="Ends the script where start or time are written another way.",
        ),
        call(
            "filterLocal(workLogs: list) -> list",
            "Without those for a group or role.",
            "replica.workLogs = workLogHelper.filterLocal(issue.workLogs)",
        ),
    ),
)
