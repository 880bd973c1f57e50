#!/usr/bin/env python3
"""Prints, with scikit-learn, the numbers that Tests/TrainingTests/MetricsTests.swift compares with.

    python3 Scripts/make-metric-references.py

The inputs here are those of the tests. The printed numbers stand in the tests.
"""

import numpy
import sklearn
from sklearn import metrics

LABELS = [0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 0, 1, 2, 0, 2, 2, 1, 0]
PREDICTIONS = [0, 0, 1, 1, 1, 2, 1, 2, 2, 0, 2, 2, 0, 1, 2, 2, 2, 2, 0, 2]

# Class 2 never occurs, class 3 is never predicted.
SPARSE_LABELS = [0, 0, 1, 3, 3, 1]
SPARSE_PREDICTIONS = [0, 1, 1, 2, 0, 1]

TARGETS = [[0.5, 1.0, 2.0], [-1.0, 1.5, 2.0], [7.0, -6.0, 2.0], [3.25, 0.125, 2.0]]
OUTPUTS = [[0.0, 2.0, 2.0], [-1.0, 2.0, 2.25], [8.0, -5.0, 2.0], [3.0, 0.5, 2.0]]


def classification(labels, predictions, classes):
    known = list(range(classes))
    print("confusion", metrics.confusion_matrix(labels, predictions, labels=known).tolist())
    print("accuracy", repr(metrics.accuracy_score(labels, predictions)))
    for average in (None, "macro"):
        precision, recall, f1, support = metrics.precision_recall_fscore_support(
            labels, predictions, labels=known, average=average, zero_division=0)
        print(average, *(numpy.asarray(x).tolist() for x in (precision, recall, f1, support)))


def regression(targets, outputs):
    for average in ("raw_values", "uniform_average"):
        print(average)
        for score in (metrics.mean_absolute_error, metrics.mean_squared_error,
                      metrics.r2_score):
            value = score(targets, outputs, multioutput=average)
            print(" ", score.__name__, numpy.asarray(value).tolist())
    roots = metrics.root_mean_squared_error(targets, outputs, multioutput="raw_values")
    print("root_mean_squared_error", roots.tolist())


print("scikit-learn", sklearn.__version__)
classification(LABELS, PREDICTIONS, 3)
classification(SPARSE_LABELS, SPARSE_PREDICTIONS, 4)
regression(numpy.array(TARGETS), numpy.array(OUTPUTS))
