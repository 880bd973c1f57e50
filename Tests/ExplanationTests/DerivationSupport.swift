import Datasets
import Explanation
import Formulas
import GraphIR
import Layers
import Tensors
import Testing
import Training

/// What the tests of derivations share.
enum Derivations {
  /// The problem of a worked example, with the names that its worksheet gives the weights.
  static func problem(_ name: String) throws -> Problem {
    try problem(WorkedExamples.named(name).worksheet())
  }

  static func problem(_ worksheet: Worksheet) -> Problem {
    var problem = worksheet.problem
    problem.names = worksheet.weightNames
    return problem
  }

  static func problem(yaml: String) throws -> Problem {
    problem(try Worksheet(yaml: yaml, name: "test.yaml"))
  }

  /// All kinds of optimizers, those with choices in more than one form.
  static let optimizers: [any Optimizer] =
    [
      SGD(learningRate: 0.5), SGD(learningRate: 0.5, weightDecay: 0.01),
      Momentum(learningRate: 0.5), Momentum(learningRate: 0.5, momentum: 0.8, weightDecay: 0.01),
      Nesterov(learningRate: 0.5), Nesterov(learningRate: 0.5, momentum: 0.8, weightDecay: 0.01),
      Adagrad(learningRate: 0.05), Adagrad(learningRate: 0.05, weightDecay: 0.01),
      RMSprop(), RMSprop(momentum: 0.9), RMSprop(momentum: 0.9, weightDecay: 0.01),
      Adam(learningRate: 0.01), Adam(learningRate: 0.01, weightDecay: 0.01),
      AdamW(learningRate: 0.01), AdamW(learningRate: 0.01, weightDecay: 0),
      Quickprop(), Quickprop(weightDecay: 0.01), DeltaBarDelta(),
    ] + Rprop.Variant.allCases.map { Rprop(variant: $0) }

  /// What a problem's derivation calls each parameter's elements: `hidden.weight` → w1, w3, …
  static func names(_ problem: Problem) throws -> [String: [String]] {
    var problem = problem
    (problem.order, problem.fixed) = (.simultaneous, [])
    var result: [String: [String]] = [:]
    for (name, tensor) in problem.parameters {
      result[name] = try (0..<tensor.count).map { element in
        let part = try Derivation(
          of: problem, selection: .weight(place(name, element, tensor.shape)))
        let own = part.quantities.filter { $0.kind == .gradient }
        #expect(own.count == 1)
        return String(try #require(own.first).name.dropFirst("dE_total/d".count))
      }
    }
    return result
  }

  /// `hidden.weight[0,1]`.
  static func place(_ name: String, _ element: Int, _ shape: Shape) -> String {
    var (rest, indices) = (element, [Int]())
    for size in shape.dimensions.reversed() {
      indices.insert(rest % size, at: 0)
      rest /= size
    }
    return "\(name)[\(indices.map(String.init).joined(separator: ","))]"
  }

  /// |a − b|, relative to the greater where that is above 1.
  static func distance(_ a: Double, _ b: Double) -> Double {
    abs(a - b) / max(1, abs(a), abs(b))
  }

  /// The parameters after one step of the optimizer's cheap form, in a compiled training step.
  static func trained(_ problem: Problem) throws -> ParameterSet {
    let trainer = Trainer(
      problem.model, loss: problem.loss, optimizer: problem.optimizer,
      TrainingOptions(l1: problem.l1, l2: problem.l2, precision: .float64))
    let rows = problem.input.shape.dimensions
    let step = try trainer.step(
      batch: rows[0], input: Shape(Array(rows.dropFirst())),
      target: TensorType(
        Shape(Array(problem.target.shape.dimensions.dropFirst())), problem.target.scalarType),
      threads: 1)
    for (name, tensor) in problem.parameters { try step.executor.variables.set(name, tensor) }
    try step.set(Batch(inputs: problem.input, targets: problem.target))
    step.run()
    return ParameterSet(
      try problem.parameters.map { name, tensor in
        let next = try #require(step.executor.variables[name])
        return (name, problem.fixed.contains(name) ? tensor : next)
      })
  }
}

/// How far a derivation is from what it must be.
struct DerivationCheck {
  /// |found − expected| / max(1, …), the worst over all quantities.
  private(set) var worstFormula = 0.0
  private(set) var worstProof = 0.0
  private(set) var worstParameter = 0.0
  private(set) var quantities = 0
  /// What is wrong, in words; empty where nothing is.
  private(set) var faults: [String] = []

  static let formulaTolerance = 1e-12
  static let proofTolerance = 1e-9
  static let parameterTolerance = 1e-15

  mutating func add(_ other: DerivationCheck) {
    worstFormula = max(worstFormula, other.worstFormula)
    worstProof = max(worstProof, other.worstProof)
    worstParameter = max(worstParameter, other.worstParameter)
    quantities += other.quantities
    faults += other.faults
  }

  /// Reads a derivation as a program: each quantity after those that it uses, each formula made of
  /// nothing else, and equal to its value.
  mutating func program(_ derivation: Derivation) {
    var values: [String: Double] = [:]
    var symbols: [String: Formula] = [:]
    var known: [Formula: Formula] = [:]
    quantities += derivation.quantities.count
    for quantity in derivation.quantities {
      if values[quantity.name] != nil { faults.append("\(quantity.name) is there twice") }
      if known[quantity.symbol] != nil {
        faults.append("\(quantity.name): \(quantity.symbol.text) stands for another one too")
      }
      defer {
        values[quantity.name] = quantity.value
        symbols[quantity.name] = quantity.symbol
        known[quantity.symbol] = .number(quantity.value)
      }
      if !quantity.value.isFinite { faults.append("\(quantity.name) is \(quantity.value)") }
      guard let formula = quantity.formula else {
        if !quantity.uses.isEmpty { faults.append("\(quantity.name): uses without a formula") }
        continue
      }
      var own: [Formula: Formula] = [:]
      for use in quantity.uses {
        guard let value = values[use], let symbol = symbols[use] else {
          faults.append("\(quantity.name) comes before \(use), which it uses")
          continue
        }
        own[symbol] = .number(value)
      }
      guard let result = formula.substituting(own).evaluate() else {
        faults.append("\(quantity.name) = \(formula.text) is more than \(quantity.uses)")
        continue
      }
      compare(quantity, formula, result)
      // The other forms may be of slopes that are no quantities.
      for form in quantity.forms.dropLast() {
        if let result = form.substituting(known).evaluate() { compare(quantity, form, result) }
      }
    }
    sections(derivation)
  }

  private mutating func compare(_ quantity: Quantity, _ formula: Formula, _ result: Double) {
    let distance = Derivations.distance(result, quantity.value)
    worstFormula = max(worstFormula, distance)
    if !(distance <= Self.formulaTolerance) {
      faults.append(
        "\(quantity.name) is \(quantity.value), but \(formula.text) is \(result)")
    }
  }

  private mutating func sections(_ derivation: Derivation) {
    if derivation.sections.flatMap(\.quantities) != derivation.quantities.map(\.name) {
      faults.append("the sections are not all quantities in their order")
    }
    for quantity in derivation.quantities {
      guard derivation[quantity.name]?.value == quantity.value,
        let position = derivation.position(of: quantity.name),
        derivation.quantities[position].symbol == quantity.symbol
      else {
        faults.append("\(quantity.name) is not found by its name")
        continue
      }
    }
  }

  /// Holds every gradient against the central difference of the loss.
  mutating func proofs(_ derivation: Derivation) {
    let gradients = derivation.quantities.filter { $0.kind == .gradient }.map(\.name)
    if Set(derivation.proofs.map(\.name)) != Set(gradients) {
      faults.append("there are proofs of \(derivation.proofs.map(\.name)), not of \(gradients)")
    }
    for proof in derivation.proofs {
      if derivation[proof.name]?.value != proof.gradient {
        faults.append("\(proof.name): the proof is of \(proof.gradient)")
      }
      let distance = abs(proof.gradient - proof.centralDifference)
      worstProof = max(worstProof, distance)
      if !(distance <= Self.proofTolerance) {
        faults.append(
          "\(proof.name) is \(proof.gradient), the central difference \(proof.centralDifference)")
      }
    }
  }

  /// Holds every new parameter against another computation of it.
  ///
  /// - Parameter names: The names of the parameters' elements; see ``Derivations/names(_:)``.
  mutating func parameters(
    _ derivation: Derivation, of problem: Problem, _ expected: ParameterSet,
    names: [String: [String]]
  ) {
    for (parameter, tensor) in expected {
      for (name, value) in zip(names[parameter] ?? [], tensor.doubles) {
        let isFixed = problem.fixed.contains(parameter)
        let found = derivation[name + "+"]
        guard let found else {
          if !isFixed { faults.append("there is no \(name)+") }
          continue
        }
        if isFixed { faults.append("\(name) is fixed, but there is \(name)+") }
        // A gradient that is zero but for rounding becomes a step of its own where an optimizer
        // divides by its size.
        let gradient = derivation["dE_total/d\(name)"]?.value ?? .nan
        if abs(gradient) < 1e-13 { continue }
        let distance = Derivations.distance(found.value, value)
        worstParameter = max(worstParameter, distance)
        if !(distance <= Self.parameterTolerance) {
          faults.append("\(name)+ is \(found.value), the optimizer makes it \(value)")
        }
      }
    }
  }
}
