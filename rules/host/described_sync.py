"""The other helpers and the functions: the sync itself, users, workflows, service desks, HTTP, log."""

from rules.host.description import Helper, call

READ_FAILS = "Ends the script for an answer of 400 or more, and for a path that is not one of this system."
WRITE_FAILS = "Ends the script in an outgoing rule, and for an answer of 400 or more without a closure."
HTTP_FAILS = "As `get` where there is no closure; any method but GET ends an outgoing rule."
SYNC = Helper(
    "syncHelper",
    "Steers the sync of this pair.",
    (
        call(
            "syncBackAfterProcessing() -> null",
            "Sends this item back once the script is through.",
            "if (firstSync) syncHelper.syncBackAfterProcessing()",
            when="incoming",
            fails="Ends an outgoing script.",
        ),
        call(
            "unExalateAfterProcessing() -> null",
            "Unlinks the pair once the script is through; both items stay.",
            'if (replica.status.name in ["Closed", "In Progress"]) syncHelper.unExalateAfterProcessing()',
            when="incoming",
            fails="Ends an outgoing script.",
        ),
        call(
            "exalate(key: key, entityType?: text) -> null",
            "Brings another item of this side under sync on the same connection.",
            'syncHelper.exalate(new com.exalate.basic.domain.BasicIssueKey("1002", "ACME-8"))',
            fails="Ends the script where no key is given; parks the pair where the platform has no such item.",
        ),
        call(
            "getTrackerUrl() -> text",
            "The address of this side's system.",
            'replica.link = syncHelper.getTrackerUrl() + "/browse/" + issue.key',
            asks="tracker_url",
        ),
        call(
            "getLocalIssueKeyFromRemoteId(id: text, entityType?: text) -> key or null",
            "The item here that is paired with the remote one of that id: `id`, `key`, `urn`. Where it has none yet, an incoming rule "
            "runs once more when it has.",
            "issue.parentId = syncHelper.getLocalIssueKeyFromRemoteId(replica.parentId)?.id",
            asks="local_item",
        ),
        call(
            "getLocalIssueFromRemoteId(id: text, entityType?: text) -> key or null",
            "The same.",
            "issue.parentId = syncHelper.getLocalIssueFromRemoteId(replica.parentId)?.id",
            asks="local_item",
        ),
        call(
            "getLocalIssueFromRemoteUrn(urn: text, entityType?: text) -> key or null",
            "The item here that is paired with the remote one of that key.",
            'issue.parentId = syncHelper.getLocalIssueFromRemoteUrn("BETA-1")?.id',
            asks="local_item_by_key",
        ),
        call(
            "getLocalIssueKeyFromRemoteUrn(urn: text, entityType?: text) -> key or null",
            "The same.",
            'issue.parentId = syncHelper.getLocalIssueKeyFromRemoteUrn("BETA-1")?.id',
            asks="local_item_by_key",
        ),
    ),
)
WORKFLOW = Helper(
    "workflowHelper",
    "Moves the item through its workflow.",
    (
        call(
            "transition(issue: issue, name: text) -> null",
            "Sets the status of that name. The platform's transition is found by the status it leads to, so name the status.",
            'workflowHelper.transition(issue, "Done")',
            when="incoming",
            fails="Ends the script where the first argument is not the issue.",
        ),
    ),
)
USERS = Helper(
    "userHelper",
    "Asks the platform of this side about users.",
    (
        call(
            "getByUsername(name: text) -> user or null",
            "The user with that user name.",
            'issue.assignee = userHelper.getByUsername("ann")',
            asks="user_by_username",
        ),
        call(
            "getByEmail(email: text) -> user or null",
            "The user with that e-mail address.",
            'issue.assignee = userHelper.getByEmail("ann@acme.test")',
            asks="user_by_email",
        ),
        call(
            "getUserByEmail(email: text) -> user or null",
            "The same.",
            'issue.assignee = userHelper.getUserByEmail("ann@acme.test")',
            asks="user_by_email",
        ),
        call(
            "getByKey(key: text) -> user or null",
            "The user with that key or account id.",
            'issue.assignee = userHelper.getByKey("u1")',
            asks="user",
        ),
        call(
            "isGroupMember(user: user, group: text) -> boolean",
            "Whether the user belongs to the group.",
            'if (userHelper.isGroupMember(userHelper.getByKey("u1"), "staff")) issue.team = "staff"',
            asks="group_member",
        ),
        call(
            "hasRole(user: user, role: text, project?: text) -> boolean",
            "Whether the user has the role.",
            'if (userHelper.hasRole(userHelper.getByKey("u1"), "Developers")) issue.team = "dev"',
            asks="user_role",
        ),
        call(
            "findInGroup(group: text) -> list",
            "The users of a group.",
            'issue.assignee = userHelper.findInGroup("staff")[0]',
            asks="group_members",
        ),
        call(
            "findWithRole(role: text, project?: text) -> list",
            "The users with a role.",
            'issue.assignee = userHelper.findWithRole("Developers")[0]',
            asks="role_members",
        ),
    ),
)
SERVICE_DESK = Helper(
    "serviceDeskHelper",
    "Asks a service desk of this side.",
    (
        call(
            "getRequestType(name: text, project?: text) -> request type or null",
            "The request type of that name.",
            'issue.customFields."Request Type".value = serviceDeskHelper.getRequestType("Get help")?.id',
            asks="request_type",
        ),
        call(
            "getOrganization(name: text) -> organisation or null",
            "The organisation of that name.",
            'issue.customFields."Organizations".value = [serviceDeskHelper.getOrganization("Acme")]',
            asks="organization",
        ),
        call(
            "isServiceDesk(project: text) -> boolean",
            "Whether the project is a service desk.",
            'issue.desk = serviceDeskHelper.isServiceDesk("ACME")',
            asks="service_desk",
        ),
    ),
)
HTTP = Helper(
    "httpClient",
    "Calls the REST API of this side's own system, signed in as Twinline's account. A path begins with `/`; another system is never"
    " reached. Both scripts read this way, the incoming one also writes: each call once for a change, see"
    " [Coming from Exalate](../migration.md#httpclient).",
    (
        call(
            "get(path: text, query?: map or boolean) -> JSON",
            "The answer as maps and lists. `query` is a map of parameters; a boolean is accepted and means nothing.",
            'replica.parent = httpClient.get("/rest/api/3/issue/ACME-7")?.fields?.parent?.key',
            asks="http",
            fails=READ_FAILS,
        ),
        call(
            "post(path: text, body?: text, query?: map, headers?: map, reply?: closure) -> JSON",
            "Sends a body, a text or a map, and gives the answer.",
            'def made = httpClient.post("/rest/api/3/issueLink", "{}")\nissue.link = made?.id',
            asks="http",
            fails=WRITE_FAILS,
        ),
        call(
            "put(path: text, body?: text, query?: map, headers?: map, reply?: closure) -> JSON",
            "The same with PUT.",
            'httpClient.put("/rest/api/3/issue/ACME-7", [fields: [summary: "x"]])',
            asks="http",
            fails=WRITE_FAILS,
        ),
        call(
            "patch(path: text, body?: text, query?: map, headers?: map, reply?: closure) -> JSON",
            "The same with PATCH.",
            'httpClient.patch("/_apis/wit/workitems/7", "[]")',
            asks="http",
            fails=WRITE_FAILS,
        ),
        call(
            "delete(path: text, query?: map, headers?: map, reply?: closure) -> JSON",
            "The same with DELETE.",
            'httpClient.delete("/rest/api/3/issueLink/5")',
            asks="http",
            fails=WRITE_FAILS,
        ),
        call(
            "http(method: text, path: text, body?: text or map, query?: text or map, headers?: map, reply?: closure) -> any",
            "Any method. Which of the third and fourth argument is the query and which the body is told by what they are: a map is the"
            " query, a text the body. The closure gets the request and the response, or the response alone; its result is the call's. The"
            " response has `code`, `body`, `headers`. Without a closure the answer is given as by `get`.",
            'replica.links = httpClient.http("GET", "/_apis/wit/workitems/7", null, ["\\$expand": ["relations"]], [:]) '
            "{ req, res -> res.code == 200 ? res.body.relations : [] }",
            asks="http",
            fails=HTTP_FAILS,
        ),
    ),
)
DEBUG = Helper(
    "debug",
    "Stops a script to look at a value.",
    (
        call(
            "error(text: text) -> nothing",
            "Ends the script with the text; the pair is parked in error.",
            'if (replica.summary == null) debug.error("no summary in " + replica.key)',
            fails="Always ends the script.",
        ),
    ),
)
LOG = Helper(
    "log",
    "Writes lines that `twinline rules run` and `twinline rules trace` show.",
    tuple(
        call(f"{level}(text: any, detail?: any) -> null", f"A line of the level {level}.", f'log.{level}("status " + issue.status.name)')
        for level in ("info", "debug", "warn", "error", "trace")
    ),
)
FUNCTIONS = Helper(
    "",
    "Functions that need no variable in front.",
    (
        call(
            "store(issue: issue) -> issue",
            "Lets the script use a new item's key after it: the item is created with what was set before, and the script goes on."
            " Everything else is written once, after the script's end.",
            "store(issue)",
        ),
        call("println(text?: any) -> null", "A line in the log.", 'println "status ${issue.status.name}"'),
        call("print(text: any) -> null", "The same.", "print issue.key"),
    ),
)
