import Formulas
import GraphIR
import Tensors

/// What is wrong with an operation's element rules on given inputs.
struct ElementRuleCheck {
  /// What was found wrong, one line each.
  private(set) var complaints: [String] = []
  /// How many derivatives were compared.
  private(set) var derivativeCount = 0

  private let operation: any Operation
  private let inputs: [Tensor]
  private let output: Tensor
  /// For each element of the output, its rule.
  private let rules: [ElementRule]

  /// Looks at the formulas alone; ``compareDerivatives(with:atKinks:)`` looks further.
  ///
  /// - Parameter change: Makes a rule wrong, to see that it is found.
  init(
    _ operation: any Operation, _ inputs: [Tensor],
    change: (ElementRule) -> ElementRule = { $0 }
  ) {
    self.operation = operation
    self.inputs = inputs
    output = operation.evaluate(inputs)
    rules = (0..<output.count).map { change(operation.element($0, of: inputs)) }
    for index in rules.indices { checkFormula(index) }
  }

  private mutating func complain(_ index: Int, _ text: String) {
    complaints.append("\(operation.description), element \(index): \(text)")
  }

  private func symbols(_ rule: ElementRule) -> [Formula] {
    rule.sources.map { .symbol("x", subscript: "\($0.input),\($0.element)") }
  }

  private func values(_ index: Int) -> [String: Double] {
    var values = ["y": output.element(index)]
    for source in rules[index].sources {
      values["x_{\(source.input),\(source.element)}"] = inputs[source.input].element(source.element)
    }
    return values
  }

  private mutating func checkFormula(_ index: Int) {
    let rule = rules[index]
    guard
      rule.sources.allSatisfy({
        inputs.indices.contains($0.input) && (0..<inputs[$0.input].count).contains($0.element)
      })
    else { return complain(index, "has a source that does not exist") }
    if Set(rule.sources).count != rule.sources.count { complain(index, "has a source twice") }
    let symbols = symbols(rule)
    let formula = rule.formula(symbols)
    let (found, expected) = (formula.evaluate(values(index)), output.element(index))
    // The floor is for what is 0 up to rounding, as x − ln(eˣ) is.
    let tolerance = rule.isCopy ? 0 : 1e-12 * max(abs(expected), 1e-3)
    if found.map({ abs($0 - expected) <= tolerance }) != true {
      complain(index, "\(formula) is \(found.map(\.description) ?? "unknown"), not \(expected)")
    }
    let derivatives = rule.derivatives(symbols, "y")
    if derivatives.count != symbols.count {
      complain(index, "has \(symbols.count) sources and \(derivatives.count) derivatives")
    }
    if derivatives.contains(0) { complain(index, "has a derivative of 0 that is not nil") }
    if rule.isCopy, symbols != [formula] || derivatives != [1] {
      complain(index, "is no copy: \(formula), with derivative \(derivatives)")
    }
  }

  /// Compares the derivatives with ∂output/∂input as numbers, `slopes[input][element][index]`.
  mutating func compareDerivatives(with slopes: [[[Double]]], tolerance: Double) {
    guard complaints.isEmpty else { return }
    for (index, rule) in rules.enumerated() {
      let symbols = symbols(rule)
      let derivatives = rule.derivatives(symbols, "y")
      let known = Dictionary(uniqueKeysWithValues: zip(rule.sources, derivatives))
      for (input, elements) in slopes.enumerated() {
        for (element, slope) in elements.enumerated() {
          derivativeCount += 1
          let derivative = known[.init(input: input, element: element)] ?? nil
          let found = derivative.map { $0.evaluate(values(index)) } ?? 0
          if found.map({ abs($0 - slope[index]) <= tolerance * max(1, abs(slope[index])) }) != true
          {
            complain(
              index,
              "∂y/∂x_\(input),\(element) = \(derivative?.text ?? "none") is "
                + "\(found.map(\.description) ?? "unknown"), not \(slope[index])")
          }
        }
      }
    }
  }

  /// ∂output/∂input by five-point central differences of the evaluation.
  func centralDifferences() -> [[[Double]]] {
    let h = 1e-3
    return inputs.enumerated().map { number, input in
      guard input.scalarType.isFloatingPoint else { return [] }
      return (0..<input.count).map { element in
        func at(_ offset: Double) -> [Double] {
          var (moved, numbers) = (inputs, input.doubles)
          numbers[element] += offset
          moved[number] = Tensor(numbers, shape: input.shape, type: input.scalarType)
          return operation.evaluate(moved).doubles
        }
        let (near, far) = ((at(h), at(-h)), (at(2 * h), at(-2 * h)))
        return output.doubles.indices.map {
          (8 * (near.0[$0] - near.1[$0]) - (far.0[$0] - far.1[$0])) / (12 * h)
        }
      }
    }
  }

  /// ∂output/∂input by the gradient rule, with 1 for one output element at a time flowing in.
  func gradients() throws -> [[[Double]]] {
    let builder = GraphBuilder()
    let arguments = inputs.enumerated().map { builder.input("\($0)", $1.type) }
    let value = Expression.apply(operation, to: arguments)
    let upstream = builder.input("upstream", value.type)
    let results = operation.gradients(arguments, output: value, upstream: upstream)
    let nodes = builder.nodes
    var slopes = inputs.map { input in
      [[Double]](
        repeating: [Double](repeating: 0, count: output.count),
        count: input.scalarType.isFloatingPoint ? input.count : 0)
    }
    for index in 0..<output.count {
      var unit = [Double](repeating: 0, count: output.count)
      unit[index] = 1
      var numbers: [Tensor] = []
      for node in nodes {
        switch node.content {
        case .input("upstream"):
          numbers.append(Tensor(unit, shape: output.shape, type: output.scalarType))
        case .input(let name): numbers.append(inputs[Int(name) ?? 0])
        case .constant(let tensor): numbers.append(tensor)
        case .operation(let operation, let places):
          numbers.append(operation.evaluate(places.map { numbers[$0] }))
        case .variable: throw TypeError("a gradient rule declares no variables")
        }
      }
      for (input, result) in results.enumerated() where !slopes[input].isEmpty {
        guard let result else { continue }
        for element in 0..<inputs[input].count {
          slopes[input][element][index] = numbers[result.id].element(element)
        }
      }
    }
    return slopes
  }
}
