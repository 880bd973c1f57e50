import GraphIR
import Tensors

/// What the normalizations have in common: ε, and what the standardized numbers are scaled and
/// shifted by.
struct NormalizationSettings {
  let epsilon: Double
  let hasScale: Bool
  let hasShift: Bool

  var problem: String? {
    epsilon >= 0 && epsilon.isFinite ? nil : "epsilon is \(epsilon), expected a number of 0 or more"
  }

  /// The ends of descriptions.
  var description: String {
    (hasScale ? "" : ", no scale") + (hasShift ? "" : ", no shift")
  }

  /// y γ + β, with the parameters "scale" γ, ones at first, and "shift" β, zeros at first.
  func applied(to y: Expression, _ shape: Shape, in scope: Scope) -> Expression {
    var result = y
    if hasScale { result = result * scope.parameter("scale", shape, .ones) }
    if hasShift { result = result + scope.parameter("shift", shape, .zeros) }
    return result
  }
}

extension Scope {
  /// Whether an input is [batch, …, channels] of the scope's type, with at least one channel and no
  /// fewer than `least` axes. What is wrong is recorded.
  func fitsChannels(_ input: Expression, kind: String, axes least: Int = 2) -> Bool {
    let shape = input.shape
    guard shape.rank >= least, shape.dimensions.dropFirst().allSatisfy({ $0 >= 1 }) else {
      fail(
        "\(kind): input has shape \(shape), expected "
          + (least == 2 ? "[batch, …, channels]" : "[batch, sizes…, channels]"))
      return false
    }
    guard input.scalarType == scalarType else {
      fail("\(kind): input is \(input.type), expected \(scalarType.rawValue) numbers")
      return false
    }
    return true
  }
}
