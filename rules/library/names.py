"""The names of classes."""


def last_part(name: str) -> str:
    """Without the package: `java.util.Date` is `Date`."""
    return name.rsplit(".", 1)[-1]
