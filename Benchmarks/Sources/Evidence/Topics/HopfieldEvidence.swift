import Backprop

/// Recall against load in Hopfield's network, and where it breaks down.
struct HopfieldEvidence: EvidenceTopic {
  static let name = "hopfield"
  static let summary = "recall against load in Hopfield networks, and the knee near 0.138 N"

  static func run(_ context: EvidenceContext) throws {
    let loads = stride(from: 0.08, through: 0.2001, by: 0.01).map { $0 }
    let sizes: [(units: Int, trials: Int)] = [(250, 8), (500, 4), (1000, 2), (2000, 1)]
    context.say(
      "Random patterns stored by Hebb's rule, each recalled from itself (asynchronous updates, 30 of all "
        + "units at most), seed 0. A pattern counts as recalled where its overlap with the state at rest "
        + "is 0.95 or more. Reference: Amit, Gutfreund and Sompolinsky (doi:10.1103/PhysRevLett.55.1530): "
        + "for infinitely many units recall breaks down at a load of 0.138, where the overlap is still 0.97."
    )
    let curves = sizes.map { size in
      Hopfield(sweeps: 30).capacityCurve(
        units: size.units, loads: loads, trials: size.trials, seed: 0)
    }
    context.table(
      ["load"] + sizes.map { "recalled, N = \($0.units)" }
        + sizes.map { "mean overlap, N = \($0.units)" },
      loads.indices.map { place in
        [figure(loads[place], 2)] + curves.map { percent($0[place].recalled, 1) }
          + curves.map { figure($0[place].overlap, 3) }
      })
    context.heading("The knee")
    context.say("The load at which half of the patterns are recalled, between two loads on a line:")
    context.table(
      ["units", "networks a load", "knee", "reference"],
      zip(sizes, curves).map { size, curve in
        ["\(size.units)", "\(size.trials)", figure(knee(curve), 3), "0.138"]
      })
    let limit = limit(zip(sizes, curves).map { (Double($0.units), knee($1)) })
    context.say(
      "Small networks break down later. The line through the knees over 1 / √N comes to "
        + "\(figure(limit, 3)) for infinitely many units.")
    let pseudo = Hopfield(rule: .pseudoInverse).capacityCurve(
      units: 250, loads: [0.2, 0.5, 0.9], trials: 1, seed: 0)
    context.say(
      "The pseudo-inverse rule, 250 units: "
        + pseudo.map { "load \(figure($0.load, 2)): \(percent($0.recalled, 1))" }
        .joined(separator: ", ") + " recalled.")
    try context.picture(
      "capacity",
      LineChart(
        title: "Recall against load", xLabel: "patterns a unit", yLabel: "share recalled",
        series: zip(sizes, curves).map { size, curve in
          Series("\(size.units) units", points: curve.map { (x: $0.load, y: $0.recalled) })
        }, marks: [Mark(x: 0.138, label: "0.138")]),
      caption: "The share of patterns recalled against the load")
  }

  /// Where the share recalled falls to a half; not a number where it does not.
  private static func knee(_ curve: [HopfieldCapacity]) -> Double {
    for (a, b) in zip(curve, curve.dropFirst()) where a.recalled >= 0.5 && b.recalled < 0.5 {
      return a.load + (b.load - a.load) * (a.recalled - 0.5) / (a.recalled - b.recalled)
    }
    return .nan
  }

  /// The constant of the least squares line through knees over 1 / √N.
  private static func limit(_ knees: [(units: Double, knee: Double)]) -> Double {
    let x = knees.map { 1 / $0.units.squareRoot() }
    let count = Double(knees.count)
    let (meanX, mean) = (x.reduce(0, +) / count, knees.reduce(0) { $0 + $1.knee } / count)
    let both = zip(x, knees).reduce(0) { $0 + ($1.0 - meanX) * ($1.1.knee - mean) }
    return mean - both / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) } * meanX
  }
}
