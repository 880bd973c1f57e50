import Tensors

extension Dataset {
  /// The encoder problem: n rows, each with a 1 at a place of its own, to be given back as they are by a
  /// network whose hidden layer is narrower, log₂ n units in the texts.
  ///
  /// Sources: D. Ackley, G. Hinton, T. Sejnowski, Cognitive Science 9 (1985),
  /// doi:10.1207/s15516709cog0901_7; D. Rumelhart, G. Hinton, R. Williams, "Learning internal
  /// representations by error propagation", Parallel Distributed Processing 1 (1986), chapter 8.
  static func encoder(_ count: Int) -> Dataset {
    let numbers = (0..<count * count).map { $0 / count == $0 % count ? 1.0 : 0 }
    let rows = Tensor(numbers, shape: [count, count])
    return Dataset(
      name: "encoder-\(count)", features: rows,
      targets: .values(rows, names: (1...count).map { "y\($0)" }),
      featureNames: (1...count).map { "x\($0)" },
      source: "the encoder problem, doi:10.1207/s15516709cog0901_7",
      suggestedScaling: Scaling.Kind.none)
  }
}
