"""The shell completes commands and options."""

import asyncio
import os
import sys

PROGRAM = "import sys; sys.argv = ['twinline']; from cli.main import main; main()"


async def completed(words: str) -> set[str]:
    """What bash offers for the last of the words."""
    environment = {**os.environ, "_TWINLINE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split(" ")) - 1)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    said, complaint = await process.communicate()
    assert complaint == b""
    return set(said.decode().split())


async def test_commands_and_options_are_completed():
    assert await completed("twinline conn") == {"connection", "connector"}
    assert await completed("twinline twins --st") == {"--status"}
