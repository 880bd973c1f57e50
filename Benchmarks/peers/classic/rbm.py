"""scikit-learn's BernoulliRBM beside the topic "rbm": rbm.py same | time FOLDER BATCH."""

import sys
import time

import numpy
from sklearn.neural_network import BernoulliRBM

from data import answer, mnist, named, version
from references import load


def same():
    shared = load("restricted_boltzmann_machine").Shared
    # As many as whole batches hold: with fewer rows in the last one it still runs all its chains.
    rows = named("digits")[0][:1780] / 16
    machine = BernoulliRBM(n_components=64, learning_rate=0.05, batch_size=20, n_iter=3, random_state=shared(0))
    machine.fit(rows)
    answer(
        version=version("scikit-learn"), weights=machine.components_.T.reshape(-1),
        visible=machine.intercept_visible_, hidden=machine.intercept_hidden_)


def timing(folder, batch):
    rows = mnist(folder)[0].astype(numpy.float32)
    machine = BernoulliRBM(n_components=256, learning_rate=0.05, batch_size=batch, n_iter=1, random_state=0)
    begin = time.perf_counter()
    machine.fit(rows)
    answer(version=version("scikit-learn"), seconds=time.perf_counter() - begin)


if __name__ == "__main__":
    if sys.argv[1] == "same":
        same()
    else:
        timing(sys.argv[2], int(sys.argv[3]))
