"""Reference numbers for the networks of Gaussian units, by NumPy and scikit-learn: radial-basis.json.

python radial_basis.py
"""

import json
import os

import numpy
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris

iris = load_iris()
x = (iris.data - iris.data.mean(0)) / iris.data.std(0)
t = numpy.eye(3)[iris.target]
random = numpy.random.default_rng(5)
line = numpy.round(random.uniform(-3, 3, 60), 3)[:, None]
curve = numpy.round(numpy.sin(2 * line) + 0.1 * random.normal(size=(60, 1)), 3)


def distances(a, b):
    return ((a[:, None] - b[None]) ** 2).sum(2)


def gaussians(a, centers, widths):
    return numpy.exp(-distances(a, centers) / (2 * numpy.asarray(widths) ** 2))


def solve(phi, targets, ridge):
    phi = numpy.hstack([phi, numpy.ones((len(phi), 1))])
    penalty = ridge * numpy.eye(phi.shape[1])
    penalty[-1, -1] = 0
    return numpy.linalg.solve(phi.T @ phi + penalty, phi.T @ targets)


def kmeans(start):
    model = KMeans(len(start), init=x[start], n_init=1, tol=0, max_iter=300, algorithm="lloyd").fit(x)
    centers = model.cluster_centers_
    apart = numpy.sort(distances(centers, centers), axis=1)[:, 1:3]
    widths = numpy.sqrt(apart.mean(1))
    return {
        "start": start, "centers": centers.tolist(), "inertia": model.inertia_,
        "widths": widths.tolist(), "weights": solve(gaussians(x, centers, widths), t, 1e-3).tolist()}


def selection(points, targets, width, most):
    """At each step the row that leaves the least squared error, by solving for every one anew."""
    phi = gaussians(points, points, width)
    chosen, errors = [], []
    for _ in range(most):
        found = []
        for candidate in range(len(points)):
            if candidate in chosen:
                continue
            columns = numpy.hstack([numpy.ones((len(points), 1)), phi[:, chosen + [candidate]]])
            weights = numpy.linalg.lstsq(columns, targets, rcond=None)[0]
            found.append((((targets - columns @ weights) ** 2).mean(), candidate))
        error, best = min(found)
        chosen.append(best)
        errors.append(error)
    columns = numpy.hstack([phi[:, chosen], numpy.ones((len(points), 1))])
    weights = numpy.linalg.lstsq(columns, targets, rcond=None)[0]
    return {"width": width, "chosen": chosen, "errors": errors, "weights": weights.tolist()}


def grid(points):
    return numpy.sqrt(points.var(0).sum()) * 10 ** numpy.linspace(-2, 0, 21)


def windows(a, rows, sigma, without_self=False):
    d = distances(a, rows)
    if without_self:
        numpy.fill_diagonal(d, numpy.inf)
    return numpy.exp(-(d - d.min(1, keepdims=True)) / (2 * sigma**2))


def posterior(k, counts, equal):
    scores = k @ t
    if equal:
        scores = scores / counts
    return scores / scores.sum(1, keepdims=True)


def probabilistic(equal):
    errors, likelihoods = [], []
    for sigma in grid(x):
        p = posterior(windows(x, x, sigma, True), t.sum(0) - t, equal)
        errors.append(float((p.argmax(1) != iris.target).mean()))
        likelihoods.append(float(numpy.log(numpy.maximum(p[range(150), iris.target], 1e-300)).sum()))
    best = min(range(21), key=lambda i: (errors[i], -likelihoods[i]))
    sigma = grid(x)[best]
    shown = list(range(0, 150, 10))
    return {
        "errors": errors, "smoothing": sigma, "rows": shown,
        "posteriors": posterior(windows(x[shown], x, sigma), t.sum(0), equal).tolist()}


def regression():
    z = (line - line.mean(0)) / line.std(0)
    errors = []
    for sigma in grid(z):
        k = windows(z, z, sigma, True)
        errors.append(float(((curve - k @ curve / k.sum(1, keepdims=True)) ** 2).mean()))
    sigma = grid(z)[int(numpy.argmin(errors))]
    asked = numpy.linspace(-4, 4, 17)[:, None]
    k = windows((asked - line.mean(0)) / line.std(0), z, sigma)
    return {
        "errors": errors, "smoothing": sigma, "asked": asked[:, 0].tolist(),
        "found": (k @ curve / k.sum(1, keepdims=True))[:, 0].tolist()}


numbers = {
    "line": line[:, 0].tolist(), "curve": curve[:, 0].tolist(),
    "kMeans": [kmeans([0, 50, 100]), kmeans([1, 2, 3, 60, 61, 62, 120, 140])],
    "selections": {
        "line": selection(line, curve, 0.8, 10), "iris": selection(x, t, 1.5, 8)},
    "probabilistic": {"frequencies": probabilistic(False), "equal": probabilistic(True)},
    "regression": regression(),
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "radial-basis.json")
with open(path, "w") as file:
    json.dump(numbers, file, default=float)
    file.write("\n")
print(numbers["selections"]["line"]["chosen"], numbers["selections"]["iris"]["chosen"])
print(numbers["regression"]["smoothing"], numbers["probabilistic"]["frequencies"]["smoothing"])
