"""What a person enters to connect an Azure DevOps organization, and to choose a side of a connection in it."""

import re
from collections.abc import Mapping
from typing import Self

from pydantic import Field, JsonValue, model_validator

from model.frozen import Frozen

_ORGANIZATION = re.compile(r"https?://([A-Za-z0-9][A-Za-z0-9-]*)\.visualstudio\.com(?=/|$)")


class Credentials(Frozen):
    """The account that Twinline works as: a personal access token, or an application of Microsoft Entra."""

    token: str = Field(
        default="",
        repr=False,
        description="Personal access token of the account that writes for Twinline, for this organization only, with the scopes "
        "'Work Items (Read & write)', 'Project and Team (Read)' and 'Identity (Read)'; it expires after a year at most",
    )
    tenant: str = Field(default="", description="In place of a token: the id of the Microsoft Entra tenant of the application")
    client: str = Field(default="", description="The application's client id; add it to the organization as a user")
    secret: str = Field(default="", repr=False, description="A client secret of the application")
    authority: str = Field(
        default="https://login.microsoftonline.com", pattern=r"^https?://", description="Where Microsoft Entra is asked, in national clouds"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.token) == bool(self.tenant and self.client and self.secret):
            raise ValueError("give either a token, or tenant, client and secret")
        return self


class Settings(Frozen):
    """The part of an organization that one side of a connection works on."""

    project: str = Field(
        pattern=r"^[^._/:\\~&%;@'\"?<>|#$*}{,+=\[\]\x00-\x1f][^/:\\~&%;@'\"?<>|#$*}{,+=\[\]\x00-\x1f]{0,63}$",
        description="Name of the project, such as 'Acme Shop'",
    )
    type: str = Field(default="Task", min_length=1, description="Work item type of created items unless a sync rule sets one")
    area: str = Field(default="", description=r"Area path of created items, such as 'Acme Shop\Checkout'; empty for the project's own")
    iteration: str = Field(default="", description=r"Iteration path of created items; empty for the project's own")


def settings_of(settings: Mapping[str, JsonValue]) -> Settings:
    return Settings.model_validate(settings)


def identities_url(url: str) -> str:
    """Where an organization's identities are asked for: on a host of their own at Azure DevOps Services, in the collection on a server."""
    if re.match(r"https?://dev\.azure\.com(?=/)", url):
        return url.replace("://dev.azure.com", "://vssps.dev.azure.com", 1)
    return _ORGANIZATION.sub(r"https://\1.vssps.visualstudio.com", url)
