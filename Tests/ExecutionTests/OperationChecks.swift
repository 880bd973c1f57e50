import Execution
import Foundation
import GraphIR
import Support
import Tensors
import Testing

/// The checks that every operation passes, over the list of all.
@Suite struct OperationChecks {
  @Test func `gradients agree with central differences, second order too`() throws {
    var lines = ["operation            samples   first order  second order"]
    for type in Operations.all {
      var worst = (first: 0.0, second: 0.0)
      for sample in type.samples {
        guard try sample.outputIsReal else { continue }
        let check = try GradientCheck(at: sample.inputs) {
          Expression.apply(sample.operation, to: $0)
        }
        #expect(check.firstOrder <= 1e-6, "\(sample.operation.description)")
        #expect(check.secondOrder <= 1e-6, "\(sample.operation.description)")
        worst = (max(worst.first, check.firstOrder), max(worst.second, check.secondOrder))
      }
      let name = type.name.padding(toLength: 20, withPad: " ", startingAt: 0)
      lines.append(
        name
          + String(
            format: " %7d      %.1e       %.1e", type.samples.count, worst.first, worst.second))
    }
    print(lines.joined(separator: "\n"))
  }

  @Test func `plans agree with plain evaluation`() throws {
    for type in Operations.all {
      for sample in type.samples {
        try expectAgreement(sample.operation, sample.inputs, tolerance: 1e-14)
        let singles = sample.inputs.map {
          $0.scalarType == .float64 ? $0.cast(to: .float32) : $0
        }
        try expectAgreement(sample.operation, singles, tolerance: 1e-6)
      }
    }
  }
}

extension Sample {
  fileprivate var outputIsReal: Bool {
    get throws { try operation.outputType(inputs.map(\.type)).scalarType.isFloatingPoint }
  }
}
