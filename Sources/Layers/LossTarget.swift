import GraphIR
import Tensors

/// What class numbers become for a loss.
public enum ClassCoding: Hashable, Sendable {
  /// 1 for the class, 0 for the others.
  case indicator
  /// 1 for the class, −1 for the others.
  case sign
}

extension Loss {
  /// The target in the shape and element type of the output.
  ///
  /// - Parameters:
  ///   - target: Numbers of the output's shape (or without its last axis, for one output), or Int32
  ///     class numbers without the last axis.
  ///   - output: The output, [batch, outputs].
  /// - Returns: The target; nil where it does not fit, or the loss itself has a problem. Then the
  ///   builder has the error, with both shapes.
  public func fitted(_ target: Expression, to output: Expression) -> Expression? {
    let builder = output.builder
    func refused(_ message: String) -> Expression? {
      builder.fail("\(Self.kind): \(message)")
      return nil
    }
    if let problem { return refused(problem) }
    let (shape, type) = (output.shape, output.scalarType)
    guard shape.rank >= 2, shape[-1] >= 1, type.isFloatingPoint else {
      return refused("output is \(output.type), expected floating-point [batch, outputs]")
    }
    let rows = Shape(Array(shape.dimensions.dropLast()))
    if target.scalarType == type {
      if target.shape == shape { return target }
      if target.shape == rows && shape[-1] == 1 { return target.reshaped(shape) }
    }
    if target.scalarType == .int32, target.shape == shape || target.shape == rows {
      let isPlain = target.shape == shape || shape[-1] == 1
      let coded =
        isPlain
        ? target.reshaped(shape).cast(to: type) : target.oneHot(depth: shape[-1], type: type)
      return classCoding == .sign ? coded * 2 - 1 : coded
    }
    return refused(
      "output is \(output.type), expected a target \(output.type) or class numbers int32 \(rows), "
        + "found \(target.type)")
  }

  /// What a loss returns after an error: a scalar zero beside the output.
  public func unknown(beside output: Expression) -> Expression {
    output.constant(
      Tensor(0, type: output.scalarType.isFloatingPoint ? output.scalarType : .float32))
  }
}

/// What is wrong with label smoothing or class weights; nil where nothing is.
func settingsProblem(labelSmoothing: Double, classWeights: [Double]?, classes: Int? = nil)
  -> String?
{
  if !(labelSmoothing >= 0 && labelSmoothing <= 1) {
    return "labelSmoothing is \(labelSmoothing), expected 0 to 1"
  }
  guard let classWeights else { return nil }
  if let classes, classWeights.count != classes {
    return "classWeights has \(classWeights.count) weights, expected \(classes), one for each class"
  }
  if let bad = classWeights.first(where: { !($0.isFinite && $0 >= 0) }) {
    return "a class weight is \(bad), expected 0 or more"
  }
  return nil
}
