"""Where recorded histories are kept, and how."""

import json
from pathlib import Path

from pydantic import JsonValue
from temporalio.client import Client

HISTORIES = Path(__file__).with_name("histories")
LEFT_OUT = frozenset({"identity", "stackTrace"})


async def keep(client: Client, name: str, workflow_id: str, run_id: str | None = None) -> None:
    """Keep the newest run of the workflow, or that one."""
    history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    text = json.dumps(_clean(json.loads(history.to_json())), separators=(",", ":"))
    (HISTORIES / f"{name}.json").write_text(f"{text}\n")


def _clean(value: JsonValue) -> JsonValue:
    """Without what tells of the machine and is not replayed."""
    match value:
        case dict():
            return {name: _clean(part) for name, part in value.items() if name not in LEFT_OUT}
        case list():
            return [_clean(part) for part in value]
        case _:
            return value
