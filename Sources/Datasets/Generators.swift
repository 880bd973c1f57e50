import Foundation
import Tensors

/// Datasets made from a formula and a seed; the same arguments give the same rows.
///
/// All have features in Float64. Classes alternate from row to row, so that any stretch of rows
/// holds every class.
public enum Generators {
  /// Two interleaved half circles of radius 1, with normal noise of deviation `noise`.
  ///
  /// Class 0: `(cos t, sin t)`; class 1: `(1 − cos t, ½ − sin t)`; t evenly over 0…π.
  public static func moons(rows: Int, noise: Double = 0.1, seed: UInt64) -> Dataset {
    planar("moons", rows: rows, classes: 2, noise: noise, seed: seed) { label, share in
      let t = Double.pi * share
      return label == 0 ? (cos(t), sin(t)) : (1 - cos(t), 0.5 - sin(t))
    }
  }

  /// Two circles about the origin of radius 1 (class 0) and ½ (class 1), with normal noise of
  /// deviation `noise`.
  public static func circles(rows: Int, noise: Double = 0.05, seed: UInt64) -> Dataset {
    planar("circles", rows: rows, classes: 2, noise: noise, seed: seed) { label, share in
      let t = 2 * Double.pi * share
      let radius = label == 0 ? 1 : 0.5
      return (radius * cos(t), radius * sin(t))
    }
  }

  /// Normal clouds of the given deviation, whose centers lie evenly on a circle of radius 5.
  public static func blobs(
    rows: Int, classes: Int = 3, deviation: Double = 1, seed: UInt64
  ) -> Dataset {
    planar("blobs", rows: rows, classes: classes, noise: deviation, seed: seed) { label, _ in
      let t = 2 * Double.pi * Double(label) / Double(classes)
      return (5 * cos(t), 5 * sin(t))
    }
  }

  /// `y = sin x + noise`, x uniform over −π…π: a number to be learned.
  public static func sine(rows: Int, noise: Double = 0.1, seed: UInt64) -> Dataset {
    var random = RandomStream(seed: seed, name: "sine")
    var inputs: [Double] = []
    var outputs: [Double] = []
    for _ in 0..<rows {
      let x = random.uniform(-.pi, .pi)
      inputs.append(x)
      outputs.append(sin(x) + noise * random.normal())
    }
    return Dataset(
      name: "sine", features: Tensor(inputs, shape: [rows, 1]),
      targets: .values(Tensor(outputs, shape: [rows, 1]), names: ["y"]), featureNames: ["x"],
      source: "y = sin x + \(noise) · normal, seed \(seed)")
  }

  /// The two-spirals problem: 97 points on each of two spirals that turn three times.
  ///
  /// For i = 0…96: angle `i π / 16`, radius `6.5 (104 − i) / 104`; class 1 has
  /// `(r sin a, r cos a)`, class 0 the point opposite.
  ///
  /// K. Lang, M. Witbrock, "Learning to tell two spirals apart", Proceedings of the 1988
  /// Connectionist Models Summer School.
  public static func twoSpirals() -> Dataset {
    var points: [Double] = []
    var labels: [Int32] = []
    for i in 0..<97 {
      let angle = Double(i) * .pi / 16
      let radius = 6.5 * Double(104 - i) / 104
      let (x, y) = (radius * sin(angle), radius * cos(angle))
      points += [x, y, -x, -y]
      labels += [1, 0]
    }
    return Dataset(
      name: "two-spirals", features: Tensor(points, shape: [194, 2]),
      targets: .classes(Tensor(labels), names: ["0", "1"]), featureNames: ["x", "y"],
      source: "K. Lang, M. Witbrock, Learning to tell two spirals apart, 1988",
      suggestedScaling: .divide(by: 6.5))
  }

  /// Points in the plane, `place(class, share)` with normal noise; `share` runs over 0…1 in
  /// each class.
  private static func planar(
    _ name: String, rows: Int, classes: Int, noise: Double, seed: UInt64,
    place: (_ label: Int, _ share: Double) -> (Double, Double)
  ) -> Dataset {
    var random = RandomStream(seed: seed, name: name)
    var points: [Double] = []
    var labels: [Int32] = []
    let perClass = (rows + classes - 1) / classes
    // A full turn must not meet its own start: the circles' last point stays one step short.
    let steps = name == "circles" ? perClass : max(perClass - 1, 1)
    for row in 0..<rows {
      let label = row % classes
      let (x, y) = place(label, Double(row / classes) / Double(steps))
      points += [x + noise * random.normal(), y + noise * random.normal()]
      labels.append(Int32(label))
    }
    return Dataset(
      name: name, features: Tensor(points, shape: [rows, 2]),
      targets: .classes(Tensor(labels), names: (0..<classes).map(String.init)),
      featureNames: ["x", "y"], source: "generated: noise \(noise), seed \(seed)")
  }
}
