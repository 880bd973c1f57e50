"""The sections by name, in the order in which they run. Each has `run(bench)`, which gives a
Report, or None where it says why it cannot run here."""

from benchlib.bench import ARCHITECTURES
from benchlib.sections import (
    architectures, curve, inference, memory, runs, start, steps, threads)

SECTIONS = {
    "steps": steps, **{case: architectures.Section(case) for case in ARCHITECTURES}, "runs": runs,
    "inference": inference, "memory": memory, "curve": curve, "threads": threads, "start": start,
}
