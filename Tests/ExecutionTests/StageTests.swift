import GraphIR
import Layers
import Tensors
import Testing
import Training

@testable import Execution

/// Which instructions run side by side, and that none of them reads or writes what another one writes.
@Suite struct StageTests {
  private func plan(
    _ model: some Layer, batch: Int, input: Shape, _ optimizer: any Optimizer = Adam(),
    clipping: GradientClipping = .none
  ) throws -> Plan {
    var options = TrainingOptions()
    options.clipping = clipping
    return try Trainer(model, loss: CrossEntropy(), optimizer: optimizer, options)
      .step(batch: batch, input: input, target: TensorType(.scalar, .int32), threads: 1)
      .executor.plan
  }

  /// Forward by parts of the sums; the last layers by rows, there and back; then all updates.
  @Test func `a small network's step has three stages`() throws {
    let model = Sequential {
      Dense(units: 16, activation: .sigmoid)
      Dense(units: 10, activation: .sigmoid)
    }
    let step = try Trainer(model, loss: HalfSquaredError(), optimizer: SGD(learningRate: 0.1))
      .step(batch: 32, input: [784], target: TensorType([10], .float32), threads: 1)
    let plan = step.executor.plan
    guard plan.stages.count == 3, case .begun(0) = plan.stages[0],
      case .strands(let rows) = plan.stages[1], case .strands(let updates) = plan.stages[2]
    else {
      Issue.record("\(plan.stages)")
      return
    }
    #expect(rows[0].instructions == [0, 1, 2] && rows[0].tasks == 2, "\(plan)")
    #expect(updates.map(\.tasks).sorted() == [1, 1, 1, 1, 4], "\(plan)")
  }

  @Test func `nothing is handed out where there is little to do`() throws {
    let model = Sequential {
      Dense(units: 16, activation: .tanh)
      Dense(units: 3)
    }
    for stage in try plan(model, batch: 10, input: [4]).stages {
      guard case .one = stage else {
        Issue.record("\(stage)")
        return
      }
    }
  }

  /// One for each way of being cut.
  private static let sizes: [(batch: Int, input: Int, units: [Int])] = [
    (32, 784, [16, 10]), (10, 784, [30, 10]), (64, 784, [128, 10]), (128, 300, [64, 64, 64, 10]),
    (96, 50, [33, 17, 5]), (256, 256, [256, 10]),
  ]

  @Test(arguments: sizes.indices) func `strands do not meet`(index: Int) throws {
    let (batch, input, units) = Self.sizes[index]
    let model = Sequential(
      units.map { Dense(units: $0, activation: $0 == 10 ? .linear : .gelu) as any Layer })
    for optimizer in [SGD(), Adam(), Momentum()] as [any Optimizer] {
      for clipping in [GradientClipping.none, .norm(1)] {
        try check(
          plan(model, batch: batch, input: [input], optimizer, clipping: clipping))
      }
    }
  }

  @Test func `strands of convolutions and recurrences do not meet`() throws {
    let images = Sequential {
      Convolution(channels: 8, kernel: [3, 3], activation: .relu)
      MaxPooling([2, 2])
      Flatten()
      Dropout(0.5)
      Dense(units: 32, activation: .relu)
      Dense(units: 10)
    }
    try check(plan(images, batch: 64, input: [12, 12, 1]))
    let series = Sequential {
      LSTM(units: 32, recurrence: Recurrence(output: .last))
      LayerNormalization()
      Dense(units: 10)
    }
    try check(plan(series, batch: 64, input: [7, 12]))
  }

  // MARK: What instructions touch

  /// Bytes of some memory.
  private struct Bytes {
    let memory: String
    let range: Range<Int>

    func meets(_ other: Bytes) -> Bool { memory == other.memory && range.overlaps(other.range) }
  }

  private func bytes(of node: Node.ID, in plan: Plan) -> Bytes? {
    let root = plan.root[node]
    let count = max(1, plan.graph.nodes[root].type.byteCount)
    return switch plan.locations[root] {
    case .arena(let offset): Bytes(memory: "arena", range: offset..<offset + count)
    case .variable(let name): Bytes(memory: "variable " + name, range: 0..<count)
    case .input, .constant, .transient: nil
    }
  }

  private func written(_ place: Int, _ plan: Plan) -> [Bytes] {
    plan.instructions[place].stored.compactMap { bytes(of: $0, in: plan) }
  }

  private func read(_ place: Int, _ plan: Plan) -> [Bytes] {
    let own = Set(plan.instructions[place].nodes)
    return plan.instructions[place].nodes.flatMap { plan.graph.nodes[$0].inputs }
      .filter { !own.contains($0) }.compactMap { bytes(of: $0, in: plan) }
  }

  private func check(_ plan: Plan) throws {
    var seen: [Int] = []
    for stage in plan.stages {
      switch stage {
      case .one(let place): seen.append(place)
      case .begun: break
      case .strands(let strands):
        #expect(strands.contains { $0.tasks > 1 })
        for strand in strands {
          seen += strand.instructions
          for other in strands where other.instructions != strand.instructions {
            for (a, b) in strand.instructions.flatMap({ a in other.instructions.map { (a, $0) } }) {
              let touched = written(b, plan) + read(b, plan)
              let meeting = written(a, plan)
                .contains { one in touched.contains { one.meets($0) } }
              #expect(!meeting, "\(a + 1) and \(b + 1) of\n\(plan)")
            }
          }
          if strand.tasks > 1 { checkRows(strand, plan) }
        }
      }
    }
    #expect(seen == Array(plan.instructions.indices))
  }

  /// Where a task goes through several instructions, what one of them writes over must lie as it does
  /// itself: row for row.
  private func checkRows(_ strand: Stage.Strand, _ plan: Plan) {
    for (a, b) in strand.instructions.flatMap({ a in strand.instructions.map { (a, $0) } })
    where a != b {
      for one in written(a, plan) {
        for other in written(b, plan) + read(b, plan) where one.meets(other) {
          #expect(one.range == other.range, "\(a + 1) and \(b + 1) of\n\(plan)")
        }
      }
    }
  }
}
