extension Formula: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .symbol(Symbol(value)) }
}

extension Formula: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension Formula {
  /// A symbol in the notation of ``Symbol``: `.symbol("net_h1")`.
  public static func symbol(_ notation: String) -> Formula { .symbol(Symbol(notation)) }

  /// A symbol with its parts given one by one.
  public static func symbol(
    _ name: String, subscript: String?, superscript: String? = nil
  ) -> Formula {
    .symbol(Symbol(name: name, subscript: `subscript`, superscript: superscript))
  }

  /// eˣ.
  public static func exp(_ exponent: Formula) -> Formula { .call("exp", [exponent]) }

  /// ln(x), the natural logarithm.
  public static func ln(_ argument: Formula) -> Formula { .call("ln", [argument]) }

  /// A value by cases: `.piecewise([("x", .relation("x", .greater, 0))], 0)`.
  public static func piecewise(
    _ branches: [(value: Formula, condition: Formula)], _ otherwise: Formula? = nil
  ) -> Formula {
    .branches(branches.map { Branch($0.value, if: $0.condition) }, otherwise: otherwise)
  }

  /// a = b = …, in the order given.
  public static func equals(_ first: Formula, _ second: Formula, _ more: Formula...) -> Formula {
    more.reduce(.relation(first, .equal, second)) { .relation($0, .equal, $1) }
  }

  /// The sum of `body` over `index`, from and to the bounds where given.
  public static func sum(
    of body: Formula, over index: Formula, from: Formula? = nil, to: Formula? = nil
  ) -> Formula {
    .big(.sum, index: index, from: from, to: to, body: body)
  }

  /// A column vector written out.
  public static func column(_ elements: [Formula]) -> Formula { .matrix(elements.map { [$0] }) }

  public static func + (left: Formula, right: Formula) -> Formula {
    var terms: [Formula] = []
    for side in [left, right] {
      if case .sum(let inner) = side { terms += inner } else { terms.append(side) }
    }
    return .sum(terms)
  }

  public static func - (left: Formula, right: Formula) -> Formula { .difference(left, right) }

  public static func * (left: Formula, right: Formula) -> Formula {
    var factors: [Formula] = []
    for side in [left, right] {
      if case .product(let inner) = side { factors += inner } else { factors.append(side) }
    }
    return .product(factors)
  }

  public static func / (left: Formula, right: Formula) -> Formula { .quotient(left, right) }

  public static prefix func - (operand: Formula) -> Formula { .negation(operand) }
}
