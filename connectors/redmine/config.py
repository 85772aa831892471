"""What a person enters to connect a Redmine, and to choose a side of a connection in it."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Credentials(BaseModel):
    """The account that Twinline works as."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(
        min_length=1,
        repr=False,
        description="API access key of the Redmine account that writes for Twinline; 'My account' shows it at the right",
    )


class Settings(BaseModel):
    """The part of a Redmine that one side of a connection works on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]*$",
        description="Identifier of the project as its address shows it, such as 'support'; subprojects do not belong to it",
    )
    tracker: str = Field(
        default="", description="Tracker of created issues unless a sync rule sets a type; empty for the project's first tracker"
    )


def settings_of(settings: Mapping[str, JsonValue]) -> Settings:
    return Settings.model_validate(settings)
