"""Log lines: readable on a terminal, JSON elsewhere; always on standard error."""

import sys

import structlog


def write_logs() -> None:
    """From now on. A value in a line cannot pose as another line."""
    shown = structlog.dev.ConsoleRenderer(colors=False) if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True), shown],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
