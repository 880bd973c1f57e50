"""scikit-learn beside the topic "perceptron": perceptron.py FOLDER."""

import sys
import time

import numpy
from sklearn.linear_model import Perceptron

from data import answer, mnist, named, version

results = {}
for name, epochs in [("iris", 50), ("digits", 20), ("mnist", 2)]:
    x, y = mnist(sys.argv[1]) if name == "mnist" else named(name)
    model = Perceptron(shuffle=False, tol=None, max_iter=epochs)
    begin = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - begin
    weights = numpy.hstack([model.coef_, model.intercept_[:, None]])
    results[name] = {"weights": weights.reshape(-1).tolist(), "accuracy": model.score(x, y), "seconds": seconds}
answer(version=version("scikit-learn"), results=results)
