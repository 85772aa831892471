"""What a person enters to connect a ServiceNow instance, and to choose a side of a connection in it."""

from collections.abc import Mapping

from pydantic import Field, JsonValue, model_validator

from model.frozen import Frozen


class Credentials(Frozen):
    """The account that Twinline works as: user and password, an API key, or an OAuth client with one of its grants."""

    user: str = Field(
        default="", description="User ID of the account that Twinline works as, such as 'twinline'; its time zone must be GMT"
    )
    password: str = Field(default="", repr=False, description="Password of that account; empty with an API key or a refresh token")
    api_key: str = Field(default="", repr=False, description="REST API key, in place of user and password")
    client_id: str = Field(default="", description="Client ID of an OAuth API endpoint for external clients; empty without OAuth")
    client_secret: str = Field(default="", repr=False, description="Client secret of that OAuth endpoint")
    refresh_token: str = Field(
        default="", repr=False, description="Refresh token for the OAuth client; empty to use user and password, or client credentials"
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> "Credentials":
        by_password = bool(self.user and self.password)
        if self.client_id:
            if not self.client_secret:
                raise ValueError("client_id needs client_secret")
            if self.user and not by_password:
                raise ValueError("user needs password; leave both empty to use client credentials or a refresh token")
        elif not (by_password or self.api_key):
            raise ValueError("enter user and password, or api_key, or client_id and client_secret")
        return self


class Settings(Frozen):
    """The part of an instance that one side of a connection works on."""

    table: str = Field(
        default="incident",
        pattern=r"^[a-z][a-z0-9_]{0,79}$",
        description="Name of the table whose records are synchronised, such as 'incident', 'change_request' or 'u_order'",
    )
    query: str = Field(
        default="",
        max_length=2000,
        description="Encoded query that bounds what comes under sync, such as 'assignment_group.name=Network'; empty for the whole table",
    )


def settings_of(settings: Mapping[str, JsonValue]) -> Settings:
    return Settings.model_validate(settings)


def scope_of(settings: Mapping[str, JsonValue]) -> str:
    """The table: its sides share one feed, since a record that no longer matches a side's query may still have its twin."""
    return settings_of(settings).table
