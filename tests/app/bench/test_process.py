"""CPU and memory of process trees, measured on programs that are known to use some."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.bench import process

pytestmark = pytest.mark.skipif(not process.is_readable(), reason="this system has no /proc")
MIB = 1024 * 1024
BUSY = "import time; begun = time.process_time()\nwhile time.process_time() - begun < {seconds}: pass\n"
READY = "print('ready', flush=True); import sys; sys.stdin.read()"


@contextmanager
def program(source: str) -> Iterator[subprocess.Popen[str]]:
    """A Python program that says when it is ready and ends when its input does."""
    command = [sys.executable, "-c", source + READY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        yield running
        running.communicate()


def test_the_work_of_a_child_that_has_ended_counts_for_its_parent():
    ended = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY.format(seconds=0.3)!r}])\n"
    with program(ended) as running:
        assert 0.25 <= process.cpu_seconds([running.pid]) < 3


def test_a_tree_holds_grandchildren_and_each_process_counts_once():
    busy_and_waiting = BUSY.format(seconds=0.2) + "import time; time.sleep(60)"
    living = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {busy_and_waiting!r}])\n"
    with program(living) as running:
        until = time.monotonic() + 10
        while process.cpu_seconds([running.pid]) < 0.2 and time.monotonic() < until:
            time.sleep(0.05)
        child = next(pid for pid in process.tree(running.pid) if pid != running.pid)
        assert process.parent_of(child) == running.pid
        used = process.cpu_seconds([running.pid])
        assert 0.2 <= used <= process.cpu_seconds([running.pid, child]) < used + 0.1
        os.kill(child, 15)


def test_memory_is_that_of_the_whole_tree():
    with program("") as small, program("held = bytearray(64 * 1024 * 1024)\n") as large:
        more = process.memory_bytes(large.pid) - process.memory_bytes(small.pid)
    assert 60 * MIB < more < 80 * MIB


def test_a_process_that_has_gone_uses_nothing():
    with program("") as running:
        pid = running.pid
    assert (process.parent_of(pid), process.cpu_seconds([pid]), process.memory_bytes(pid)) == (0, 0.0, 0)


def test_the_machine_is_at_least_as_busy_as_this_process():
    before, mine = process.busy_seconds(), process.own_seconds()
    while process.own_seconds() - mine < 0.2:
        pass
    assert process.busy_seconds() - before >= 0.15
