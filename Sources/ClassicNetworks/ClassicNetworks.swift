import GraphIR
import Training

/// The classic networks that this library knows.
public enum ClassicNetworks {
  /// Every kind, one line each.
  public static let all: [any ClassicNetwork.Type] = [
    Adaline.self,
    ART1.self,
    ART2.self,
    ARTMAP.self,
    BidirectionalAssociativeMemory.self,
    BoltzmannMachine.self,
    CascadeCorrelation.self,
    DeepBeliefNetwork.self,
    FuzzyART.self,
    FuzzyARTMAP.self,
    GeneralRegressionNetwork.self,
    GrowingNeuralGas.self,
    Hopfield.self,
    LearningVectorQuantization.self,
    Madaline.self,
    McCullochPittsNeuron.self,
    Perceptron.self,
    ProbabilisticNetwork.self,
    RadialBasisNetwork.self,
    RestrictedBoltzmannMachine.self,
    SelfOrganizingMap.self,
    StackedAutoencoder.self,
  ]

  /// The kind of a name, or of one of its short names.
  ///
  /// - Throws: `TrainingError` where there is none, with the nearest name.
  public static func kind(named name: String) throws -> any ClassicNetwork.Type {
    if let kind = all.first(where: { $0.kind == name || $0.shortNames.contains(name) }) {
      return kind
    }
    let names = all.flatMap { [$0.kind] + $0.shortNames }
    throw TrainingError.data(
      "there is no network \"\(name)\"; \(suggestion(for: name, in: names))")
  }
}
