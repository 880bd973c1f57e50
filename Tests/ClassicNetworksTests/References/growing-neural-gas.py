"""Writes growing-neural-gas.json: Fritzke's algorithm (1995) written down once more, with a matrix of
ages in place of lists of edges, on two rings. Needs numpy. Run it in this folder.
"""

import json
from pathlib import Path

import numpy as np

random = np.random.RandomState(2)
angle = random.rand(200) * 2 * np.pi
radius = np.where(np.arange(200) % 2 == 0, 1, 3) + 0.1 * random.randn(200)
rows = np.round(np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1), 4)

LAMBDA, EPS_B, EPS_N, A_MAX, ALPHA, D, UNITS, EPOCHS = 60, 0.2, 0.006, 30, 0.5, 0.995, 25, 12
w = rows[:2].copy()
error = np.zeros(2)
age = np.full((2, 2), -1)  # -1: no edge
signals = 0
for _ in range(EPOCHS):
    for x in rows:
        distance = ((x - w) ** 2).sum(1)
        s1, s2 = np.argsort(distance, kind="stable")[:2]
        linked = age[s1] >= 0
        age[s1, linked] += 1
        age[linked, s1] += 1
        error[s1] += distance[s1]
        w[s1] += EPS_B * (x - w[s1])
        w[linked] += EPS_N * (x - w[linked])
        age[s1, s2] = age[s2, s1] = 0
        age[age > A_MAX] = -1
        keep = (age >= 0).any(1)
        w, error, age = w[keep], error[keep], age[np.ix_(keep, keep)]
        signals += 1
        if signals % LAMBDA == 0 and len(w) < UNITS:
            q = int(error.argmax())
            near = np.flatnonzero(age[q] >= 0)
            f = int(near[error[near].argmax()])
            new = len(w)
            w = np.vstack([w, 0.5 * (w[q] + w[f])])
            age = np.pad(age, (0, 1), constant_values=-1)
            age[q, f] = age[f, q] = -1
            age[[new, new, q, f], [q, f, new, new]] = 0
            error[[q, f]] *= ALPHA
            error = np.append(error, error[q])
        error *= D

edges = [[int(a), int(b), int(age[a, b])] for a in range(len(w)) for b in range(a + 1, len(w))
         if age[a, b] >= 0]
Path(__file__).with_suffix(".json").write_text(json.dumps(
    {"data": rows.reshape(-1).tolist(), "weights": w.reshape(-1).tolist(), "edges": edges},
    separators=(",", ":")))
print(len(w), "units", len(edges), "edges")
