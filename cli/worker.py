"""`twinline worker`."""

from cli.options import settings
from cli.running import run_until_stopped
from worker import run_worker


def worker() -> None:
    """Run a worker: it does the syncing. Any number may run."""
    chosen = settings()
    run_until_stopped(lambda stop: run_worker(chosen, stop))
