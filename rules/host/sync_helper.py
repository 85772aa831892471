"""`syncHelper`, `workflowHelper`, `debug`, `log` and the functions."""

from collections.abc import Mapping
from typing import ClassVar

from rules.host.answers import answer
from rules.host.helper import Args, HelperTable
from rules.host.item_view import ItemView
from rules.library.errors import ErrorValue, Thrown
from rules.library.json_text import from_json
from rules.library.table import Method
from rules.limits import Fault
from rules.state import Run
from rules.values import Host, Value, text_of

SYNC = HelperTable("syncHelper")
WORKFLOW = HelperTable("workflowHelper")
DEBUG = HelperTable("debug")
LOG = HelperTable("log")
FUNCTIONS = HelperTable("")
MOST_LINES = 1000
LONGEST_LINE = 2000


class SyncHelper(Host):
    kind = "syncHelper"
    methods: ClassVar[Mapping[str, Method]] = SYNC


class WorkflowHelper(Host):
    kind = "workflowHelper"
    methods: ClassVar[Mapping[str, Method]] = WORKFLOW


class Debug(Host):
    kind = "debug"
    methods: ClassVar[Mapping[str, Method]] = DEBUG


class Log(Host):
    kind = "log"
    methods: ClassVar[Mapping[str, Method]] = LOG


def _incoming(run: Run, name: str) -> None:
    if not run.incoming:
        raise Fault(f"{name}() works in incoming rules only; move the call there")


@SYNC.gives("syncBackAfterProcessing")
def sync_back(run: Run, _self: Host, _arguments: Args) -> Value:
    _incoming(run, "syncHelper.syncBackAfterProcessing")
    run.effects.sync_back = True
    return None


@SYNC.gives("unExalateAfterProcessing")
def unlink(run: Run, _self: Host, _arguments: Args) -> Value:
    _incoming(run, "syncHelper.unExalateAfterProcessing")
    run.effects.unlink = True
    return None


@SYNC.gives("exalate")
def exalate(run: Run, _self: Host, arguments: Args) -> Value:
    key = arguments[0]
    named = next((key[one] for one in ("key", "urn", "id") if key.get(one)), None) if isinstance(key, dict) else key
    if named is None or isinstance(named, Host | list):
        raise Fault('syncHelper.exalate() takes the key of an item: new BasicIssueKey("1002", "ACME-8")')
    if text_of(named) not in run.effects.also:
        run.effects.also.append(text_of(named))
    return None


@SYNC.gives("getTrackerUrl")
def tracker_url(run: Run, _self: Host, _arguments: Args) -> Value:
    return run.surroundings.local_url or from_json(run.ask("tracker_url"))


@WORKFLOW.gives("transition")
def transition(run: Run, _self: Host, arguments: Args) -> Value:
    item, name = arguments
    if not isinstance(item, ItemView):
        raise Fault('workflowHelper.transition() takes the issue first: transition(issue, "Done")')
    item.write(run, "status", text_of(name))
    return None


@DEBUG.gives("error")
def debug_error(_run: Run, _self: Host, arguments: Args) -> Value:
    raise Thrown(ErrorValue("IssueTrackerException", text_of(arguments[0])))


def _logs(table: HelperTable, name: str, level: str) -> None:
    def write(run: Run, _self: Host, arguments: Args) -> Value:
        line = " ".join([level, *(text_of(one) for one in arguments)]).strip()
        run.spend(len(line) >> 6)
        if len(run.effects.lines) < MOST_LINES:
            run.effects.lines.append(line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…")
        return None

    table.gives(name)(write)


for _name in ("info", "debug", "warn", "error", "trace"):
    _logs(LOG, _name, f"{_name}:")
for _name in ("println", "print"):
    _logs(FUNCTIONS, _name, "")


@FUNCTIONS.gives("store", direct=True)
def store(run: Run, _self: Host, arguments: Args) -> Value:
    item = arguments[0]
    if run.answers is not None and "store" in run.answers and isinstance(item, ItemView):
        made = answer("store", run.answers["store"], arguments)
        item.identify(made if isinstance(made, dict) else {})
    if isinstance(item, ItemView) and run.incoming and run.answers is None:
        run.stored = item.item is None and not run.effects.connect
    return item
