"""Exalate's own classes that scripts make or name: keys, traces, hub objects, and the pair that a handled item returns."""

from collections.abc import Callable, Mapping
from typing import ClassVar

from rules.host.sync_helper import Log
from rules.library.statics import StaticClass
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, text_of

Args = list[Value]
TUPLE: Table["Tuple2"] = Table("Tuple2")
CONVERTERS: Table[Host] = Table("JavaConverters")
LOGGERS: Table[Host] = Table("LoggerFactory")
HUB_CLASSES = (
    "BasicHubIssue", "BasicHubUser", "BasicHubOption", "BasicHubComponent", "BasicHubVersion", "BasicHubProject", "BasicHubSprint",
    "BasicHubWorkLog", "BasicHubIssueLink", "BasicHubStatus", "BasicHubLabel", "BasicHubComment", "BasicHubAttachment", "BasicHubPriority",
    "BasicHubResolution", "BasicHubIssueType", "BasicHubCustomField", "BasicHubGroup", "BasicNonPersistentTrace",
)  # fmt: skip
CONSTANTS: Mapping[str, tuple[str, ...]] = {
    "TraceType": ("COMMENT", "ATTACHMENT", "WORKLOG", "ISSUE_LINK"),
    "TraceAction": ("NONE", "CREATE", "UPDATE", "DELETE"),
    "HubCustomFieldType": ("OPTION", "OPTIONS", "NUMERIC", "STRING", "DATE", "DATETIME", "USER", "USERS", "CASCADING_OPTION", "LABELS"),
    "HubAssigneeType": ("PROJECT_DEFAULT", "PROJECT_LEAD", "COMPONENT_LEAD", "UNASSIGNED"),
}


class Tuple2(Host):
    """What a script returns for an item that it has handled itself: the key of the local item, and traces."""

    kind = "Tuple2"
    methods: ClassVar[Mapping[str, Method]] = TUPLE

    def __init__(self, first: Value, second: Value) -> None:
        self.first = first
        self.second = second

    def read(self, run: Run, name: str) -> Value:
        if name in ("_1", "_2"):
            return self.first if name == "_1" else self.second
        return super().read(run, name)


class Constants(StaticClass):
    """An enumeration whose names stand for themselves."""

    def __init__(self, name: str, values: tuple[str, ...]) -> None:
        super().__init__(name, Table[Host](name))
        self.values = values

    def read(self, run: Run, name: str) -> Value:
        return name if name in self.values else super().read(run, name)


@TUPLE.method("_1")
def first(_run: Run, pair: Tuple2, _arguments: Args) -> Value:
    return pair.first


@TUPLE.method("_2")
def second(_run: Run, pair: Tuple2, _arguments: Args) -> Value:
    return pair.second


@CONVERTERS.method("asScalaBuffer", "seqAsJavaList", "bufferAsJavaList", takes=1)
def as_list(_run: Run, _self: Host, arguments: Args) -> Value:
    return arguments[0]


@LOGGERS.method("getLogger", takes=1)
def get_logger(_run: Run, _self: Host, _arguments: Args) -> Value:
    return Log()


def _pair(_run: Run, arguments: Args) -> Value:
    if len(arguments) != 2:
        raise Fault("new scala.Tuple2() takes the key of the local item and the traces")
    return Tuple2(arguments[0], arguments[1])


def _hub_object(_run: Run, arguments: Args) -> Value:
    """A hub object is a map: empty, a copy, or with the named arguments."""
    return dict(arguments[0]) if arguments and isinstance(arguments[0], dict) else {}


def _issue_key(_run: Run, arguments: Args) -> Value:
    if not 1 <= len(arguments) <= 3:
        raise Fault('new BasicIssueKey() takes an id and a key: new BasicIssueKey("1002", "ACME-8")')
    number, *rest = arguments
    urn = rest[0] if rest else None
    return {"id": number, "idStr": None if number is None else text_of(number), "key": urn, "urn": urn, "URN": urn,
            "entityType": rest[1] if len(rest) > 1 else "issue"}  # fmt: skip


CLASSES: Mapping[str, Callable[[Run, Args], Value]] = {
    "Tuple2": _pair,
    "BasicIssueKey": _issue_key,
    **dict.fromkeys(HUB_CLASSES, _hub_object),
}
NAMED: Mapping[str, StaticClass] = {
    **{name: Constants(name, values) for name, values in CONSTANTS.items()},
    "JavaConverters": StaticClass("JavaConverters", CONVERTERS),
    "JavaConversions": StaticClass("JavaConversions", CONVERTERS),
    "LoggerFactory": StaticClass("LoggerFactory", LOGGERS),
}


_AS_IT_IS = Method(0, 0, lambda _run, value, _arguments: value)
LIST_METHODS: Mapping[str, Method] = {"toSeq": _AS_IT_IS, "toBuffer": _AS_IT_IS}
"""What a list of Scala would be asked to become: it is one."""
NAME_METHODS: Mapping[str, Method] = {"name": _AS_IT_IS}
"""The constants of enumerations are texts, and a text is its own name."""
