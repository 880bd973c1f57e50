import Tensors

/// What a parameter's numbers are before training.
///
/// For a weight of shape [inputs, outputs], fan-in nᵢ = inputs and fan-out nₒ = outputs; for more
/// axes [receptive field…, inputs, outputs] both are multiplied by the size of the field.
/// U(−r, r) is the uniform and N(0, σ) the normal distribution, which is not truncated.
///
/// | case | numbers | source |
/// |---|---|---|
/// | `glorotUniform` | U(−r, r), r = √(6 / (nᵢ + nₒ)) | Glorot, Bengio, AISTATS 2010 |
/// | `glorotNormal` | N(0, σ), σ = √(2 / (nᵢ + nₒ)) | Glorot, Bengio, AISTATS 2010 |
/// | `heUniform` | U(−r, r), r = √(6 / nᵢ) | He et al. 2015, doi:10.1109/ICCV.2015.123 |
/// | `heNormal` | N(0, σ), σ = √(2 / nᵢ) | He et al. 2015, doi:10.1109/ICCV.2015.123 |
/// | `leCunUniform` | U(−r, r), r = √(3 / nᵢ) | LeCun et al. 1998, doi:10.1007/3-540-49430-8_2 |
/// | `leCunNormal` | N(0, σ), σ = √(1 / nᵢ) | LeCun et al. 1998, doi:10.1007/3-540-49430-8_2 |
public enum Initializer: Hashable, Sendable {
  case glorotUniform, glorotNormal, heUniform, heNormal, leCunUniform, leCunNormal
  /// 0 everywhere.
  case zeros
  /// 1 everywhere.
  case ones
  /// One number everywhere.
  case constant(Double)
  /// Uniform between two numbers.
  case uniform(low: Double, high: Double)
  /// Normal, with a mean and a standard deviation; not truncated.
  case normal(mean: Double, deviation: Double)
  /// The numbers themselves, in row-major order.
  case values([Double])

  /// The initial numbers of a parameter.
  ///
  /// They are drawn in Float64 and then rounded, so that float32 and float64 networks of one seed
  /// start from the same numbers.
  ///
  /// - Throws: ``LayerError`` where the initializer is impossible, or lists another number of
  ///   values than the shape has.
  public func tensor(shape: Shape, type: ScalarType, random: inout RandomStream) throws -> Tensor {
    if let problem = problem(for: shape) { throw LayerError(problem) }
    let (fanIn, fanOut) = Self.fans(shape)
    func uniform(_ low: Double, _ high: Double) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(low, high) }, shape: shape, type: type)
    }
    func normal(_ mean: Double, _ deviation: Double) -> Tensor {
      Tensor(
        (0..<shape.count).map { _ in mean + deviation * random.normal() }, shape: shape, type: type)
    }
    func symmetric(_ variance: Double) -> Tensor {
      let range = (3 * variance).squareRoot()
      return uniform(-range, range)
    }
    switch self {
    case .glorotUniform: return symmetric(2 / (fanIn + fanOut))
    case .glorotNormal: return normal(0, (2 / (fanIn + fanOut)).squareRoot())
    case .heUniform: return symmetric(2 / fanIn)
    case .heNormal: return normal(0, (2 / fanIn).squareRoot())
    case .leCunUniform: return symmetric(1 / fanIn)
    case .leCunNormal: return normal(0, (1 / fanIn).squareRoot())
    case .zeros: return .zeros(shape, type: type)
    case .ones: return .ones(shape, type: type)
    case .constant(let value): return Tensor(filledWith: value, shape: shape, type: type)
    case .uniform(let low, let high): return uniform(low, high)
    case .normal(let mean, let deviation): return normal(mean, deviation)
    case .values(let values): return Tensor(values, shape: shape, type: type)
    }
  }

  /// Fan-in and fan-out of a shape; 1 where there is no such axis.
  private static func fans(_ shape: Shape) -> (Double, Double) {
    let sizes = shape.dimensions.map { Double(max($0, 1)) }
    guard let outputs = sizes.last else { return (1, 1) }
    guard sizes.count > 1 else { return (outputs, outputs) }
    let field = sizes.dropLast(2).reduce(1, *)
    return (field * sizes[sizes.count - 2], field * outputs)
  }
}

extension Initializer {
  /// What is wrong with the initializer, or with using it for a shape; nil where nothing is.
  public func problem(for shape: Shape? = nil) -> String? {
    switch self {
    case .constant(let value) where !value.isFinite: "constant is \(value), expected a number"
    case .uniform(let low, let high) where !(low.isFinite && high.isFinite && low <= high):
      "uniform from \(low) to \(high), expected a lower and a higher number"
    case .normal(let mean, let deviation)
    where !(mean.isFinite && deviation.isFinite && deviation >= 0):
      "normal with mean \(mean) and deviation \(deviation), expected a deviation of 0 or more"
    case .values(let values) where values.contains { !$0.isFinite }:
      "an initial value is not a finite number"
    case .values(let values) where shape != nil && shape?.checkedCount != values.count:
      "\(values.count) initial values, expected "
        + (shape.map { "\($0.checkedCount ?? 0) for shape \($0)" } ?? "")
    default: nil
    }
  }
}
