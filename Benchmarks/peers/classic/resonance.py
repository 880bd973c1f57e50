"""artlib beside the topic "resonance"; its ART1 as the tests' script mends it."""

import time
import warnings

import numpy
from artlib import FuzzyART, SimpleARTMAP

from data import answer, named, version
from references import load

warnings.filterwarnings("ignore")
peer = load("make-resonance")


class ExactART1(peer.PaperART1):
    """Choices from counts of ones: products of rounded weights would tear equal choices apart."""

    def category_choice(self, i, w, params):
        template = w[self.dim_ :]
        choice = params["L"] * float((i * template).sum()) / (params["L"] - 1 + float(template.sum()))
        return choice, None


def run(model, epochs, *data, **options):
    # A first model of few rows, so that compiling and importing are not timed.
    type(model)(**settings(model)).fit(*[part[:5] for part in data], max_iter=1, **options)
    begin = time.perf_counter()
    model.fit(*data, max_iter=epochs, **options)
    return time.perf_counter() - begin


def settings(model):
    return {"module_a": FuzzyART(rho=0.0, alpha=1e-3, beta=1.0)} if hasattr(model, "module_a") else model.params


results = {}
for name in ["iris", "digits"]:
    x, y = named(name)
    # One row of each class in turn, as far as the order of the set allows it.
    if name == "iris":
        order = numpy.arange(150).reshape(3, 50).T.ravel()
        x, y = x[order], y[order]
    x = peer.scaled(x)
    vigilance = 0.75
    model = FuzzyART(rho=vigilance, alpha=1e-3, beta=1.0)
    seconds = run(model, 1, peer.coded(x))
    results[f"fuzzy-art {name}"] = {
        "categories": model.labels_.tolist(), "weights": numpy.array(model.W).reshape(-1).tolist(), "seconds": seconds}
    model = SimpleARTMAP(FuzzyART(rho=0.0, alpha=1e-3, beta=1.0))
    seconds = run(model, 1, peer.coded(x), y, match_tracking="MT+", epsilon=1e-6)
    results[f"fuzzy-artmap {name}"] = {
        "categories": model.labels_a.tolist(), "weights": numpy.array(model.module_a.W).reshape(-1).tolist(),
        "seconds": seconds}
x, _ = named("digits")
model = ExactART1(rho=0.5, L=2.0)
rows = (x > 7.5).astype(numpy.int16)
seconds = run(model, 1, rows)
results["art1 digits"] = {
    "categories": model.labels_.tolist(), "weights": numpy.array([w[64:] for w in model.W]).reshape(-1).tolist(),
    "seconds": seconds}
answer(version=version("artlib"), results=results)
