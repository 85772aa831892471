"""A connection between two projects of one and the same Jira, whose files cross as well."""

from model.deployment import ConnectionDeclaration, Deployment, IntegrationDeclaration
from model.trigger import Trigger
from model.words import ConflictPolicy, Side
from tests.e2e.world import World


def one_jira(world: World, project: str = "HELP") -> Deployment:
    app = world.left.side()
    connection = ConnectionDeclaration(
        integration="within-jira",
        left=app,
        right=app.model_copy(update={"settings": {"project": project}}),
        triggers=(
            Trigger(side=Side.LEFT, query=world.left.trigger),
            Trigger(side=Side.RIGHT, query=f"project = {project} AND labels = sync"),
        ),
        conflicts={"default": ConflictPolicy.LATEST},
    )
    return Deployment(
        workspace="acme",
        systems={world.jira_system: world.left.system()},
        integrations={"within-jira": IntegrationDeclaration(left=world.jira_system, right=world.jira_system)},
        connections={world.connection: connection},
    )
