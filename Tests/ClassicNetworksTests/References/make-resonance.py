"""Writes resonance.json: what artlib 0.1.12 finds, and ART 2's equations in NumPy.

    python make-resonance.py            the small file beside this script
    python make-resonance.py figures    figures and times on iris and digits

artlib's ART1 departs from the paper in three places, which are put right here: a new category gets the
bottom-up weights L w / (L - 1 + |w|) at once (artlib: L w / (L - 1 + dim) until it learns again), the match
is relative to the ones of the row (artlib: to the length of the row), and weights are kept in Float64.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
from artlib import ART1, ARTMAP, FuzzyART, SimpleARTMAP
from artlib.common.utils import de_complement_code
from sklearn.datasets import load_digits, load_iris

warnings.filterwarnings("ignore")


class PaperART1(ART1):
    def new_weight(self, i, params):
        return np.concatenate([params["L"] / (params["L"] - 1 + i.sum()) * i, i.astype(float)])

    def match_criterion(self, i, w, params, cache=None):
        return float((i * w[self.dim_ :]).sum() / i.sum()), cache

    def update(self, i, w, params, cache=None):
        return self.new_weight((i * (w[self.dim_ :] > 0)).astype(np.int16), params)


def coded(x):
    return np.hstack([x, 1 - x])


def scaled(x):
    low, high = x.min(axis=0), x.max(axis=0)
    return (x - low) / np.where(high > low, high - low, 1)


def binary_rows():
    """Noisy copies of six patterns of 20 ones and zeros."""
    generator = np.random.default_rng(3)
    patterns = generator.random((6, 20)) < 0.4
    picks = generator.integers(0, 6, 80)
    return (patterns[picks] ^ (generator.random((80, 20)) < 0.06)).astype(np.int16), picks


def fit(model, *arguments, **options):
    return model.fit(*arguments, **options)


def art2_cycle(row, u, q, p):
    """F1 once: (u, q) from what they were."""
    shape = lambda x: np.where(x >= p["theta"], x, 0)
    norm = lambda x: x / (p["e"] + np.sqrt((x * x).sum()))
    w = row + p["a"] * u
    return norm(shape(norm(w)) + p["b"] * shape(q))


def art2_rest(row, u, p, signal):
    """F1 until it rests; signal gives d z for a u."""
    q = None
    for _ in range(10_000):
        pattern = u + signal(u)
        q = pattern / (p["e"] + np.sqrt((pattern * pattern).sum()))
        new = art2_cycle(row, u, q, p)
        change = np.abs(new - u).max()
        u = new
        if change < 1e-12:
            break
    return u


def art2(rows, p):
    """ART 2 (Carpenter, Grossberg 1987), each category with weights up (to F2) and down (from F2)."""
    width = rows.shape[1]
    d = p["d"]
    free = p["initial"] / ((1 - d) * np.sqrt(width))
    ups, downs, labels, matches = [], [], [], []
    length = lambda x: float(np.sqrt((x * x).sum()))
    for _ in range(p["epochs"]):
        labels, matches = [], []
        for row in rows:
            u = art2_rest(row, np.zeros(width), p, lambda u: 0 * u)
            choices = [float(u @ z) for z in ups] + [free * float(u.sum())]
            for j in sorted(range(len(choices)), key=lambda j: (-choices[j], j)):
                new = j == len(ups)
                down = np.zeros(width) if new else downs[j]
                up = np.full(width, free) if new else ups[j]
                pattern = u + d * down
                match = length(u + p["c"] * pattern) / (p["e"] + length(u) + p["c"] * length(pattern))
                if not new and match + p["e"] < p["rho"]:
                    continue
                u = art2_rest(row, u, p, lambda u: d * down)
                if p["rate"] == 0:
                    u = art2_rest(row, u, p, lambda u: d * u / (1 - d))
                    up = down = u / (1 - d)
                else:
                    for _ in range(p["steps"]):
                        pattern = u + d * down
                        up = up + p["rate"] * d * (pattern - up)
                        down = down + p["rate"] * d * (pattern - down)
                        u = art2_rest(row, u, p, lambda u: d * down)
                if new:
                    ups.append(up)
                    downs.append(down)
                else:
                    ups[j], downs[j] = up, down
                labels.append(j)
                matches.append(match)
                break
    return np.array(downs), np.array(ups), labels, matches


def references():
    result = {}
    rows, groups = binary_rows()
    result["binary"] = {"rows": rows.tolist(), "labels": groups.tolist()}
    iris = load_iris()
    for name, rho, L, complement in [("plain", 0.6, 1.5, False), ("coded", 0.8, 1.1, True)]:
        model = PaperART1(rho=rho, L=L)
        data = coded(rows).astype(np.int16) if complement else rows
        fit(model, data, max_iter=3)
        width = data.shape[1]
        result["art1 " + name] = {
            "rho": rho, "choice": L, "labels": model.labels_.tolist(),
            "up": [w[:width].tolist() for w in model.W],
            "templates": [w[width:].tolist() for w in model.W],
        }
    x = scaled(iris.data)
    for name, rho, alpha, beta in [("fast", 0.75, 1e-3, 1.0), ("slow", 0.8, 0.1, 0.4)]:
        model = FuzzyART(rho=rho, alpha=alpha, beta=beta)
        fit(model, coded(x), max_iter=4)
        result["fuzzy-art " + name] = {
            "rho": rho, "alpha": alpha, "beta": beta, "labels": model.labels_.tolist(),
            "templates": np.array(model.W).tolist(),
        }
    # A third of the flowers, one of each species in turn, so that search has much to do.
    order = np.arange(150).reshape(3, 50).T.ravel()
    for name, rho, beta, epsilon, method in [
        ("fast", 0.0, 1.0, 1e-6, "MT+"), ("slow", 0.5, 0.5, 1e-3, "MT+"), ("minus", 0.0, 1.0, 1e-3, "MT-"),
    ]:
        model = SimpleARTMAP(FuzzyART(rho=rho, alpha=1e-3, beta=beta))
        fit(model, coded(x[order]), iris.target[order], max_iter=3, match_tracking=method, epsilon=epsilon)
        result["fuzzy-artmap " + name] = {
            "rho": rho, "beta": beta, "epsilon": epsilon if method == "MT+" else -epsilon,
            "links": [int(model.map[j]) for j in range(len(model.module_a.W))],
            "templates": np.array(model.module_a.W).tolist(),
            "labels": model.labels_a.tolist(),
        }
    # Two modules: petal width (scaled) from the three other lengths; of rows with the same three lengths
    # the first, since artlib gives a contradicting row a category that is never chosen.
    distinct = order[np.sort(np.unique(x[order][:, :3], axis=0, return_index=True)[1])]
    model = ARTMAP(FuzzyART(rho=0.0, alpha=1e-3, beta=1.0), FuzzyART(rho=0.9, alpha=1e-3, beta=1.0))
    fit(model, coded(x[distinct][:, :3]), coded(x[distinct][:, 3:]), max_iter=1, epsilon=1e-6)
    result["fuzzy-artmap values"] = {
        "templates": np.array(model.module_a.W).tolist(),
        "targets": np.array(model.module_b.W).tolist(),
        "links": [int(model.map[j]) for j in range(len(model.module_a.W))],
        "predicted": [float(de_complement_code(model.module_b.W[j][None])[0, 0])
                      for j in model.predict(coded(x[distinct][:, :3]))],
    }
    model = SimpleARTMAP(PaperART1(rho=0.0, L=1.01))
    fit(model, coded(rows).astype(np.int16), groups, max_iter=4, epsilon=1e-6)
    width = 2 * rows.shape[1]
    result["artmap"] = {
        "links": [int(model.map[j]) for j in range(len(model.module_a.W))],
        "templates": [w[width:].tolist() for w in model.module_a.W],
        "labels": model.labels_a.tolist(),
    }
    base = {"a": 10.0, "b": 10.0, "c": 0.1, "d": 0.9, "e": 1e-9, "theta": 0.1, "rho": 0.97, "initial": 0.1,
            "epochs": 2, "rate": 0.0, "steps": 1}
    petals = x[order][:60]
    for name, change in [("fast", {}), ("slow", {"rate": 0.5, "steps": 3, "rho": 0.95, "initial": 0.05})]:
        p = base | change
        downs, ups, labels, matches = art2(petals, p)
        result["art2 " + name] = {
            "settings": p, "down": downs.tolist(), "up": ups.tolist(), "labels": labels, "matches": matches,
        }
    return result


def figures():
    digits, iris = load_digits(), load_iris()
    x = digits.data / 16

    def purity(labels, classes):
        return sum(np.bincount(classes[labels == j]).max() for j in set(labels)) / len(labels)

    for name, rho in [("iris", 0.75), ("digits", 0.75), ("digits", 0.85)]:
        data, target = (scaled(iris.data), iris.target) if name == "iris" else (x, digits.target)
        for turn in range(2):
            model = FuzzyART(rho=rho, alpha=1e-3, beta=1.0)
            start = time.perf_counter()
            fit(model, coded(data), max_iter=1)
            seconds = time.perf_counter() - start
        labels = np.array([model.step_pred(r) for r in coded(data)])
        print(f"fuzzy-art {name} rho {rho}: {len(model.W)} categories, purity (learned) "
              f"{purity(model.labels_, target):.4f}, one epoch {seconds:.3f} s")
    for name in ["iris", "digits"]:
        data, target = (scaled(iris.data), iris.target) if name == "iris" else (x, digits.target)
        train, test = np.arange(len(data)) % 3 != 2, np.arange(len(data)) % 3 == 2
        for epochs in [1, 5]:
            model = SimpleARTMAP(FuzzyART(rho=0.0, alpha=1e-3, beta=1.0))
            start = time.perf_counter()
            fit(model, coded(data[train]), target[train], max_iter=epochs, epsilon=1e-6)
            seconds = time.perf_counter() - start
            found = model.predict(coded(data[test]))
            print(f"fuzzy-artmap {name}, {epochs} epochs: {len(model.module_a.W)} categories, test accuracy "
                  f"{(found == target[test]).mean():.4f}, {seconds:.3f} s")
    for kind in [ART1, PaperART1]:
        model = kind(rho=0.3 if kind is ART1 else 0.6, L=2.0)
        bits = (x > 0.5).astype(np.int16)
        data = coded(bits).astype(np.int16)
        start = time.perf_counter()
        fit(model, data, max_iter=1)
        seconds = time.perf_counter() - start
        print(f"{kind.__name__} digits above 8, coded, rho 0.6: {len(model.W)} categories, purity "
              f"{purity(model.labels_, digits.target):.4f}, {seconds:.3f} s")


if __name__ == "__main__":
    if "figures" in sys.argv:
        figures()
    else:
        text = json.dumps(references(), separators=(",", ":"))
        Path(__file__).with_name("resonance.json").write_text(text + "\n")
        print(len(text))
