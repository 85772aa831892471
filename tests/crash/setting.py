"""What is configured in a world: two connections between three platforms, and who writes on their sides."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import SecretStr

from connectors import declaration
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.trigger import Trigger
from model.words import Side as ModelSide
from tests.crash.fakes import BOTS, HOOK_SECRET, KINDS, SECRET, system
from tests.crash.people import SYNC
from tests.crash.reading import Ground
from tests.oracle.records import Side

TEXTS = frozenset({"summary", "description", "labels", "status"})
REPEATING = frozenset({"status", "priority"})
_QUERIES = {"jira": f"project = {{}} AND labels = {SYNC}", "github": f"repo:{{}} is:issue label:{SYNC}"}
_PLACES = {"jira": "project", "github": "repository"}


@dataclass(frozen=True)
class Link:
    """A connection: on each side a platform and the beginning of the keys of its items there."""

    name: str
    sides: Mapping[Side, tuple[str, str]]
    subjects: frozenset[str]
    two_statuses: bool
    files: bool

    def platform(self, side: Side) -> str:
        return self.sides[side][0]

    def ground(self, side: Side) -> Ground:
        platform, items = self.sides[side]
        return Ground(side, items, BOTS[platform], self.subjects, self.two_statuses, self.files)

    def place(self, side: Side) -> str:
        """The project or repository."""
        return self.sides[side][1][:-1]


APP = Link("app", {Side.LEFT: ("jira", "APP-"), Side.RIGHT: ("github", "acme/app#")}, TEXTS, two_statuses=True, files=False)
OPS = Link("ops", {Side.LEFT: ("jira", "OPS-"), Side.RIGHT: ("desk", "DESK-")}, TEXTS | {"priority"}, two_statuses=False, files=True)
LINKS = (APP, OPS)


def deployment(urls: Mapping[str, str]) -> Deployment:
    """Polled every second, with the declarations' own rules."""
    return Deployment(
        workspace="acme",
        systems={
            system(platform): SystemDeclaration(
                kind=kind,
                url=urls[platform],
                credentials={"token": SecretStr(SECRET)} | ({"user": SecretStr(BOTS[platform])} if kind == "jira" else {}),
                webhook_secret=SecretStr(HOOK_SECRET),
                poll=1.0,
                late_writes=1,
                search_lag=1,
                calls_per_second=500,
            )
            for platform, kind in KINDS.items()
        },
        integrations={one.name: IntegrationDeclaration(left=_system(one, Side.LEFT), right=_system(one, Side.RIGHT)) for one in LINKS},
        connections={one.name: _connection(one) for one in LINKS},
    )


def _system(link: Link, side: Side) -> str:
    return system(link.platform(side))


def _connection(link: Link) -> ConnectionDeclaration:
    return ConnectionDeclaration(
        integration=link.name,
        left=_side(link, Side.LEFT),
        right=_side(link, Side.RIGHT),
        triggers=tuple(Trigger(side=ModelSide(side), query=_QUERIES[KINDS[link.platform(side)]].format(link.place(side))) for side in Side),
    )


def _side(link: Link, side: Side) -> SideDeclaration:
    kind = KINDS[link.platform(side)]
    declared = declaration(kind)
    return SideDeclaration(settings={_PLACES[kind]: link.place(side)}, outgoing=declared.outgoing, incoming=declared.incoming)
