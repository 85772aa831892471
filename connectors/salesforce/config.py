"""What a person enters to connect a Salesforce org, and to choose a side of a connection in it."""

from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator


class Credentials(BaseModel):
    """An external client app (or connected app) of the org, and the way in which Twinline signs in by it.

    `private_key` with `user` signs in by JWT bearer, `refresh_token` by that token, and `client_secret` alone by client credentials.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    client_id: str = Field(min_length=1, description="Consumer key of the external client app")
    client_secret: str = Field(default="", repr=False, description="Consumer secret of the app; not needed with a private key")
    refresh_token: str = Field(
        default="", repr=False, description="Refresh token of the account that writes for Twinline; the app must not rotate it"
    )
    user: str = Field(default="", description="Username of the account that writes for Twinline; only with a private key")
    private_key: str = Field(
        default="", repr=False, description="RSA private key in PEM form whose certificate the app has; signs in without a secret"
    )
    audience: str = Field(
        default="https://login.salesforce.com",
        pattern=r"^https?://\S+$",
        description="Audience of the signed assertion; https://test.salesforce.com for a sandbox",
    )

    @model_validator(mode="after")
    def _one_way_in(self) -> Self:
        if bool(self.private_key) != bool(self.user):
            raise ValueError("give 'private_key' and 'user' together, or neither")
        if not (self.private_key or self.refresh_token or self.client_secret):
            raise ValueError("give a 'client_secret', a 'refresh_token', or a 'private_key' with its 'user'")
        return self


class Settings(BaseModel):
    """The part of an org that one side of a connection works on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    object: str = Field(
        default="Case", pattern=r"^[A-Za-z][A-Za-z0-9_]*$", description="API name of the object, such as Case or Incident_Report__c"
    )
    record_type: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9_]*$",
        description="API name of the record type that comes under sync and that new records get; empty for all, and the default one",
    )


def settings_of(settings: Mapping[str, JsonValue]) -> Settings:
    return Settings.model_validate(dict(settings))
