import Explanation
import Layers
import Tensors
import Training

/// Random small networks with random data: layered ones, every activation, every loss.
struct RandomProblems {
  private var random: RandomStream

  init(seed: UInt64) { random = RandomStream(seed: seed, name: "derivations") }

  private mutating func choice<T>(_ values: [T]) -> T {
    values[Int(random.uniform() * Double(values.count))]
  }

  private mutating func numbers(_ shape: Shape, _ size: Double) -> Tensor {
    Tensor((0..<shape.count).map { _ in random.uniform(-size, size) }, shape: shape)
  }

  /// A problem, and what it is in words.
  mutating func next() throws -> (problem: Problem, words: String) {
    let (features, examples, depth) = (
      choice([1, 2, 3]), choice([1, 1, 2, 4]), choice([1, 2, 3])
    )
    let outputs = choice([1, 2, 3])
    let biases = choice(["none", "shared", "own"])
    let losses: [any Loss] = [
      HalfSquaredError(), MeanSquaredError(), MeanAbsoluteError(), Huber(), Huber(delta: 0.3),
      Hinge(), BinaryCrossEntropy(), CrossEntropy(), CrossEntropy(labelSmoothing: 0.1),
      CrossEntropy(classWeights: [0.5, 2, 1]), BinaryCrossEntropy(labelSmoothing: 0.2),
      BinaryCrossEntropy(classWeights: [0.5, 3]),
    ]
    let loss = choice(losses)
    let units = (0..<depth).map { index -> Int in
      guard index == depth - 1 else { return choice([1, 2, 3]) }
      return loss is CrossEntropy ? 3 : outputs
    }
    let appliesOwn = loss is CrossEntropy || loss is BinaryCrossEntropy
    var activations: [Activation] = []
    let model = Sequential(
      units.enumerated().map { index, units in
        let isLast = index == depth - 1
        let activation = isLast && appliesOwn ? .linear : choice(Activation.allCases)
        activations.append(activation)
        return LayerBox(
          Dense(
            units: units, activation: activation, hasBias: biases != "none",
            sharesBias: biases == "shared", name: isLast ? "output" : "hidden\(index + 1)"))
      })
    let row = Shape([features])
    var parameters = ParameterSet()
    for declaration in try model.declarations(input: row, type: .float64) {
      parameters[declaration.name] = numbers(declaration.type.shape, 1)
    }
    let last = units[depth - 1]
    let optimizer = choice(Derivations.optimizers)
    var problem = Problem(
      model: model, loss: loss, parameters: parameters,
      input: numbers(Shape([examples, features]), 1.5), target: target(loss, examples, last),
      optimizer: optimizer, l1: choice([0, 0, 0.03]), l2: choice([0, 0, 0.1]))
    problem.names = choice([nil, .numbered, .byPlace])
    if choice([false, false, true]), biases != "none" {
      problem.fixed = [choice(parameters.names.filter { $0.hasSuffix(".bias") })]
    }
    let layers = zip(units, activations).map { "\($0) \($1.rawValue)" }.joined(separator: " - ")
    let words =
      "\(features) - \(layers); \(loss), \(examples) examples, biases \(biases), l1 \(problem.l1), "
      + "l2 \(problem.l2), \(optimizer), fixed \(problem.fixed), names \(String(describing: problem.names))"
    return (problem, words)
  }

  private mutating func target(_ loss: any Loss, _ rows: Int, _ outputs: Int) -> Tensor {
    let shape = Shape([rows, outputs])
    func made(_ value: (inout RandomStream) -> Double) -> Tensor {
      Tensor((0..<shape.count).map { _ in value(&random) }, shape: shape)
    }
    switch loss {
    case is Hinge: return made { $0.uniform() < 0.5 ? -1 : 1 }
    case is BinaryCrossEntropy: return made { $0.uniform() < 0.5 ? 0 : 1 }
    case is CrossEntropy:
      let classes = (0..<rows).map { _ in Int(random.uniform() * Double(outputs)) }
      return Tensor(
        classes.flatMap { own in (0..<outputs).map { $0 == own ? 1.0 : 0 } }, shape: shape)
    default: return made { $0.uniform(-1, 1) }
    }
  }

  /// Whether no function of the network is near a kink, where a central difference means nothing.
  static func isSmooth(_ problem: Problem, _ derivation: Derivation) -> Bool {
    let margin = 0.02
    func isFar(_ kinds: [Quantity.Kind], from places: [Double]) -> Bool {
      derivation.quantities.allSatisfy { quantity in
        !kinds.contains(quantity.kind)
          || places.allSatisfy { abs(quantity.value - $0) > margin }
      }
    }
    var kinks: [Double] = [-delta(problem.loss), delta(problem.loss)]
    if problem.loss is MeanAbsoluteError { kinks.append(0) }
    let targets = derivation.quantities.filter { $0.kind == .target }
    for target in targets {
      guard let out = derivation[target.name.replacing("target_", with: "out_")] else { continue }
      let rest = target.value - out.value
      if kinks.contains(where: { abs(rest - $0) < margin }) { return false }
      if problem.loss is Hinge, abs(1 - target.value * out.value) < margin { return false }
    }
    return isFar([.netInput, .weight], from: [0])
  }

  private static func delta(_ loss: any Loss) -> Double { (loss as? Huber)?.delta ?? .infinity }
}
