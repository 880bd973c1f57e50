"""Writes restricted_boltzmann_machine.json: what scikit-learn's BernoulliRBM learns of digits.

The first part gives BernoulliRBM the random numbers that the library draws (Philox 4x32-10, named
streams), so that both take the same steps. The second part is contrastive divergence with Gaussian
units in plain NumPy, with the same random numbers; the third one BernoulliRBM with its own random
numbers, over several seeds.

    python restricted_boltzmann_machine.py
"""

import json
import pathlib

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neural_network import BernoulliRBM

LOW = np.uint64(0xFFFFFFFF)


def philox(counter, key):
    """Ten rounds over counters [n, 4]; 32-bit words in 64-bit numbers."""
    x = [np.asarray(c, dtype=np.uint64) for c in counter]
    k = [np.uint64(key[0]), np.uint64(key[1])]
    for _ in range(10):
        a = x[0] * np.uint64(0xD2511F53)
        b = x[2] * np.uint64(0xCD9E8D57)
        x = [(b >> np.uint64(32)) ^ x[1] ^ k[0], b & LOW, (a >> np.uint64(32)) ^ x[3] ^ k[1], a & LOW]
        k = [(k[0] + np.uint64(0x9E3779B9)) & LOW, (k[1] + np.uint64(0xBB67AE85)) & LOW]
    return x


def named_uniforms(seed, name, count):
    """Numbers in [0, 1) of a named stream."""
    stream = 0xCBF29CE484222325
    for byte in name.encode():
        stream = ((stream ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    blocks = np.arange((count + 1) // 2, dtype=np.uint64)
    full = np.full_like(blocks, 1)
    x = philox(
        [blocks, full * np.uint64(0), full * np.uint64(stream & 0xFFFFFFFF), full * np.uint64(stream >> 32)],
        [seed & 0xFFFFFFFF, seed >> 32],
    )
    pairs = np.stack([x[0] | x[1] << np.uint64(32), x[2] | x[3] << np.uint64(32)], axis=1)
    return (pairs.ravel()[:count] >> np.uint64(11)).astype(float) * 2.0**-53


def keyed_uniforms(seed, step, stream, size):
    """Numbers in [0, 1) of a stream of a step's key, with 24 bits."""
    index = np.arange(int(np.prod(size)), dtype=np.uint64)
    counter = [index // np.uint64(4), np.full_like(index, stream), np.full_like(index, step), np.zeros_like(index)]
    words = np.stack(philox(counter, [seed, 0]), axis=1)
    words = words[np.arange(len(index)), (index % np.uint64(4)).astype(int)]
    return ((words >> np.uint64(8)).astype(float) * 2.0**-24).reshape(size)


class Shared(np.random.RandomState):
    """The library's random numbers, in the order in which BernoulliRBM asks for its own."""

    def __init__(self, seed):
        super().__init__(0)
        self.shared_seed, self.calls = seed, 0

    def normal(self, mean, deviation, size):
        hidden, visible = size
        u = named_uniforms(self.shared_seed, "restricted-boltzmann-machine", 2 * hidden * visible)
        numbers = np.sqrt(-2 * np.log(1 - u[0::2])) * np.cos(2 * np.pi * u[1::2])
        return mean + deviation * numbers.reshape(visible, hidden).T

    def uniform(self, size):
        step, stream = divmod(self.calls, 2)
        self.calls += 1
        return keyed_uniforms(self.shared_seed, step, stream, size)

    def randint(self, low, high, size):
        return np.floor(named_uniforms(0, "pseudo-likelihood", size) * high).astype(int)


def log_partition(machine):
    """ln Z over all states of the hidden units."""
    w, b, c = machine.components_, machine.intercept_visible_, machine.intercept_hidden_
    states = (np.arange(1 << len(c))[:, None] >> np.arange(len(c)) & 1).astype(float)
    terms = states @ c + np.logaddexp(0, states @ w + b).sum(axis=1)
    return float(np.logaddexp.reduce(terms))


def rounded(values):
    return [float(f"{value:.13g}") for value in np.ravel(values)]


def gaussian(rows, hidden, batch, epochs, seed):
    """CD-2 with Gaussian visible units, momentum, weight decay and sparsity, in plain NumPy."""
    visible = rows.shape[1]
    w = Shared(seed).normal(0, 0.01, (hidden, visible)).T
    b, c, activity = np.zeros(visible), np.zeros(hidden), np.zeros(hidden)
    velocities = [0.0, 0.0, 0.0]
    rate, momentum, decay, cost, target = 0.05, 0.5, 0.01, 0.1, 0.2
    step = 0
    for _ in range(epochs):
        for start in range(0, len(rows), batch):
            v = rows[start : start + batch]
            logistic = lambda x: 1 / (1 + np.exp(-x))
            positive = logistic(v @ w + c)
            shape, stream = positive.shape, 0
            h = keyed_uniforms(seed, step, 0, shape) < positive
            for number in range(2):
                stream += 2
                u = [keyed_uniforms(seed, step, stream + i, v.shape) for i in (0, 1)]
                model = h @ w.T + b + np.sqrt(-2 * np.log(1 - u[0])) * np.cos(2 * np.pi * u[1])
                negative = logistic(model @ w + c)
                stream += 2
                h = keyed_uniforms(seed, step, stream, shape) < negative
            activity = 0.9 * activity + 0.1 * positive.mean(axis=0)
            push = cost * (target - activity)
            gradients = [
                (v.T @ positive - model.T @ negative) / len(v) - decay * w + np.outer(v.mean(axis=0), push),
                v.mean(axis=0) - model.mean(axis=0),
                positive.mean(axis=0) - negative.mean(axis=0) + push,
            ]
            velocities = [momentum * old + rate * new for old, new in zip(velocities, gradients)]
            w, b, c = w + velocities[0], b + velocities[1], c + velocities[2]
            step += 1
    return w, b, c


def main():
    rows = load_digits().data / 16
    few = rows[:200]
    shared = Shared(5)
    machine = BernoulliRBM(n_components=6, learning_rate=0.1, batch_size=10, n_iter=3, random_state=shared)
    machine.fit(few)
    same = {
        "weights": rounded(machine.components_.T),
        "visibleBias": rounded(machine.intercept_visible_),
        "hiddenBias": rounded(machine.intercept_hidden_),
        "hidden": rounded(machine.transform(few[:3])),
        "pseudoLikelihood": rounded(machine.score_samples(few).mean()),
        "freeEnergy": rounded(machine._free_energy(few).mean()),
        "logPartition": rounded(log_partition(machine)),
    }
    spread = []
    for seed in range(10):
        own = BernoulliRBM(n_components=32, learning_rate=0.05, batch_size=20, n_iter=10, random_state=seed)
        own.fit(rows)
        bits = Shared(0).randint(0, 64, len(rows))
        turned = rows.copy()
        turned[np.arange(len(rows)), bits] = 1 - turned[np.arange(len(rows)), bits]
        difference = own._free_energy(turned) - own._free_energy(rows)
        spread.append(float((-64 * np.logaddexp(0, -difference)).mean()))
    w, b, c = gaussian((np.arange(36).reshape(12, 3) % 7 - 3) / 2, 4, 5, 4, 9)
    plain = {"weights": rounded(w), "visibleBias": rounded(b), "hiddenBias": rounded(c)}
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text(json.dumps({"same": same, "gaussian": plain, "pseudoLikelihoods": rounded(spread)}, indent=1) + "\n")


if __name__ == "__main__":
    main()
