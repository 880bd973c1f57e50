import Tensors

extension TimeSeries {
  /// The names that ``builtIn(_:values:seed:)`` knows.
  static let builtInNames = ["sunspots", "mackey-glass", "temporal-xor"]

  /// A series that comes with the library.
  ///
  /// - Parameters:
  ///   - values: The values of a generated series; nil for as many as suit it.
  ///   - seed: Where a generated series begins.
  static func builtIn(_ name: String, values: Int?, seed: UInt64) -> TimeSeries? {
    switch name {
    case "sunspots": sunspots
    case "mackey-glass": mackeyGlass(count: values ?? 1000, seed: seed)
    case "temporal-xor": temporalXOR(count: values ?? 3000, seed: seed)
    default: nil
    }
  }

  /// The yearly mean sunspot numbers of 1700 to 2008.
  private static var sunspots: TimeSeries {
    let values = sunspotNumbers.map { Double($0) / 10 }
    return TimeSeries(
      name: "sunspots", column: "sunspots", values: values,
      times: ("year", values.indices.map { String(1700 + $0) }),
      source: "Yearly mean sunspot numbers 1700–2008 (Wolf numbers), NOAA National Geophysical "
        + "Data Center; public domain")
  }

  /// The Mackey–Glass equation, a chaotic model of the making of blood cells, at whole times:
  ///
  /// dx/dt = 0.2 x(t − τ) / (1 + x(t − τ)¹⁰) − 0.1 x(t), τ = 17,
  ///
  /// by Runge and Kutta's rule of fourth order with steps of 0.1; the delayed value amid a step is
  /// that of the cubic with the values and slopes at the step's ends. Before t = 0 x is constant: 1.2
  /// with the seed 0, else uniform over 0.5 … 1.5 by the seed. The first 100 times are left out.
  ///
  /// Source: M. Mackey, L. Glass, "Oscillation and chaos in physiological control systems", Science
  /// 197 (1977), doi:10.1126/science.267326.
  package static func mackeyGlass(count: Int, seed: UInt64, skipping skipped: Int = 100)
    -> TimeSeries
  {
    let (perTime, step) = (10, 0.1)
    let delay = 17 * perTime
    var random = RandomStream(seed: seed, name: "mackey-glass")
    let start = seed == 0 ? 1.2 : random.uniform(0.5, 1.5)
    // The values at the ends of steps and amid them; there are none before −τ.
    var x = [Double](repeating: start, count: delay + 1)
    var middles = [Double](repeating: start, count: delay)
    let steps = (skipped + max(count, 1) - 1) * perTime
    x.reserveCapacity(x.count + steps)
    func slope(_ now: Double, _ before: Double) -> Double {
      var power = before * before
      power = power * power * power * power * power
      return 0.2 * before / (1 + power) - 0.1 * now
    }
    for _ in 0..<steps {
      let old = x.count - 1 - delay
      let (first, middle, last) = (x[old], middles[old], x[old + 1])
      let now = x[x.count - 1]
      let k1 = slope(now, first)
      let k2 = slope(now + step / 2 * k1, middle)
      let k3 = slope(now + step / 2 * k2, middle)
      let k4 = slope(now + step * k3, last)
      let next = now + step / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
      middles.append((now + next) / 2 + step / 8 * (k1 - slope(next, last)))
      x.append(next)
    }
    return TimeSeries(
      name: "mackey-glass", column: "x",
      values: (0..<count).map { x[delay + (skipped + $0) * perTime] },
      source: "the Mackey–Glass equation with τ = 17, doi:10.1126/science.267326, seed \(seed)")
  }
}
