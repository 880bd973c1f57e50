"""scikit-learn's parts put together beside the topic "rbf": rbf.py FOLDER UNITS ROUNDS FACTOR RIDGE SEED."""

import sys
import time

import numpy
from sklearn.cluster import KMeans, kmeans_plusplus
from sklearn.linear_model import Ridge
from sklearn.metrics.pairwise import euclidean_distances

from data import answer, mnist, version


def basis(x, centers, widths):
    distances = euclidean_distances(x, centers, squared=True)
    distances *= -0.5 / widths**2
    return numpy.exp(distances, out=distances)


def fit_and_score(train, test, units, rounds, factor, ridge, seed):
    """Centers by k-means, widths by the two nearest other centers, weights by ridge regression.

    Like Backprop's, k-means++ looks at five rows for each center: with all 60,000 it takes most of a
    minute.
    """
    (x, y), (tx, ty) = train, test
    begin = time.perf_counter()
    looked = numpy.random.default_rng(seed).permutation(len(x))[: max(5 * units, 1000)]
    start = kmeans_plusplus(x[looked], units, random_state=seed, n_local_trials=1)[0]
    centers = KMeans(units, init=start, n_init=1, max_iter=rounds, tol=0).fit(x).cluster_centers_
    middle = time.perf_counter()
    apart = numpy.sort(euclidean_distances(centers, squared=True), axis=1)[:, 1:3]
    widths = factor * numpy.sqrt(apart.mean(1))
    model = Ridge(alpha=ridge).fit(basis(x, centers, widths), numpy.eye(y.max() + 1, dtype=x.dtype)[y])
    end = time.perf_counter()
    found = model.predict(basis(tx, centers, widths)).argmax(1)
    return {
        "error": float((found != ty).mean()), "seconds": end - begin, "clustering": middle - begin}


if __name__ == "__main__":
    folder = sys.argv[1]
    train, test = mnist(folder), mnist(folder, "t10k")
    if sys.argv[7:] == ["float32"]:
        train, test = [(x.astype(numpy.float32), y) for x, y in (train, test)]
    found = fit_and_score(
        train, test, int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), float(sys.argv[5]),
        int(sys.argv[6]))
    answer(version=version("scikit-learn"), **found)
