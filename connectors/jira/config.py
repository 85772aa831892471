"""What a person enters to connect a Jira site, and to choose a side of a connection in it."""

from pydantic import BaseModel, ConfigDict, Field


class JiraCredentials(BaseModel):
    """One account of Jira Cloud or Data Center."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str = Field(
        default="",
        description="Cloud: e-mail address of the Atlassian account that writes for Twinline. Data Center: name of the user, "
        "or nothing where the token is a personal access token",
    )
    token: str = Field(
        min_length=1,
        description="Cloud: API token of that account, made at id.atlassian.com; it expires after a year at most. "
        "Data Center: personal access token, or the user's password",
        repr=False,
    )


class JiraSettings(BaseModel):
    """The part of a Jira site that one side of a connection works on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    project: str = Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", description="Key of the project, such as APP")
    type: str = Field(
        default="Task", description="Issue type of created items unless a sync rule sets one; where the project lacks it, its first type"
    )
    internal_role: str = Field(
        default="Administrators",
        min_length=1,
        description="Project role that may see internal comments, on projects that are not service desks",
    )
    status_paths: dict[str, tuple[str, ...]] = Field(
        default={},
        description="For a status that no single transition leads to, the statuses to go through before it, such as {Done: [In Progress]}; "
        "needed where Twinline cannot see the workflow itself",
    )
    transition_fields: dict[str, str] = Field(
        default={},
        description="What to enter where the screen of a transition asks for it, by the field's name, such as {Resolution: Done}",
    )

    def path_to(self, status: str) -> tuple[str, ...]:
        """The statuses of `status_paths`, and that one; empty where there are none."""
        named = next((path for name, path in self.status_paths.items() if name.casefold() == status.casefold()), ())
        return (*named, status) if named else ()
