"""The durable part: one workflow per twin, connection and feed. They decide when, activities do."""
