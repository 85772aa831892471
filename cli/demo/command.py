"""`twinline demo`."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import Annotated

import typer

from cli.demo import redmine
from cli.demo.people import GitHubPerson, JiraPerson
from cli.demo.scene import REPOSITORY, Scene, staged
from cli.demo.showing import watch
from cli.demo.stage import passing_settings
from cli.demo.story import Story
from cli.demo.texts import summary
from cli.plain import failed
from cli.running import LOCALHOST, out, run_until_stopped
from cli.up import Ports, address
from config.opening import open_temporal
from config.settings import Settings

START_WITH = 6
EDIT_EVERY = 4.0


def demo(
    *,
    once: Annotated[bool, typer.Option("--once", help="Tell the whole story unattended, then end; exit code 0 if all is in line.")] = False,
    with_redmine: Annotated[
        bool, typer.Option("--redmine", help="A real Redmine in place of the GitHub; `make demo-redmine` starts one and the demo.")
    ] = False,
    api_port: Annotated[int, typer.Option(help="Port of the API; another one if it is taken.", min=1, max=65535)] = 8080,
    temporal_port: Annotated[int, typer.Option(help="Port of the Temporal server; another one if it is taken.", min=1, max=65535)] = 7233,
    ui_port: Annotated[int, typer.Option(help="Port of the Temporal UI; another one if it is taken.", min=1, max=65535)] = 8233,
) -> None:
    """Show everything on this machine: a Jira and a GitHub, both fake, that stay in line both ways."""
    ports = Ports(api_port, temporal_port, ui_port)
    if with_redmine:
        run_until_stopped(lambda stop: redmine.once(ports, stop) if once else redmine.live(ports, stop))
    else:
        run_until_stopped(lambda stop: _once(ports, stop) if once else _live(ports, stop))


@contextlib.asynccontextmanager
async def _set_up(ports: Ports, stop: asyncio.Event, poll: str) -> AsyncGenerator[tuple[Scene, Settings]]:
    with passing_settings() as chosen:
        async with staged(chosen, ports, stop, poll) as scene:
            out.print(f"Jira (fake)       {scene.jira_url}")
            out.print(f"GitHub (fake)     {scene.github_url}")
            yield scene, chosen


async def _once(ports: Ports, stop: asyncio.Event) -> None:
    async with _set_up(ports, stop, "20s") as (scene, chosen):
        result = await Story(scene, await open_temporal(chosen)).tell()
    out.print(result.model_dump_json())
    if not result.in_line:
        raise failed("not everything is in line")


async def _live(ports: Ports, stop: asyncio.Event) -> None:
    async with _set_up(ports, stop, "5s") as (scene, _):
        for number in range(START_WITH):
            await scene.ann.create("APP", summary(number), "Reported by **customers**.", ("sync",))
            await scene.bob.create(summary(20 + number), "- seen today", ("sync",))
        _tell_how_to_join(scene)
        working = asyncio.create_task(_work(scene.ann, scene.bob, scene))
        try:
            await watch(scene, stop)
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


def _tell_how_to_join(scene: Scene) -> None:
    out.print(f"Twins in the UI   http://{LOCALHOST}:{scene.ports.ui}/namespaces/default/workflows")
    out.print("Ann edits in Jira and Bob on GitHub every few seconds. Join them, for instance:")
    out.print(
        f"  curl -X PATCH {scene.github_url}/repos/{REPOSITORY}/issues/5 -H 'Authorization: Bearer bob-token' -d '{{\"title\": \"Hello\"}}'"
    )
    out.print(f"  TWINLINE_API={address(scene.ports)} .venv/bin/twinline twins")
    out.print("Ctrl-C ends the demo.")


async def _work(ann: JiraPerson, bob: GitHubPerson, scene: Scene) -> None:
    """People at work, for as long as the demo runs."""
    turn = 0
    while True:
        await asyncio.sleep(EDIT_EVERY)
        pairs = sorted((await scene.numbers()).items())
        if not pairs:
            continue
        key, number = pairs[turn % len(pairs)]
        match turn % 3:
            case 0:
                await ann.edit(key, summary=f"{summary(turn)}, edit {turn}")
            case 1:
                await bob.edit(number, title=f"{summary(turn)}, edit {turn}")
            case _:
                await bob.comment(number, f"Comment {turn}")
        turn += 1
