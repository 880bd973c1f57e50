import GraphIR
import Tensors

/// The addresses in an executor's kernel arguments that lie in one input.
///
/// They are found as ``LoopRunner`` finds its own: by making the arguments twice, for two made-up
/// addresses, and comparing.
struct InputAddresses {
  private let places: [(word: UnsafeMutablePointer<Int>, offset: Int)]

  /// Nil where the input must lie in the executor's memory: an output is read from there.
  ///
  /// - Throws: ``ExecutionError`` where the plan cannot be made ready.
  init?(_ name: String, _ memory: PlanMemory, _ steps: StepList, pool: ThreadPool) throws {
    let plan = memory.plan
    let nodes = plan.graph.nodes.filter {
      if case .input(name) = $0.content { true } else { false }
    }
    let isRead = Set(nodes.map(\.id))
    guard !plan.graph.outputs.contains(where: { isRead.contains(plan.root[$0.node]) }) else {
      return nil
    }
    // No multiple of 64 apart: real addresses are.
    let madeUp = [1 << 44, 1 << 45 + 8]
    let trials = try madeUp.map { address -> StepList in
      let external = UnsafeMutableRawPointer(bitPattern: address).map { pointer in
        Dictionary(uniqueKeysWithValues: isRead.map { ($0, pointer) })
      }
      return try StepList(
        PlanMemory(plan, variables: memory.variables, external: external ?? [:]), pool: pool,
        isTrial: true)
    }
    var places: [(word: UnsafeMutablePointer<Int>, offset: Int)] = []
    // The blocks live as long as the lists.
    defer { withExtendedLifetime(trials) {} }
    let blocks = zip(
      steps.arguments.contents, zip(trials[0].arguments.contents, trials[1].arguments.contents))
    for (own, (first, second)) in blocks {
      let (own, first, second) = (
        own.bindMemory(to: Int.self), first.bindMemory(to: Int.self),
        second.bindMemory(to: Int.self)
      )
      for index in first.indices where second[index] &- first[index] == madeUp[1] - madeUp[0] {
        if let base = own.baseAddress {
          places.append((base + index, first[index] - madeUp[0]))
        }
      }
    }
    self.places = places
  }

  /// Has the kernels read the input from here on.
  func set(_ start: UnsafeRawPointer) {
    for place in places { place.word.pointee = Int(bitPattern: start) + place.offset }
  }
}

extension Executor {
  /// Runs the plan once on an input that lies in memory of the caller's, which is only read. Where
  /// an output is that input, it is copied.
  ///
  /// - Throws: ``ExecutionError/unknown(_:known:)`` where there is no such input.
  /// - Precondition: `value` has the input's size.
  package func run(_ name: String, at value: UnsafeRawBufferPointer) throws {
    let bytes = try withInput(name) { $0 }
    precondition(value.count == bytes.count, "\(value.count) bytes for \(name)")
    if inputAddresses[name] == nil {
      inputAddresses.updateValue(
        try InputAddresses(name, memory, steps, pool: pool), forKey: name)
    }
    guard let addresses = inputAddresses[name] ?? nil, let start = value.baseAddress,
      let own = bytes.baseAddress
    else {
      bytes.copyMemory(from: value)
      run()
      return
    }
    addresses.set(start)
    run()
    addresses.set(own)
  }
}
