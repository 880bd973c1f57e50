import Execution
import GraphIR
import Tensors
import Testing

/// Expects a plan of one operation to agree with its plain evaluation: differences of at most
/// `tolerance`, relative where numbers are greater than 1.
func expectAgreement(_ operation: any Operation, _ inputs: [Tensor], tolerance: Double) throws {
  try Agreement().expect(operation, inputs, tolerance: tolerance)
}

/// Compares plans, on one thread alone and on one, two and all of three, with plain evaluation; the same bits on all.
struct Agreement {
  /// The sizes that kernels are tried at: around the widths of vectors, and where blocks end.
  static let sizes = [1, 3, 17, 63, 64, 65, 1000]

  private let pools = [1, 3].map { ThreadPool(threads: $0, scratchSize: 1 << 20) }

  /// A plan of one operation.
  func expect(_ operation: any Operation, _ inputs: [Tensor], tolerance: Double) throws {
    let builder = GraphBuilder()
    let arguments = inputs.enumerated().map { builder.input("\($0)", $1.type) }
    builder.output("y", builder.apply(operation, to: arguments))
    let values = inputs.enumerated().map { ("\($0)", $1) }
    try expect(
      builder, Dictionary(uniqueKeysWithValues: values), tolerance: tolerance,
      "\(operation.description) of \(inputs.map(\.type))")
  }

  /// A plan of a whole graph without variables; differences are at most `tolerance`, relative where
  /// numbers are greater than 1.
  func expect(
    _ builder: GraphBuilder, _ values: [String: Tensor], tolerance: Double, _ name: String
  ) throws {
    let graph = try builder.finish()
    let plan = try Plan(graph)
    let trace = try Trace(graph, values)
    var first: [Tensor] = []
    for pool in pools {
      let executor = try Executor(plan, pool: pool)
      for (name, value) in values { try executor.setInput(name, value) }
      for (team, threads) in pool.teams.enumerated() {
        executor.run(team: team)
        let found = try graph.outputs.map { try executor.output($0.name) }
        if first.isEmpty {
          first = found
          for (output, found) in zip(graph.outputs, found) {
            let difference = Self.difference(found, trace[output.node])
            #expect(difference <= tolerance, "\(name), \(output.name): differs by \(difference)")
          }
        } else {
          let same = zip(first, found).allSatisfy { $0.hasSameBits(as: $1) }
          #expect(same, "\(name): other bits on \(threads) of \(pool.threads) threads")
        }
      }
    }
  }

  /// The greatest difference, relative to what was expected where that is greater than 1; infinite
  /// where only one of two numbers is infinite or NaN, or the types differ.
  private static func difference(_ found: Tensor, _ expected: Tensor) -> Double {
    guard found.type == expected.type else { return .infinity }
    return zip(found.doubles, expected.doubles).reduce(0) { worst, pair in
      let (a, b) = pair
      if a == b || a.isNaN && b.isNaN { return worst }
      let difference = abs(a - b) / max(1, abs(b))
      return difference < .infinity ? max(worst, difference) : .infinity
    }
  }
}

extension Tensor {
  fileprivate func hasSameBits(as other: Tensor) -> Bool {
    type == other.type
      && withUnsafeBytes { a in other.withUnsafeBytes { b in a.elementsEqual(b) } }
  }
}
