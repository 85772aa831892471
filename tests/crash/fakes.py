"""`python -m tests.crash.fakes HOOKS JIRA GITHUB DESK`: the three platforms of a world, on those ports, in a process of their own.

Webhooks go to `HOOKS/<system>`. Search is a little behind, as it is at the platforms.
"""

import asyncio
import contextlib
import sys

from pydantic import JsonValue

from connectors import declaration
from connectors.kit.fake import serving
from connectors.kit.interface import FakeOptions

SECRET = "bot-secret"
HOOK_SECRET = "hook-secret"
BOTS = {"jira": "bot@acme.test", "github": "acme-bot", "desk": "desk-bot@acme.test"}
KINDS = {"jira": "jira", "github": "github", "desk": "jira"}
SEEDS: dict[str, dict[str, JsonValue]] = {
    "jira": {"projects": [{"key": "APP", "name": "Acme App"}, {"key": "OPS", "name": "Acme Operations"}], "issues": []},
    "github": {"repositories": [{"name": "acme/app", "labels": ["sync"]}]},
    "desk": {"projects": [{"key": "DESK", "name": "Acme Desk"}], "issues": []},
}


def system(platform: str) -> str:
    return f"acme-{platform}"


async def serve(hooks: str, ports: dict[str, int]) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for platform, port in ports.items():
            options = FakeOptions(BOTS[platform], SECRET, SEEDS[platform], f"{hooks}/{system(platform)}", HOOK_SECRET)
            await stack.enter_async_context(serving(declaration(KINDS[platform]).fake(options), port))
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], dict(zip(KINDS, map(int, sys.argv[2:]), strict=True))))
