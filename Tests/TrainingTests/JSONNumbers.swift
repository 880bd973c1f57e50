import Tensors

/// A vector or a matrix of JSON.
enum Numbers: Decodable {
  case vector([Double])
  case matrix([[Double]])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let rows = try? container.decode([[Double]].self) {
      self = .matrix(rows)
    } else {
      self = .vector(try container.decode([Double].self))
    }
  }

  var tensor: Tensor {
    switch self {
    case .vector(let values): Tensor(values)
    case .matrix(let rows): Tensor(rows)
    }
  }
}
