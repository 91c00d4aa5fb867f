"""Waiting for conditions. Tests never sleep for a guessed time."""

import time

# Generous, because a debug build on a busy machine is slow; conditions normally hold within milliseconds.
PATIENCE = 60.0


def until(condition, what, within=PATIENCE, pause=0.02):
    """Calls `condition` until it returns something true and returns that; fails naming `what` at the deadline."""
    deadline = time.monotonic() + within
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {within:g} s: {what}")
        time.sleep(pause)
