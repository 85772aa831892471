"""What the help shows of how commands are typed, where arguments and options alone do not."""

from collections.abc import Mapping
from types import MappingProxyType

BEGIN = """\b
A twin is a pair of items that is kept in line. To begin:
  twinline demo                               see it with two fake systems
  twinline up --config twinline.yaml          run it with your own
  twinline test-run app-bugs APP-12           see what a sync would do
  twinline errors                             see what is wrong, and the next step"""

EXAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "up": ("twinline up --config twinline.yaml",),
        "fake": ("twinline fake jira --port 8090 --webhook http://127.0.0.1:8080/webhooks/acme-jira",),
        "apply": ("twinline apply twinline.yaml --dry-run",),
        "test-run": (
            "twinline test-run app-bugs APP-12 APP-13 --version 2",
            "twinline test-run app-bugs --side left --query 'project = APP AND labels = sync'",
        ),
        "replay": ("twinline replay app-bugs --version 2 --last 500",),
        "twins": ("twinline twins --connection app-bugs --status error --status held",),
        "retry": ("twinline retry --connection app-bugs --text P0",),
        "queue": ("twinline queue --stuck",),
        "watch": ("twinline watch --connection app-bugs --json",),
        "sync": ("twinline sync app-bugs APP-12 --side left --wait 30",),
        "connection create": (
            "twinline connection create app-tasks --like app-bugs.yaml --left project=OPS",
            "twinline connection create app-tasks --integration jira-github --left project=OPS --right repository=acme/ops",
        ),
        "connection export": ("twinline connection export app-bugs > app-bugs.yaml",),
        "connection deactivate": ("twinline connection deactivate app-bugs --side right",),
        "version draft": ("twinline version draft app-bugs --why 'labels cross too'",),
        "version edit": ("twinline version edit app-bugs 2 --left-outgoing out.groovy",),
        "version diff": ("twinline version diff app-bugs 2 --against 1",),
        "trigger test": (
            "twinline trigger test app-bugs left labelled",
            "twinline trigger test app-bugs left --query 'project = APP AND labels = sync'",
        ),
        "twin resync": ("twinline twin resync 4f2a --from left --wait 30",),
        "twin relink": (
            "twinline twin relink 4f2a --source left",
            "twinline twin relink --connection app-bugs --left APP-12 --right acme/app#34 --source left",
        ),
        "conflict resolve": ("twinline conflict resolve 7 --use left",),
        "conflict restore": ("twinline conflict restore 7 --wait 30",),
        "member add": ("twinline member add ada@acme.example --role owner",),
        "token create": ("twinline token create ben@acme.example --read-only --days 30",),
        "audit list": ("twinline audit list --subject app-bugs --since 2026-11-01",),
        "audit export": ("twinline audit export --format csv --since 2026-11-01 > audit.csv",),
        "bulk exalate": ("twinline bulk exalate app-bugs --side left --query 'project = APP' --wait",),
        "bulk connect": ("twinline bulk connect app-bugs pairs.csv --source left --dry-run",),
        "bulk unlink": ("twinline bulk unlink app-bugs --side left --query 'status = Closed'",),
        "bulk cleanup": ("twinline bulk cleanup --connection app-bugs --item APP-12",),
        "operations pairs": ("twinline operations pairs 4f2a --to pairs.csv",),
        "rules check": ("twinline rules check rules/ --json",),
    }
)


def shown(command: str) -> str | None:
    """The examples of a command as its help ends with them, unfolded; None where it has none."""
    lines = EXAMPLES.get(command, ())
    return "\n".join(("\b", "For example:", *(f"  {line}" for line in lines))) if lines else None
