import Foundation
import Interchange
import Layers
import Testing

/// Every layer and loss beside PyTorch in Float64: outputs, gradients, and five steps of an
/// optimizer.
///
/// `References/layers/make_references.py` made the files, one for each family.
@Suite struct LayerReferenceTests {
  /// |found − expected| may be this part of max(1, |expected|).
  private static let tolerance = 1e-9

  @Test(arguments: LayerReferenceFile.names)
  func `outputs and gradients agree with PyTorch`(family: String) throws {
    try check(family) { try $0.computed() }
  }

  @Test(arguments: LayerReferenceFile.names)
  func `numbers after five steps agree with PyTorch`(family: String) throws {
    try check(family) { try $0.trained() }
  }

  /// Compares all tensors that cases lead to with those of the file; cases may lead to none.
  private func check(_ family: String, _ found: (LayerReference) throws -> [Found]) throws {
    let references = try LayerReferenceFile(family).references
    #expect(!references.isEmpty)
    var worst = 0.0
    for reference in references {
      do {
        for (name, tensor) in try found(reference) {
          let expected = try reference.tensor(name)
          guard tensor.shape == expected.shape else {
            Issue.record("\(reference.name): \(name) is \(tensor.shape), not \(expected.shape)")
            continue
          }
          let errors = zip(tensor.doubles, expected.doubles).map { abs($0 - $1) / max(1, abs($1)) }
          // Written so that a NaN is a difference.
          let place = errors.firstIndex { !($0 <= Self.tolerance) }
          worst = errors.reduce(worst, max)
          if let place {
            Issue.record(
              """
              \(reference.name): \(name)[\(place)] of \(tensor.shape) is \
              \(tensor.element(place)), PyTorch has \(expected.element(place))
              """)
          }
        }
      } catch {
        Issue.record("\(reference.name): \(error)")
      }
    }
    print("\(family): \(references.count) cases beside PyTorch, worst difference \(worst)")
  }

  @Test func `every file has its family, and cases have names of their own`() throws {
    let files = try LayerReferenceFile.names.map { try LayerReferenceFile($0) }
    #expect(LayerReferenceFile.names == LayerReferenceFile.families)
    let names = files.flatMap { $0.references.map(\.name) }
    #expect(Set(names).count == names.count)
    #expect(names.count >= 547)
    print("\(names.count) cases of layers and losses beside PyTorch")
  }

  @Test func `every kind of layer that has numbers has cases`() throws {
    let known = try LayerReferenceFile.names.reduce(into: Set<String>()) { kinds, name in
      for reference in try LayerReferenceFile(name).references { kinds.formUnion(reference.kinds) }
    }
    for type in Layers.all {
      let hasNumbers = type.samples.contains { sample in
        let parameters = try? sample.layer.initialParameters(
          input: sample.input, type: .float64, seed: 1)
        return parameters?.isEmpty != true
      }
      #expect(known.contains(type.kind) || !hasNumbers, "\(type.kind) has no case")
    }
  }
}
