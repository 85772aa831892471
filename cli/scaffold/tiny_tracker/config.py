"""What an administrator enters."""

from collections.abc import Mapping

from pydantic import Field, JsonValue

from model.frozen import Frozen


class Credentials(Frozen):
    """The account that Twinline works as."""

    token: str = Field(min_length=1, repr=False, description="Access token of the account that writes for Twinline")


class Settings(Frozen):
    """The part of Tiny Tracker that one side of a connection works on."""

    board: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="Name of the board, such as 'support'")


def settings_of(settings: Mapping[str, JsonValue]) -> Settings:
    return Settings.model_validate(settings)
