"""What a fake Redmine starts with. A seed is a JSON document of the form of `Seed`; every part has a default."""

from datetime import UTC, datetime, timedelta

from pydantic import BaseModel, ConfigDict, JsonValue


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SeedUser(Part):
    """`role` is `Manager` or `Developer`, in every project; an administrator may do everything."""

    login: str
    firstname: str
    lastname: str
    mail: str
    key: str
    role: str = "Manager"
    admin: bool = False
    hide_mail: bool = False


class SeedProject(Part):
    identifier: str
    name: str
    trackers: tuple[str, ...] = ("Bug", "Feature", "Support")
    modules: tuple[str, ...] = ("issue_tracking", "time_tracking")


class SeedNote(Part):
    author: str
    notes: str
    private: bool = False


class SeedIssue(Part):
    """People by login, everything else by name; `age_days` tells how long ago it was made."""

    project: str
    subject: str
    description: str = ""
    tracker: str = "Bug"
    status: str = "New"
    priority: str = "Normal"
    author: str = "ann"
    assigned_to: str | None = None
    due_date: str | None = None
    custom_fields: dict[str, JsonValue] = {}
    notes: tuple[SeedNote, ...] = ()
    age_days: int = 3


class Seed(Part):
    """`login_required` is Redmine's setting of that name: false shows public projects to anonymous callers."""

    login_required: bool = True
    users: tuple[SeedUser, ...] = (
        SeedUser(login="ann", firstname="Ann", lastname="Archer", mail="ann@acme.test", key="ann-token"),
        SeedUser(login="bob", firstname="Bob", lastname="Baker", mail="bob@acme.test", key="bob-token", role="Developer"),
    )
    projects: tuple[SeedProject, ...] = (
        SeedProject(identifier="sync", name="Sync"),
        SeedProject(identifier="ops", name="Operations"),
    )
    custom_fields: tuple[str, ...] = ("External ID",)
    issues: tuple[SeedIssue, ...] = (
        SeedIssue(
            project="sync",
            subject="Invoice PDF has no page numbers",
            description="Seen with the **March** invoices.\n\n- Acme Ltd\n- Acme GmbH",
            priority="High",
            assigned_to="bob",
            notes=(SeedNote(author="bob", notes="The template lacks the footer."),),
        ),
        SeedIssue(project="sync", subject="Export customers as CSV", tracker="Feature", author="bob", age_days=2),
        SeedIssue(
            project="sync",
            subject="Login page is slow on Mondays",
            description="It takes 20 seconds at 9 o'clock.",
            status="In Progress",
            notes=(
                SeedNote(author="ann", notes="Customer Acme waits for an answer."),
                SeedNote(author="bob", notes="Contract ends in May.", private=True),
            ),
            age_days=1,
        ),
        SeedIssue(project="ops", subject="Replace disk in node 3", tracker="Support", author="bob"),
    )


def long_ago(days: int) -> datetime:
    return (datetime.now(UTC) - timedelta(days=days)).replace(microsecond=0)
