"""Every name that a script may use, for the check before it runs."""

from rules.host.comment_helper import ATTACHMENTS, COMMENTS, WORK_LOGS, AttachmentHelper, CommentHelper, WorkLogHelper
from rules.host.node_helper import NODE, USERS, NodeHelper, UserHelper
from rules.host.sync_helper import DEBUG, FUNCTIONS, HTTP, LOG, SYNC, WORKFLOW, Debug, HttpClient, Log, SyncHelper, WorkflowHelper
from rules.library.dispatch import METHOD_NAMES
from rules.library.statics import JSON, STATICS, StaticClass
from rules.scope import Vocabulary
from rules.values import Host

ITEM_NAMES = (
    "issue", "workItem", "entity", "ticket", "incident", "problem", "case", "epic", "requestItem", "sprint", "defect"
)  # fmt: skip
OTHER_NAMES = (
    "replica", "previous", "issueBeforeScript", "firstSync", "issueKey", "issueUrl", "connection", "relation", "entityType", "traces",
)  # fmt: skip
HOST_TABLES = {
    "nodeHelper": NODE, "userHelper": USERS, "commentHelper": COMMENTS, "attachmentHelper": ATTACHMENTS, "workLogHelper": WORK_LOGS,
    "syncHelper": SYNC, "workflowHelper": WORKFLOW, "httpClient": HTTP, "debug": DEBUG, "log": LOG,
}  # fmt: skip
HOST_OBJECTS: dict[str, Host] = {
    "nodeHelper": NodeHelper(), "userHelper": UserHelper(), "commentHelper": CommentHelper(), "attachmentHelper": AttachmentHelper(),
    "workLogHelper": WorkLogHelper(), "syncHelper": SyncHelper(), "workflowHelper": WorkflowHelper(), "httpClient": HttpClient(),
    "debug": Debug(), "log": Log(),
}  # fmt: skip
_NOT_YET = frozenset(
    {
        "nodeHelper.createVersion", "nodeHelper.createComponent", "nodeHelper.getResolution", "nodeHelper.getComponent",
        "nodeHelper.getVersion", "nodeHelper.getReference", "nodeHelper.isUserAssignable", "nodeHelper.toMarkDownFromHtml",
        "nodeHelper.toMarkDownComments", "nodeHelper.getCascadingSelect", "nodeHelper.getCustomField", "nodeHelper.createOption",
        "nodeHelper.getLocalIssueFromRemoteUrn", "syncHelper.getLocalIssueFromRemoteUrn", "nodeHelper.getHtmlField",
        "nodeHelper.getOptions", "nodeHelper.getDefaultIssueType", "nodeHelper.getTableByLink", "syncHelper.exalate",
        "userHelper.isGroupMember", "workLogHelper.addWorkLog", "workLogHelper.filterLocal", "serviceDeskHelper", "blobMetadataList",
        "syncRequest", "injector",
    }
)  # fmt: skip
_CLASS_METHODS = frozenset(name for one in STATICS.values() if isinstance(one, StaticClass) for name in one.table)
VOCABULARY = Vocabulary(
    variables=frozenset({*ITEM_NAMES, *OTHER_NAMES, *HOST_OBJECTS}),
    objects=HOST_TABLES,
    functions=FUNCTIONS,
    fixed=frozenset({*ITEM_NAMES, *OTHER_NAMES}),
    not_yet=_NOT_YET,
    methods=METHOD_NAMES | frozenset(JSON) | _CLASS_METHODS,
)
