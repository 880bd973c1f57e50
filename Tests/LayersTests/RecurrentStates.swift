import Differentiation
import Execution
import Foundation
import GraphIR
import Layers
import Tensors
import Testing

// Foundation has an `Expression` of its own.
import struct GraphIR.Expression

/// Recurrent layers that start from given states, and give their last ones.
struct RecurrentStates {
  /// A recurrent layer that starts from parameters; it gives its output and its last states in a row.
  struct Started<Inner: RecurrentLayer>: Layer {
    static var kind: String { "started" }
    var inner: Inner
    var name: String?

    func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
      let copies = inner.recurrence.layers * (inner.recurrence.isBidirectional ? 2 : 1)
      let sizes = (0..<copies).flatMap { _ in inner.stateSizes }
      let states = sizes.enumerated().map { number, size in
        scope.parameter("start\(number)", [input.shape[0], size], .zeros)
      }
      let (output, finals) = inner.run(input, from: states, in: scope)
      return concatenate(([output] + finals).map { $0.reshaped([$0.shape.count]) }, axis: 0)
    }
  }

  /// Tensor number n of a test: 0.6 sin(3 k + 5 n + 1) for its element k.
  private func numbers(_ number: Int, _ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { sin(Double(3 * $0 + 5 * number + 1)) * 0.6 }, shape: shape)
  }

  /// The values in a row, and the gradients of Σₖ cos(k) · value k (or of Σ value² of the first so
  /// many) with respect to the first states.
  private func results(
    _ layer: some RecurrentLayer, names: [String], input: Tensor, squares: Int? = nil,
    writtenOut: Bool = false
  ) throws -> (values: [Double], gradients: [[Double]]) {
    let builder = GraphBuilder(writesLoopsOut: writtenOut)
    let traced = trace(
      Started(inner: layer), input: builder.input("x", input.type), training: true)
    let count = traced.output.shape.count
    let starts = zip(traced.declarations, traced.parameters).filter { $0.0.name.hasPrefix("start") }
      .map(\.1)
    let value: Expression
    if let squares {
      let first = traced.output.slice(axis: 0, from: 0, to: squares)
      value = (first * first).sum()
    } else {
      value = (traced.output * builder.constant(Tensor((0..<count).map { cos(Double($0)) }))).sum()
    }
    builder.output("values", traced.output)
    for (index, gradient) in gradient(of: value, withRespectTo: starts).enumerated() {
      builder.output("g\(index)", gradient)
    }
    let graph = try builder.finish()
    let order = names + starts.indices.map { "start\($0)" }
    let variables = VariableStore()
    for declaration in traced.declarations {
      let number = try #require(order.firstIndex(of: declaration.name))
      try variables.set(declaration.name, numbers(number + 1, declaration.type.shape))
    }
    let executor = try Executor(Plan(graph), variables: variables, threads: 2)
    try executor.setInput("x", input)
    executor.run()
    return (
      try executor.output("values").doubles,
      try starts.indices.map { try executor.output("g\($0)").doubles }
    )
  }

  private func expectEqual(_ found: [Double], _ expected: [Double], _ words: String) {
    #expect(found.count == expected.count)
    for (place, (a, b)) in zip(found, expected).enumerated() {
      #expect(abs(a - b) <= 1e-12 * max(1, abs(b)), "\(words)[\(place)] is \(a), not \(b)")
    }
  }

  private let lstmNames = [
    "inputWeight", "recurrentWeight", "bias", "layer2.inputWeight", "layer2.recurrentWeight",
    "layer2.bias",
  ]
  private let gruNames = [
    "inputWeight", "recurrentWeight", "bias", "candidateBias", "reverse.inputWeight",
    "reverse.recurrentWeight", "reverse.bias", "reverse.candidateBias",
  ]

  /// The numbers are PyTorch's, of torch.nn.LSTM and GRU in Float64 with the same parameters.
  @Test func twoLayersOfLSTMAgreeWithPyTorch() throws {
    for recurrence in [Recurrence(layers: 2), Recurrence(layers: 2, segment: 3)] {
      let (values, gradients) = try results(
        LSTM(units: 2, recurrence: recurrence), names: lstmNames, input: numbers(0, [2, 4, 3]))
      expectEqual(
        Array(values.suffix(16)),
        [
          0.0781860139026152, -0.0880383993132452, 0.0709834918575976, -0.085412364753477,
          0.134222180903847, -0.225819546179193, 0.125254258753533, -0.208014109342378,
          -0.105886336851984, 0.366327257311372, -0.106930462261215, 0.382001492626922,
          -0.32576398337192, 0.617305227704755, -0.332671567181676, 0.647390436420821,
        ], "final")
      expectEqual(
        gradients.flatMap { $0 },
        [
          -0.0157563881075157, 0.00600519519264076, 0.0341091172548357, 0.00353213799500675,
          0.0206643313377605, -0.0204266601629577, -0.0746738262222862, -0.0236638775903099,
          0.0324937821741119, -0.0910145046167517, -0.0168609536970954, 0.0438428195503336,
          0.156673857675398, 0.043043991192278, -0.0859510775265725, -0.0127122386542992,
        ], "gradient")
    }
  }

  @Test func bothDirectionsOfGRUAgreeWithPyTorch() throws {
    for recurrence in [
      Recurrence(isBidirectional: true), Recurrence(isBidirectional: true, segment: 1),
    ] {
      let (values, gradients) = try results(
        GRU(units: 2, recurrence: recurrence), names: gruNames, input: numbers(0, [2, 4, 3]))
      expectEqual(
        Array(values.suffix(8)),
        [
          0.304777699346148, -0.422353617040638, 0.284467655138359, -0.408920811456428,
          -0.419745577715635, 0.245721041002394, -0.390222456670708, 0.244001033758683,
        ], "final")
      expectEqual(
        gradients.flatMap { $0 },
        [
          0.232351238929382, 0.249758905556022, -0.310888333713158, -0.219131624742718,
          -0.00591774536348265, -0.275585581678379, 0.0953860442266018, 0.437681174732085,
        ], "gradient")
    }
  }

  /// The first segment is behind no border: its gradient reaches the states that are given, and that
  /// of all others does not.
  @Test(arguments: [4, 5])
  func givenStatesAreReachedFromTheFirstSegmentAlone(steps: Int) throws {
    func gradients(_ input: Tensor, segment: Int?, writtenOut: Bool = false) throws -> [[Double]] {
      let recurrence = Recurrence(
        isBidirectional: true, segment: segment, isTruncated: segment != nil)
      return try results(
        GRU(units: 2, recurrence: recurrence), names: gruNames, input: input,
        squares: input.shape[0] * input.shape[1] * 4, writtenOut: writtenOut
      ).gradients
    }
    func part(_ input: Tensor, _ range: Range<Int>) -> Tensor {
      let features = input.shape[2]
      return Tensor(
        (0..<input.shape[0]).flatMap { row in
          range.flatMap { step in
            (0..<features).map { input.element((row * steps + step) * features + $0) }
          }
        }, shape: [input.shape[0], range.count, features])
    }
    let input = numbers(0, Shape([2, steps, 3]))
    let found = try gradients(input, segment: 2)
    // Borders lie behind steps 2 and 4, so that from the end the first segment may be shorter.
    let ends = [part(input, 0..<2), part(input, (steps - 1) / 2 * 2..<steps)]
    for direction in 0..<2 {
      let expected = try gradients(ends[direction], segment: nil)
      expectEqual(found[direction], expected[direction], "direction \(direction)")
    }
    let writtenOut = try gradients(input, segment: 2, writtenOut: true)
    for direction in 0..<2 { expectEqual(writtenOut[direction], found[direction], "written out") }
  }

  @Test func statesOfAnotherShapeAreRefused() {
    struct Wrong: Layer {
      static let kind = "wrong"
      var name: String?
      func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
        let state = scope.parameter("start", [input.shape[0], 4], .zeros)
        return GRU(units: 3).run(input, from: [state], in: scope).output
      }
    }
    #expect {
      try Wrong().parameterCount(input: [4, 2])
    } throws: { error in
      "\(error)" == "gru: starts from states of shapes [[2, 4]], expected [[2, 3]]"
    }
  }
}
