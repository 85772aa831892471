"""`syncHelper`, `workflowHelper`, `httpClient`, `debug`, `log` and the built-in functions."""

from collections.abc import Mapping
from typing import ClassVar

from rules.host.node_helper import ask
from rules.library.errors import ErrorValue, Thrown
from rules.library.table import Method, Table
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, text_of

SYNC: Table[Host] = Table("syncHelper")
WORKFLOW: Table[Host] = Table("workflowHelper")
HTTP: Table[Host] = Table("httpClient")
DEBUG: Table[Host] = Table("debug")
LOG: Table[Host] = Table("log")
FUNCTIONS: Table[None] = Table("function")
Args = list[Value]


class SyncHelper(Host):
    kind = "syncHelper"
    methods: ClassVar[Mapping[str, Method]] = SYNC


class WorkflowHelper(Host):
    kind = "workflowHelper"
    methods: ClassVar[Mapping[str, Method]] = WORKFLOW


class HttpClient(Host):
    kind = "httpClient"
    methods: ClassVar[Mapping[str, Method]] = HTTP


class Debug(Host):
    kind = "debug"
    methods: ClassVar[Mapping[str, Method]] = DEBUG


class Log(Host):
    kind = "log"
    methods: ClassVar[Mapping[str, Method]] = LOG


def _incoming(run: Run, name: str) -> None:
    if not run.incoming:
        raise Fault(f"syncHelper.{name}() works in incoming rules only; move the call there")


@SYNC.method("syncBackAfterProcessing")
def sync_back(run: Run, _self: Host, _arguments: Args) -> Value:
    _incoming(run, "syncBackAfterProcessing")
    run.effects.sync_back = True
    return None


@SYNC.method("unExalateAfterProcessing")
def unlink(run: Run, _self: Host, _arguments: Args) -> Value:
    _incoming(run, "unExalateAfterProcessing")
    run.effects.unlink = True
    return None


@SYNC.method("getTrackerUrl")
def tracker_url(run: Run, _self: Host, _arguments: Args) -> Value:
    return run.surroundings.local_url


@SYNC.method("getLocalIssueKeyFromRemoteId", "getLocalIssueFromRemoteId", takes=1, most=2)
def local_issue(run: Run, _self: Host, arguments: Args) -> Value:
    return ask(run, "local_item", arguments[0])


@WORKFLOW.method("transition", takes=2)
def transition(_run: Run, _self: Host, _arguments: Args) -> Value:
    raise Fault("workflowHelper.transition() is not available yet; name the status instead: issue.setStatus('Done')")


def _http(name: str) -> None:
    def refuse(_run: Run, _self: Host, _arguments: Args) -> Value:
        raise Fault(f"httpClient.{name}() is not available yet; rules reach the platform through nodeHelper only")

    HTTP.method(name, takes=0, most=6)(refuse)


for _name in ("get", "post", "put", "patch", "delete", "http"):
    _http(_name)


@DEBUG.method("error", takes=1)
def debug_error(_run: Run, _self: Host, arguments: Args) -> Value:
    raise Thrown(ErrorValue("IssueTrackerException", text_of(arguments[0])))


@LOG.method("info", "debug", "warn", "error", "trace", takes=1, most=2)
def log_line(_run: Run, _self: Host, _arguments: Args) -> Value:
    return None


@FUNCTIONS.method("store", takes=1)
def store(_run: Run, _self: None, _arguments: Args) -> Value:
    return None


@FUNCTIONS.method("println", most=1)
def println(_run: Run, _self: None, _arguments: Args) -> Value:
    return None
