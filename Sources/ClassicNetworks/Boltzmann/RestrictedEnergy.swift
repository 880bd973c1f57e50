import RealModule
import Tensors

/// The weights of a restricted Boltzmann machine, and what follows from them, in Float64.
struct RestrictedEnergy: Sendable {
  var units: RestrictedBoltzmannMachine.Units
  /// [visible, hidden].
  var weights: Matrix
  var visibleBias: [Double]
  var hiddenBias: [Double]

  var visible: Int { weights.rows }
  var hidden: Int { weights.columns }

  /// cⱼ + Σᵢ vᵢ wᵢⱼ of each row.
  private func hiddenNets(_ rows: Matrix) -> Matrix { rows.times(weights).adding(hiddenBias) }

  /// The probability of each hidden unit, given rows.
  func hiddenMeans(_ rows: Matrix) -> Matrix { hiddenNets(rows).mapped(logistic) }

  /// The mean of each visible unit, given hidden ones.
  func visibleMeans(_ hidden: Matrix) -> Matrix {
    let nets = hidden.times(weights, otherTransposed: true).adding(visibleBias)
    return units == .bernoulli ? nets.mapped(logistic) : nets
  }

  /// Rows as their hidden units' means give them back.
  func reconstructions(_ rows: Matrix) -> Matrix { visibleMeans(hiddenMeans(rows)) }

  /// F(v) = −b · v − Σⱼ ln(1 + exp(cⱼ + Σᵢ vᵢ wᵢⱼ)) of each row, with ½ ‖v − b‖² in place of −b · v for
  /// Gaussian units.
  func freeEnergies(_ rows: Matrix) -> [Double] {
    let nets = hiddenNets(rows)
    return (0..<rows.rows).map { row in
      let soft = nets[row: row].reduce(0) { $0 + softplus($1) }
      return switch units {
      case .bernoulli: -dot(rows[row: row], visibleBias) - soft
      case .gaussian: squaredDistance(rows[row: row], visibleBias) / 2 - soft
      }
    }
  }

  /// ln of the pseudo-likelihood of each row, of one of its bits for all: n ln σ(F(v′) − F(v)), where v′
  /// is v with that bit turned.
  ///
  /// - Parameter bits: The bit of each row.
  func pseudoLikelihoods(_ rows: Matrix, bits: [Int]) -> [Double] {
    var turned = rows
    for (row, bit) in bits.enumerated() { turned[row, bit] = 1 - turned[row, bit] }
    return zip(freeEnergies(rows), freeEnergies(turned)).map {
      -Double(visible) * softplus($0 - $1)
    }
  }

  /// The greatest number of hidden units whose states are all gone through.
  static let mostExact = 16

  /// ln Z = ln Σ_v exp(−F(v)), by summing over all states of the hidden units; nil for more than
  /// ``mostExact`` of them.
  var logPartition: Double? {
    guard hidden <= Self.mostExact else { return nil }
    var terms: [Double] = []
    let chunk = min(1 << hidden, 1 << 10)
    for start in stride(from: 0, to: 1 << hidden, by: chunk) {
      var states = Matrix(rows: chunk, columns: hidden)
      for row in 0..<chunk {
        for unit in 0..<hidden where (start + row) >> unit & 1 == 1 { states[row, unit] = 1 }
      }
      let nets = states.times(weights, otherTransposed: true)
      for row in 0..<chunk {
        var term = dot(states[row: row], hiddenBias)
        switch units {
        case .bernoulli:
          for (net, bias) in zip(nets[row: row], visibleBias) { term += softplus(net + bias) }
        case .gaussian:
          for (net, bias) in zip(nets[row: row], visibleBias) { term += net * (net / 2 + bias) }
          term += Double(visible) / 2 * Double.log(2 * .pi)
        }
        terms.append(term)
      }
    }
    return logSumExp(terms)
  }
}

/// 1 / (1 + exp(−x)).
func logistic(_ x: Double) -> Double { 1 / (1 + Double.exp(-x)) }

/// ln(1 + exp(x)), without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + Double.log(onePlus: Double.exp(-abs(x))) }

extension Matrix {
  /// The matrix with a vector added to each row.
  func adding(_ vector: [Double]) -> Matrix {
    var sum = self
    for row in 0..<rows {
      for column in 0..<columns { sum.values[row * columns + column] += vector[column] }
    }
    return sum
  }

  /// Each number replaced.
  func mapped(_ body: (Double) -> Double) -> Matrix {
    Matrix(rows: rows, columns: columns, values.map(body))
  }
}
