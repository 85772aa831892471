"""One folder per platform. A folder with a `DECLARATION` is a connector: nothing else in the product names one."""

from connectors.kit.registry import declaration, declarations

__all__ = ["declaration", "declarations"]
