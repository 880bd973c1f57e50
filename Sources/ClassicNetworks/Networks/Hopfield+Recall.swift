import Foundation
import Tensors

/// How a Hopfield network went from a state to where it rests.
public struct HopfieldRecall: Hashable, Sendable {
  /// The state at the end: −1 and 1, or the outputs of continuous units.
  public var state: [Double]
  /// The energy at first and after each update of all units.
  public var energies: [Double]
  /// Whether nothing changed any more; false after a cycle of states or too few updates.
  public var isAtRest: Bool
}

/// How well patterns were recalled at one load.
public struct HopfieldCapacity: Hashable, Sendable {
  /// Patterns for each unit, P / N.
  public var load: Double
  /// (1/N) Σ ξᵢ sᵢ of a pattern and where recall of it ended, the mean over patterns.
  public var overlap: Double
  /// The share of the patterns that are recalled with an overlap of 0.95 or more.
  public var recalled: Double
}

/// Joined units at work.
package struct HopfieldDynamics: Sendable {
  let settings: Hopfield
  let weights: Matrix

  package init(settings: Hopfield, weights: Matrix) {
    (self.settings, self.weights) = (settings, weights)
  }

  /// A field so small counts as 0: what is left of sums that are 0 but for rounding.
  private static let smallest = 1e-12

  /// Recall from each row of −1 and 1.
  ///
  /// - Parameter order: The order in which units are asked in a sweep of a row.
  package func recall(_ rows: Matrix, order: (_ row: Int, _ sweep: Int) -> [Int])
    -> [HopfieldRecall]
  {
    // W is symmetric: the fields W s of all rows are one product.
    let fields = rows.times(weights)
    return (0..<rows.rows).map { row in
      let (state, field) = (Array(rows[row: row]), Array(fields[row: row]))
      switch (settings.dynamics, settings.updates) {
      case (.continuous, _): return flow(state)
      case (.binary, .asynchronous): return turns(state, field) { order(row, $0) }
      case (.binary, .synchronous): return leaps(state, field)
      }
    }
  }

  /// One unit after the other; a unit that turns changes the fields of all.
  private func turns(_ start: [Double], _ fields: [Double], _ order: (Int) -> [Int])
    -> HopfieldRecall
  {
    var (state, field) = (start, fields)
    var energy = -0.5 * dot(state, field)
    var recall = HopfieldRecall(state: [], energies: [energy], isAtRest: false)
    for sweep in 0..<settings.sweeps {
      var turned = false
      for unit in order(sweep) where state[unit] * field[unit] < -Self.smallest {
        energy += 2 * state[unit] * field[unit]
        state[unit] = -state[unit]
        turned = true
        let change = 2 * state[unit]
        let start = unit * weights.columns
        field.withUnsafeMutableBufferPointer { field in
          weights.values.withUnsafeBufferPointer { weights in
            for other in 0..<field.count { field[other] += change * weights[start + other] }
          }
        }
      }
      if !turned {
        recall.isAtRest = true
        break
      }
      recall.energies.append(energy)
    }
    recall.state = state
    return recall
  }

  /// All units at once.
  private func leaps(_ start: [Double], _ fields: [Double]) -> HopfieldRecall {
    var (state, field) = (start, fields)
    var recall = HopfieldRecall(
      state: [], energies: [-0.5 * dot(state, field)], isAtRest: false)
    var before: [Double] = []
    for _ in 0..<settings.sweeps {
      let next = zip(state, field).map { abs($1) <= Self.smallest ? $0 : ($1 > 0 ? 1.0 : -1) }
      if next == state {
        recall.isAtRest = true
        break
      }
      // Two states that follow each other do so for ever.
      if next == before { break }
      (before, state) = (state, next)
      field = product(state)
      recall.energies.append(-0.5 * dot(state, field))
    }
    recall.state = state
    return recall
  }

  /// du/dt = −u + W tanh(g u), in Euler's steps.
  private func flow(_ start: [Double]) -> HopfieldRecall {
    let gain = settings.gain
    let first = atanh(settings.firstOutput) / gain
    var u = start.map { first * $0 }
    var outputs = u.map { tanh(gain * $0) }
    var field = product(outputs)
    func energy() -> Double {
      var sum = -0.5 * dot(outputs, field)
      for (value, output) in zip(u, outputs) {
        let x = gain * value
        // ∫ artanh = V artanh V + ½ ln (1 − V²) = V x − ln cosh x.
        sum += (output * x - (abs(x) + log1p(exp(-2 * abs(x))) - M_LN2)) / gain
      }
      return sum
    }
    var recall = HopfieldRecall(state: [], energies: [energy()], isAtRest: false)
    for _ in 0..<settings.steps {
      var speed = 0.0
      for place in u.indices {
        let slope = field[place] - u[place]
        u[place] += settings.step * slope
        outputs[place] = tanh(gain * u[place])
        speed = max(speed, abs(slope))
      }
      if speed < 1e-9 {
        recall.isAtRest = true
        break
      }
      field = product(outputs)
      recall.energies.append(energy())
    }
    recall.state = outputs
    return recall
  }

  /// W s.
  private func product(_ state: [Double]) -> [Double] {
    let size = state.count
    return weights.values.withUnsafeBufferPointer { weights in
      state.withUnsafeBufferPointer { state in
        (0..<size).map { row in
          var sum = 0.0
          for column in 0..<size { sum += weights[row * size + column] * state[column] }
          return sum
        }
      }
    }
  }
}

extension Hopfield {
  /// Recall against load: random patterns are stored, and each is recalled from itself or from a noisy
  /// copy. By Hebb's rule there is a knee near 0.138 patterns a unit, past which recall fails all at once
  /// in large networks.
  ///
  /// ```swift
  /// for point in Hopfield().capacityCurve(units: 200, loads: [0.10, 0.18], trials: 3, seed: 1) {
  ///   print(point.load, point.overlap)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - units: N.
  ///   - loads: P / N; P is at least 1.
  ///   - trials: Networks for each load.
  ///   - noise: The share of units that are turned before recall.
  /// - Precondition: At least 2 units and 1 trial; loads and noise not negative.
  public func capacityCurve(
    units: Int, loads: [Double], trials: Int = 5, noise: Double = 0, seed: UInt64
  ) -> [HopfieldCapacity] {
    precondition(units >= 2 && trials >= 1, "\(units) units, \(trials) trials")
    precondition(noise >= 0 && noise <= 1 && loads.allSatisfy { $0 >= 0 && $0 <= 100 })
    return loads.enumerated().map { number, load in
      let count = max(1, Int((load * Double(units)).rounded()))
      var (overlap, recalled) = (0.0, 0.0)
      for trial in 0..<trials {
        var random = RandomStream(seed: seed, name: "capacity \(number) \(trial)")
        let patterns = Matrix(
          rows: count, columns: units,
          (0..<count * units).map { _ in random.next() & 1 == 0 ? -1.0 : 1 })
        var starts = patterns
        let turned = Int((noise * Double(units)).rounded())
        for row in 0..<count where turned > 0 {
          for unit in random.permutation(units).prefix(turned) { starts[row, unit] *= -1 }
        }
        let dynamics = HopfieldDynamics(
          settings: self, weights: Self.weights(storing: patterns, by: rule).weights)
        let ends = dynamics.recall(starts) { _, _ in random.permutation(units) }
        for (row, end) in ends.enumerated() {
          let found = zip(patterns[row: row], end.state).reduce(0) {
            $0 + $1.0 * ($1.1 < 0 ? -1 : 1)
          }
          overlap += found / Double(units)
          recalled += found >= 0.95 * Double(units) ? 1 : 0
        }
      }
      let all = Double(trials * count)
      return HopfieldCapacity(
        load: Double(count) / Double(units), overlap: overlap / all, recalled: recalled / all)
    }
  }
}
