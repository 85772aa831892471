"""Options that several commands share."""

from typing import Annotated

import typer

from cli.client import Api
from cli.running import failed
from config.settings import Settings, load_settings
from model.errors import BadInput

AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def settings() -> Settings:
    try:
        return load_settings()
    except BadInput as error:
        raise failed(error.message) from None


def api() -> Api:
    """The API that TWINLINE_API names."""
    return Api(settings().api)
