"""Writes cascade-correlation.json: cascade-correlation and Cascade 2 written down once more, with whole matrices
and a row for each candidate, on petals, a parabola and two spirals. Needs numpy and scikit-learn. Run it in this
folder.

Quickprop divides by differences of slopes, so that rounding grows with every step: sums are taken in the order of
rows and of inputs, and functions are the C library's.
"""

import json
import math
from pathlib import Path

import numpy as np
from sklearn.datasets import load_iris

MU, DECAY, OFFSET, TOLERANCE, GOAL = 2.0, 1e-4, 0.1, 0.4, 0.2
OUT_RATE, OUT_PATIENCE, OUT_CHANGE, OUT_EPOCHS = 1.0, 12, 0.01, 100
RATE, CHANGE, EPOCHS = 100.0, 0.03, 100
PATIENCE = {"correlation": 8, "cascade2": 20}


def each(function):
    return np.vectorize(function, otypes=[float])


# ±½ beyond 15, as in the authors' program.
sigmoid = each(lambda x: math.copysign(0.5, x) if abs(x) > 15 else 1 / (1 + math.exp(-x)) - 0.5)
bell = each(lambda x: 0.0 if x * x > 150 else math.exp(-x * x / 2))


def total(values):
    """The sum over the first axis, one after another."""
    return np.cumsum(values, 0)[-1]


def nets(v, w):
    """v wᵀ."""
    return total(np.stack([np.outer(v[:, i], w[:, i]) for i in range(v.shape[1])]))


def slopes(changes, v):
    """changesᵀ v."""
    return total(changes[:, :, None] * v[:, None, :])


class Quickprop:
    def __init__(self, w):
        self.w, self.step, self.last = w.copy(), np.zeros_like(w), np.zeros_like(w)

    def learn(self, slope, rate, decay=0.0):
        s = slope + decay * self.w
        with np.errstate(all="ignore"):
            parabola = self.step * s / (self.last - s)
        side = np.sign(self.step)
        far = side * s <= side * MU / (1 + MU) * self.last
        step = np.where(far | (s == self.last), MU * self.step, parabola)
        step = np.where(side == 0, 0, step) - np.where(side * s <= 0, rate * s, 0) * (s != 0)
        self.w, self.step, self.last = self.w + step, step, s


def grow(x, t, linear, variant, gaussian, units, pool, draws):
    n, outs = t.shape
    v = np.hstack([np.ones((n, 1)), x])
    taken = 0

    def draw(*shape):
        nonlocal taken
        size = int(np.prod(shape))
        taken += size
        return draws[taken - size:taken].reshape(shape)

    out, hidden, epochs = Quickprop(draw(outs, v.shape[1])), [], 0
    while True:
        quit_at, before = epochs + OUT_PATIENCE, None
        solved = False
        for _ in range(OUT_EPOCHS):
            net = nets(v, out.w)
            y = net if linear else sigmoid(net)
            raw = y - t
            prime = np.ones_like(y) if linear else OFFSET + 0.25 - y * y
            squares = total((raw * raw).reshape(-1))
            error = squares / raw.size
            solved = np.sqrt(error) <= GOAL if linear else not (abs(raw) > TOLERANCE).any()
            if solved:
                break
            out.learn(slopes(raw * prime, v), OUT_RATE / (n * (v.shape[1] if linear else 1)), DECAY)
            epochs += 1
            if before is None:
                before = error
            elif abs(error - before) > before * OUT_CHANGE:
                before, quit_at = error, epochs + OUT_PATIENCE
            elif epochs >= quit_at:
                break
        if solved or len(hidden) == units:
            return hidden, out.w, epochs
        e = raw if variant == "cascade2" else raw * prime
        scale = total((e * e).reshape(-1))
        cand = Quickprop(draw(pool, v.shape[1]))
        tie = Quickprop(draw(pool, outs) * np.sqrt(scale / e.size) if variant == "cascade2"
                        else np.zeros((pool, outs)))
        quit_at, before = EPOCHS, None
        for epoch in range(-1, EPOCHS):  # −1 measures only
            net = nets(v, cand.w)
            value = bell(net) if gaussian else sigmoid(net)
            prime = -net * value if gaussian else 0.25 - value ** 2
            if variant == "cascade2":
                rest = value[:, :, None] * tie.w - e[:, None, :]
                left = (rest * rest).transpose(0, 2, 1).reshape(-1, pool)
                score = 1 - total(left) / scale
                change = total((rest * tie.w).transpose(2, 0, 1)) * prime / scale
                if epoch >= 0:
                    tie.learn(total(rest * value[:, :, None]), OUT_RATE / n)
            else:
                sign = np.where(tie.w < 0, -1.0, 1.0)
                mean = total(e) / n
                change = -total((sign * prime[:, :, None] * ((e - mean) / scale)[:, None]).transpose(2, 0, 1))
                means = (total(value) / n)[:, None]
                tie.w = (total(value[:, :, None] * e[:, None, :]) - means * (mean * n)) / scale
                score = total(abs(tie.w).T)
            epochs += 1
            if epoch < 0:
                continue
            cand.learn(slopes(change, v), RATE / (n * v.shape[1]))
            best = score.max()
            if before is None:
                before = best
            elif abs(best - before) > before * CHANGE:
                before, quit_at = best, epoch + PATIENCE[variant]
            elif epoch >= quit_at:
                break
        winner = score.argmax()
        weights = cand.w[winner]
        hidden.append(weights)
        new = -tie.w[winner]
        if linear and variant != "cascade2":
            new = new * (1 / v.shape[1])
        for name in ("w", "step", "last"):
            column = new[:, None] if name == "w" else np.zeros((outs, 1))
            setattr(out, name, np.hstack([getattr(out, name), column]))
        net = nets(v, weights[None])
        v = np.hstack([v, bell(net) if gaussian else sigmoid(net)])


spirals = []
for i in range(97):
    angle, radius = i * math.pi / 16, 6.5 * (104 - i) / 104
    x, y = radius * math.sin(angle), radius * math.cos(angle)
    spirals += [[x, y], [-x, -y]]
spirals = np.array(spirals)
signs = np.tile([[0.5], [-0.5]], (97, 1))
iris = load_iris()
petals = iris.data[::5, 2:]
species = np.eye(3)[iris.target[::5]] - 0.5
line = -2 + 4 * np.arange(21.0)[:, None] / 20
squares = line * line
center = total(squares) / 21
deviation = np.sqrt(total((squares - center) ** 2) / 21)
scaled = (squares - center) / deviation

cases = []
for name, x, t, linear in [("spirals", spirals, signs, False), ("petals", petals, species, False),
                           ("squares", line, scaled, True)]:
    for variant in ("correlation", "cascade2"):
        gaussian = name == "petals" and variant == "cascade2"
        outs, columns, pool, units = t.shape[1], x.shape[1] + 1, 4, 2
        own = outs if variant == "cascade2" else 0
        count = outs * columns + sum(pool * (columns + k + own) for k in range(units))
        draws = np.round(np.random.RandomState(len(cases)).uniform(-1, 1, count), 4)
        hidden, out, epochs = grow(x, t, linear, variant, gaussian, units, pool, draws)
        if linear:  # in the squares' own unit
            out = out * deviation
            out[:, 0] += center
        cases.append({"data": name, "variant": variant, "activation": "gaussian" if gaussian else "sigmoid",
                      "draws": draws.tolist(), "hidden": [w.tolist() for w in hidden],
                      "outputs": out.tolist(), "epochs": epochs})
        print(name, variant, len(hidden), "units", epochs, "epochs", np.round(out, 3).tolist())
Path(__file__).with_suffix(".json").write_text(json.dumps(
    {"petals": petals.reshape(-1).tolist(), "species": iris.target[::5].tolist(), "cases": cases},
    separators=(",", ":")))
