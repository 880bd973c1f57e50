"""What the figures were measured on."""

import os
import pathlib
import platform
import subprocess
import sys

# What changes how fast the programs are, where it is set.
PREFIXES = ("OPENBLAS_", "OMP_", "MKL_", "BACKPROP_BLAS", "BACKPROP_CPU", "XLA_FLAGS")


def flags():
    """/proc/cpuinfo's first processor, as a dictionary."""
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return {}
    fields = {}
    for line in text.splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.strip(), value.strip())
    return fields


def processor():
    if sys.platform == "darwin":
        answer = subprocess.run(
            ["sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True)
        return answer.stdout.strip() or platform.machine()
    fields = flags()
    name = fields.get("model name", platform.machine())
    numbers = [f"{word} {fields[key]}" for word, key in [("family", "cpu family"),
               ("model", "model")] if key in fields]
    vectors = [flag for flag in ("avx512f", "avx2") if has(flag)]
    return ", ".join([name, " ".join(numbers), *vectors[:1]] if numbers else [name])


def has(flag):
    return flag in flags().get("flags", "").split()


def cores():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def environment():
    """The variables that are set and change speeds, as text; empty where there are none."""
    return ", ".join(
        f"{name}={value}" for name, value in sorted(os.environ.items())
        if name.startswith(PREFIXES))


def line():
    return f"{processor()}; {cores()} core(s); {platform.system()} {platform.release()}"
