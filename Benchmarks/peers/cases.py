"""The cases of the step benchmark, and the batch each is timed on.

One step is forward, loss, backward and update, in Float32, on one batch that is already in memory.

Inputs are uniform in [0, 1). Every input row stands twice in its batch, with different targets
(batches of one row aside), so that no loss reaches zero: gradients that die out would leave
denormal numbers, which are slow on some processors and would be timed instead of the step.
"""

from dataclasses import dataclass

import numpy


@dataclass(frozen=True)
class Case:
    layers: tuple
    hidden: str  # "sigmoid" (the outputs too) or "relu" (the outputs linear)
    batch: int
    loss: str  # "halfSquaredError": ½ Σ (t − o)², mean over rows; or "crossEntropy"
    optimizer: str  # "sgd" or "adam"
    rate: float

    def batch_arrays(self):
        """Inputs, and targets: a matrix, or class indices for cross-entropy."""
        random = numpy.random.default_rng(1)
        distinct = max(1, self.batch // 2)
        x = random.random((distinct, self.layers[0]), dtype=numpy.float32)
        x = numpy.concatenate([x, x])[: self.batch]
        classes = numpy.arange(self.batch) % self.layers[-1]
        classes[distinct:] = (classes[:distinct] + 1)[: self.batch - distinct] % self.layers[-1]
        if self.loss == "crossEntropy":
            return x, classes.astype(numpy.int64)
        return x, numpy.eye(self.layers[-1], dtype=numpy.float32)[classes]

    def parameter_arrays(self):
        """Weights [inputs, outputs] (Glorot, uniform) and biases (zero), layer by layer."""
        random = numpy.random.default_rng(2)
        arrays = []
        for inputs, outputs in zip(self.layers, self.layers[1:]):
            scale = (6 / (inputs + outputs)) ** 0.5
            arrays.append(random.uniform(-scale, scale, (inputs, outputs)).astype(numpy.float32))
            arrays.append(numpy.zeros(outputs, dtype=numpy.float32))
        return arrays


CASES = {
    "2-2-2": Case((2, 2, 2), "sigmoid", 1, "halfSquaredError", "sgd", 0.5),
    "784-16-10": Case((784, 16, 10), "sigmoid", 32, "halfSquaredError", "sgd", 0.1),
    "784-128-10": Case((784, 128, 10), "relu", 64, "crossEntropy", "adam", 1e-3),
    "784-512-512-10": Case((784, 512, 512, 10), "relu", 128, "crossEntropy", "adam", 1e-3),
    "1024-2048-2048-2048-1000": Case(
        (1024, 2048, 2048, 2048, 1000), "relu", 256, "crossEntropy", "adam", 1e-3),
}

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8
