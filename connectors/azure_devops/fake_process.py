"""The processes of the fake organization: fields, work item types and their rules, after Agile, Scrum and Basic.

https://learn.microsoft.com/azure/devops/boards/work-items/guidance/agile-process-workflow
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue


@dataclass(frozen=True)
class FieldDefinition:
    """`type` as the fields API writes it; `options` for a picklist."""

    reference: str
    name: str
    type: str = "string"
    read_only: bool = False
    identity: bool = False
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class State:
    name: str
    category: str
    color: str = "007acc"


@dataclass(frozen=True)
class TypeDefinition:
    """`required` are fields that must be set in a state; `allowed` the only values of a field."""

    name: str
    reference: str
    states: tuple[State, ...]
    fields: tuple[str, ...]
    allowed: Mapping[str, tuple[JsonValue, ...]] = field(default_factory=dict[str, tuple[JsonValue, ...]])
    defaults: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    required: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def initial(self) -> str:
        return self.states[0].name


def _field(
    reference: str, name: str, kind: str = "string", *, locked: bool = False, person: bool = False, options: str = ""
) -> FieldDefinition:
    return FieldDefinition(reference, name, kind, locked, person, tuple(options.split("|")) if options else ())


CHANNELS = "Mail|Phone|Shop"
FIELDS = {
    one.reference: one
    for one in (
        _field("System.Id", "ID", "integer", locked=True),
        _field("System.Rev", "Rev", "integer", locked=True),
        _field("System.AreaPath", "Area Path", "treePath"),
        _field("System.IterationPath", "Iteration Path", "treePath"),
        _field("System.TeamProject", "Team Project"),
        _field("System.NodeName", "Node Name", locked=True),
        _field("System.WorkItemType", "Work Item Type"),
        _field("System.State", "State"),
        _field("System.Reason", "Reason"),
        _field("System.AssignedTo", "Assigned To", person=True),
        _field("System.CreatedDate", "Created Date", "dateTime", locked=True),
        _field("System.CreatedBy", "Created By", locked=True, person=True),
        _field("System.ChangedDate", "Changed Date", "dateTime", locked=True),
        _field("System.ChangedBy", "Changed By", locked=True, person=True),
        _field("System.CommentCount", "Comment Count", "integer", locked=True),
        _field("System.HyperLinkCount", "Hyperlink Count", "integer", locked=True),
        _field("System.AttachedFileCount", "Attached File Count", "integer", locked=True),
        _field("System.Watermark", "Watermark", "integer", locked=True),
        _field("System.IsDeleted", "Is Deleted", "boolean", locked=True),
        _field("System.Parent", "Parent", "integer", locked=True),
        _field("System.Title", "Title"),
        _field("System.Description", "Description", "html"),
        _field("System.History", "History", "history"),
        _field("System.Tags", "Tags", "plainText"),
        _field("Microsoft.VSTS.Common.Priority", "Priority", "integer"),
        _field("Microsoft.VSTS.Common.Severity", "Severity"),
        _field("Microsoft.VSTS.Common.AcceptanceCriteria", "Acceptance Criteria", "html"),
        _field("Microsoft.VSTS.Common.StateChangeDate", "State Change Date", "dateTime", locked=True),
        _field("Microsoft.VSTS.Common.StackRank", "Stack Rank", "double"),
        _field("Microsoft.VSTS.Scheduling.DueDate", "Due Date", "dateTime"),
        _field("Microsoft.VSTS.Scheduling.StoryPoints", "Story Points", "double"),
        _field("Microsoft.VSTS.TCM.ReproSteps", "Repro Steps", "html"),
        _field("Custom.CustomerReference", "Customer Reference"),
        _field("Custom.Regulated", "Regulated", "boolean"),
        _field("Custom.Seats", "Seats", "integer"),
        _field("Custom.Channel", "Channel", "string", options=CHANNELS),
        _field("Custom.Approver", "Approver", person=True),
    )
}
COMMON = tuple(name for name in FIELDS if not name.startswith(("Microsoft.VSTS.TCM", "Microsoft.VSTS.Common.Severity")))
BUG = (*COMMON, "Microsoft.VSTS.Common.Severity", "Microsoft.VSTS.TCM.ReproSteps")
PRIORITIES: tuple[JsonValue, ...] = (1, 2, 3, 4)
SEVERITIES: tuple[JsonValue, ...] = ("1 - Critical", "2 - High", "3 - Medium", "4 - Low")

_NEW, _ACTIVE = State("New", "Proposed", "b2b2b2"), State("Active", "InProgress")
_RESOLVED, _CLOSED, _REMOVED = (
    State("Resolved", "Resolved", "ff9d00"),
    State("Closed", "Completed", "339933"),
    State("Removed", "Removed", "ffffff"),
)
_STORY = (_NEW, _ACTIVE, _RESOLVED, _CLOSED, _REMOVED)


def _type(
    name: str, states: tuple[State, ...], fields: tuple[str, ...] = COMMON, required: Mapping[str, tuple[str, ...]] | None = None
) -> TypeDefinition:
    allowed: dict[str, tuple[JsonValue, ...]] = {
        "Microsoft.VSTS.Common.Priority": PRIORITIES,
        "Custom.Channel": FIELDS["Custom.Channel"].options,
    }
    defaults: dict[str, JsonValue] = {"Microsoft.VSTS.Common.Priority": 2}
    if "Microsoft.VSTS.Common.Severity" in fields:
        allowed["Microsoft.VSTS.Common.Severity"] = SEVERITIES
        defaults["Microsoft.VSTS.Common.Severity"] = "3 - Medium"
    reference = f"Microsoft.VSTS.WorkItemTypes.{name.replace(' ', '')}"
    return TypeDefinition(name, reference, states, fields, allowed, defaults, required or {})


AGILE = (
    _type("Bug", (_NEW, _ACTIVE, _RESOLVED, _CLOSED), BUG),
    _type("Task", (_NEW, _ACTIVE, _CLOSED, _REMOVED)),
    _type("User Story", _STORY),
    _type("Feature", _STORY),
    _type("Epic", _STORY),
)
SCRUM = (
    _type(
        "Product Backlog Item",
        (_NEW, State("Approved", "Proposed"), State("Committed", "InProgress"), State("Done", "Completed"), _REMOVED),
        required={"Done": ("Custom.CustomerReference",)},
    ),
    _type("Bug", (_NEW, State("Approved", "Proposed"), State("Committed", "InProgress"), State("Done", "Completed"), _REMOVED), BUG),
    _type("Task", (State("To Do", "Proposed"), State("In Progress", "InProgress"), State("Done", "Completed"), _REMOVED)),
)
_BASIC = (State("To Do", "Proposed", "b2b2b2"), State("Doing", "InProgress"), State("Done", "Completed", "339933"))
BASIC = (_type("Issue", _BASIC), _type("Task", _BASIC), _type("Epic", _BASIC))
PROCESSES = {"Agile": AGILE, "Scrum": SCRUM, "Basic": BASIC}
RELATIONS = {
    "AttachedFile": ("Attached File", "resourceLink"),
    "Hyperlink": ("Hyperlink", "resourceLink"),
    "ArtifactLink": ("Artifact Link", "resourceLink"),
    "System.LinkTypes.Hierarchy-Forward": ("Child", "workItemLink"),
    "System.LinkTypes.Hierarchy-Reverse": ("Parent", "workItemLink"),
    "System.LinkTypes.Dependency-Forward": ("Successor", "workItemLink"),
    "System.LinkTypes.Dependency-Reverse": ("Predecessor", "workItemLink"),
    "System.LinkTypes.Duplicate-Forward": ("Duplicate", "workItemLink"),
    "System.LinkTypes.Duplicate-Reverse": ("Duplicate Of", "workItemLink"),
    "System.LinkTypes.Related": ("Related", "workItemLink"),
}
