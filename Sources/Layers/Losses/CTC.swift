import GraphIR
import Tensors

/// Connectionist temporal classification: the loss of sequences of labels that are shorter than the
/// sequences of outputs, and not aligned with them.
///
/// The output [batch, steps, classes] holds scores, from which the loss takes the logarithm of the
/// softmax itself. At each step one class is said, among them a blank; dropping repetitions and then
/// blanks leaves a sequence of labels (a – – b b → a b). With P(l) the sum of the probabilities of
/// all ways to say the labels l:
///
/// E = (1 / batch) Σ −ln P(l) / max(|l|, 1)
///
/// The target [batch, labels] holds class numbers, Int32 or whole floating-point numbers, and behind
/// each sequence −1 (or the blank) up to the width. Where the labels need more steps than there are,
/// −ln P(l) is infinite, or counts as 0 with ``zeroInfinity``. The gradient with respect to the
/// scores is p − γ, over |l| and the batch, with γ the probability that a class is said at a step,
/// given l. Predictions are the labels of the likeliest way, [batch, steps], and −1 behind them.
/// (PyTorch: `ctc_loss`, all inputs of full length.)
///
/// Source: A. Graves, S. Fernández, F. Gomez, J. Schmidhuber, "Connectionist temporal classification",
/// ICML 2006, doi:10.1145/1143844.1143891.
public struct CTC: Loss {
  public static let kind = "ctc"

  /// The class number of the blank; 0 unless told otherwise.
  public let blank: Int
  /// Whether impossible labels cost nothing; false unless told otherwise.
  public let zeroInfinity: Bool

  public init(blank: Int, zeroInfinity: Bool = false) {
    self.blank = blank
    self.zeroInfinity = zeroInfinity
  }

  public init() { self.init(blank: 0) }

  public init(zeroInfinity: Bool) { self.init(blank: 0, zeroInfinity: zeroInfinity) }

  public var problem: String? {
    blank >= 0 && blank < 1 << 31 ? nil : "blank is \(blank), expected a class number"
  }

  public func problem(withTarget value: Double) -> String? {
    value == value.rounded() && value >= -1 && value < 0x1p31
      ? nil : "expected a class number, or −1 behind the labels"
  }

  public func callAsFunction(_ output: Expression, target: Expression) -> Expression {
    let (shape, builder) = (output.shape, output.builder)
    func refused(_ message: String) -> Expression {
      builder.fail("ctc: \(message)")
      return unknown(beside: output)
    }
    if let problem { return refused(problem) }
    guard shape.rank == 3, shape[1] >= 1, shape[2] >= 2, output.scalarType.isFloatingPoint else {
      return refused(
        "output is \(output.type), expected floating-point [batch, steps, classes], the blank "
          + "among 2 or more classes")
    }
    guard blank < shape[2] else {
      return refused("blank is \(blank), expected less than the \(shape[2]) classes")
    }
    guard target.shape.rank == 2, target.shape[0] == shape[0], target.shape[1] >= 1,
      target.scalarType == .int32 || target.scalarType == output.scalarType
    else {
      return refused(
        "output is \(output.type), expected a target of class numbers [\(shape[0]), labels], "
          + "found \(target.type)")
    }
    return mean(of: output, labels: target.cast(to: .int32))
  }

  private func mean(of output: Expression, labels: Expression) -> Expression {
    let (batch, steps, classes) = (output.shape[0], output.shape[1], output.shape[2])
    let states = 2 * labels.shape[1] + 1
    let type = output.scalarType
    // A blank before, between and after the labels.
    let chain = Chain(labels: labels, blank: blank, type: type)
    let places = chain.classes.oneHot(depth: classes, type: type)
    let said = logSoftmax(output).matmul(places.transposed([0, 2, 1]))
    let ways = logScan(
      said, start: output.constant(chain.start(batch)), skip: chain.skip)
    // Labelings end in the last label or in the blank behind it.
    let last = ways.slice(axis: 1, from: steps - 1, to: steps).reshaped([batch, states])
    let loss = -logSumExp(last + chain.end)
    let isPossible = loss .< -LogScan.impossible / 2
    let each = select(isPossible, loss, zeroInfinity ? 0 : .infinity)
    return (each / maximum(chain.length.reshaped([batch]), 1)).mean()
  }

  /// The labels of the likeliest class at each step.
  public func probabilities(_ output: Expression) -> Expression {
    guard output.shape.rank == 3, output.shape[1] >= 1, output.shape[2] >= 1 else { return output }
    let (batch, steps) = (output.shape[0], output.shape[1])
    let type = output.scalarType
    let best = output.argMax(axis: -1)
    let before = best.padded(before: [0, 1], after: [0, 0], value: -1)
      .slice(axis: 1, from: 0, to: steps)
    let isLabel = ((best .!= before) * (best .!= Double(blank))).cast(to: type)
    // Each label moves to the place that the labels up to it count.
    let counts = isLabel.matmul(
      output.constant(
        Tensor(
          (0..<steps * steps).map { $0 / steps <= $0 % steps ? 1.0 : 0 }, shape: [steps, steps],
          type: type)))
    let places = (counts * isLabel - 1).cast(to: .int32).oneHot(depth: steps, type: type)
    let labels = (best.cast(to: type) + 1).reshaped([batch, 1, steps]).matmul(places)
    return labels.reshaped([batch, steps]) - 1
  }

  public static var samples: [LossSample] {
    var random = RandomStream(seed: 5, name: "ctc sample")
    let output = Tensor((0..<30).map { _ in random.uniform(-2, 2) }, shape: [2, 5, 3])
    return [
      LossSample(
        CTC(), output: output, target: Tensor([1, 1, 2, 2, -1, -1] as [Int32], shape: [2, 3])),
      LossSample(
        CTC(blank: 2), output: output, target: Tensor([0.0, 1, -1, -1], shape: [2, 2])),
      LossSample(
        CTC(zeroInfinity: true), output: output,
        target: Tensor([1, 1, 1, 1, 1, 2, -1, -1], shape: [2, 4])),
    ]
  }
}

extension CTC {
  /// What is said in turn for some labels: blank, label, blank, label, …, blank.
  private struct Chain {
    /// The class numbers, Int32 [batch, states], −1 behind the end.
    let classes: Expression
    /// How many labels there are, [batch, 1].
    let length: Expression
    /// 0 for a state that can be skipped into: for labels that differ from the one before.
    let skip: Expression
    /// 0 for the last label and the last blank.
    let end: Expression
    private let states: Int
    private let type: ScalarType

    init(labels: Expression, blank: Int, type: ScalarType) {
      let (batch, count) = (labels.shape[0], labels.shape[1])
      let states = 2 * count + 1
      (self.states, self.type) = (states, type)
      let blanks = labels.constant(
        Tensor(filledWith: Double(blank), shape: [batch, count, 1], type: .int32))
      let pairs = concatenate([blanks, labels.reshaped([batch, count, 1])], axis: 2)
      classes = pairs.reshaped([batch, states - 1])
        .padded(before: [0, 0], after: [0, 1], value: Double(blank))
      let isLabel = ((labels .>= 0) * (labels .!= Double(blank))).cast(to: type)
      length = isLabel.sum(axes: [1], keepingAxes: true)

      let numbers = length.constant(
        Tensor((0..<states).map { Double($0) }, shape: [1, states], type: type))
      let isOdd = length.constant(
        Tensor((0..<states).map { Double($0 % 2) }, shape: [1, states], type: type))
      let before = classes.padded(before: [0, 2], after: [0, 0], value: Double(blank))
        .slice(axis: 1, from: 0, to: states)
      let differs = (classes .!= before).cast(to: type) * isOdd
      skip = select(differs, differs.constant(0), LogScan.impossible)
      let final = length * 2
      let isEnd = (numbers .== final) + (numbers .== final - 1)
      end = select(isEnd, isEnd.constant(0), LogScan.impossible)
    }

    /// 0 for the first blank and the first label.
    func start(_ batch: Int) -> Tensor {
      Tensor(
        (0..<batch * states).map { $0 % states < 2 ? 0 : LogScan.impossible },
        shape: [batch, states], type: type)
    }
  }
}

extension CTC {
  enum CodingKeys: CodingKey, CaseIterable {
    case blank, zeroInfinity
  }

  public init(from decoder: any Decoder) throws {
    let fields = try Fields<CodingKeys>(decoder, of: Self.kind)
    self.init(
      blank: try fields.value(.blank, default: 0),
      zeroInfinity: try fields.value(.zeroInfinity, default: false))
  }
}
