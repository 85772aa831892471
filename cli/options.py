"""Options that several commands share."""

from cli.client import Api
from cli.plain import failed
from config.settings import Settings, load_settings
from model.errors import BadInput


def settings() -> Settings:
    try:
        return load_settings()
    except BadInput as error:
        raise failed(error.message) from None


def api() -> Api:
    """The API that TWINLINE_API names, called with TWINLINE_TOKEN."""
    chosen = settings()
    return Api(chosen.api, chosen.token)
