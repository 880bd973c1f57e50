"""Writes cascor-program.json: what the authors' own program makes of two spirals and of parity.

    python3 cascor-program.py cascor1.c

cascor1.c is the C version (1.33) of the program that S. E. Fahlman wrote for cascade-correlation, in the public
domain. It is built here with double instead of float and told to print its random weights. Its weights after
three units are those of one run in which one line is corrected: where it takes the mean of the errors for their
sum, so that its correlation is not quite the paper's. All other figures are the program's as it is. Needs a C
compiler.
"""

import itertools
import json
import math
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SETTINGS = {"OutputEpsilon": 1.0, "OutputPatience": 12, "InputEpsilon": 100.0, "ScoreThreshold": 0.4}
source = Path(sys.argv[1]).read_text(encoding="latin-1").split("#ifdef YOU_WANT_TO_COMPILE_JUNK")[0]
source = re.sub(r"\bfloat\b", "double", source)
for old, new in [
        ('"%f"', '"%lf"'), ("%6f ", "%.17g "), ("abort(BOMB)", "abort()"),
        ("extern VOIDP calloc(unsigned etl_count, unsigned elt_size);", "#include <stdlib.h>")]:
    source = source.replace(old, new)
source = re.sub(r"return \( \(double\) (\(WeightRange.*?WeightRange)\);",
                r'double w = \1; fprintf(stderr, "%.17g\\n", w); return w;', source)
corrected = source.replace("avg_value * SumErrors[o])", "avg_value * SumErrors[o] * Ncases)")
assert corrected != source
folder = Path(tempfile.mkdtemp())


def build(text, name):
    (folder / (name + ".c")).write_text(text)
    subprocess.run(["cc", "-std=gnu89", "-O2", "-w", "-o", name, name + ".c", "-lm"], cwd=folder, check=True)


def run(program, rows, targets, unit, rounds, trials):
    head = {"Ninputs": len(rows[0]), "Noutputs": 1, "UnitType": unit, "OutputType": "SIGMOID", "UseCache": "TRUE",
            "NTrainingPatterns": len(rows), "NTestPatterns": 0, "NonRandomSeed": "TRUE"} | SETTINGS
    lines = [f"{key} {value}" for key, value in head.items()] + ["Training"]
    lines += [" ".join(f"{x:.17g}" for x in row) + f" {t}" for row, t in zip(rows, targets)]
    (folder / "data.net").write_text("\n".join(lines) + "\n")
    done = subprocess.run(["./" + program, "data.net", "100", "100", str(rounds), str(trials)], cwd=folder,
                          capture_output=True, text=True)
    return done.stdout, done.stderr


def figures(out):
    won = [(int(e), int(u)) for e, u in re.findall(r"Victory at (\d+) epochs, \d+ units, (\d+) hidden", out)]
    return {"units": [u for _, u in won], "epochs": [e for e, _ in won]}


build(source, "program")
build(corrected, "corrected")
spirals = []
for i in range(97):
    angle, radius = i * math.pi / 16, 6.5 * (104 - i) / 104
    x, y = radius * math.sin(angle), radius * math.cos(angle)
    spirals += [(x, y), (-x, -y)]
signs = [0.5, -0.5] * 97

out, draws = run("corrected", spirals, signs, "SIGMOID", 3, 1)
# The network is set up twice, before the first run and at its start.
draws = [float(x) for x in draws.split()][3 * 9:]
hidden = [[float(x) for x in line.split()] for line in re.findall(r"Add unit \d+: (.*)", out)]
outputs = [[float(x) for x in line.split()] for line in re.findall(r"Output 0 Weights: (.*)", out)]
draws = draws[: 3 + 8 * (3 + 4 + 5)]
start = time.perf_counter()
runs = figures(run("program", spirals, signs, "SIGMOID", 25, 100)[0])
runs["seconds"] = round((time.perf_counter() - start) / 100, 4)
result = {"draws": draws, "hidden": hidden, "outputs": outputs, "spirals": runs, "parity": {}}
for unit in ("SIGMOID", "GAUSSIAN"):
    for n in range(3, 9):
        rows = list(itertools.product((-0.5, 0.5), repeat=n))
        odd = [0.5 if sum(x > 0 for x in row) % 2 else -0.5 for row in rows]
        result["parity"][f"{unit.lower()} {n}"] = figures(run("program", rows, odd, unit, 25, 20)[0])
Path(__file__).with_suffix(".json").write_text(json.dumps(result, separators=(",", ":")))
for name, one in [("spirals", result["spirals"]), *result["parity"].items()]:
    units, epochs = sorted(one["units"]), one["epochs"]
    print(name, len(units), "solved; units", units[0], units[len(units) // 2], units[-1],
          sum(units) / len(units), "epochs", sum(epochs) / len(epochs))
