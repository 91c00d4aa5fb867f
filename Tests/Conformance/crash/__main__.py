"""make crash: hundreds of kill -9 over one and over two processes."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from crash.loop import WORLDS, CrashLoop  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(prog="crash", description=__doc__)
    parser.add_argument("--cycles", type=int, default=240, help="cycles over all configurations (default 240)")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4)), help="chosen anew by default")
    arguments = parser.parse_args()
    kills = records = 0
    began = time.monotonic()
    for index, world in enumerate(WORLDS):
        cycles = arguments.cycles // len(WORLDS) + (index < arguments.cycles % len(WORLDS))
        if cycles == 0:
            continue
        print(f"-- {world}, seed {arguments.seed}", flush=True)
        directory = Path(tempfile.mkdtemp(prefix="twinlog-crash-"))
        loop = CrashLoop(directory, world, arguments.seed + index)
        try:
            loop.run(cycles, lambda line: print(line, flush=True))
            mirrors = loop.judge_everything()
        except BaseException:
            print(f"broken in cycle {loop.cycle}; seed {arguments.seed}; everything is kept in {directory}", flush=True)
            raise
        finally:
            loop.end()
        print(f"   {mirrors} mirrors equal, byte by byte", flush=True)
        kills += loop.history.kills
        records += loop.history.records
        shutil.rmtree(directory)
    print(f"{kills} kills, {records} acknowledged records, nothing lost, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
