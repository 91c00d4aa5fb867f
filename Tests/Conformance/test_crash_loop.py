"""A handful of the cycles that `make crash` runs by the hundred."""

import pytest

from crash.loop import WORLDS, CrashLoop

pytestmark = [pytest.mark.process, pytest.mark.links]


@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_kill_in_a_loop(tmp_path, world):
    """kill -9 under every kind of load: nothing acknowledged is lost, the mirror is equal, deleted topics stay deleted"""
    loop = CrashLoop(tmp_path, world, seed=7)
    try:
        loop.run(3)
        loop.judge_everything()
    finally:
        loop.end()
    assert loop.history.kills > 0 and loop.history.records > 0
