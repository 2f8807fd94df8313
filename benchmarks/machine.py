"""The machine a figure belongs to: what it is, never whose."""

import os
import platform
from importlib.metadata import version

_PARTS = ("aiogram", "aiohttp", "SQLAlchemy", "PyNaCl")


def machine() -> str:
    """Processor, cores, memory, kernel, Python and libraries, on one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = ", ".join(f"{part} {version(part)}" for part in _PARTS)
    return (
        f"{_processor()}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GB, Linux {platform.release()}, "
        f"Python {platform.python_version()}, {parts}"
    )


def _processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as told:
        names = (line.partition(":")[2].strip() for line in told if line.startswith("model name"))
        return next(names, platform.machine())
