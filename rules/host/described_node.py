"""`nodeHelper`: what a script may ask about this side's platform."""

from rules.host.description import Helper, call

MADE_FAILS = "Ends the script where there is none of that name and none can be made: in an outgoing rule, or on this platform."
NODE = Helper(
    "nodeHelper",
    "Asks the platform of this side. A question answers null where the platform has no such thing, and for null.",
    (
        call(
            "getIssueType(name: text, project?: text) -> type or null",
            "The issue type of that name, in the project where given.",
            'issue.typeName = nodeHelper.getIssueType(replica.type?.name, "ACME")?.name ?: "Task"',
            asks="issue_type",
        ),
        call(
            "getDefaultIssueType(project?: text) -> type or null",
            "The type that new items of the project get.",
            'issue.type = nodeHelper.getDefaultIssueType("ACME")',
            asks="default_issue_type",
        ),
        call(
            "getPriority(name: text, issue?: issue) -> priority or null",
            "The priority of that name.",
            "issue.priority = nodeHelper.getPriority(replica.priority?.name)",
            asks="priority",
        ),
        call(
            "getStatus(name: text, project?: text) -> status or null",
            "The status of that name; where the item has a type already, one that items of the type can have.",
            'issue.status = nodeHelper.getStatus("Done") ?: issue.status',
            asks="status",
        ),
        call(
            "getResolution(name: text) -> resolution or null",
            "The resolution of that name.",
            'issue.resolution = nodeHelper.getResolution(replica.resolution?.name ?: "Fixed")',
            asks="resolution",
        ),
        call(
            "getSecurityLevel(name: text, project?: text) -> level or null",
            "The security level of that name.",
            'issue.securityLevel = nodeHelper.getSecurityLevel("Staff")',
            asks="security_level",
        ),
        call(
            "getProject(key: text) -> project or null",
            "The project with that key.",
            'issue.project = nodeHelper.getProject("ACME")',
            asks="project",
        ),
        call(
            "getVersion(name: text, project?: text) -> version or null",
            "The version of that name in the project.",
            'issue.fixVersions = [nodeHelper.getVersion("1.0", "ACME")]',
            asks="version",
        ),
        call(
            "getComponent(name: text, project?: text) -> component or null",
            "The component of that name in the project.",
            'issue.components = [nodeHelper.getComponent("Web", "ACME")]',
            asks="component",
        ),
        call(
            "createVersion(issue: issue, name: text, description?: text) -> version",
            "The version of that name in the item's project; made where there is none.",
            "issue.fixVersions = replica.fixVersions.collect { nodeHelper.createVersion(issue, it.name, it.description) }",
            asks="create_version",
            fails=MADE_FAILS,
        ),
        call(
            "createComponent(issue: issue, name: text, description?: text, lead?: text, assigneeType?: text) -> component",
            "The component of that name in the item's project; made where there is none.",
            "issue.components = replica.components.collect { nodeHelper.createComponent(issue, it.name, it.description, null, null) }",
            asks="create_component",
            fails=MADE_FAILS,
        ),
        call(
            "createOption(issue: issue, field: text, value: text) -> option",
            "The option of a select field; made where there is none.",
            'issue.customFields."Team".value = nodeHelper.createOption(issue, "Team", "Red")',
            asks="create_option",
            fails=MADE_FAILS,
        ),
        call(
            "getOption(issue: issue, field: text, value?: text, parent?: text) -> option or null",
            "The option of a select field, the field given by name or id. With two arguments they are field and value.",
            'issue.customFields."Team".value = nodeHelper.getOption(issue, "Team", "Red")',
            asks="option",
        ),
        call(
            "getOptions(issue: issue, field: text, values: list) -> list",
            "The options of a select field that have these values; those it does not have are left out.",
            'issue.customFields."Teams".value = nodeHelper.getOptions(issue, "Teams", ["Red", "Blue"])',
            asks="option",
            fails="Ends the script where the values are no list.",
        ),
        call(
            "getCascadingSelect(parent: option, child: option) -> cascading option",
            "The value of a cascading select field, from two options or their values.",
            'issue.customFields."Place".value = nodeHelper.getCascadingSelect("Antwerp", "Harbour")',
        ),
        call(
            "getCustomField(first: text, second?: text, third?: text) -> custom field or null",
            "What the platform knows of a custom field: `id`, `name`, `type`.",
            'issue.fieldId = nodeHelper.getCustomField("Team")?.id',
            asks="custom_field",
        ),
        call(
            "getCustomFieldDefaultValue(issue: issue, field: text) -> value or null",
            "The value that a custom field has by default.",
            'issue.customFields."Team".value = nodeHelper.getCustomFieldDefaultValue(issue, "Team")',
            asks="custom_field_default",
        ),
        call(
            "getCustomFieldValueLabel(first: text, second: text, third?: text) -> text or null",
            "The text that people see for the stored value of a custom field.",
            'issue.label = nodeHelper.getCustomFieldValueLabel("12", "team", "red")',
            asks="custom_field_label",
        ),
        call(
            "getUser(key: text, project?: text) -> user or null",
            "The user with that key or account id.",
            'issue.assignee = nodeHelper.getUser("u1")',
            asks="user",
        ),
        call(
            "getUserById(id: text) -> user or null", "The user with that id.", 'issue.assignee = nodeHelper.getUserById("u1")', asks="user"
        ),
        call(
            "getUserByEmail(email: text, project?: text) -> user or null",
            "The user with that e-mail address; null also where the platform hides addresses or several users share it.",
            "issue.assignee = nodeHelper.getUserByEmail(replica.assignee?.email)",
            asks="user_by_email",
        ),
        call(
            "getUserByUsername(name: text, project?: text) -> user or null",
            "The user with that user name.",
            'issue.assignee = nodeHelper.getUserByUsername("ann")',
            asks="user_by_username",
        ),
        call(
            "getUserByFullName(name: text, project?: text) -> user or null",
            "The user whose display name this is.",
            'issue.assignee = nodeHelper.getUserByFullName("Ann Example")',
            asks="user_by_username",
        ),
        call(
            "getUserByDisplayName(name: text, project?: text) -> user or null",
            "The user whose display name this is.",
            'issue.assignee = nodeHelper.getUserByDisplayName("Ann Example")',
            asks="user_by_username",
        ),
        call(
            "isUserAssignable(project: text, user: user) -> boolean",
            "Whether items of the project can be assigned to the user; false for null, true for any user where the platform does not tell.",
            'def ann = nodeHelper.getUser("u1")\nif (nodeHelper.isUserAssignable("ACME", ann)) issue.assignee = ann',
            asks="user_assignable",
        ),
        call(
            "canUserEditComments(user: user, project?: text) -> boolean",
            "Whether the user may edit comments.",
            'issue.mayEdit = nodeHelper.canUserEditComments(nodeHelper.getUser("u1"))',
            asks="user_edits_comments",
        ),
        call(
            "isIssueEditable(issue: issue) -> boolean",
            "Whether the item can be changed in the status it has.",
            "if (nodeHelper.isIssueEditable(issue)) issue.summary = replica.summary",
            asks="item_editable",
        ),
        call(
            "getGroup(name: text) -> group or null",
            "The group of that name.",
            'issue.team = nodeHelper.getGroup("staff")?.name',
            asks="group",
        ),
        call("getLabel(text: text) -> label", "A label with that text.", 'issue.labels += nodeHelper.getLabel("from-acme")'),
        call(
            "getLocalIssueFromRemoteId(id: text, entityType?: text) -> key or null",
            "The item here that is paired with the remote one of that id: `id`, `key`, `urn`. Where it has none yet, an incoming rule "
            "runs once more when it has.",
            "issue.parentId = nodeHelper.getLocalIssueFromRemoteId(replica.parentId?.toLong())?.id",
            asks="local_item",
        ),
        call(
            "getLocalIssueKeyFromRemoteId(id: text, entityType?: text) -> key or null",
            "The same.",
            "issue.parentId = nodeHelper.getLocalIssueKeyFromRemoteId(replica.parentId)?.id",
            asks="local_item",
        ),
        call(
            "getLocalKeyFromRemoteId(id: text, entityType?: text) -> key or null",
            "The same.",
            "issue.parentId = nodeHelper.getLocalKeyFromRemoteId(replica.parentId)?.id",
            asks="local_item",
        ),
        call(
            "getLocalIssueFromRemoteUrn(urn: text, entityType?: text) -> key or null",
            "The item here that is paired with the remote one of that key.",
            'issue.parentId = nodeHelper.getLocalIssueFromRemoteUrn("BETA-1")?.id',
            asks="local_item_by_key",
        ),
        call(
            "getLocalIssueKeyFromRemoteUrn(urn: text, entityType?: text) -> key or null",
            "The same.",
            'issue.parentId = nodeHelper.getLocalIssueKeyFromRemoteUrn("BETA-1")?.id',
            asks="local_item_by_key",
        ),
        call(
            "mergeLinks(issue: issue, replica: replica, types?: map) -> list of links",
            "The links of the replica as they are to be here: to the copies of their items, in the types of this platform. A relation that "
            "this platform does not have becomes a plain one. The map says by the other side's name of a type, or its words, which type is "
            "meant here; null leaves such links out. What leads to an item without a copy comes once it has one; what belongs to a parent "
            "travels as `parentId`. Links of this side alone stay.",
            'issue.issueLinks = nodeHelper.mergeLinks(issue, replica, ["Causes": "Blocks", "Cloners": null])',
            when="incoming",
            fails="Ends the script where the first two arguments are not the issue and the replica, or a type of the map is not here.",
        ),
        call(
            "getReference(table: text, field: text, value: text) -> record or null",
            "The first record of a ServiceNow table whose field has that value.",
            'issue.caller_id = nodeHelper.getReference("sys_user", "email", "ann@acme.test")?.sys_id',
            asks="record",
        ),
        call(
            "getTableByLink(link: text) -> record or null",
            "The ServiceNow record that a reference field links to.",
            "replica.callerMail = nodeHelper.getTableByLink(issue.caller_id?.link)?.email",
            asks="record_by_link",
        ),
        call(
            "getTemplateIdByName(name: text) -> text or null",
            "The id of the request template of that name.",
            'issue.templateId = nodeHelper.getTemplateIdByName("Incident")',
            asks="template",
        ),
        call(
            "getServiceIdByName(name: text) -> text or null",
            "The id of the service of that name.",
            'issue.serviceId = nodeHelper.getServiceIdByName("Mail")',
            asks="service",
        ),
        call(
            "getTeamIdByName(name: text) -> text or null",
            "The id of the team of that name.",
            'issue.teamId = nodeHelper.getTeamIdByName("Red")',
            asks="team",
        ),
        call(
            "stripHtml(text: text) -> text",
            "The text without HTML tags: line ends for what ends a line, entities decoded.",
            'replica.description = nodeHelper.stripHtml("<p>Tom &amp; Ann</p>")',
        ),
        call(
            "stripHtmlFromComments(comments: list) -> list",
            "The comments, the bodies without HTML tags.",
            "replica.comments = nodeHelper.stripHtmlFromComments(issue.comments)",
        ),
        call(
            "toMarkDownFromHtml(text: text) -> text",
            "Markdown for HTML.",
            'replica.description = nodeHelper.toMarkDownFromHtml("<b>Tom</b> and <i>Ann</i>")',
        ),
        call("toMarkDown(text: text) -> text", "The same.", 'replica.description = nodeHelper.toMarkDown("<b>Tom</b>")'),
        call(
            "toMarkDownComments(comments: list) -> list",
            "The comments, the bodies in Markdown.",
            "replica.comments = nodeHelper.toMarkDownComments(issue.comments)",
        ),
        call(
            "getHtmlField(issue: issue, field: text) -> text or null",
            "A rich-text property as HTML.",
            'replica.description = nodeHelper.getHtmlField(issue, "description")',
            fails="Ends the script where the first argument is not the issue.",
        ),
        call(
            "getHtmlComments(issue: issue) -> list",
            "The item's comments, the bodies as HTML.",
            "replica.comments = nodeHelper.getHtmlComments(issue)",
            fails="Ends the script where the first argument is not the issue.",
        ),
        call(
            "addHTTPHeader(name: text, value: text) -> null",
            "Accepted; a header is given to `httpClient.http` instead.",
            'nodeHelper.addHTTPHeader("Accept", "application/json")',
        ),
    ),
)
