"""The table of plans that integrations are subscribed to."""

from sqlalchemy import Text
from sqlmodel import Field

from store.tables import Table


class SubscriptionPlan(Table, table=True):
    """`features` is a list of their names as JSON."""

    __tablename__ = "subscription_plan"  # pyright: ignore[reportAssignmentType]

    id: str = Field(primary_key=True)
    workspace: str = Field(foreign_key="workspace.id")
    features: str = Field(sa_type=Text)
