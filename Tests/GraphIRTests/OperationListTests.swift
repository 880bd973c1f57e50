import Formulas
import Foundation
import GraphIR
import Tensors
import Testing

@Suite("The list of operations")
struct OperationListTests {
  /// Sources/GraphIR/Operations, two folders above this file's.
  private var folder: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources/GraphIR/Operations")
  }

  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".swift") && $0 != "All.swift" }
      .map { String($0.dropLast(6)) }.sorted()
  }

  @Test("Every file of the folder holds one operation, and the list names each")
  func folderMatchesList() throws {
    let listed = Operations.all.map { String(describing: $0) }
    #expect(try files() == listed.sorted())
    #expect(listed == listed.sorted { $0.lowercased() < $1.lowercased() })
    for file in try files() {
      let text = try String(
        contentsOf: folder.appendingPathComponent("\(file).swift"), encoding: .utf8)
      let lines = text.split(separator: "\n")
      #expect(lines.filter { $0.hasPrefix("public struct ") }.count == 1, "\(file).swift")
      #expect(lines.contains { $0.hasPrefix("public struct \(file): ") }, "\(file).swift")
    }
  }

  @Test("No two operations share a name")
  func namesAreUnique() {
    let names = Operations.all.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(names.allSatisfy { !$0.isEmpty && !$0.contains(" ") })
  }

  @Test("Every operation has samples, whose shape rule and evaluation agree")
  func samplesEvaluate() throws {
    for type in Operations.all {
      let samples = type.samples
      #expect(!samples.isEmpty, "\(type.name)")
      for sample in samples {
        #expect(String(describing: Swift.type(of: sample.operation)) == "\(type)")
        let promised = try sample.operation.outputType(sample.inputs.map(\.type))
        let result = sample.operation.evaluate(sample.inputs)
        #expect(result.type == promised, "\(sample.operation.description)")
        #expect(result.doubles.allSatisfy { $0.isFinite }, "\(sample.operation.description)")
      }
    }
  }

  @Test("Single precision gives the same numbers, rounded")
  func singlePrecision() throws {
    for sample in Operations.all.flatMap({ $0.samples }) {
      let inputs = sample.inputs.map { $0.scalarType == .int32 ? $0 : $0.cast(to: .float32) }
      let exact = sample.operation.evaluate(sample.inputs)
      let single = sample.operation.evaluate(inputs)
      #expect(
        single.type == (try sample.operation.outputType(inputs.map(\.type))),
        "\(sample.operation.description)")
      #expect(
        single.isClose(to: exact.doubles, tolerance: 1e-5), "\(sample.operation.description)")
    }
  }

  @Test("A wrong number of inputs is refused by every operation")
  func wrongNumberOfInputs() {
    for sample in Operations.all.compactMap({ $0.samples.first }) {
      for count in [0, 4] where !(sample.operation is Concatenate && count == 4) {
        #expect(throws: TypeError.self, "\(sample.operation.description)") {
          try sample.operation.outputType([TensorType](repeating: f64([2, 2]), count: count))
        }
      }
    }
  }

  @Test("Costs count the bytes of inputs and output")
  func costs() {
    for sample in Operations.all.flatMap({ $0.samples }) {
      let output = sample.operation.evaluate(sample.inputs).type
      let cost = sample.operation.cost(inputs: sample.inputs.map(\.type), output: output)
      #expect(cost.flops >= 0)
      #expect(cost.bytesRead == sample.inputs.reduce(0) { $0 + $1.count * $1.scalarType.size })
      #expect(cost.bytesWritten == output.byteCount)
    }
    #expect(
      MatrixProduct().flops(inputs: [f32([3, 4]), f32([4, 5])], output: f32([3, 5])) == 120)
    #expect(Add().flops(inputs: [f32([3, 4]), f32([4])], output: f32([3, 4])) == 12)
  }

  @Test("Gradients have their inputs' shapes and build without an error")
  func gradientShapes() throws {
    for sample in Operations.all.flatMap({ $0.samples }) {
      let builder = GraphBuilder()
      let inputs = sample.inputs.enumerated().map { builder.input("x\($0)", $1.type) }
      let output = Expression.apply(sample.operation, to: inputs)
      let upstream = builder.input("g", output.type)
      let gradients = sample.operation.gradients(inputs, output: output, upstream: upstream)
      #expect(gradients.count == inputs.count, "\(sample.operation.description)")
      for (input, gradient) in zip(inputs, gradients) {
        if input.scalarType == .int32, output.scalarType.isFloatingPoint {
          #expect(gradient == nil, "\(sample.operation.description)")
        }
        if let gradient { #expect(gradient.type == input.type, "\(sample.operation.description)") }
      }
      _ = try builder.finish()
    }
  }
}
