"""The commands. Each lives in a module of its own; here they get their names."""

import typer

from cli import applying, conflicts, connections, parts, twins, up

app = typer.Typer(
    name="twinline",
    help="Keeps items of two work-management systems in line. TWINLINE_API names the API that commands talk to.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("up")(up.up)
app.command("worker")(parts.worker)
app.command("api")(parts.serve_api)
app.command("fake")(parts.fake)
app.command("apply")(applying.apply)
app.add_typer(connections.commands, name="connection")
app.command("twins")(twins.list_twins)
app.add_typer(twins.commands, name="twin")
app.command("sync")(twins.sync)
app.add_typer(conflicts.commands, name="conflict")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
