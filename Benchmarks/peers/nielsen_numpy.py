"""The algorithm of M. Nielsen's "Neural Networks and Deep Learning", chapter 1, written anew in
NumPy: stochastic gradient descent whose gradient is found example by example.

As in his program: Float64 column vectors, weights [outputs, inputs] and starting numbers from the
normal distribution; the mini-batch's gradients are summed up in a Python loop, and each example's
come from one forward and one backward pass.
"""

import random

import numpy

VERSION = f"NumPy {numpy.__version__}"


def sigmoid(z):
    return 1.0 / (1.0 + numpy.exp(-z))


class Network:
    def __init__(self, sizes):
        generator = numpy.random.default_rng(1)
        pairs = list(zip(sizes, sizes[1:]))
        self.weights = [generator.standard_normal((after, before)) for before, after in pairs]
        self.biases = [generator.standard_normal((after, 1)) for _, after in pairs]

    def outputs(self, x):
        """Of one example, a column."""
        for weight, bias in zip(self.weights, self.biases):
            x = sigmoid(weight @ x + bias)
        return x

    def gradients(self, x, target):
        """∂C/∂w and ∂C/∂b of one example's cost C = ½ ‖target − output‖², layer by layer."""
        activations = [x]
        for weight, bias in zip(self.weights, self.biases):
            activations.append(sigmoid(weight @ activations[-1] + bias))
        output = activations[-1]
        delta = (output - target) * output * (1 - output)
        weight_slopes, bias_slopes = [delta @ activations[-2].T], [delta]
        for layer in range(len(self.weights) - 2, -1, -1):
            a = activations[layer + 1]
            delta = (self.weights[layer + 1].T @ delta) * a * (1 - a)
            weight_slopes.insert(0, delta @ activations[layer].T)
            bias_slopes.insert(0, delta)
        return weight_slopes, bias_slopes

    def learn(self, batch, rate):
        """One step on a mini-batch of (column, target column)."""
        weight_sums = [numpy.zeros(weight.shape) for weight in self.weights]
        bias_sums = [numpy.zeros(bias.shape) for bias in self.biases]
        for x, target in batch:
            weight_slopes, bias_slopes = self.gradients(x, target)
            weight_sums = [total + slope for total, slope in zip(weight_sums, weight_slopes)]
            bias_sums = [total + slope for total, slope in zip(bias_sums, bias_slopes)]
        scale = rate / len(batch)
        self.weights = [w - scale * slope for w, slope in zip(self.weights, weight_sums)]
        self.biases = [b - scale * slope for b, slope in zip(self.biases, bias_sums)]

    def epoch(self, examples, size, rate):
        random.shuffle(examples)
        for start in range(0, len(examples), size):
            self.learn(examples[start:start + size], rate)

    def accuracy(self, examples):
        right = sum(self.outputs(x).argmax() == target.argmax() for x, target in examples)
        return right / len(examples)


def examples(pixels, labels):
    """Columns in Float64."""
    hot = numpy.eye(10)
    return [(x.reshape(-1, 1).astype(numpy.float64), hot[label].reshape(-1, 1))
            for x, label in zip(pixels, labels)]
