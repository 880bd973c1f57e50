import Formulas
import GraphIR
import Tensors

/// What training makes small: one number that says how far outputs are from their targets.
///
/// The output o has shape [batch, outputs]. Targets are numbers of the same shape (or [batch], for
/// one output), or Int32 class numbers [batch], which become what the loss needs: one of `outputs`
/// places set to 1, or, for one output, the number 0 or 1 itself. Where there are more axes, the
/// last one holds the outputs.
public protocol Loss: Codable, Hashable, Sendable, CustomStringConvertible {
  /// The name of this kind of loss in files, such as `crossEntropy`. It never changes.
  static var kind: String { get }

  /// The loss with its defaults.
  init()

  /// What is wrong with the loss's own settings; nil where nothing is, as unless told otherwise.
  var problem: String? { get }

  /// Whether outputs stand for classes, so that accuracy means something.
  var isClassification: Bool { get }

  /// Whether ``probabilities(_:)`` gives probabilities rather than scores.
  var givesProbabilities: Bool { get }

  /// Whether one output can stand for two classes.
  var allowsSingleOutput: Bool { get }

  /// Where a single output, as a prediction shows it, turns from the first class to the second.
  var decisionThreshold: Double { get }

  /// What class numbers become; ``ClassCoding/indicator`` unless told otherwise.
  var classCoding: ClassCoding { get }

  /// What is wrong with a number as a target, such as `expected 0 to 1`; nil where nothing is, as
  /// for every number unless told otherwise.
  func problem(withTarget value: Double) -> String?

  /// The scalar loss E.
  ///
  /// A target that does not fit is recorded as an error by the output's builder.
  func callAsFunction(_ output: Expression, target: Expression) -> Expression

  /// The loss as a sum of squares, for rules that are for such losses; nil, as unless told otherwise,
  /// where it is none.
  ///
  /// - Parameters: As of the loss itself.
  func squaredErrors(_ output: Expression, target: Expression) -> SquaredErrors?

  /// What a prediction shows for an output: probabilities, where the loss defines them; the output
  /// itself unless told otherwise.
  func probabilities(_ output: Expression) -> Expression

  /// E of one output of one example, as the texts write it; nil, as unless told otherwise, where
  /// that is how the graph has it.
  ///
  /// - Parameters:
  ///   - output: o.
  ///   - target: t.
  ///   - probability: What ``probabilities(_:)`` makes of o.
  func formula(output: Formula, target: Formula, probability: Formula) -> Formula?

  /// ∂E/∂o of one example whose targets are a distribution, in the short form of the texts; nil, as
  /// unless told otherwise, where there is none.
  func slope(output: Formula, target: Formula, probability: Formula) -> Formula?

  /// Uses of this loss on which the shared checks try it; none unless told otherwise.
  static var samples: [LossSample] { get }
}

extension Loss {
  public func squaredErrors(_ output: Expression, target: Expression) -> SquaredErrors? { nil }
  public func formula(output: Formula, target: Formula, probability: Formula) -> Formula? { nil }
  public func slope(output: Formula, target: Formula, probability: Formula) -> Formula? { nil }
  public var problem: String? { nil }
  public func problem(withTarget value: Double) -> String? { nil }
  public var isClassification: Bool { false }
  public var classCoding: ClassCoding { .indicator }
  public var givesProbabilities: Bool { false }
  public var allowsSingleOutput: Bool { true }
  public var decisionThreshold: Double { 0.5 }
  public func probabilities(_ output: Expression) -> Expression { output }
  public static var samples: [LossSample] { [] }

  /// One line for reports: the kind.
  public var description: String { Self.kind }
}

/// A loss that is a sum of squares: E = factor · Σ e² over all rows and outputs.
public struct SquaredErrors {
  /// e, of the output's shape.
  public let errors: Expression
  /// What stands before the sum.
  public let factor: Double

  public init(_ errors: Expression, factor: Double) {
    self.errors = errors
    self.factor = factor
  }
}

/// One use of a loss, for the checks that run over all of them.
public struct LossSample: Sendable {
  /// The loss.
  public let loss: any Loss
  /// A Float64 output.
  public let output: Tensor
  /// A target for it: Float64 numbers, or Int32 class numbers.
  public let target: Tensor

  public init(_ loss: any Loss, output: Tensor, target: Tensor) {
    self.loss = loss
    self.output = output
    self.target = target
  }
}

extension LossSample {
  /// Targets of each form with a loss: numbers, class numbers, and both for one output.
  static func forms(_ losses: [any Loss], sign: Bool = false, single: Bool = true) -> [LossSample] {
    var random = RandomStream(seed: 3, name: "loss sample")
    let output = Tensor((0..<8).map { _ in random.uniform(-2, 2) }, shape: [4, 2])
    let column = Tensor((0..<4).map { _ in random.uniform(-2, 2) }, shape: [4, 1])
    let (low, classes) = (sign ? -1.0 : 0.0, Tensor([1, 0, 0, 1] as [Int32]))
    let numbers = Tensor([low, 1, 1, low, 1, low, low, 1], shape: [4, 2])
    return losses.flatMap { loss in
      [
        LossSample(loss, output: output, target: numbers),
        LossSample(loss, output: output, target: classes),
      ]
        + (single
          ? [
            LossSample(loss, output: column, target: Tensor([low, 1, 1, low])),
            LossSample(loss, output: column, target: classes),
          ] : [])
    }
  }
}
