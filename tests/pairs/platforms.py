"""All platforms, and a ring in which each is once on the left and once on the right."""

from tests.pairs.azure_platform import AzurePlatform
from tests.pairs.github_platform import GitHubPlatform
from tests.pairs.jira_platform import JiraPlatform
from tests.pairs.platform import Platform
from tests.pairs.redmine_platform import RedminePlatform
from tests.pairs.salesforce_platform import SalesforcePlatform
from tests.pairs.servicenow_platform import ServiceNowPlatform
from tests.pairs.zendesk_platform import ZendeskPlatform

PLATFORMS: tuple[type[Platform], ...] = (
    JiraPlatform,
    AzurePlatform,
    ServiceNowPlatform,
    SalesforcePlatform,
    GitHubPlatform,
    ZendeskPlatform,
    RedminePlatform,
)
RING = [(one, PLATFORMS[(place + 1) % len(PLATFORMS)]) for place, one in enumerate(PLATFORMS)]
