import GraphIR

/// The kinds of losses that this library knows.
public enum Losses {
  /// Every kind, one line each.
  public static let all: [any Loss.Type] = [
    BernoulliNLL.self,
    BinaryCrossEntropy.self,
    CosineEmbedding.self,
    CrossEntropy.self,
    CTC.self,
    FocalLoss.self,
    GaussianNLL.self,
    HalfSquaredError.self,
    Hinge.self,
    HingeEmbedding.self,
    Huber.self,
    KullbackLeibler.self,
    LogCosh.self,
    MarginRanking.self,
    MeanAbsoluteError.self,
    MeanSquaredError.self,
    MultiLabelMargin.self,
    MultiMargin.self,
    NegativeLogLikelihood.self,
    Poisson.self,
    SmoothL1.self,
    SoftMargin.self,
    Triplet.self,
  ]

  private static let otherNames = [
    "mse": MeanSquaredError.kind, "l2": MeanSquaredError.kind, "mae": MeanAbsoluteError.kind,
    "l1": MeanAbsoluteError.kind, "bce": BinaryCrossEntropy.kind,
    "logloss": BinaryCrossEntropy.kind, "categoricalcrossentropy": CrossEntropy.kind,
    "softmaxcrossentropy": CrossEntropy.kind, "halfmse": HalfSquaredError.kind,
    "kullbackleibler": KullbackLeibler.kind, "kl": KullbackLeibler.kind,
    "negativeloglikelihood": NegativeLogLikelihood.kind, "poisson": Poisson.kind,
    "gaussian": GaussianNLL.kind, "bernoulli": BernoulliNLL.kind, "focalloss": FocalLoss.kind,
    "tripletmargin": Triplet.kind, "multilabelsoftmargin": BinaryCrossEntropy.kind,
    "multiclasshinge": MultiMargin.kind,
  ]

  /// The loss that goes by a name, with its defaults, however the name is written:
  /// `cross-entropy`, `CrossEntropy`, `mse`.
  ///
  /// - Throws: ``LayerError`` with the nearest name where there is none of this name.
  public static func named(_ name: String) throws -> any Loss {
    let key = name.looseKey
    let kind = otherNames[key]
    guard let type = all.first(where: { $0.kind == kind || $0.kind.looseKey == key }) else {
      throw LayerError(
        "there is no loss \"\(name)\"; \(suggestion(for: name, in: all.map { $0.kind }))")
    }
    return type.init()
  }
}
