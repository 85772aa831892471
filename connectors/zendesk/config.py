"""What a person enters to connect a Zendesk account, and to choose how a side of a connection works in it."""

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator


class Credentials(BaseModel):
    """The account that Twinline works as: an API token, an OAuth access token, or an OAuth client."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    email: str = Field(default="", description="E-mail address of the agent whose API token is given; empty for OAuth")
    token: str = Field(
        default="",
        repr=False,
        description="API token of that agent, or an OAuth access token where no e-mail is given; Zendesk ends API tokens on 30 April 2027",
    )
    client_id: str = Field(default="", description="Unique identifier of an OAuth client with the grant type client_credentials")
    client_secret: str = Field(default="", repr=False, description="Secret of that OAuth client; access tokens are then made as needed")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_client = bool(self.client_id and self.client_secret)
        if by_client == bool(self.token) or (self.client_id and not by_client) or (self.email and not self.token):
            raise ValueError("give email and token, or token alone (OAuth), or client_id and client_secret")
        return self


class Settings(BaseModel):
    """How one side of a connection works in a Zendesk account; triggers choose its tickets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str = Field(default="", description="Name of the group that created tickets are given to; empty for Zendesk's own choice")
    form: str = Field(default="", description="Name of the ticket form of created tickets; empty for the default form")
    requester: str = Field(
        default="", description="E-mail address of an existing user who is the requester of created tickets; empty for Twinline's account"
    )


def settings_of(settings: Mapping[str, JsonValue]) -> Settings:
    return Settings.model_validate(settings)


def root_of(url: str) -> str:
    """The account's address, also where somebody entered that of its API."""
    return url.rstrip("/").removesuffix("/api/v2").rstrip("/")
