"""A person at the command line."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner

from cli.main import build

TOKEN = "acme-token-4711"


@dataclass
class Said:
    code: int
    out: str
    err: str


@dataclass
class Desk:
    """Where a person types commands."""

    file: Path

    async def type(self, *arguments: str) -> Said:
        done = await asyncio.to_thread(CliRunner().invoke, build(), arguments)
        return Said(done.exit_code, done.stdout, done.stderr)
