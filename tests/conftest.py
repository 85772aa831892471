"""What all tests share."""

from tests.redmine_server import redmine_server

__all__ = ["redmine_server"]
