"""Losses alone: their values and their gradients with respect to the outputs."""

import numpy
import torch
import torch.nn.functional as F

from .common import case, numbers, whole

CLASSES = numpy.array([2, 0, 1, 2], dtype=numpy.int32)
SIGNS = numpy.array([1.0, -1, -1, 1])


def signs(*shape):
    return numpy.where(numbers(*shape, seed=9) < 0, -1.0, 1.0)


def distributions(*shape):
    values = numpy.exp(numbers(*shape, seed=8))
    return values / values.sum(-1, keepdims=True)


def loss(words, kind, output, target, function, **fields):
    return case(
        f"losses/{kind}{', ' if words else ''}{words}", None, None, output,
        loss={"kind": kind, **fields}, loss_function=function, target=target)


def cases():
    yield from regressions()
    yield from classifications()
    yield from likelihoods()
    yield from embeddings()
    yield from alignments()


def regressions():
    o, t = numbers(4, 3, low=-2, high=2), numbers(4, 3, low=-2, high=2, seed=1)
    yield loss("", "meanSquaredError", o, t, F.mse_loss)
    yield loss("", "meanAbsoluteError", o, t, F.l1_loss)
    yield loss("", "halfSquaredError", o, t, lambda o, t: ((o - t) ** 2).sum() / 8)
    yield loss("", "huber", o, t, F.huber_loss)
    yield loss("delta", "huber", o, t, lambda o, t: F.huber_loss(o, t, delta=0.3), delta=0.3)
    yield loss("", "smoothL1", o, t, F.smooth_l1_loss)
    for beta in [0.3, 0]:
        yield loss(
            f"beta {beta}", "smoothL1", o, t, lambda o, t, b=beta: F.smooth_l1_loss(o, t, beta=b),
            beta=beta)
    yield loss("", "logCosh", o, t, lambda o, t: torch.log(torch.cosh(o - t)).mean())


def classifications():
    o = numbers(4, 3, low=-2, high=2)
    weights = [0.5, 2.0, 1.25]
    w = torch.tensor(weights, dtype=torch.float64)
    yield loss("", "crossEntropy", o, CLASSES, F.cross_entropy)
    yield loss(
        "weights and smoothing", "crossEntropy", o, CLASSES,
        lambda o, t: F.cross_entropy(o, t, weight=w, label_smoothing=0.1),
        classWeights=weights, labelSmoothing=0.1)
    yield loss("distributions", "crossEntropy", o, distributions(4, 3), F.cross_entropy)
    logs = numpy.log(distributions(4, 3))
    yield loss("", "nll", logs, CLASSES, F.nll_loss)
    yield loss(
        "weights", "nll", logs, CLASSES, lambda o, t: F.nll_loss(o, t, weight=w),
        classWeights=weights)
    tokens = whole(2, 4, high=3)
    yield loss(
        "steps", "nll", numbers(2, 4, 3), tokens, lambda o, t: F.nll_loss(o.movedim(-1, 1), t))
    yield loss(
        "", "binaryCrossEntropy", o, (signs(4, 3) + 1) / 2, F.binary_cross_entropy_with_logits)
    yield loss(
        "as multiLabelSoftMargin", "binaryCrossEntropy", o, (signs(4, 3) + 1) / 2,
        F.multilabel_soft_margin_loss)
    yield loss(
        "", "bernoulliNLL", numbers(4, 3, low=0.05, high=0.95), numbers(4, 3, low=0, high=1, seed=2),
        F.binary_cross_entropy)
    yield loss("", "hinge", o, signs(4, 3), lambda o, t: torch.relu(1 - t * o).mean())
    yield loss("", "softMargin", o, signs(4, 3), F.soft_margin_loss)
    yield loss("", "multiMargin", o, CLASSES, F.multi_margin_loss)
    yield loss(
        "squares", "multiMargin", o, CLASSES,
        lambda o, t: F.multi_margin_loss(o, t, p=2, margin=0.7), power=2, margin=0.7)
    for power in [1, 2]:
        yield loss(
            f"weights, power {power}", "multiMargin", o, CLASSES,
            lambda o, t, p=power: F.multi_margin_loss(o, t, p=p, weight=w),
            power=power, classWeights=weights)
    labels = numpy.array([[1.0, 0, 1, 0], [0, 0, 1, 0], [1, 1, 1, 0]])
    # PyTorch takes lists of labels, and -1 behind them.
    lists = torch.tensor([[0, 2, -1, -1], [2, -1, -1, -1], [0, 1, 2, -1]])
    yield loss(
        "", "multiLabelMargin", numbers(3, 4), labels,
        lambda o, t: F.multilabel_margin_loss(o, lists))

    def focal(o, t, gamma, w=None):
        logs = torch.log_softmax(o, -1).gather(1, t[:, None])[:, 0]
        terms = -((1 - logs.exp()) ** gamma) * logs
        return (terms if w is None else terms * w[t]).mean()

    for gamma in [0, 1, 2, 3.5]:
        yield loss(
            f"gamma {gamma}", "focal", o, CLASSES, lambda o, t, g=gamma: focal(o, t, g), gamma=gamma)
    yield loss(
        "weights", "focal", o, CLASSES, lambda o, t: focal(o, t, 2, w), classWeights=weights)

    def binary(o, t):
        p = torch.where(t == 1, torch.sigmoid(o), torch.sigmoid(-o))
        return (-((1 - p) ** 2) * torch.log(p)).mean()

    yield loss("one output", "focal", numbers(5, 1), (signs(5, 1) + 1) / 2, binary)


def likelihoods():
    logs = numpy.log(distributions(4, 3))
    targets = numpy.exp(numbers(4, 3, seed=5))
    targets /= targets.sum(-1, keepdims=True)
    with_zero = targets.copy()
    with_zero[1] = [0, 1, 0]

    def divergence(o, t):
        return F.kl_div(o, t, reduction="batchmean")

    yield loss("", "klDivergence", logs, targets, divergence)
    yield loss("zeros", "klDivergence", logs, with_zero, divergence)
    yield loss(
        "scores", "klDivergence", numbers(4, 3), targets,
        lambda o, t: divergence(torch.log_softmax(o, -1), t), takesScores=True)
    yield loss(
        "logarithms", "klDivergence", logs, numpy.log(targets),
        lambda o, t: F.kl_div(o, t, reduction="batchmean", log_target=True), takesLogTargets=True)
    counts = whole(4, 3, high=6).astype(numpy.float64)
    o = numbers(4, 3, low=0.1, high=2)
    yield loss("", "poissonNLL", o, counts, F.poisson_nll_loss)
    yield loss(
        "full", "poissonNLL", o, counts, lambda o, t: F.poisson_nll_loss(o, t, full=True),
        isFull=True)
    yield loss(
        "rates", "poissonNLL", o, counts,
        lambda o, t: F.poisson_nll_loss(o, t, log_input=False, full=True, eps=1e-3),
        takesLogarithms=False, isFull=True, epsilon=1e-3)

    def gaussian(o, t, form=lambda v: v, **settings):
        mean, variance = o.chunk(2, -1)
        return F.gaussian_nll_loss(mean, t, form(variance), **settings)

    o = numpy.concatenate([numbers(4, 2), numbers(4, 2, low=0.2, high=2)], -1)
    t = numbers(4, 2, seed=3)
    yield loss("", "gaussianNLL", o, t, gaussian)
    yield loss(
        "full", "gaussianNLL", o, t, lambda o, t: gaussian(o, t, full=True), isFull=True)
    yield loss(
        "below epsilon", "gaussianNLL", o, t, lambda o, t: gaussian(o, t, eps=0.9), epsilon=0.9)
    yield loss(
        "softplus", "gaussianNLL", o - 1, t, lambda o, t: gaussian(o, t, F.softplus),
        form="softplus")
    yield loss(
        "logarithm", "gaussianNLL", o - 1, t, lambda o, t: gaussian(o, t, torch.exp),
        form="logarithm")


def embeddings():
    pairs = numbers(4, 6)

    def cosine(o, t, margin=0.0):
        return F.cosine_embedding_loss(*o.chunk(2, -1), t, margin=margin)

    yield loss("", "cosineEmbedding", pairs, SIGNS, cosine)
    yield loss(
        "margin", "cosineEmbedding", pairs, SIGNS, lambda o, t: cosine(o, t, -0.4), margin=-0.4)
    triplets = numbers(4, 9)
    nothing = numpy.zeros(4)
    for words, settings, fields in [
            ("", {}, {}), ("margin", {"margin": 0.3}, {"margin": 0.3}),
            ("magnitudes", {"p": 1}, {"power": 1}),
            ("cubes", {"p": 3}, {"power": 3}), ("swap", {"swap": True}, {"swaps": True})]:
        yield loss(
            words, "triplet", triplets, nothing,
            lambda o, t, s=settings: F.triplet_margin_loss(*o.chunk(3, -1), **s), **fields)
    for margin in [0, 0.5]:
        yield loss(
            f"margin {margin}", "marginRanking", numbers(4, 4), signs(4, 2),
            lambda o, t, m=margin: F.margin_ranking_loss(*o.chunk(2, -1), t, margin=m),
            margin=margin)
        yield loss(
            f"margin {margin}", "hingeEmbedding", numbers(4, 3), signs(4, 3),
            lambda o, t, m=margin: F.hinge_embedding_loss(o, t, margin=m), margin=margin)


def alignments():
    def ctc(o, t, blank=0, zero=False):
        lengths = (t >= 0).sum(1)
        return F.ctc_loss(
            torch.log_softmax(o, -1).transpose(0, 1), t.long().clamp(min=0),
            torch.full((o.shape[0],), o.shape[1]), lengths, blank=blank, zero_infinity=zero)

    scores = numbers(3, 8, 4, low=-3, high=3)
    labels = numpy.array([[1, 2, 3], [2, 2, -1], [3, -1, -1]], dtype=numpy.int32)
    yield loss("", "ctc", scores, labels, ctc)
    yield loss("whole numbers", "ctc", scores, labels.astype(numpy.float64), ctc)
    yield loss(
        "blank at the end", "ctc", scores, numpy.array([[0, 0, 1], [2, -1, -1], [2, 1, -1]]).astype(
            numpy.int32), lambda o, t: ctc(o, t, blank=3), blank=3)
    yield loss("one step", "ctc", scores[:, :1], labels[:, :1] * 0 + 2, ctc)
    yield loss(
        "no room", "ctc", scores[:, :3], numpy.array([[1, 1, 2], [2, 3, -1], [3, 3, -1]]).astype(
            numpy.int32), lambda o, t: ctc(o, t, zero=True), zeroInfinity=True)
    yield loss(
        "no labels", "ctc", scores, numpy.array([[1, 2], [-1, -1], [3, 3]]).astype(numpy.int32), ctc)
    yield loss(
        "long", "ctc", numbers(2, 40, 6, low=-4, high=4), whole(2, 12, low=1, high=6), ctc)
