"""The search attributes of our workflows, by which the Temporal UI lists and filters them."""

from temporalio.common import SearchAttributeKey

CONNECTION = SearchAttributeKey.for_keyword("TwinlineConnection")
STATUS = SearchAttributeKey.for_keyword("TwinlineStatus")
LEFT = SearchAttributeKey.for_keyword("TwinlineLeft")
RIGHT = SearchAttributeKey.for_keyword("TwinlineRight")

ALL = (CONNECTION, STATUS, LEFT, RIGHT)
