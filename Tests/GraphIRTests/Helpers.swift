import GraphIR
import Tensors

/// The plain evaluation, after the shape rule: with the type that it promised.
func evaluate(_ operation: any Operation, _ inputs: Tensor...) throws -> Tensor {
  let type = try operation.outputType(inputs.map(\.type))
  let result = operation.evaluate(inputs)
  guard result.type == type else {
    throw TypeError("\(operation.description) promised \(type) and gave \(result.type)")
  }
  return result
}

/// The text of the error with which the shape rule refuses inputs, or "accepted".
func refusal(_ operation: any Operation, _ inputs: TensorType...) -> String {
  do {
    _ = try operation.outputType(inputs)
    return "accepted"
  } catch {
    return "\(error)"
  }
}

func f32(_ shape: Shape) -> TensorType { TensorType(shape, .float32) }
func f64(_ shape: Shape) -> TensorType { TensorType(shape, .float64) }
func i32(_ shape: Shape) -> TensorType { TensorType(shape, .int32) }

func integers(_ values: Int32..., shape: Shape? = nil) -> Tensor { Tensor(values, shape: shape) }

extension Tensor {
  /// Whether every element is within `tolerance` of the expected one.
  func isClose(to values: [Double], tolerance: Double = 1e-12) -> Bool {
    count == values.count
      && zip(doubles, values).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }
}

extension Rewrite {
  /// `%2`, or `square %0`.
  var text: String {
    switch self {
    case .node(let id): "%\(id)"
    case .operation(let operation, let inputs):
      ([operation.description] + inputs.map { "%\($0)" }).joined(separator: " ")
    }
  }
}
