import Formulas
import Tensors

/// The gradient of ``Resize``: every number is shared out to the elements that its place was read
/// from, in proportion, and added up there.
///
/// y_i = Σ_j λ_ij g_j, with λ_ij the share that the i-th element has in the j-th result.
public struct ResizeGradient: SpatiallyLinear {
  public static let name = "resizeGradient"

  /// The sizes between batch and channels of what was resized.
  public let sizes: [Int]
  /// How numbers between the elements were read.
  public let mode: Resize.Mode

  public init(_ sizes: [Int], mode: Resize.Mode = .nearest) {
    self.sizes = sizes
    self.mode = mode
  }

  public var attributes: String { "of \(Shape(sizes)), \(mode.rawValue)" }

  public func outputType(_ inputs: [TensorType]) throws -> TensorType {
    try Resize(sizes, mode: mode).outputType(inputs)
  }

  package func map(_ input: Shape, to output: Shape) -> SpatialMap {
    Resize(input.spatialSizes, mode: mode).map(output, to: input).transposed
  }

  public func gradients(_ inputs: [Expression], output: Expression, upstream: Expression)
    -> [Expression?]
  {
    [upstream.resized(to: inputs[0].shape.spatialSizes, mode: mode)]
  }

  public func formula(_ inputs: [Formula]) -> Formula {
    .sum(of: .indexed("λ", ["i", "j"]) * .indexed(inputs[0], ["j"]), over: "j")
  }
  public func derivatives(_ inputs: [Formula], output: Formula) -> [Formula?] {
    [.indexed("λ", ["i", "j"])]
  }

  /// The same sizes are nothing.
  public func simplified(_ inputs: [Node]) -> Rewrite? {
    inputs[0].type.shape.spatialSizes == sizes ? .node(inputs[0].id) : nil
  }

  public static var samples: [Sample] {
    Resize.cases.flatMap { input, sizes in
      Resize.Mode.allCases.map { mode in
        Sample(
          ResizeGradient(input.spatialSizes, mode: mode),
          [.numbers(input.replacingSpatialSizes(sizes))])
      }
    }
  }
}
