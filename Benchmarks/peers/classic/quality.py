"""Other programs beside the topic "quality": quality.py SEEDS.

Rows whose number is 2 more than a multiple of 3 are test rows. sklvq is of 2021 and calls functions of
scikit-learn by names that they have no longer; these are given back to it.
"""

import sys
import warnings

import numpy
from artlib import FuzzyART, SimpleARTMAP
from minisom import MiniSom
from sklearn.cluster import KMeans
from sklearn.utils import validation

from data import answer, named, version
from rbf import fit_and_score
from references import load

warnings.filterwarnings("ignore")
seeds = range(int(sys.argv[1]))
resonance = load("make-resonance")
results = {}


def parts(name):
    x, y = named(name)
    test = numpy.arange(len(x)) % 3 == 2
    return x[~test], y[~test], x[test], y[test]


def standardized(name):
    x, y, tx, ty = parts(name)
    mean, deviation = x.mean(0), x.std(0)
    deviation[deviation == 0] = 1
    return (x - mean) / deviation, y, (tx - mean) / deviation, ty


def in_range(name):
    x, y, tx, ty = parts(name)
    low, high = x.min(0), x.max(0)
    width = numpy.where(high > low, high - low, 1)
    return (x - low) / width, y, numpy.clip((tx - low) / width, 0, 1), ty


def maps(name, side, online, batch):
    x, _ = named(name)
    for training, epochs in [("online", online), ("batch", batch)]:
        found = []
        for seed in seeds:
            if training == "batch":
                model = MiniSom(
                    side, side, x.shape[1], sigma=side / 2, learning_rate=1, decay_function=lambda rate, t, end: rate,
                    sigma_decay_function="linear_decay_to_one", random_seed=seed)
                model.random_weights_init(x)
                model.train_batch_offline(x, epochs)
            else:
                model = MiniSom(side, side, x.shape[1], sigma=side / 2, learning_rate=0.5, random_seed=seed)
                model.random_weights_init(x)
                model.train(x, epochs * len(x), random_order=True)
            found.append([model.quantization_error(x), model.topographic_error(x)])
        results[f"som {name} {training} error"] = [float(row[0]) for row in found]
        results[f"som {name} {training} folds"] = [float(row[1]) for row in found]


def clusters(name, units):
    x, _ = named(name)
    results[f"gng {name}"] = [
        float(KMeans(units, n_init=1, random_state=seed).fit(x).transform(x).min(1).mean()) for seed in seeds]


def prototypes(name, count):
    try:
        import sklvq.models._base as base
        from sklvq import GLVQ
    except ImportError:
        return
    def renamed(function):
        return lambda *a, force_all_finite=True, **k: function(*a, ensure_all_finite=force_all_finite, **k)
    base.check_array = renamed(validation.check_array)
    base.LVQBaseClass._validate_data = renamed(validation.validate_data)
    x, y, tx, ty = standardized(name)
    results[f"lvq {name}"] = [
        float((GLVQ(prototype_n_per_class=count, random_state=seed).fit(x, y).predict(tx) == ty).mean())
        for seed in seeds]


def categories(name):
    x, y, tx, ty = in_range(name)
    model = SimpleARTMAP(FuzzyART(rho=0.0, alpha=1e-3, beta=1.0))
    model.fit(resonance.coded(x), y, max_iter=5, match_tracking="MT+", epsilon=1e-6)
    results[f"fuzzy-artmap {name}"] = [float((model.predict(resonance.coded(tx)) == ty).mean())]
    results[f"fuzzy-artmap {name} categories"] = [len(model.module_a.W)]
    model = FuzzyART(rho=0.75, alpha=1e-3, beta=1.0)
    model.fit(resonance.coded(x), max_iter=1)
    results[f"fuzzy-art {name} categories"] = [len(model.W)]


def centers(name, units):
    x, y, tx, ty = standardized(name)
    results[f"rbf {name}"] = [
        1 - fit_and_score((x, y), (tx, ty), units, 100, 3.0, 1e-3, seed)["error"] for seed in seeds]


for name, side, online, batch in [("iris", 8, 20, 20), ("digits", 10, 3, 10)]:
    maps(name, side, online, batch)
for name, units in [("iris", 30), ("digits", 100)]:
    clusters(name, units)
    prototypes(name, 2 if name == "iris" else 3)
    categories(name)
    centers(name, 15 if name == "iris" else 100)
versions = {package: version(package) for package in ["minisom", "scikit-learn", "artlib"]}
answer(results=results, versions=versions)
