"""How fast sync rules are: compiling, running, and steps a second, beside Python's own compile and exec of the same work.

`python -m bench.rules` measures this alone.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import monotonic, perf_counter
from types import SimpleNamespace

from pydantic import JsonValue
from rich.console import Console

from bench.report import RuleSpeed, rules_rows, rules_table
from model.item import Item, ItemRef
from rules import Limits, compile_rule, run_incoming
from rules.interface import Lookup, Received, Surroundings
from rules.state import Run

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LONG = """// what a new item gets
if (firstSync) {
    issue.projectKey = "ACME"
    issue.typeName = nodeHelper.getIssueType(replica.type?.name, "ACME")?.name ?: "Task"
}
def statusMap = [
    "Open": "To Do",
    "In Progress": "In Progress",
    "Done": "Closed"
]
issue.summary = replica.summary
issue.description = replica.description ?: "No description"
issue.priority = nodeHelper.getPriority(replica.priority?.name)
issue.labels = replica.labels.collect { it.label = it.label.replace(" ", "_"); it }
def remoteStatus = replica.status?.name
def wanted = statusMap[remoteStatus] ?: remoteStatus
if (wanted && wanted != issue.status?.name) {
    issue.setStatus(wanted)
}
issue.assignee = nodeHelper.getUserByEmail(replica.assignee?.email)
issue.comments = commentHelper.mergeComments(issue, replica, { c ->
    c.body = "[${c.author?.displayName}] " + c.body
    c
})
issue.attachments = attachmentHelper.mergeAttachments(issue, replica)
issue."Remote key" = replica.key
issue.customFields."Points".value = replica.customFields."Points"?.value
if (replica.due) {
    issue.due = replica.due
} else {
    issue.due = null
}
for (c in replica.addedComments) {
    if (c.internal) { log.info("internal ${c.id}") }
}
"""
IN_PYTHON = """
if first_sync:
    issue.project = "ACME"
    issue.type = (kinds.get(replica.type and replica.type["name"]) or {}).get("name") or "Task"
states = {
    "Open": "To Do",
    "In Progress": "In Progress",
    "Done": "Closed",
}
issue.summary = replica.summary
issue.description = replica.description or "No description"
issue.priority = priorities.get(replica.priority and replica.priority["name"])
issue.labels = [{**one, "label": one["label"].replace(" ", "_")} for one in replica.labels]
remote = replica.status and replica.status["name"]
wanted = states.get(remote) or remote
if wanted and wanted != (issue.status and issue.status["name"]):
    issue.status = {"name": wanted}
issue.assignee = users.get(replica.assignee and replica.assignee["email"])
def prefixed(c):
    c = dict(c)
    c["body"] = "[" + str(c["author"] and c["author"]["displayName"]) + "] " + c["body"]
    return c
issue.comments = list(issue.comments) + [prefixed(c) for c in replica.added]
issue.attachments = list(issue.attachments) + list(replica.files)
issue.remote_key = replica.key
issue.points = replica.points
if replica.due:
    issue.due = replica.due
else:
    issue.due = None
for c in replica.added:
    if c["internal"]:
        print("internal " + str(c["id"]))
"""
LOOP = "def x = 0\nwhile (x < 200000) { if (x % 2 == 0) { x += 1 } else { x++ } }\nreplica.r = x"
PRIORITY: JsonValue = {"name": "High", "id": "2"}
USER: JsonValue = {"key": "u1", "email": "ann@acme.test"}
QUESTIONS = (Lookup(name="priority", arguments=("High",)), Lookup(name="user_by_email", arguments=("ann@acme.test",)))
ANSWERS = dict(zip(QUESTIONS, (PRIORITY, USER), strict=True))


def _replica() -> dict[str, JsonValue]:
    return {
        "summary": "Printer on fire", "description": "It burns", "type": {"name": "Bug"}, "priority": {"name": "High"}, "key": "ACME-1",
        "status": {"name": "Open"}, "labels": [{"label": "on fire"}, {"label": "office"}], "assignee": {"email": "ann@acme.test"},
        "comments": [], "attachments": [], "Points": 3, "due": None,
    }  # fmt: skip


def _milliseconds(work: Callable[[], object], rounds: int) -> float:
    """The median of one round."""
    work()
    found: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        found.append(perf_counter() - began)
    return 1000 * median(found)


def _surroundings() -> Surroundings:
    return Surroundings(connection="acme", local_system="acme", remote_system="beta", now=NOW)


def _received() -> Received:
    item = Item(ref=ItemRef(id="1", key="ACME-7", url="https://acme.test/ACME-7"), version="1", updated=NOW, fields={"summary": "old"})
    added: dict[str, JsonValue] = {"id": "9", "body": "new", "author": {"displayName": "Ann Example"}, "internal": False}
    return Received(replica=_replica(), previous={}, item=item, added_comments=(added,))


def _python_work() -> Callable[[], object]:
    code = compile(IN_PYTHON, "rule", "exec")
    replica = SimpleNamespace(
        **_replica(), added=[{"id": "9", "body": "new", "author": {"displayName": "Ann"}, "internal": False}], files=[], points=3
    )
    issue = SimpleNamespace(status=None, comments=[], attachments=[])
    users = {"ann@acme.test": {"key": "u1"}}
    names: dict[str, object] = {
        "issue": issue, "replica": replica, "first_sync": False, "kinds": {}, "priorities": {"High": {"id": "2"}}, "users": users,
    }  # fmt: skip
    return lambda: exec(code, names)  # noqa: S102  the bench's own text


def _steps_a_second() -> float:
    program, limits = compile_rule(LOOP, "loop"), Limits(steps=100_000_000, seconds=600)
    run = Run(_surroundings(), {}, limits, monotonic)
    run.binding["replica"] = {}
    began = perf_counter()
    program.main.call(run, None, [])
    return (limits.steps - run.budget) / (perf_counter() - began)


def rule_speed(rounds: int = 300) -> RuleSpeed:
    program, received, around = compile_rule(LONG, "incoming"), _received(), _surroundings()
    limits = Limits()
    return RuleSpeed(
        lines=len(LONG.splitlines()),
        compile_ms=_milliseconds(lambda: compile_rule(LONG, "incoming"), rounds),
        python_compile_ms=_milliseconds(lambda: compile(IN_PYTHON, "rule", "exec"), rounds),
        run_ms=_milliseconds(lambda: run_incoming(program, received, around, ANSWERS, limits=limits, clock=monotonic), rounds),
        python_exec_us=1000 * _milliseconds(_python_work(), rounds),
        million_steps_per_second=_steps_a_second() / 1e6,
    )


def main() -> None:
    speed = rule_speed()
    console = Console()
    console.print(rules_table(rules_rows(speed)))
    console.print(speed.model_dump_json())


if __name__ == "__main__":
    main()
