"""Reference numbers for the linear units, by scikit-learn, SciPy and NumPy: linear-units.json.

python linear_units.py
"""

import json
import os

import numpy
from scipy.optimize import linprog
from sklearn.datasets import load_digits, load_iris
from sklearn.linear_model import Perceptron

iris = load_iris()
digits = load_digits()


def perceptron(x, y, epochs):
    model = Perceptron(shuffle=False, tol=None, max_iter=epochs, eta0=1.0)
    model.fit(x, y)
    weights = numpy.hstack([model.coef_, model.intercept_[:, None]])
    return {"epochs": epochs, "weights": weights.tolist(), "accuracy": model.score(x, y)}


def separable(x, y):
    """Whether there is a w with y (x, 1) w >= 1."""
    rows = -(numpy.hstack([x, numpy.ones((len(x), 1))]) * y[:, None])
    found = linprog(
        numpy.zeros(rows.shape[1]), A_ub=rows, b_ub=-numpy.ones(len(x)), bounds=(None, None))
    return found.status == 0


def random_sets():
    random = numpy.random.default_rng(3)
    sets = []
    for number in range(60):
        columns = 1 + number % 4
        rows = columns + 3 + number % 7
        if number % 3 == 0:
            # A grid, with rows that are equal or on one line.
            x = random.integers(0, 3, (rows, columns)).astype(float)
        else:
            x = numpy.round(random.normal(size=(rows, columns)), 2)
        y = numpy.where(random.random(rows) < 0.5, 1, -1)
        y[0], y[1] = 1, -1
        sets.append({
            "rows": x.tolist(), "first": [int(v > 0) for v in y],
            "separable": bool(separable(x, y))})
    return sets


def adaline(x, t, epochs, rate, rule):
    """Rows of weights with the bias last, after each row or each pass; and the errors of each epoch."""
    x = numpy.hstack([x, numpy.ones((len(x), 1))])
    w = numpy.zeros((t.shape[1], x.shape[1]))
    errors = []
    for _ in range(epochs):
        if rule == "batch":
            w += rate / len(x) * (t - x @ w.T).T @ x
        else:
            for row, target in zip(x, t):
                step = rate / (row @ row) if rule == "normalized" else rate
                w += step * numpy.outer(target - w @ row, row)
        errors.append(float(numpy.mean((t - x @ w.T) ** 2)))
    return {"epochs": epochs, "rate": rate, "rule": rule, "weights": w.tolist(), "errors": errors}


def signs(y, classes):
    t = numpy.where(y[:, None] == numpy.arange(classes), 1.0, -1.0)
    return t[:, 1:] if classes == 2 else t


two = slice(50, 150)
standard = (iris.data - iris.data.mean(0)) / iris.data.std(0)
pair = iris.data[two]
pair = (pair - pair.mean(0)) / pair.std(0)

numbers = {
    "perceptron": {
        "iris, setosa and versicolor": [
            perceptron(iris.data[:100], iris.target[:100], n) for n in (1, 5, 20)],
        "iris": [perceptron(iris.data, iris.target, n) for n in (1, 5, 20)],
        "digits 0 and 1": [
            perceptron(
                digits.data[:1000][digits.target[:1000] < 2],
                digits.target[:1000][digits.target[:1000] < 2], n) for n in (1, 3)],
        "digits": [perceptron(digits.data[:300], digits.target[:300], n) for n in (1, 3)],
    },
    "separability": random_sets(),
    "adaline": {
        "iris": [
            adaline(standard, signs(iris.target, 3), epochs, rate, rule)
            for epochs, rate, rule in (
                (30, 0.3, "batch"), (5, 0.01, "sampleBySample"), (5, 0.2, "normalized"))],
        "versicolor and virginica": [
            adaline(pair, signs(iris.target[two] - 1, 2), epochs, rate, rule)
            for epochs, rate, rule in (
                (30, 0.3, "batch"), (5, 0.01, "sampleBySample"), (5, 0.2, "normalized"))],
        "petal width from the rest": [
            adaline(standard[:, :3], iris.data[:, 3:], 10, 0.05, "sampleBySample")],
    },
}
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "linear-units.json")
with open(path, "w") as file:
    json.dump(numbers, file)
    file.write("\n")
sets = numbers["separability"]
print(sum(s["separable"] for s in sets), "of", len(sets), "sets are separable")
for name, runs in numbers["perceptron"].items():
    print(name, [(run["epochs"], run["accuracy"]) for run in runs])
