"""A connection between two projects of one and the same Jira, whose files cross as well."""

from pydantic import SecretStr

from connectors import declaration
from model.configuration import Trigger
from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration, SideDeclaration, SystemDeclaration
from model.words import ConflictPolicy, Side
from tests.e2e.world import BOT, HOOK_SECRET, SECRET, World


def one_jira(world: World) -> Deployment:
    jira = declaration("jira")
    rules = {"outgoing": jira.outgoing, "incoming": jira.incoming}
    system = SystemDeclaration(
        kind="jira",
        url=world.jira_url,
        credentials={"user": SecretStr(BOT), "token": SecretStr(SECRET)},
        webhook_secret=SecretStr(HOOK_SECRET),
        poll=1.0,
        late_writes=1,
        search_lag=1,
        calls_per_second=500,
    )
    connection = ConnectionDeclaration(
        integration="within-jira",
        left=SideDeclaration(settings={"project": "APP"}, **rules),
        right=SideDeclaration(settings={"project": "HELP"}, **rules),
        triggers=(
            Trigger(side=Side.LEFT, query="project = APP AND labels = sync"),
            Trigger(side=Side.RIGHT, query="project = HELP AND labels = sync"),
        ),
        conflicts={"default": ConflictPolicy.LATEST},
    )
    return Deployment(
        workspace="acme",
        systems={world.jira_system: system},
        integrations={"within-jira": IntegrationDeclaration(left=world.jira_system, right=world.jira_system)},
        connections={world.connection: connection},
    )
