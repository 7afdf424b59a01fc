"""Work that is spread over processes: nothing of it outlives the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from building import process_environment

from atlas_build.workers import spread

HERE = str(Path(__file__).parent)
PROGRAM = """
import sys, threading, time
from atlas_build.workers import spread
from test_workers import tell_and_sleep
if __name__ == "__main__":
    if sys.argv[1] == "spawn":  # workers are forks only while there is one thread
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    list(spread(tell_and_sleep, [60, 60], 2))
"""
LONGEST = 30.0
"""Seconds until a test gives up; it takes one or two."""


def tell_and_sleep(seconds: int) -> None:
    os.write(1, f"{os.getpid()}\n".encode())  # in one piece: `print` of two processes may interleave
    time.sleep(seconds)


def is_running(pid: int) -> bool:
    """A process that has ended, but whose end nobody has asked for, still has its number."""
    status = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not (status.exists() and status.read_bytes().rpartition(b")")[2].split()[0] == b"Z")
    except (ProcessLookupError, FileNotFoundError):
        return False


@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_workers_end_when_the_program_is_killed(way: str, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    environment = process_environment()
    environment["PYTHONPATH"] = os.pathsep.join([HERE, environment["PYTHONPATH"]])
    command = [sys.executable, str(program), way]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        workers = [int(parent.stdout.readline()) for _ in range(2)]
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        end = time.monotonic() + LONGEST
        while any(map(is_running, workers)) and time.monotonic() < end:
            time.sleep(0.05)
        left = [pid for pid in workers if is_running(pid)]
        for pid in left:
            os.kill(pid, signal.SIGKILL)
    assert left == []


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_the_order_of_the_tasks(jobs: int) -> None:
    assert list(spread(abs, [-3, 2, -1, 0], jobs)) == [3, 2, 1, 0]
