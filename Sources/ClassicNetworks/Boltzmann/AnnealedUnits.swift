import RealModule
import Tensors

/// Units that are on or off, joined by symmetric weights, that settle at a temperature.
///
/// The energy of a state s is E = −Σ_{i<j} wᵢⱼ sᵢ sⱼ. The last unit is always on: its weights are the
/// others' biases. A unit that is asked comes on with probability 1 / (1 + exp(−ΔEᵢ / T)), with
/// ΔEᵢ = Σⱼ wᵢⱼ sⱼ.
struct AnnealedUnits {
  /// [units + 1, units + 1], symmetric, zero on the diagonal.
  private(set) var weights: Matrix
  /// 0 or 1 each.
  private(set) var states: [Double]
  /// Σⱼ wᵢⱼ sⱼ of each.
  private var nets: [Double]
  private(set) var energy = 0.0

  /// - Precondition: The weights are square, symmetric, and zero on the diagonal.
  init(weights: Matrix) {
    self.weights = weights
    states = [Double](repeating: 0, count: weights.rows)
    nets = states
    set(states)
  }

  /// The units, without the one that is always on.
  var count: Int { weights.rows - 1 }

  /// Sets all units' states.
  mutating func set(_ states: [Double]) {
    self.states = states
    self.states[count] = 1
    nets = weights.times(self.states)
    energy = -dot(nets, self.states) / 2
  }

  /// Replaces the weights; the states stay.
  mutating func set(_ weights: Matrix) {
    self.weights = weights
    set(states)
  }

  /// Turns a unit on or off.
  mutating func turn(_ unit: Int, on isOn: Bool) {
    if (states[unit] == 1) != isOn { flip(unit) }
  }

  private mutating func flip(_ unit: Int) {
    let sign: Double = states[unit] == 1 ? -1 : 1
    energy -= sign * nets[unit]
    states[unit] += sign
    let start = unit * nets.count
    for other in nets.indices { nets[other] += sign * weights.values[start + other] }
  }

  /// Gives each free unit one chance to change in a unit of time, on the average.
  mutating func run(
    for time: Int, at temperature: Double, free: [Int], _ random: inout RandomStream
  ) {
    for _ in 0..<time * free.count {
      let unit = free[Int(random.uniform() * Double(free.count))]
      let probability = 1 / (1 + Double.exp(-nets[unit] / temperature))
      if (random.uniform() < probability) != (states[unit] == 1) { flip(unit) }
    }
  }

  /// Puts the free units at random and cools them down.
  mutating func anneal(
    _ schedule: [(time: Int, temperature: Double)], free: [Int], _ random: inout RandomStream
  ) {
    for unit in free { turn(unit, on: random.uniform() < 0.5) }
    for (time, temperature) in schedule {
      run(for: time, at: temperature, free: free, &random)
    }
  }

  /// How many free units are summed over exactly: all their states are gone through.
  static let mostExact = 12

  /// Goes through all states of the free units, each with its energy.
  ///
  /// Neighbors in Gray's order differ by one unit.
  private func forEachState(free: [Int], _ body: (AnnealedUnits) -> Void) {
    var units = self
    var start = states
    for unit in free { start[unit] = 0 }
    units.set(start)
    body(units)
    for number in 1..<max(1 << free.count, 1) {
      units.flip(free[number.trailingZeroBitCount])
      body(units)
    }
  }

  /// ln Σ exp(−E / T) over all states of the free units.
  func logSum(free: [Int], temperature: Double) -> Double {
    var terms: [Double] = []
    terms.reserveCapacity(1 << free.count)
    forEachState(free: free) { terms.append(-$0.energy / temperature) }
    return logSumExp(terms)
  }

  /// How often each unit is on at a temperature, with the others as they are.
  func means(free: [Int], temperature: Double) -> [Double] {
    let whole = logSum(free: free, temperature: temperature)
    var means = states
    for unit in free { means[unit] = 0 }
    forEachState(free: free) { units in
      let share = Double.exp(-units.energy / temperature - whole)
      for unit in free where units.states[unit] == 1 { means[unit] += share }
    }
    return means
  }
}

/// ln Σ exp(xᵢ), without overflow.
func logSumExp(_ values: some Collection<Double>) -> Double {
  guard let largest = values.max(), largest.isFinite else { return values.max() ?? -.infinity }
  return largest + Double.log(values.reduce(0) { $0 + Double.exp($1 - largest) })
}
