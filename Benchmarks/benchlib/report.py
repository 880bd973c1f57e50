"""The dated tables."""

import dataclasses
import datetime
import statistics
import sys

from benchlib import machine

# Of sections in which it matters what a program has to load.
STANDALONE = (
    "`make bench` builds Backprop's programs as `make standalone` does: on Linux with Swift's "
    "libraries in them.")


@dataclasses.dataclass
class Report:
    """One section's figures: a Markdown file, and perhaps others beside it."""
    name: str
    title: str
    notes: list  # lines under the title
    body: list  # lines of tables
    turns: object  # the Turns that asked, for versions, ways and failures
    missing: bool = False  # whether figures that were asked for are not there
    attachments: dict = dataclasses.field(default_factory=dict)  # ending → text

    @property
    def text(self):
        versions = "; ".join(dict.fromkeys(self.turns.versions.values()))
        lines = [
            f"# {self.title}, {datetime.date.today().isoformat()}", "",
            f"- Processor: {machine.line()}"]
        if versions:
            lines.append(f"- Versions: {versions}")
        if machine.environment():
            lines.append(f"- Environment: {machine.environment()}")
        lines += [f"- {note}" for note in self.notes] + [""] + self.body
        if self.turns.ways:
            lines += [
                "", "Each framework was tried in several ways, and the fastest was timed:", ""]
            lines += [f"- {way}" for way in self.turns.ways]
        if self.turns.failures:
            lines += ["", "No figures:", ""] + [f"- {failure}" for failure in self.turns.failures]
        return "\n".join(lines) + "\n"

    def write(self, folder):
        folder.mkdir(exist_ok=True)
        stem = f"{datetime.date.today().isoformat()}-{self.name}"
        for ending, text in {"md": self.text, **self.attachments}.items():
            path = folder / f"{stem}.{ending}"
            path.write_text(text, encoding="utf-8")
            print(f"written to {path}", file=sys.stderr)


def counted(count, word):
    return f"{count} {word}" + ("" if count == 1 else "es" if word.endswith("s") else "s")


def amount(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def duration(microseconds):
    if microseconds >= 1e6:
        return f"{amount(microseconds / 1e6)} s"
    if microseconds >= 1e4:
        return f"{amount(microseconds / 1e3)} ms"
    return f"{amount(microseconds)} µs"


def medians(answers):
    """{program: [the rounds' answers]} → {program: [the rounds' medians]}"""
    return {name: [answer["median"] for answer in rounds] for name, rounds in answers.items()}


def ratios(theirs, ours):
    """Ratios within each round, as text: the median, and in brackets the least and greatest."""
    values = [a / b for a, b in zip(theirs, ours)]
    if not values:
        return "–"
    middle = f"{amount(statistics.median(values))}×"
    if len(values) == 1:
        return middle
    return f"{middle} ({amount(min(values))}–{amount(max(values))})"


def cell(name, figures, base, unit=duration):
    values = figures.get(name)
    if not values:
        return "–"
    text = unit(statistics.median(values))
    if name == base or not figures.get(base):
        return text
    return f"{text}, {ratios(values, figures[base])}"


def table(head, rows):
    """Lines of a Markdown table whose first column is text."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


def incomplete(results, names):
    """Whether some program has no figures for some case."""
    return any(not figures.get(name) for figures in results.values() for name in names)
