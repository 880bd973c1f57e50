import GraphIR
import Tensors

extension Device {
  /// Measures β of each level of memory, by passes over tensors of growing size.
  mutating func measureMemory(by clock: Stopwatch) throws {
    let levels = try (13...28).compactMap { power -> Cache? in
      let pass = try clock.pass { $0.input("x", TensorType([1 << (power - 3)], .float32)) + 1 }
      return pass.map { pass in
        let shared = pass.work.tasks > 1 ? handoff : 0
        let seconds = max(pass.seconds - startup - shared, pass.seconds / 4)
        return Cache(
          size: Double(1 << power),
          bandwidth: Double(pass.work.bytes) / seconds / share(of: pass.work.tasks))
      }
    }
    guard let memory = levels.last else { return }
    bandwidth = memory.bandwidth
    caches = Array(levels.dropLast())
  }

  /// Measures E, of an optimizer's arithmetic, and what some operations have of their own, from a wide
  /// and a narrow result of each.
  mutating func measureOperations(by clock: Stopwatch) throws {
    if let pass = try clock.pass(Stopwatch.update), let peak = peak(.float32) {
      otherShare = Double(pass.work.otherFlops) / busySeconds(of: pass) / peak
    }
    var found: [String: Rates] = [:]
    for body in Stopwatch.operations {
      guard let wide = try clock.pass({ try body($0, 16, 512) }),
        let narrow = try clock.pass({ try body($0, 256, 4) }),
        let name = wide.work.operations.first?.name
      else { continue }
      found[name] = rates(wide: wide, narrow: narrow)
    }
    operations = found
  }

  /// The seconds that all threads together would take for a pass, without its start.
  private func busySeconds(of pass: Stopwatch.Pass) -> Double {
    let shared = pass.work.tasks > 1 ? handoff : 0
    return max(pass.seconds - startup - shared, pass.seconds / 4) * share(of: pass.work.tasks)
  }

  /// E and t_R of F_e / E + R t_R = t for two passes; where rows seem to take no time, E of the wide one.
  private func rates(wide: Stopwatch.Pass, narrow: Stopwatch.Pass) -> Rates {
    let (a, b) = (busySeconds(of: wide), busySeconds(of: narrow))
    let (rowsA, rowsB) = (
      Double(wide.work.operations[0].rows), Double(narrow.work.operations[0].rows)
    )
    let (flopsA, flopsB) = (Double(wide.work.otherFlops), Double(narrow.work.otherFlops))
    guard rowsA > 0 else { return Rates(rate: flopsA / a, row: 0) }
    guard flopsA > 0 else { return Rates(rate: 1e15, row: b / rowsB) }
    let row = max(0, (b - a * flopsB / flopsA) / (rowsB - rowsA * flopsB / flopsA))
    return Rates(rate: flopsA / max(a - rowsA * row, a / 4), row: row)
  }
}

extension Stopwatch {
  /// Adam's update of a weight: two moving averages, a root and a quotient for each element.
  static func update(_ builder: GraphBuilder) -> Expression {
    func values(_ name: String) -> Expression { input(builder, name, [16, 512]) }
    let gradient = values("gradient")
    let first = values("first") * 0.9 + gradient * 0.1
    let second = values("second") * 0.999 + gradient.squared() * 0.001
    builder.output("firstMoment", first)
    builder.output("secondMoment", second)
    let step = builder.input("step", TensorType(.scalar, .float32))
    let correction = builder.input("correction", TensorType(.scalar, .float32))
    return values("weight") - step * first / (sqrt(second) * correction + 1e-8)
  }

  /// Operations that take longer than their arithmetic, as results of so many rows and columns.
  static let operations: [@Sendable (GraphBuilder, Int, Int) throws -> Expression] = [
    { exp(input($0, "x", [$1, $2])) },
    { tanh(input($0, "x", [$1, $2])) },
    { sigmoid(input($0, "x", [$1, $2])) },
    { softmax(input($0, "x", [$1, $2])) },
    { logSoftmax(input($0, "x", [$1, $2])) },
    { input($0, "x", [$1, $2]).sum(axes: [1], keepingAxes: true) },
    { input($0, "x", [$1, $2]).max(axes: [1], keepingAxes: true) },
    { input($0, "x", [$1, $2]).standardized(axes: [1]) },
    {
      .apply(
        StandardizeGradient(axes: [1]), to: [input($0, "x", [$1, $2]), input($0, "y", [$1, $2])])
    },
    { builder, rows, columns in
      input(builder, "x", [rows, columns])
        .gathered(builder.input("indices", TensorType([rows], .int32)))
    },
    { builder, rows, columns in
      .apply(
        ScatterAdd(axis: 0, size: rows),
        to: [
          input(builder, "x", [rows, columns]),
          builder.input("indices", TensorType([rows], .int32)),
        ])
    },
    // Windows of 2×2 over pictures, of 4×4 pixels in the result or in the gradient's source.
    { .apply(AveragePool(halves), to: [input($0, "x", [$1 / 16, 8, 8, $2])]) },
    {
      .apply(
        AveragePoolGradient(halves, sizes: [8, 8]), to: [input($0, "x", [$1 / 16, 4, 4, $2])])
    },
    { .apply(MaxPool(halves), to: [input($0, "x", [$1 / 16, 8, 8, $2])]) },
  ]

  private static let halves = PoolingWindows.sliding(SlidingWindows(window: [2, 2]))

  private static func input(_ builder: GraphBuilder, _ name: String, _ sizes: [Int]) -> Expression {
    builder.input(name, TensorType(Shape(sizes), .float32))
  }
}
