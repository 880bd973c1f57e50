import Layers

/// What one layer costs in a step.
public struct LayerCost: Hashable, Sendable {
  /// One part of the step.
  public struct Part: Hashable, Sendable {
    /// Floating-point operations; a multiply-add counts as two.
    public var flops = 0
    /// Multiply-adds of products and convolutions.
    public var multiplyAdds = 0
    /// Bytes read and written.
    public var bytes = 0
    /// Seconds.
    public var seconds = 0.0

    public init() {}
  }

  /// The layer's path; empty for what is no layer's: the loss.
  public let path: String
  /// What it is: `dense, 16 units, sigmoid`.
  public let title: String
  /// How many layers it is part of.
  public let depth: Int
  /// Its parameters' numbers.
  public let parameters: Int
  /// The parts of the step, with those of the layers that it is made of.
  public internal(set) var parts: [WorkPhase: Part] = [:]
  /// The seconds that each bound accounts for.
  public internal(set) var bounds: [Bound: Double] = [:]

  /// All parts together.
  public var total: Part {
    parts.values.reduce(into: Part()) { sum, part in
      sum.flops = sum.flops.sum(part.flops)
      sum.multiplyAdds = sum.multiplyAdds.sum(part.multiplyAdds)
      sum.bytes = sum.bytes.sum(part.bytes)
      sum.seconds += part.seconds
    }
  }

  /// Floating-point operations for each byte that is moved.
  public var intensity: Double { Double(total.flops) / Double(max(1, total.bytes)) }

  /// What most of its time goes to.
  public var bound: Bound {
    bounds.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .startup
  }

  /// Adds an instruction that is this layer's: its operations' work where they belong, its bytes and
  /// its time where its first operation belongs.
  mutating func add(_ work: InstructionWork, _ time: InstructionTime, of paths: (String) -> Bool) {
    for operation in work.operations where paths(operation.path) {
      parts[operation.phase, default: Part()].flops =
        (parts[operation.phase]?.flops ?? 0).sum(operation.flops.times(work.repeats))
      parts[operation.phase, default: Part()].multiplyAdds =
        (parts[operation.phase]?.multiplyAdds ?? 0).sum(operation.multiplyAdds.times(work.repeats))
    }
    guard paths(work.path) else { return }
    parts[work.phase, default: Part()].bytes =
      (parts[work.phase]?.bytes ?? 0).sum(work.bytes.times(work.repeats))
    parts[work.phase, default: Part()].seconds += time.seconds
    bounds[time.bound, default: 0] += time.seconds
  }
  /// The layers' costs; what is no layer's comes last.
  static func all(of summary: ModelSummary, _ work: StepWork, _ times: [InstructionTime])
    -> [LayerCost]
  {
    let paths = summary.rows.map(\.path)
    /// A layer's own path, and those of its parts and parameters.
    func isIn(_ path: String, _ layer: String) -> Bool {
      layer.isEmpty || path == layer || path.hasPrefix(layer + ".")
    }
    var result = summary.rows.map {
      LayerCost(path: $0.path, title: $0.layer, depth: $0.depth, parameters: $0.parameterCount)
    }
    var rest = LayerCost(path: "", title: "loss", depth: 0, parameters: 0)
    for (instruction, time) in zip(work.instructions, times) {
      for place in result.indices {
        result[place].add(instruction, time) { isIn($0, paths[place]) }
      }
      rest.add(instruction, time) { path in !paths.contains { isIn(path, $0) } }
    }
    if rest.total.flops > 0 || rest.total.seconds > 0 { result.append(rest) }
    return result
  }
}
