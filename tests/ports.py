"""Ports for servers of tests that are told where to listen before they run."""

import random
import socket

BELOW_THE_SYSTEMS_OWN = (15_000, 30_000)
_chance = random.SystemRandom()


def free_port() -> int:
    """One that is free now, and that the system gives to nobody else by itself until it is used."""
    while True:
        port = _chance.randrange(*BELOW_THE_SYSTEMS_OWN)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue
