"""`twinline up`: the whole product on one machine."""

import asyncio
import contextlib
import fcntl
import os
import sys
from collections.abc import AsyncGenerator, Coroutine, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.applying import make_match, read
from cli.client import Api
from cli.options import settings
from cli.running import LOCALHOST, Stopped, out, run_until_stopped
from config.http import listen
from config.opening import master_key
from config.parts import Part, Parts
from config.server import server_command, server_ready
from config.settings import PREFIX, Settings
from config.up_token import leave
from model.errors import Misconfigured, Unavailable

START_SECONDS = 60.0
LOOK_SECONDS = 0.1
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Ports:
    api: int
    temporal: int
    ui: int


def up(
    data: Annotated[Path | None, typer.Option(help="Folder for all state; TWINLINE_DATA by default.", file_okay=False)] = None,
    config: Annotated[Path | None, typer.Option(help="Deployment file to apply once everything runs.", dir_okay=False)] = None,
    api_port: Annotated[int, typer.Option(help="Port of the API and of webhooks.", min=1, max=65535)] = 8080,
    temporal_port: Annotated[int, typer.Option(help="Port of the Temporal server.", min=1, max=65535)] = 7233,
    ui_port: Annotated[int, typer.Option(help="Port of the Temporal UI.", min=1, max=65535)] = 8233,
) -> None:
    """Run everything on this machine: Temporal, a worker, the API. State survives a restart."""
    chosen = settings()
    if data is not None:
        chosen = chosen.model_copy(update={"data": data})
    ports = Ports(api_port, temporal_port, ui_port)

    async def work(stop: asyncio.Event) -> None:
        declared = read(config) if config else None
        async with running(chosen, ports, stop) as own:
            if declared:
                await make_match(Api(address(ports), chosen.token) if chosen.token else own, declared)
            out.print("Twinline runs; Ctrl-C ends it.")
            await stop.wait()

    run_until_stopped(work)


def address(ports: Ports) -> str:
    return f"http://{LOCALHOST}:{ports.api}"


@contextlib.asynccontextmanager
async def running(chosen: Settings, ports: Ports, stop: asyncio.Event) -> AsyncGenerator[Api]:
    """Temporal, a worker and the API, all of them ready; calls of this API need no member's token.

    Unavailable if one does not get ready, Stopped if `stop` comes first.
    """
    chosen.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(chosen.home):
        master_key(chosen)
        _require_free(ports)
        parts = Parts(chosen.home / "parts.json")
        try:
            own = Api(address(ports), leave(chosen.up_token))
            await _start(chosen, ports, parts, stop)
            yield own
        finally:
            await parts.stop()
            chosen.temporal_profile.unlink(missing_ok=True)
            chosen.up_token.unlink(missing_ok=True)


async def _start(chosen: Settings, ports: Ports, parts: Parts, stop: asyncio.Event) -> None:
    environment = _environment(chosen, ports)
    output = chosen.home / "temporal.log"
    command = server_command(chosen.home / "temporal.db", ports.temporal, ports.ui)
    chosen.temporal_profile.write_text(f'[profile.default]\naddress = "{LOCALHOST}:{ports.temporal}"\n')
    parts.start(Part("temporal", tuple(command), environment, output))
    parts.start(Part("api", _ourselves("api", "--port", str(ports.api)), environment))
    await _ready(server_ready(ports.temporal), stop, f"the Temporal server; see {output}")
    parts.start(Part("worker", _ourselves("worker"), environment))
    await _ready(_answering(Api(address(ports))), stop, "the API; its lines above tell why")
    out.print(f"API and webhooks  {address(ports)}")
    out.print(f"Temporal UI       http://{LOCALHOST}:{ports.ui}")
    out.print(f"state             {chosen.home}")


async def _ready(waiting: Coroutine[None, None, None], stop: asyncio.Event, what: str) -> None:
    task, stopping = asyncio.create_task(waiting), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            raise Stopped
        if not task.done():
            raise Unavailable(f"not ready within {START_SECONDS:.0f} s: {what}")
        task.result()
    finally:
        task.cancel()
        stopping.cancel()


async def _answering(api: Api) -> None:
    while True:
        if await api.ready():
            return
        await asyncio.sleep(LOOK_SECONDS)


def _ourselves(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-m", "cli.main", *arguments)


def _environment(chosen: Settings, ports: Ports) -> dict[str, str]:
    """Ours, without another Temporal server's address or another database, and with the way to our packages."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    path = os.pathsep.join(filter(None, (str(_ROOT), ours.get("PYTHONPATH"))))
    ui = chosen.temporal_ui or f"http://{LOCALHOST}:{ports.ui}"
    own = {"DATA": str(chosen.home), "DATABASE_URL": chosen.database, "PUBLIC_URL": chosen.public_url, "TEMPORAL_UI": ui}
    return {**ours, **{f"{PREFIX}{name}": value for name, value in own.items()}, "PYTHONPATH": path}


def _require_free(ports: Ports) -> None:
    for option, port in (("--api-port", ports.api), ("--temporal-port", ports.temporal), ("--ui-port", ports.ui)):
        listen(LOCALHOST, port, option).close()


@contextlib.contextmanager
def _alone(home: Path) -> Generator[None]:
    """Two deployments over one folder would write the same files."""
    with (home / "up.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(f"Twinline already runs over {home}; end it, or name another folder with --data") from None
        yield
