"""What a GitHub system and a side on it are configured with."""

from collections.abc import Mapping

from pydantic import Field, JsonValue

from model.frozen import Frozen

REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9_-]*/[A-Za-z0-9_.-]*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
"""A repository's full name; its second part is never `.` or `..`, which would lead elsewhere in an address."""


class Credentials(Frozen):
    """The account that Twinline works as."""

    token: str = Field(
        min_length=1,
        description="Personal access token: fine-grained with 'Issues: read and write' and 'Metadata: read', or classic with scope 'repo'.",
    )


class Settings(Frozen):
    """The part of GitHub that a side works on."""

    repository: str = Field(
        pattern=f"^{REPOSITORY}$",
        description="Repository whose issues are synchronised, as 'owner/name'.",
    )


def repository_of(settings: Mapping[str, JsonValue]) -> str:
    """The repository in lower case: GitHub's names have no case, and item ids must not depend on how one was typed."""
    return Settings.model_validate(settings).repository.lower()
