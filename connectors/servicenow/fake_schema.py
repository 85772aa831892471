"""The dictionary of a fake instance: tables, their columns and choices as a fresh instance has them, and some of the customer's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Table:
    name: str
    label: str
    parent: str = ""
    display: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Column:
    """`choice` is 0 without a list of choices, 1 and 3 with one, as in `sys_dictionary`."""

    table: str
    element: str
    label: str
    type: str = "string"
    reference: str = ""
    length: int = 40
    choice: int = 0
    read_only: bool = False


TABLES = (
    Table("sys_user", "User", display="name"),
    Table("sys_user_group", "Group", display="name"),
    Table("sys_user_role", "Role", display="name"),
    Table("sys_user_has_role", "User Role", display="sys_id"),
    Table("cmdb_ci", "Configuration Item", display="name"),
    Table("task", "Task", display="number", prefix="TASK"),
    Table("incident", "Incident", "task", "number", "INC"),
    Table("problem", "Problem", "task", "number", "PRB"),
    Table("change_request", "Change Request", "task", "number", "CHG"),
    Table("change_task", "Change Task", "task", "number", "CTASK"),
    Table("sc_request", "Request", "task", "number", "REQ"),
    Table("sc_req_item", "Requested Item", "task", "number", "RITM"),
    Table("sc_task", "Catalog Task", "task", "number", "SCTASK"),
    Table("u_order", "Order", display="u_number", prefix="ORD"),
    Table("u_blank", "Blank", display="u_twinline_id"),
    Table("sys_db_object", "Table", display="label"),
    Table("sys_dictionary", "Dictionary Entry", display="column_label"),
    Table("sys_choice", "Choice", display="label"),
    Table("sys_journal_field", "Journal Entry", display="element"),
    Table("sys_attachment", "Attachment", display="file_name"),
    Table("sys_audit_delete", "Deleted Record", display="display_value"),
    Table("dl_u_priority", "Priority Data Lookup", display="priority"),
)

SYSTEM_COLUMNS = (
    ("sys_id", "Sys ID", "GUID", 32),
    ("sys_created_on", "Created", "glide_date_time", 40),
    ("sys_created_by", "Created by", "string", 40),
    ("sys_updated_on", "Updated", "glide_date_time", 40),
    ("sys_updated_by", "Updated by", "string", 40),
    ("sys_mod_count", "Updates", "integer", 40),
)

COLUMNS = (
    Column("sys_user", "user_name", "User ID"),
    Column("sys_user", "name", "Name", length=151),
    Column("sys_user", "first_name", "First name", length=50),
    Column("sys_user", "last_name", "Last name", length=50),
    Column("sys_user", "email", "Email", "email", length=100),
    Column("sys_user", "active", "Active", "boolean"),
    Column("sys_user", "time_zone", "Time zone"),
    Column("sys_user_group", "name", "Name", length=80),
    Column("sys_user_group", "active", "Active", "boolean"),
    Column("sys_user_role", "name", "Name", length=100),
    Column("sys_user_has_role", "user", "User", "reference", "sys_user", 32),
    Column("sys_user_has_role", "role", "Role", "reference", "sys_user_role", 32),
    Column("sys_user_has_role", "state", "State"),
    Column("cmdb_ci", "name", "Name", length=255),
    Column("task", "number", "Number", read_only=True),
    Column("task", "sys_class_name", "Task type", "sys_class_name", length=80, read_only=True),
    Column("task", "short_description", "Short description", length=160),
    Column("task", "description", "Description", length=4000),
    Column("task", "state", "State", "integer", choice=1),
    Column("task", "priority", "Priority", "integer", choice=1),
    Column("task", "impact", "Impact", "integer", choice=1),
    Column("task", "urgency", "Urgency", "integer", choice=1),
    Column("task", "active", "Active", "boolean"),
    Column("task", "assigned_to", "Assigned to", "reference", "sys_user", 32),
    Column("task", "assignment_group", "Assignment group", "reference", "sys_user_group", 32),
    Column("task", "opened_by", "Opened by", "reference", "sys_user", 32),
    Column("task", "opened_at", "Opened", "glide_date_time"),
    Column("task", "closed_by", "Closed by", "reference", "sys_user", 32),
    Column("task", "closed_at", "Closed", "glide_date_time"),
    Column("task", "due_date", "Due date", "glide_date_time"),
    Column("task", "parent", "Parent", "reference", "task", 32),
    Column("task", "cmdb_ci", "Configuration item", "reference", "cmdb_ci", 32),
    Column("task", "location", "Location", "reference", "cmn_location", 32),
    Column("task", "contact_type", "Contact type", choice=1),
    Column("task", "watch_list", "Watch list", "glide_list", "sys_user", 4000),
    Column("task", "correlation_id", "Correlation ID", length=100),
    Column("task", "correlation_display", "Correlation display", length=100),
    Column("task", "comments", "Additional comments", "journal_input", length=4000),
    Column("task", "work_notes", "Work notes", "journal_input", length=4000),
    Column("task", "comments_and_work_notes", "Comments and Work notes", "journal_list", length=4000),
    Column("task", "close_notes", "Close notes", length=4000),
    Column("task", "business_duration", "Business duration", "glide_duration"),
    Column("incident", "caller_id", "Caller", "reference", "sys_user", 32),
    Column("incident", "incident_state", "Incident state", "integer", choice=1),
    Column("incident", "hold_reason", "On hold reason", "integer", choice=1),
    Column("incident", "category", "Category", choice=1),
    Column("incident", "close_code", "Resolution code", choice=3),
    Column("incident", "close_notes", "Resolution notes", length=4000),
    Column("incident", "resolved_by", "Resolved by", "reference", "sys_user", 32),
    Column("incident", "resolved_at", "Resolved", "glide_date_time"),
    Column("incident", "problem_id", "Problem", "reference", "problem", 32),
    Column("incident", "u_site", "Site", length=20),
    Column("incident", "u_effort", "Effort", "integer"),
    Column("incident", "u_cost", "Cost", "decimal"),
    Column("incident", "u_target", "Target", "glide_date"),
    Column("incident", "u_promised", "Promised", "glide_date_time"),
    Column("incident", "u_kind", "Kind", choice=1),
    Column("incident", "u_approver", "Approver", "reference", "sys_user", 32),
    Column("incident", "u_vip", "VIP", "boolean"),
    Column("incident", "u_link", "Link", "url", length=1024),
    Column("incident", "u_teams", "Teams", "glide_list", "sys_user_group", 1024),
    Column("incident", "u_cause", "Cause", "html", length=4000),
    Column("incident", "u_audited", "Audited", read_only=True),
    Column("problem", "resolution_code", "Resolution code", choice=1),
    Column("change_request", "type", "Type", choice=1),
    Column("change_request", "close_code", "Close code", choice=3),
    Column("change_request", "requested_by", "Requested by", "reference", "sys_user", 32),
    Column("change_task", "change_request", "Change request", "reference", "change_request", 32),
    Column("sc_request", "requested_for", "Requested for", "reference", "sys_user", 32),
    Column("sc_req_item", "request", "Request", "reference", "sc_request", 32),
    Column("sc_req_item", "quantity", "Quantity", "integer"),
    Column("sc_task", "request", "Request", "reference", "sc_request", 32),
    Column("sc_task", "request_item", "Request item", "reference", "sc_req_item", 32),
    Column("u_order", "u_number", "Number", read_only=True),
    Column("u_order", "u_short_description", "Short description", length=160),
    Column("u_order", "u_description", "Description", "html", length=8000),
    Column("u_order", "u_state", "State", choice=1),
    Column("u_order", "u_twinline_id", "Twinline ID", length=100),
    Column("u_blank", "u_twinline_id", "Twinline ID", length=100),
    Column("sys_db_object", "name", "Name", length=80),
    Column("sys_db_object", "label", "Label", length=80),
    Column("sys_db_object", "super_class", "Extends table", "reference", "sys_db_object", 32),
    Column("sys_dictionary", "name", "Table", length=80),
    Column("sys_dictionary", "element", "Column name", length=80),
    Column("sys_dictionary", "column_label", "Column label", length=80),
    Column("sys_dictionary", "internal_type", "Type"),
    Column("sys_dictionary", "reference", "Reference", length=80),
    Column("sys_dictionary", "max_length", "Max length", "integer"),
    Column("sys_dictionary", "choice", "Choice", "integer"),
    Column("sys_dictionary", "read_only", "Read only", "boolean"),
    Column("sys_dictionary", "mandatory", "Mandatory", "boolean"),
    Column("sys_dictionary", "display", "Display", "boolean"),
    Column("sys_dictionary", "active", "Active", "boolean"),
    Column("sys_choice", "name", "Table", length=80),
    Column("sys_choice", "element", "Element", length=80),
    Column("sys_choice", "label", "Label", length=255),
    Column("sys_choice", "value", "Value", length=255),
    Column("sys_choice", "sequence", "Sequence", "integer"),
    Column("sys_choice", "inactive", "Inactive", "boolean"),
    Column("sys_choice", "language", "Language"),
    Column("sys_journal_field", "name", "Name", length=80),
    Column("sys_journal_field", "element", "Element", length=80),
    Column("sys_journal_field", "element_id", "Element ID", length=32),
    Column("sys_journal_field", "value", "Value", length=65000),
    Column("sys_attachment", "table_name", "Table name", length=80),
    Column("sys_attachment", "table_sys_id", "Table sys ID", length=32),
    Column("sys_attachment", "file_name", "File name", length=100),
    Column("sys_attachment", "content_type", "Content type", length=100),
    Column("sys_attachment", "size_bytes", "Size bytes", "integer"),
    Column("sys_attachment", "hash", "Hash", length=256),
    Column("sys_audit_delete", "tablename", "Table name", length=80),
    Column("sys_audit_delete", "documentkey", "Document key", length=32),
    Column("sys_audit_delete", "display_value", "Display value", length=255),
    Column("sys_audit_delete", "user", "User"),
    Column("dl_u_priority", "impact", "Impact", "integer"),
    Column("dl_u_priority", "urgency", "Urgency", "integer"),
    Column("dl_u_priority", "priority", "Priority", "integer"),
)

_LEVELS = (("1", "1 - High"), ("2", "2 - Medium"), ("3", "3 - Low"))

CHOICES: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    ("task", "state"): (
        ("-5", "Pending"), ("1", "Open"), ("2", "Work in Progress"), ("3", "Closed Complete"), ("4", "Closed Incomplete"),
        ("7", "Closed Skipped"),
    ),
    ("incident", "state"): (
        ("1", "New"), ("2", "In Progress"), ("3", "On Hold"), ("6", "Resolved"), ("7", "Closed"), ("8", "Canceled"),
    ),
    ("incident", "incident_state"): (
        ("1", "New"), ("2", "In Progress"), ("3", "On Hold"), ("6", "Resolved"), ("7", "Closed"), ("8", "Canceled"),
    ),
    ("problem", "state"): (
        ("101", "New"), ("102", "Assess"), ("103", "Root Cause Analysis"), ("104", "Fix in Progress"), ("106", "Resolved"),
        ("107", "Closed"),
    ),
    ("change_request", "state"): (
        ("-5", "New"), ("-4", "Assess"), ("-3", "Authorize"), ("-2", "Scheduled"), ("-1", "Implement"), ("0", "Review"),
        ("3", "Closed"), ("4", "Canceled"),
    ),
    ("task", "priority"): (("1", "1 - Critical"), ("2", "2 - High"), ("3", "3 - Moderate"), ("4", "4 - Low"), ("5", "5 - Planning")),
    ("task", "impact"): _LEVELS,
    ("task", "urgency"): _LEVELS,
    ("task", "contact_type"): (("email", "Email"), ("phone", "Phone"), ("self-service", "Self-service")),
    ("incident", "hold_reason"): (("1", "Awaiting Caller"), ("5", "Awaiting Change"), ("3", "Awaiting Problem"), ("4", "Awaiting Vendor")),
    ("incident", "category"): (("inquiry", "Inquiry / Help"), ("software", "Software"), ("hardware", "Hardware")),
    ("incident", "close_code"): tuple(
        (one, one)
        for one in (
            "Duplicate", "Known error", "No resolution provided", "Resolved by caller", "Resolved by change", "Resolved by problem",
            "Resolved by request", "Solution provided", "Workaround provided", "User error",
        )
    ),
    ("incident", "u_kind"): (("hw", "Hardware"), ("sw", "Software")),
    ("problem", "resolution_code"): (("fix_applied", "Fix Applied"), ("risk_accepted", "Risk Accepted"), ("duplicate", "Duplicate")),
    ("change_request", "type"): (("normal", "Normal"), ("standard", "Standard"), ("emergency", "Emergency")),
    ("change_request", "close_code"): (("successful", "Successful"), ("unsuccessful", "Unsuccessful")),
    ("u_order", "u_state"): (("open", "Open"), ("shipped", "Shipped"), ("closed", "Closed")),
}  # fmt: skip

PRIORITY = {
    ("1", "1"): "1", ("1", "2"): "2", ("1", "3"): "3", ("2", "1"): "2", ("2", "2"): "3", ("2", "3"): "4", ("3", "1"): "3",
    ("3", "2"): "4", ("3", "3"): "5",
}  # fmt: skip
"""By impact and urgency, as the data look-up rules of a fresh instance have it."""


@cache
def lineage(table: str) -> tuple[str, ...]:
    """The table and those that it extends, nearest first; empty for one that does not exist."""
    found: list[str] = []
    while table and (known := _BY_NAME.get(table)) is not None:
        found.append(table)
        table = known.parent
    return tuple(found)


def table_named(name: str) -> Table:
    return _BY_NAME[name]


@cache
def columns_of(table: str) -> Mapping[str, Column]:
    """By element; a table's own entry hides the one that it inherits."""
    found: dict[str, Column] = {
        element: Column(table, element, label, kind, "", size, 0, True) for element, label, kind, size in SYSTEM_COLUMNS
    }
    for name in reversed(lineage(table)):
        found |= {one.element: one for one in COLUMNS if one.table == name}
    return found


@cache
def choices_of(table: str, element: str) -> Mapping[str, str]:
    """Labels by value."""
    for name in lineage(table):
        if (name, element) in CHOICES:
            return dict(CHOICES[name, element])
    return {}


@cache
def family(table: str) -> frozenset[str]:
    """The table and all that extend it."""
    return frozenset(one.name for one in TABLES if table in lineage(one.name))


_BY_NAME = {one.name: one for one in TABLES}
