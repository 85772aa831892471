"""`twinline demo --redmine`: a real Redmine and a fake Jira, under the rules that are used where none are given."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from cli.demo.redmine_scene import PROJECT, RedmineScene, staged
from cli.demo.redmine_story import RedmineStory
from cli.demo.showing import watch
from cli.demo.stage import passing_settings
from cli.demo.texts import summary
from cli.plain import failed
from cli.running import LOCALHOST, out, unless
from cli.up import Ports, address

EDIT_EVERY = 5.0


async def once(ports: Ports, stop: asyncio.Event) -> None:
    """Tell the whole story, with a line of JSON in the end."""
    async with _set_up(ports, stop) as scene:
        result = await unless(stop, RedmineStory(scene).tell())
    out.print(result.model_dump_json())
    if not result.in_line:
        raise failed("not everything is in line")


async def live(ports: Ports, stop: asyncio.Event) -> None:
    """Tell the story, then let people work until `stop`, with the pairs in a table."""
    async with _set_up(ports, stop) as scene:
        await unless(stop, RedmineStory(scene).tell())
        _tell_how_to_join(scene)
        working = asyncio.create_task(_work(scene))
        try:
            await watch(scene, stop)
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)


@contextlib.asynccontextmanager
async def _set_up(ports: Ports, stop: asyncio.Event) -> AsyncGenerator[RedmineScene]:
    with passing_settings() as settings:
        async with staged(settings, ports, stop) as scene:
            out.print(f"Jira (fake)       {scene.jira_url}")
            out.print(f"Redmine           {scene.redmine_url}/projects/{PROJECT}/issues")
            yield scene


def _tell_how_to_join(scene: RedmineScene) -> None:
    out.print(f"Twins in the UI   http://{LOCALHOST}:{scene.ports.ui}/namespaces/default/workflows")
    out.print("Bob edits in Jira and Ann in Redmine every few seconds. Join them, for instance:")
    out.print(
        f"  log in at {scene.redmine_url} as ann with the password ann-of-acme; edit an issue, or report one under the tracker Support"
    )
    out.print(f"  TWINLINE_API={address(scene.ports)} .venv/bin/twinline twins")
    out.print("Ctrl-C ends the demo.")


async def _work(scene: RedmineScene) -> None:
    """People at work, for as long as the demo runs."""
    turn = 0
    while True:
        await asyncio.sleep(EDIT_EVERY)
        pairs = sorted((await scene.numbers()).items())
        key, number = pairs[turn % len(pairs)]
        match turn % 3:
            case 0:
                await scene.bob.edit(key, summary=f"{summary(turn)}, edit {turn}")
            case 1:
                await scene.ann.edit(number, subject=f"{summary(turn)}, edit {turn}")
            case _:
                await scene.ann.note(number, f"Note {turn}")
        turn += 1
