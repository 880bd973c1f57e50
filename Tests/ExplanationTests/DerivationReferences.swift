import Explanation
import Foundation
import Testing

/// The numbers of `References/explanations.json`, which `References/make-references.py` made with
/// NumPy and PyTorch.
struct DerivationReferences: Decodable {
  /// A 2-2-2 network, written out weight by weight.
  struct Small: Decodable {
    struct Row: Decodable {
      let count: Int
      let weights: [Double]
      let error: Double
    }

    struct Order: Decodable {
      let gradients: [Double]
      let rows: [Row]
    }

    let name: String
    let inputs, targets, weights, biases: [Double]
    let rate: Double
    let error: Double
    let orders: [String: Order]
  }

  /// A network differentiated by PyTorch; parameters in row-major order.
  struct Differentiated: Decodable {
    let name: String
    let error: Double
    let parameters, gradients: [String: [Double]]
    /// The parameters after one step, by optimizer.
    let updated: [String: [String: [Double]]]
  }

  /// 784-16-10: the gradients of some weights, by their places.
  struct Large: Decodable {
    let error: Double
    let gradients: [String: Double]
  }

  let versions: String
  let small: [Small]
  let differentiated: [Differentiated]
  let large: Large

  static func read() throws -> DerivationReferences {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "References/explanations.json")
    return try JSONDecoder().decode(DerivationReferences.self, from: Data(contentsOf: file))
  }

  func small(_ name: String) throws -> Small {
    try #require(small.first { $0.name == name })
  }

  func differentiated(_ name: String) throws -> Differentiated {
    try #require(differentiated.first { $0.name == name })
  }
}
