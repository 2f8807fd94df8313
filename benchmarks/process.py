"""Processes that are measured: on a core of their own, with the time and the memory they took."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from benchmarks.row import NotRunError

ROOT = Path(__file__).resolve().parents[1]
_TICK = os.sysconf("SC_CLK_TCK")
_PATIENCE = 60.0
_STOP = 15.0


@dataclass(frozen=True, slots=True)
class Took:
    """What a process that has ended took: seconds on the wall and of processors, its greatest memory in MiB."""

    seconds: float
    processor: float
    memory: float
    said: str


def python(module: str, *words: object) -> list[str]:
    """The command that runs a module of this tree."""
    return [sys.executable, "-m", module, *map(str, words)]


def ran(command: Sequence[str], environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Took:
    """Run a command to its end. Raises RuntimeError with what it complained of when it fails."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, env=surroundings(environment), cwd=folder or ROOT, stdout=said, stderr=complained
        )
        memory = _Memory(process.pid)
        memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        memory.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        for file in (said, complained):
            file.seek(0)
        if process.returncode:
            raise RuntimeError(f"{' '.join(command[2:5])}: {complained.read().decode()[-2000:]}")
        processor = usage.ru_utime + usage.ru_stime
        return Took(seconds, processor, memory.most, said.read().decode())


def answered(module: str, *words: object) -> dict[str, Any]:
    """Run a worker of ours; the JSON object it printed."""
    found: dict[str, Any] = json.loads(ran(python(module, *words)).said)
    return found


class _Memory(threading.Thread):
    """Looks at a process's greatest memory in MiB while it lives. What `wait4` tells begins at that of the parent."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._pid = pid

    def run(self) -> None:
        while memory := _high_water(self._pid):
            self.most = memory
            time.sleep(0.02)


class Running:
    """A process that serves."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def processor(self) -> float:
        """Seconds of processor it has used so far, with its threads."""
        return processor_of(self._process.pid)

    def memory(self) -> float:
        """Its greatest memory so far, in MiB."""
        return _high_water(self._process.pid)

    def kill(self) -> None:
        """As by `kill -9`."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; harmless when it has ended."""
        self._process.terminate()
        try:
            self._process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self.kill()

    def has_ended(self) -> bool:
        return self._process.poll() is not None


@asynccontextmanager
async def serving(
    command: Sequence[str],
    ready: Callable[[], bool],
    *,
    log: Path,
    core: int | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> AsyncIterator[Running]:
    """A server, from when it is ready until the block ends. Raises RuntimeError with the end of its log."""
    running = _started(command, log, core, surroundings(environment), folder or ROOT)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not await asyncio.to_thread(ready):
            if running.has_ended() or time.monotonic() > deadline:
                raise RuntimeError(_end_of(log))
            await asyncio.sleep(0.1)
        yield running
    finally:
        await asyncio.to_thread(running.stop)


async def until(look: Callable[[], bool], pause: float = 0.02) -> None:
    """Look again and again; what is waited for happens elsewhere and tells nobody."""
    while not look():  # noqa: ASYNC110
        await asyncio.sleep(pause)


def cores() -> tuple[int, int]:
    """A core for what is measured and one for what loads it. Raises NotRunError where there is only one."""
    own = sorted(os.sched_getaffinity(0))
    if len(own) == 1:
        raise NotRunError("it needs two cores, one for what is measured and one for its load.")
    return own[0], own[-1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This process keeps to one core. Processes it starts meanwhile do, too, unless they are given another."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processor_of(*pids: int) -> float:
    """Seconds of processor these processes have used, with their children that have ended (proc(5), stat)."""
    return sum(sum(map(int, _stat(pid)[11:15])) for pid in pids) / _TICK


def family_of(pid: int) -> list[int]:
    """A process and all that came of it."""
    parents = {int(each.name): int(_stat(int(each.name))[1]) for each in Path("/proc").iterdir() if each.name.isdigit()}
    family = {pid}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    return sorted(family)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a GET of this loopback address is answered with 200."""
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def surroundings(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a child: nothing of a `.env` that is meant for something else."""
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **(more or {})}


def _started(command: Sequence[str], log: Path, core: int | None, environment: dict[str, str], folder: Path) -> Running:
    with log.open("ab") as said:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=said, stderr=said)
    if core is not None:
        os.sched_setaffinity(process.pid, {core})
    return Running(process)


def _end_of(log: Path) -> str:
    return log.read_text(encoding="utf-8")[-2000:]


def _high_water(pid: int) -> float:
    """MiB; 0 for a process that has ended (proc(5), status)."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the third on; zeros for one that has just gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return ["0"] * 50
