import GraphIR

/// How the blocks of a transformer normalize features.
public enum BlockNormalization: String, Hashable, Sendable, CaseIterable {
  /// (x − mean) / √(variance + ε), times a scale, plus a shift.
  case layer
  /// x / √(mean of squares + ε), times a scale.
  case rms

  /// The normalized features.
  ///
  /// - Parameter hasShift: Whether a shift is added, where this kind has one.
  func callAsFunction(
    _ x: Expression, in scope: Scope, as name: String, hasShift: Bool = true
  ) -> Expression {
    // After an error x may be anything.
    guard x.shape.rank >= 1 else { return x }
    let scope = scope.child(name)
    let width = x.shape[-1]
    let scale = scope.parameter("scale", [width], .ones)
    switch self {
    case .layer:
      let scaled = x.standardized() * scale
      return hasShift ? scaled + scope.parameter("shift", [width], .zeros) : scaled
    case .rms:
      return x / sqrt(x.squared().mean(axes: [-1], keepingAxes: true) + 1e-5) * scale
    }
  }
}

extension BlockNormalization: Codable {
  /// Reads a normalization's name.
  ///
  /// - Throws: ``LayerError`` with the names there are where there is none of this name.
  public init(from decoder: any Decoder) throws {
    let name = try decoder.singleValueContainer().decode(String.self)
    guard let match = Self.allCases.first(where: { $0.rawValue == name.looseKey }) else {
      throw LayerError(
        "\(decoder.location)there is no block normalization \"\(name)\"; "
          + suggestion(for: name, in: Self.allCases.map(\.rawValue)))
    }
    self = match
  }
}

/// What the blocks of a transformer have in common.
struct TransformerParts {
  let feedForward: Int?
  let activation: Activation
  let isGated: Bool
  let normalization: BlockNormalization
  let normalizesFirst: Bool
  let dropout: Double
  let hasBias: Bool

  var problem: String? {
    feedForward.flatMap { sizeProblem("feedForward", $0) } ?? rateProblem("dropout", dropout)
  }

  /// The steps of sequences as rows, [rows, features], passed through `body`; as sequences again.
  func rows(of x: Expression, _ sizes: SequenceSizes, _ body: (Expression) -> Expression)
    -> Expression
  {
    body(x.reshaped([sizes.rows, sizes.features])).reshaped(x.shape)
  }

  /// Whether a block's heads can share the features evenly; else that is recorded.
  func fits(_ sizes: SequenceSizes, heads: Int, kind: String, in scope: Scope) -> Bool {
    guard sizes.features % heads != 0 else { return true }
    scope.fail(
      "\(kind): \(sizes.features) features cannot be shared evenly by \(heads) heads")
    return false
  }

  /// x + f(norm x), or norm(x + f(x)): one part of a block, numbered from 1.
  ///
  /// x is [rows, features], one row for each step of each sequence: in one shape from product to
  /// product, sums and activations are done together with the products.
  func residual(
    _ x: Expression, _ number: Int, in scope: Scope, _ part: (Expression) -> Expression
  ) -> Expression {
    func normalized(_ x: Expression) -> Expression {
      normalization(x, in: scope, as: "norm\(number)", hasShift: hasBias)
    }
    let branch = part(normalizesFirst ? normalized(x) : x)
    let sum = x + dropped(branch, "dropout\(number)", in: scope)
    return normalizesFirst ? sum : normalized(sum)
  }

  /// The two layers that each step passes by itself: f(x W₁ + b₁) W₂ + b₂, or with a gate
  /// (f(x W₁ + b₁) ⊗ (x W₃ + b₃)) W₂ + b₂.
  func feedForward(_ x: Expression, in scope: Scope) -> Expression {
    let width = x.shape[-1]
    let inner = feedForward ?? 4 * width
    var hidden = scope.apply(
      Dense(units: inner, activation: activation, hasBias: hasBias), to: x, as: "expand")
    if isGated {
      hidden = hidden * scope.apply(Dense(units: inner, hasBias: hasBias), to: x, as: "gate")
    }
    hidden = dropped(hidden, "innerDropout", in: scope)
    return scope.apply(Dense(units: width, hasBias: hasBias), to: hidden, as: "contract")
  }

  private func dropped(_ x: Expression, _ name: String, in scope: Scope) -> Expression {
    dropout > 0 ? scope.apply(Dropout(dropout), to: x, as: name) : x
  }
}
