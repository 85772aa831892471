"""The commands. Only the module of the command that is called is loaded, so that a list does not wait for a server's libraries."""

import contextlib
import importlib
import os
import sys
from collections.abc import Mapping
from types import MappingProxyType

import typer

from cli.examples import BEGIN, shown

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "up": "cli.up:up",
        "demo": "cli.demo.command:demo",
        "worker": "cli.worker:worker",
        "api": "cli.serving:serve_api",
        "fake": "cli.fake:fake",
        "apply": "cli.applying:apply",
        "deployment": "cli.deployment:commands",
        "system": "cli.systems:commands",
        "integration": "cli.integrations:commands",
        "connection": "cli.connections:commands",
        "version": "cli.versions:commands",
        "test-run": "cli.testing:predict",
        "trigger": "cli.triggers:commands",
        "replay": "cli.replaying:replay",
        "twins": "cli.twins:list_twins",
        "twin": "cli.twins:commands",
        "errors": "cli.errors:list_errors",
        "retry": "cli.errors:retry",
        "queue": "cli.queue:list_queue",
        "watch": "cli.following:watch",
        "sync": "cli.twins:sync",
        "member": "cli.members:commands",
        "token": "cli.tokens:commands",
        "audit": "cli.audit:commands",
        "conflict": "cli.conflicts:commands",
        "bulk": "cli.bulk:commands",
        "operations": "cli.operations:commands",
        "rules": "cli.rules:commands",
        "connector": "cli.connectors:commands",
    }
)

COMPLETED = "COMP_WORDS"
"""Where a shell puts the line that is to be completed."""


def build(wanted: str | None = None) -> typer.Typer:
    """The program with the one command, or with all where `wanted` is none of them."""
    app = typer.Typer(
        name="twinline",
        help="Keeps items of two work-management systems in line. TWINLINE_API names the API that commands talk to.",
        no_args_is_help=True,
        epilog=BEGIN,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def program() -> None: ...  # pyright: ignore[reportUnusedFunction]  makes a single command keep its name

    for name in (wanted,) if wanted and wanted in COMMANDS else COMMANDS:
        module, _, attribute = COMMANDS[name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        if isinstance(command, typer.Typer):
            for one in command.registered_commands:
                one.epilog = shown(f"{name} {one.name or one.callback.__name__}") if one.callback else None
            app.add_typer(command, name=name)
        else:
            app.command(name, epilog=shown(name))(command)
    return app


def main() -> None:
    """Run the command of this process, and end the process.

    At once, since threads of Temporal's client may be at work still: Python aborts where one of them meets an interpreter that is being
    taken down.
    """
    try:
        build(next(iter(sys.argv[1:] or os.environ.get(COMPLETED, "").split()[1:]), None))()
    except SystemExit as ended:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(ended.code if isinstance(ended.code, int) else int(ended.code is not None))


if __name__ == "__main__":
    main()
