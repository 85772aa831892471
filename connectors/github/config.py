"""What a GitHub system and a side on it are configured with."""

from collections.abc import Mapping
from typing import Self

from pydantic import ConfigDict, Field, JsonValue, model_validator

from model.frozen import Frozen

REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
"""A repository's full name; its second part is never `.` or `..`, which would lead elsewhere in an address."""


class Credentials(Frozen):
    """The account that Twinline works as: one with a personal access token, or a GitHub App."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    token: str = Field(
        default="",
        repr=False,
        description="Personal access token: fine-grained with 'Issues: read and write' and 'Metadata: read', or classic with scope 'repo'.",
    )
    app_id: str = Field(default="", description="App ID or client ID of a GitHub App; empty for a personal access token")
    private_key: str = Field(default="", repr=False, description="Private key of that app, in PEM form")
    installation_id: str = Field(
        default="", pattern="^[0-9]*$", description="Id of the app's installation; empty for that of the owner of each side's repository"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        by_app = bool(self.app_id and self.private_key)
        if by_app == bool(self.token) or (not by_app and (self.app_id or self.private_key or self.installation_id)):
            raise ValueError("give token, or app_id and private_key, and with them installation_id at will")
        return self


class Settings(Frozen):
    """The part of GitHub that a side works on."""

    repository: str = Field(
        pattern=f"^{REPOSITORY}$",
        description="Repository whose issues are synchronised, as 'owner/name'.",
    )


def repository_of(settings: Mapping[str, JsonValue]) -> str:
    """The repository in lower case: GitHub's names have no case, and item ids must not depend on how one was typed."""
    return Settings.model_validate(settings).repository.lower()
