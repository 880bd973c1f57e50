import AllocationCounter
import Datasets
import Execution
import GraphIR
import Layers
import Synchronization
import Tensors
import Testing
import Training

/// A training step allocates nothing after the first: counted, on the calling thread and on every
/// thread of the step's pool.
///
/// Watched threads are the test's own, so that tests which run at the same time are not counted.
/// Memory that is asked of the system directly, without malloc or its relatives, is not seen.
@Suite(
  .serialized,  // they share one count
  .enabled(
    if: allocation_counter_works() != 0,
    "allocations are counted on Linux with glibc, without sanitizers, only"))
struct AllocationTests {
  @Test func `the counter sees what watched threads allocate, and nothing else`() {
    func made(watching on: Int32) -> Int64 {
      allocation_counter_watch(on)
      defer { allocation_counter_watch(0) }
      let before = allocation_counter_total()
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 1000, alignment: 64)
      memory.storeBytes(of: 1, as: Int.self)
      let array = [Int](repeating: memory.load(as: Int.self), count: 100 + Int(on))
      memory.deallocate()
      return allocation_counter_total() - before + Int64(array[99] - 1)
    }
    #expect(made(watching: 1) >= 2)
    #expect(made(watching: 0) == 0)
    let pool = ThreadPool(threads: 3, scratchSize: 64)
    #expect(watch(pool, 1) == 3)
    let before = allocation_counter_total()
    var size = 4096
    pool.run(
      { size, _, _ in
        let bytes = size?.load(as: Int.self) ?? 0
        UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16).deallocate()
      }, &size, tasks: 300)
    #expect(allocation_counter_total() - before >= 300)
    #expect(watch(pool, 0) == 3)
  }

  @Test(arguments: [1, 2, 3]) func `2-2-2, plain descent`(threads: Int) throws {
    let model = Sequential {
      Dense(units: 2, activation: .sigmoid)
      Dense(units: 2, activation: .sigmoid)
    }
    let step = try Trainer(model, loss: HalfSquaredError(), optimizer: SGD(learningRate: 0.5))
      .step(batch: 1, input: [2], target: TensorType([2], .float32), threads: threads)
    try step.executor.setInput("input", Tensor([0.05, 0.1], shape: [1, 2], type: .float32))
    try step.executor.setInput("target", Tensor([0.01, 0.99], shape: [1, 2], type: .float32))
    let found = allocations(in: step)
    #expect(found == 0)
  }

  @Test(arguments: [1, 2, 3]) func `784-128-10, Adam`(threads: Int) throws {
    let model = Sequential {
      Dense(units: 128, activation: .relu)
      Dense(units: 10)
    }
    let found = try classifying(model, inputs: 784, batch: 64, threads: threads)
    #expect(found == 0)
  }

  @Test(arguments: [1, 2]) func `a network with dropout, clipping and every activation`(
    threads: Int
  ) throws {
    let model = Sequential {
      Dense(units: 65, activation: .gelu)
      Dropout(0.5)
      Dense(units: 63, activation: .silu)
      Dense(units: 17, activation: .tanh)
      Dense(units: 17, activation: .softplus)
      Dense(units: 17, activation: .elu)
      Dense(units: 10)
    }
    var options = TrainingOptions()
    options.clipping = .norm(1)
    options.l2 = 0.001
    let found = try classifying(model, inputs: 33, batch: 17, threads: threads, options: options)
    #expect(found == 0)
  }

  /// Batches of a whole run, rows gathered in shuffled order. (Its pool is out of reach here: the
  /// calling thread is counted, which feeds, hands out the work and takes part in it.)
  @Test func `feeding and running the steps of an epoch`() throws {
    let rows = 2000
    let features = Tensor.numbers([rows, 20], seed: 1).cast(to: .float32)
    let labels = Tensor((0..<rows).map { Int32($0 % 10) })
    let data = Dataset(
      name: "rows", features: features,
      targets: .classes(labels, names: (0..<10).map { "class \($0)" }))
    let model = Sequential {
      Dense(units: 16, activation: .sigmoid)
      Dense(units: 10)
    }
    let trainer = Trainer(
      model, loss: CrossEntropy(), optimizer: Adam(), TrainingOptions(epochs: 1, batchSize: 20))
    let tally = Tally()
    allocation_counter_watch(1)
    defer { allocation_counter_watch(0) }
    _ = try trainer.fit(
      data,
      TrainingSetup(
        threads: 2, shouldStop: { tally.step() }, observe: { _ in tally.tell() }))
    allocation_counter_watch(0)
    let steps = tally.steps
    #expect(steps.count == 100)
    // The first step is compiled, and what is told now and then may allocate.
    #expect(steps.dropFirst().allSatisfy { $0.allocations == 0 || $0.told }, "\(steps)")
    #expect(steps.dropFirst().contains { !$0.told })
  }

  /// What was allocated before each step's end, and whether the observer was told of something.
  private final class Tally: Sendable {
    typealias Step = (allocations: Int64, told: Bool)
    private struct State {
      var steps: [Step] = []
      var before: Int64 = 0
      var told = false
    }
    private let state: Mutex<State>

    init() {
      var state = State()
      state.steps.reserveCapacity(1000)
      self.state = Mutex(state)
    }

    var steps: [Step] { state.withLock { $0.steps } }

    func tell() { state.withLock { $0.told = true } }

    func step() -> Bool {
      state.withLock {
        let now = allocation_counter_total()
        $0.steps.append((now - $0.before, $0.told))
        ($0.before, $0.told) = (now, false)
        return false
      }
    }
  }

  private func classifying(
    _ model: Sequential, inputs: Int, batch: Int, threads: Int,
    options: TrainingOptions = TrainingOptions()
  ) throws -> Int64 {
    let step = try Trainer(model, loss: CrossEntropy(), optimizer: Adam(), options)
      .step(batch: batch, input: [inputs], target: TensorType([], .int32), threads: threads)
    try step.executor.setInput(
      "input", Tensor.numbers([batch, inputs], seed: 3).cast(to: .float32))
    try step.executor.setInput("target", Tensor((0..<batch).map { Int32($0 % 10) }))
    return allocations(in: step)
  }

  /// Allocations of 50 steps after a first, on the calling thread and those of the step's pool.
  private func allocations(in step: TrainingStep) -> Int64 {
    let pool = step.executor.pool
    step.set(rate: 0.01, step: 0, seed: 1)
    step.run()
    #expect(watch(pool, 1) == pool.threads)
    let before = allocation_counter_total()
    for number in 1...50 {
      step.set(rate: 0.01, step: number, seed: 1)
      step.run()
    }
    let found = allocation_counter_total() - before
    #expect(watch(pool, 0) == pool.threads)
    return found
  }

  /// Starts or ends the watch of all threads of a pool, the calling one among them; says how many
  /// there were.
  private func watch(_ pool: ThreadPool, _ on: Int32) -> Int {
    pool.team = pool.all
    var crew = allocation_counter_crew(on: on, threads: Int32(pool.threads), arrived: 0)
    pool.run(allocation_counter_join, &crew, tasks: pool.threads)
    return Int(crew.arrived)
  }
}
