"""CPU time and memory of process trees, read from /proc (Linux, proc(5)).

CPU of a tree is the time of every living process in it and of the children it has waited for, so that a worker that
ended within a window is still counted.
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path

PROC = Path("/proc")
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
AFTER_NAME_PPID = 1  # fields of /proc/<pid>/stat counted from the one after the name
AFTER_NAME_UTIME = 11
KIB = 1024


def is_readable() -> bool:
    """Whether this machine tells what its processes use."""
    return (PROC / "self" / "stat").exists()


def _fields(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat after the name, which may hold spaces; empty for a process that has gone."""
    try:
        return (PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def parent_of(pid: int) -> int:
    """The parent's id; 0 for a process that has gone."""
    fields = _fields(pid)
    return int(fields[AFTER_NAME_PPID]) if fields else 0


def tree(root: int) -> list[int]:
    """A process and everything it has started that still lives, the root first."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            pid = int(entry.name)
            children.setdefault(parent_of(pid), []).append(pid)
    found = [root]
    for pid in found:
        found.extend(children.get(pid, []))
    return found


def cpu_seconds(roots: Iterable[int]) -> float:
    """CPU seconds used so far by the trees of `roots`, in user mode and in the kernel."""
    ticks = 0
    for pid in {pid for root in roots for pid in tree(root)}:
        fields = _fields(pid)
        ticks += sum(int(value) for value in fields[AFTER_NAME_UTIME : AFTER_NAME_UTIME + 4])
    return ticks / TICK


def own_seconds() -> float:
    """CPU seconds of this process, which is the client."""
    return time.process_time()


def busy_seconds() -> float:
    """CPU seconds used so far by the whole machine: user, nice, system, irq, softirq (not idle, iowait, steal)."""
    values = (PROC / "stat").read_text(encoding="utf-8").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, irq, softirq = (int(value) for value in values[:7])
    return (user + nice + system + irq + softirq) / TICK


def memory_bytes(root: int) -> int:
    """Memory of a tree as PSS: private pages, and the part of shared ones that falls to it."""
    return sum(_pss(pid) for pid in tree(root))


def _pss(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return next((int(line.split()[1]) * KIB for line in lines if line.startswith("Pss:")), 0)
