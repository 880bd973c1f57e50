import GraphIR
import Tensors
import Testing

@Suite("What uses an element")
struct ElementUsersTests {
  @Test(
    "An operation that says what uses an element says what its rules say",
    arguments: Operations.all.map { $0.name })
  func users(name: String) throws {
    let operation = try #require(Operations.all.first { $0.name == name })
    for sample in operation.samples {
      var expected = sample.inputs.map { [[Int]](repeating: [], count: $0.count) }
      let output = sample.operation.evaluate(sample.inputs)
      for index in 0..<output.count {
        for source in sample.operation.element(index, of: sample.inputs).sources {
          expected[source.input][source.element].append(index)
        }
      }
      for (input, lists) in expected.enumerated() {
        for (element, list) in lists.enumerated() {
          let source = ElementRule.Source(input: input, element: element)
          guard let found = sample.operation.users(of: source, in: sample.inputs) else { continue }
          #expect(
            found == list, "\(sample.operation.description), input \(input), element \(element)")
        }
      }
    }
  }

  @Test("A convolution says what uses an element")
  func convolutions() {
    for sample in Convolve.samples {
      let source = ElementRule.Source(input: 1, element: 0)
      #expect(sample.operation.users(of: source, in: sample.inputs) != nil)
    }
  }
}
