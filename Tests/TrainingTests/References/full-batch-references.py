"""Numbers that the full-batch training rules are compared with: Levenberg-Marquardt, Bayesian
regularization and scaled conjugate gradients written out from their papers, and minima that SciPy finds.

Usage: python full-batch-references.py > full-batch-references.json
Needs NumPy and SciPy.
"""

import json
import sys

import numpy as np
import scipy
from scipy.optimize import least_squares, minimize

INPUTS, HIDDEN, OUTPUTS, ROWS = 2, 4, 2, 30


def data(rng):
    x = rng.uniform(-1, 1, (ROWS, INPUTS))
    t = np.stack([np.sin(2 * x[:, 0]) * x[:, 1], x[:, 0] ** 2 - 0.5 * x[:, 1]], axis=1)
    return x, t + 0.1 * rng.standard_normal(t.shape)


SHAPES = [(INPUTS, HIDDEN), (HIDDEN,), (HIDDEN, OUTPUTS), (OUTPUTS,)]


def split(w):
    parts, place = [], 0
    for shape in SHAPES:
        count = int(np.prod(shape))
        parts.append(w[place : place + count].reshape(shape))
        place += count
    return parts


def errors(w, x, t):
    """e, output after output."""
    v, a, u, b = split(w)
    return (np.tanh(x @ v + a) @ u + b - t).T.ravel()


def jacobian(w, x, t):
    """One backward pass for each output (Hagan & Menhaj, equations 11 to 16)."""
    v, a, u, b = split(w)
    h = np.tanh(x @ v + a)
    blocks = []
    for k in range(OUTPUTS):
        d = (1 - h * h) * u[:, k]
        gv = x[:, :, None] * d[:, None, :]
        gu = np.zeros((len(x), HIDDEN, OUTPUTS))
        gu[:, :, k] = h
        gb = np.zeros((len(x), OUTPUTS))
        gb[:, k] = 1
        blocks.append(np.hstack([gv.reshape(len(x), -1), d, gu.reshape(len(x), -1), gb]))
    return np.vstack(blocks)


def loss(w, x, t):
    e = errors(w, x, t)
    return e @ e / e.size


def gradient(w, x, t):
    e = errors(w, x, t)
    return 2 / e.size * (jacobian(w, x, t).T @ e)


def levenberg_marquardt(w, x, t, steps, mu=1e-3, l2=0.0):
    """Hagan & Menhaj, section III, with mu starting at 0.001. A penalty l2 / 2 |weights|^2 of the mean
    squared error is l2 n / 2 |weights|^2 of the sum."""
    shrinking = np.concatenate(
        [np.full(np.prod(s), float(len(s) == 2)) for s in SHAPES]
    ) * (l2 * ROWS * OUTPUTS / 2)
    history = []
    value = lambda w: errors(w, x, t) @ errors(w, x, t) + shrinking @ (w * w)
    now = value(w)
    for _ in range(steps):
        j, e = jacobian(w, x, t), errors(w, x, t)
        while mu <= 1e10:
            h = j.T @ j + np.diag(shrinking) + mu * np.eye(len(w))
            step = np.linalg.solve(h, j.T @ e + shrinking * w)
            reached = value(w - step)
            if reached < now:
                w, now, mu = w - step, reached, mu / 10
                break
            mu *= 10
        history.append([now / (ROWS * OUTPUTS), mu])
    return w, history


def bayesian(w, x, t, steps, mu=1e-3):
    """Foresee & Hagan, section 4: alpha = 0 and beta = 1 at the start."""
    alpha, beta, count, n = 0.0, 1.0, len(w), ROWS * OUTPUTS
    history = []
    for _ in range(steps):
        j, e = jacobian(w, x, t), errors(w, x, t)
        now = beta * (e @ e) + alpha * (w @ w)
        while mu <= 1e10:
            h = beta * j.T @ j + (alpha + mu) * np.eye(count)
            step = np.linalg.solve(h, beta * j.T @ e + alpha * w)
            next_e = errors(w - step, x, t)
            if beta * (next_e @ next_e) + alpha * ((w - step) @ (w - step)) < now:
                w, mu = w - step, mu / 10
                break
            mu *= 10
        j, e = jacobian(w, x, t), errors(w, x, t)
        hessian = 2 * beta * j.T @ j + 2 * alpha * np.eye(count)
        gamma = count - (2 * alpha * np.trace(np.linalg.inv(hessian)) if alpha > 0 else 0)
        alpha = gamma / (2 * (w @ w))
        beta = (n - gamma) / (2 * (e @ e))
        history.append([(e @ e) / n, mu, gamma, alpha, beta])
    return w, history


def scaled_conjugate_gradient(w, x, t, steps, sigma=1e-4, lam=1e-6):
    """Moller, section 4, steps 1 to 9."""
    bar, success = 0.0, True
    r = -gradient(w, x, t)
    p, count, history = r.copy(), len(w), []
    for k in range(1, steps + 1):
        square = p @ p
        if success:
            s_k = sigma / np.sqrt(square)
            s = (gradient(w + s_k * p, x, t) - gradient(w, x, t)) / s_k
            delta = p @ s
        delta += (lam - bar) * square
        if delta <= 0:
            bar = 2 * (lam - delta / square)
            delta = -delta + lam * square
            lam = bar
        mu = p @ r
        alpha = mu / delta
        comparison = 2 * delta * (loss(w, x, t) - loss(w + alpha * p, x, t)) / mu**2
        if comparison >= 0:
            w = w + alpha * p
            next_r = -gradient(w, x, t)
            bar, success = 0.0, True
            if k % count == 0:
                p = next_r.copy()
            else:
                p = next_r + (next_r @ next_r - next_r @ r) / mu * p
            r = next_r
            if comparison >= 0.75:
                lam /= 4
        else:
            bar, success = lam, False
        if comparison < 0.25:
            lam += delta * (1 - comparison) / square
        history.append([loss(w, x, t), lam])
    return w, history


def main():
    rng = np.random.default_rng(5)
    x, t = data(rng)
    count = sum(int(np.prod(s)) for s in SHAPES)
    start = rng.uniform(-0.7, 0.7, count)
    # With a penalty the minimum is one point, which every method finds in full.
    l2 = 0.01
    weights = np.concatenate([np.full(np.prod(s), float(len(s) == 2)) for s in SHAPES])
    root = np.sqrt(l2 / 2 * weights * ROWS * OUTPUTS)
    found = least_squares(
        lambda w: np.concatenate([errors(w, x, t), root * w]),
        start,
        jac=lambda w: np.vstack([jacobian(w, x, t), np.diag(root)]),
        method="lm",
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    minima = {"lm": 2 * found.cost / (ROWS * OUTPUTS)}
    for method, options in [
        ("CG", {"gtol": 1e-9, "maxiter": 2000}),
        ("L-BFGS-B", {"gtol": 1e-9, "ftol": 1e-16, "maxiter": 2000}),
    ]:
        found = minimize(
            lambda w: loss(w, x, t) + l2 / 2 * weights @ (w * w),
            start,
            jac=lambda w: gradient(w, x, t) + l2 * weights * w,
            method=method,
            options=options,
        )
        minima[method] = float(found.fun)
    w, marquardt = levenberg_marquardt(start, x, t, 15)
    _, shrunk = levenberg_marquardt(start, x, t, 15, l2=l2)
    _, regularized = bayesian(start, x, t, 25)
    _, conjugate = scaled_conjugate_gradient(start, x, t, 60)
    json.dump(
        {
            "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
            "inputs": x.tolist(),
            "targets": t.tolist(),
            "start": start.tolist(),
            "jacobian": jacobian(start, x, t)[[0, 17, 44]].tolist(),
            "errors": errors(start, x, t).tolist(),
            "levenbergMarquardt": marquardt,
            "levenbergMarquardtWithPenalty": shrunk,
            "bayesian": regularized,
            "scaledConjugateGradient": conjugate,
            "minima": minima,
        },
        sys.stdout,
    )


main()
