"""A development server of our own."""

import asyncio
import contextlib
import signal
import subprocess
from collections.abc import Generator
from pathlib import Path

from config.server import server_command, server_ready
from tests.ports import free_port


@contextlib.contextmanager
def temporal_server(home: Path, **settings: str) -> Generator[str]:
    """Its address, while it runs. `settings` are of Temporal's dynamic configuration, under `system`.

    A run may follow another at once, where Temporal otherwise lets a second pass.
    """
    port = free_port()
    command = server_command(home / "temporal.db", port, free_port())
    command += ["--dynamic-config-value", 'history.workflowIdReuseMinimalInterval="1ms"']
    for name, value in settings.items():
        command += ["--dynamic-config-value", f"system.{name}={value}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(asyncio.wait_for(server_ready(port), 120))
        yield f"127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
