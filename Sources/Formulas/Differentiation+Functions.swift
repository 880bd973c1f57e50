extension Differentiation {
  /// The derivative of a function call, by the table of known functions and the chain rule.
  func call(_ name: String, _ arguments: [Formula], in formula: Formula) -> Step? {
    if name == "max" || name == "min" { return extreme(name, arguments) }
    guard let u = arguments.first, arguments.count == 1 else {
      return isConstant(formula) ? .constant : nil
    }
    guard let slope = Differentiation.slope(of: name, at: u) else {
      return isConstant(formula) ? .constant : nil
    }
    return slope == 0 ? .constant : chain(name == "exp" ? .exponential : .function, slope, u)
  }

  private static func slope(of name: String, at u: Formula) -> Formula? {
    switch name {
    case "exp": return .exp(u)
    case "ln", "log": return 1 / u
    case "tanh": return 1 - .power(.call("tanh", [u]), 2)
    case "sinh": return .call("cosh", [u])
    case "cosh": return .call("sinh", [u])
    case "sin": return .call("cos", [u])
    case "cos": return -.call("sin", [u])
    case "erf": return 2 / .squareRoot("π") * .exp(-.power(u, 2))
    case "Φ": return .exp(-.power(u, 2) / 2) / .squareRoot(2 * "π")
    case "sign", "floor", "ceil", "round": return 0
    default: return nil
    }
  }

  /// The derivative of the argument that is greatest or least.
  ///
  /// With two arguments one of which is constant, that one counts where they are equal, so that
  /// max(0, x) has the slope 0 at 0.
  private func extreme(_ name: String, _ arguments: [Formula]) -> Step? {
    var slopes: [Formula] = []
    for argument in arguments {
      guard let slope = derivative(argument) else { return nil }
      slopes.append(slope)
    }
    if slopes.allSatisfy({ $0 == 0 }) { return .constant }
    if arguments.count == 1 { return Step(.identity, slopes[0]) }
    let isSwapped = arguments.count == 2 && slopes[0] == 0
    let order = isSwapped ? [1, 0] : Array(arguments.indices)
    let branches = order.dropLast().enumerated().map { position, index in
      let others = order[(position + 1)...].map { arguments[$0] }
      let rival: Formula = others.count == 1 ? others[0] : .call(name, others)
      return Formula.Branch(
        slopes[index],
        if: .relation(arguments[index], name == "max" ? .greater : .less, rival))
    }
    return Step(.branches, .branches(branches, otherwise: order.last.map { slopes[$0] }))
  }
}
