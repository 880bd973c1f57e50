/// Figures of one kind beside a reference's, printed as Markdown.
protocol EvidenceTopic: Sendable {
  /// As it is asked for, and its results are named: `som`.
  static var name: String { get }
  /// What it shows, in a line.
  static var summary: String { get }
  /// Measures, and tells the context: settings, seeds, our figures beside the reference's, and where
  /// those come from.
  static func run(_ context: EvidenceContext) throws
}

extension EvidenceTopic {
  /// The first line of the results.
  static var title: String { summary.prefix(1).uppercased() + summary.dropFirst() }
}

/// What there is evidence of.
enum EvidenceTopics {
  /// One line each, by name.
  static let all: [any EvidenceTopic.Type] = [
    BoltzmannEvidence.self,
    DeepBeliefEvidence.self,
    ElmanEvidence.self,
    EncoderEvidence.self,
    EstimateEvidence.self,
    HopfieldEvidence.self,
    LevenbergMarquardtEvidence.self,
    ParityEvidence.self,
    PerceptronEvidence.self,
    PruningEvidence.self,
    QualityEvidence.self,
    RadialBasisEvidence.self,
    ReberEvidence.self,
    ResonanceEvidence.self,
    RestrictedBoltzmannEvidence.self,
    SelfOrganizingMapEvidence.self,
    StackedAutoencoderEvidence.self,
    TwoSpiralsEvidence.self,
    TwoSpiralsRulesEvidence.self,
    XorEvidence.self,
  ]
}
