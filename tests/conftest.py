"""What all tests share."""

from tests.postgres_server import (
    database,
    postgres_server,
    postgresql,
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_configure_node,
    pytest_unconfigure,
)
from tests.redmine_server import redmine_server

__all__ = [
    "database",
    "postgres_server",
    "postgresql",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_unconfigure",
    "redmine_server",
]
