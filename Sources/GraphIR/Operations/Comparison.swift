import Formulas
import Tensors

/// Whether two values stand in a relation, element by element: 1 where they do, else 0, in the
/// type of the inputs.
///
/// y = 1 if a ⋚ b, else 0. No gradient flows.
public struct Comparison: BinaryElementwise {
  public static let name = "compare"
  public static let sample = Comparison(.less)

  /// The relations.
  public enum Relation: String, Hashable, Sendable, CaseIterable, Codable {
    case equal = "="
    case notEqual = "≠"
    case less = "<"
    case lessOrEqual = "≤"
    case greater = ">"
    case greaterOrEqual = "≥"
  }

  /// The relation that holds where the result is 1.
  public let relation: Relation

  public init(_ relation: Relation) { self.relation = relation }

  public var attributes: String { relation.rawValue }

  private func holds<T: Comparable>(_ a: T, _ b: T) -> Bool {
    switch relation {
    case .equal: a == b
    case .notEqual: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual: a >= b
    }
  }

  public func value<T: RealScalar>(_ a: T, _ b: T) -> T { holds(a, b) ? 1 : 0 }
  public func value(_ a: Int32, _ b: Int32) -> Int32? { holds(a, b) ? 1 : 0 }

  public func gradient(
    _ a: Expression, _ b: Expression, output y: Expression, upstream: Expression
  ) -> (Expression?, Expression?) {
    (nil, nil)
  }

  public func formula(_ a: Formula, _ b: Formula) -> Formula {
    let sign: Formula.Relation =
      switch relation {
      case .equal: .equal
      case .notEqual: .notEqual
      case .less: .less
      case .lessOrEqual: .lessOrEqual
      case .greater: .greater
      case .greaterOrEqual: .greaterOrEqual
      }
    return .piecewise([(1, .relation(a, sign, b))], 0)
  }

  public func derivative(_ a: Formula, _ b: Formula, output y: Formula) -> (Formula?, Formula?) {
    (nil, nil)
  }

  public static var samples: [Sample] {
    let (digits, bounds) = (Tensor([0.0, 1, 2, 0, 1, 2], shape: [2, 3]), Tensor([0.5, 0.5, 2.5]))
    // Ties among integers alone: at a tie of numbers there is no derivative to check.
    let (counts, limits) = (Tensor([3, 1, 2] as [Int32]), Tensor([1, 1, 7] as [Int32]))
    return Relation.allCases.flatMap { relation in
      [
        Sample(Comparison(relation), [digits, bounds]),
        Sample(Comparison(relation), [counts, limits]),
      ]
    }
  }
}

extension TensorAlgebra {
  /// 1 where the first is equal to the second, else 0.
  public static func .== (a: Self, b: Self) -> Self { apply(Comparison(.equal), to: [a, b]) }
  /// 1 where an element is equal to the number, else 0.
  public static func .== (a: Self, b: Double) -> Self { a .== a.constant(b) }
  /// 1 where the first is not equal to the second, else 0.
  public static func .!= (a: Self, b: Self) -> Self { apply(Comparison(.notEqual), to: [a, b]) }
  /// 1 where an element is not equal to the number, else 0.
  public static func .!= (a: Self, b: Double) -> Self { a .!= a.constant(b) }
  /// 1 where the first is less than the second, else 0.
  public static func .< (a: Self, b: Self) -> Self { apply(Comparison(.less), to: [a, b]) }
  /// 1 where an element is less than the number, else 0.
  public static func .< (a: Self, b: Double) -> Self { a .< a.constant(b) }
  /// 1 where the first is at most the second, else 0.
  public static func .<= (a: Self, b: Self) -> Self { apply(Comparison(.lessOrEqual), to: [a, b]) }
  /// 1 where an element is at most the number, else 0.
  public static func .<= (a: Self, b: Double) -> Self { a .<= a.constant(b) }
  /// 1 where the first is greater than the second, else 0.
  public static func .> (a: Self, b: Self) -> Self { apply(Comparison(.greater), to: [a, b]) }
  /// 1 where an element is greater than the number, else 0.
  public static func .> (a: Self, b: Double) -> Self { a .> a.constant(b) }
  /// 1 where the first is at least the second, else 0.
  public static func .>= (a: Self, b: Self) -> Self {
    apply(Comparison(.greaterOrEqual), to: [a, b])
  }
  /// 1 where an element is at least the number, else 0.
  public static func .>= (a: Self, b: Double) -> Self { a .>= a.constant(b) }
}
