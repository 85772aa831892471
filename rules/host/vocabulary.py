"""Every name that a script may use, for the check before it runs."""

from rules.host.classes import CLASSES, CONVERTERS, LIST_METHODS, LOGGERS, NAME_METHODS, NAMED, TUPLE
from rules.host.comment_helper import ATTACHMENTS, COMMENTS, WORK_LOGS, AttachmentHelper, CommentHelper, WorkLogHelper
from rules.host.described_values import ITEM_NAMES, VARIABLES
from rules.host.free_map import FREE
from rules.host.http_client import HTTP, HttpClient
from rules.host.node_helper import NODE, SERVICE_DESK, USERS, NodeHelper, ServiceDeskHelper, UserHelper
from rules.host.sync_helper import DEBUG, FUNCTIONS, LOG, SYNC, WORKFLOW, Debug, Log, SyncHelper, WorkflowHelper
from rules.library.dispatch import METHOD_NAMES
from rules.library.lists import LISTS
from rules.library.statics import JSON, STATICS, StaticClass
from rules.library.strings import STRINGS
from rules.scope import Vocabulary
from rules.values import Host

LISTS.update(LIST_METHODS)
STRINGS.update(NAME_METHODS)
HOST_TABLES = {
    "nodeHelper": NODE, "userHelper": USERS, "serviceDeskHelper": SERVICE_DESK, "commentHelper": COMMENTS, "attachmentHelper": ATTACHMENTS,
    "workLogHelper": WORK_LOGS, "syncHelper": SYNC, "workflowHelper": WORKFLOW, "httpClient": HTTP, "debug": DEBUG, "log": LOG,
}  # fmt: skip
HOST_OBJECTS: dict[str, Host] = {
    "nodeHelper": NodeHelper(), "userHelper": UserHelper(), "serviceDeskHelper": ServiceDeskHelper(), "commentHelper": CommentHelper(),
    "attachmentHelper": AttachmentHelper(), "workLogHelper": WorkLogHelper(),
    "syncHelper": SyncHelper(), "workflowHelper": WorkflowHelper(),
    "httpClient": HttpClient(), "debug": Debug(), "log": Log(),
}  # fmt: skip
ALIASES = {"worklogHelper": "workLogHelper", "debugHelper": "debug"}
HOST_TABLES.update({name: HOST_TABLES[one] for name, one in ALIASES.items()})
HOST_OBJECTS.update({name: HOST_OBJECTS[one] for name, one in ALIASES.items()})
VARIABLE_NAMES = frozenset(one.name for one in VARIABLES)
_CLASS_METHODS = frozenset(name for one in STATICS.values() if isinstance(one, StaticClass) for name in one.table)
_HELPER_METHODS = frozenset(name for table in HOST_TABLES.values() for name in table)
VOCABULARY = Vocabulary(
    variables=VARIABLE_NAMES | HOST_OBJECTS.keys(),
    objects=HOST_TABLES,
    functions=FUNCTIONS,
    fixed=frozenset({"issue", "replica"}),
    not_yet=frozenset(),
    makers=CLASSES,
    statics=NAMED,
    methods=METHOD_NAMES | {*JSON, *FREE, *TUPLE, *CONVERTERS, *LOGGERS, *LIST_METHODS, *NAME_METHODS} | _CLASS_METHODS | _HELPER_METHODS,
)
__all__ = ["HOST_OBJECTS", "HOST_TABLES", "ITEM_NAMES", "VOCABULARY"]
