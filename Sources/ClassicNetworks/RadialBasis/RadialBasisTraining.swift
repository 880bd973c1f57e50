import Differentiation
import Execution
import GraphIR
import RealModule
import Tensors
import Training

/// Trains Gaussian units by backpropagation: forward, error, backward and update are one compiled graph.
///
/// E = mean of (t − o)², o = Σⱼ wⱼ exp(−½ ‖x − cⱼ‖² e^(−2 sⱼ)) + b, with the logarithm s of each width, so
/// that none can become zero. Steps are Adam's, over a part of the rows each; what is left over of an
/// epoch's rows waits for another order.
package struct RadialBasisTraining {
  package var basis: RadialBasis
  /// [units + 1, outputs], the biases last.
  package var weights: Matrix
  let learningRate: Double
  let batch: Int
  /// Whether centers and widths learn too, or the weights alone.
  let movesUnits: Bool

  private static let (beta1, beta2, epsilon) = (0.9, 0.999, 1e-8)

  package init(
    basis: RadialBasis, weights: Matrix, learningRate: Double, batch: Int, movesUnits: Bool
  ) {
    (self.basis, self.weights) = (basis, weights)
    (self.learningRate, self.batch, self.movesUnits) = (learningRate, batch, movesUnits)
  }

  /// - Parameter observe: Told of each epoch's number and its mean squared error.
  /// - Throws: `TrainingError.diverged` where the error becomes infinite.
  package mutating func run(
    _ rows: Matrix, _ targets: Matrix, epochs: Int, random: inout RandomStream,
    observe: (Int, Double) -> Void
  ) throws {
    let size = min(batch, rows.rows)
    let executor = try Executor(Plan(step(rows: size, outputs: targets.columns)))
    let units = basis.centers.rows
    let start: [(String, Tensor)] = [
      ("centers", basis.centers.tensor),
      ("logarithms", Tensor(basis.widths.map { Double.log($0) })),
      ("weights", weights.part(0..<units).tensor), ("biases", Tensor(Array(weights[row: units]))),
    ]
    for (name, tensor) in start { try executor.variables.set(name, tensor) }
    for (name, tensor) in start where executor.variables[name + ".m"] != nil {
      let zeros = Tensor.zeros(tensor.shape, type: .float64)
      try executor.variables.set(name + ".m", zeros)
      try executor.variables.set(name + ".v", zeros)
    }
    var steps = 0
    for epoch in 1...max(epochs, 1) {
      let order = random.permutation(rows.rows)
      var total = 0.0
      for part in 0..<rows.rows / size {
        let picked = Array(order[part * size..<(part + 1) * size])
        steps += 1
        let rate =
          learningRate * (1 - Double.pow(Self.beta2, Double(steps))).squareRoot()
          / (1 - Double.pow(Self.beta1, Double(steps)))
        try executor.setInput("rows", rows.picking(picked).tensor)
        try executor.setInput("targets", targets.picking(picked).tensor)
        try executor.setInput("rate", Tensor(rate))
        executor.run()
        total += try executor.output("error").doubles[0]
      }
      let error = total / Double(rows.rows / size)
      guard error.isFinite else {
        throw TrainingError.diverged(epoch: epoch, batch: rows.rows / size, loss: error)
      }
      observe(epoch, error)
    }
    func values(_ name: String) -> [Double] { executor.variables[name]?.doubles ?? [] }
    if movesUnits {
      basis.centers.values = values("centers")
      basis.widths = values("logarithms").map { Double.exp($0) }
    }
    weights.values = values("weights") + values("biases")
    guard (basis.centers.values + basis.widths + weights.values).allSatisfy(\.isFinite),
      basis.widths.allSatisfy({ $0 > 0 })
    else {
      throw TrainingError.notFinite(parameter: "a unit", epoch: epochs, batch: rows.rows / size)
    }
  }

  private func step(rows: Int, outputs: Int) throws -> Graph {
    let (units, columns) = (basis.centers.rows, basis.centers.columns)
    let builder = GraphBuilder()
    let x = builder.input("rows", TensorType([rows, columns], .float64))
    let t = builder.input("targets", TensorType([rows, outputs], .float64))
    let rate = builder.input("rate", TensorType(.scalar, .float64))
    let c = builder.variable("centers", TensorType([units, columns], .float64))
    let s = builder.variable("logarithms", TensorType([units], .float64))
    let w = builder.variable("weights", TensorType([units, outputs], .float64))
    let b = builder.variable("biases", TensorType([outputs], .float64))
    let distances =
      x.squared().sum(axes: [1], keepingAxes: true) - x.matmul(c, transposeB: true) * 2
      + c.squared().sum(axes: [1])
    let output = exp(distances * exp(s * -2) * -0.5).matmul(w) + b
    let error = (t - output).squared().mean()
    let learning =
      [("weights", w), ("biases", b)] + (movesUnits ? [("centers", c), ("logarithms", s)] : [])
    for ((name, parameter), g) in zip(
      learning, gradient(of: error, withRespectTo: learning.map(\.1)))
    {
      let m = builder.variable(name + ".m", parameter.type)
      let v = builder.variable(name + ".v", parameter.type)
      let mean = m * Self.beta1 + g * (1 - Self.beta1)
      let square = v * Self.beta2 + g.squared() * (1 - Self.beta2)
      builder.update(m, with: mean)
      builder.update(v, with: square)
      builder.update(parameter, with: parameter - rate * mean / (sqrt(square) + Self.epsilon))
    }
    builder.output("error", error)
    return try builder.finish()
  }
}
