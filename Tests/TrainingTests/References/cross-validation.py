"""Cross-validated losses of ridge regressions, by scikit-learn; writes cross-validation.json beside this file.

The penalty here is ½ λ Σw² beside the mean of squared errors, scikit-learn's α Σw² beside their sum: for n training
rows α = n λ / 2. All folds have the same size, so that one α belongs to each λ.
"""

import json
import pathlib

import numpy
import sklearn
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, PredefinedSplit

random = numpy.random.default_rng(6)
rows, features, folds = 40, 6, 5
x = random.normal(size=(rows, features))
x[:, 5] = x[:, 4] + 0.3 * x[:, 5]
y = x @ [1.0, -2.0, 0.5, 0.0, 0.7, 0.7] + 0.8 + random.normal(size=rows)
x, y = x.round(6), y.round(6)
fold = random.permutation(numpy.arange(rows) % folds)
penalties = [1e-4, 1e-3, 1e-2, 1e-1, 1.0]
trained = rows - rows // folds

search = GridSearchCV(
    Ridge(solver="cholesky"),
    {"alpha": [trained * penalty / 2 for penalty in penalties]},
    scoring="neg_mean_squared_error",
    cv=PredefinedSplit(fold),
).fit(x, y)
results = search.cv_results_
losses = [[-results[f"split{f}_test_score"][p] for f in range(folds)] for p in range(len(penalties))]

value = {
    "by": f"scikit-learn {sklearn.__version__}, numpy {numpy.__version__}",
    "x": x.ravel().tolist(),
    "y": y.tolist(),
    "folds": [numpy.flatnonzero(fold == f).tolist() for f in range(folds)],
    "penalties": penalties,
    "losses": losses,
    "best": penalties[search.best_index_],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(value) + "\n")
