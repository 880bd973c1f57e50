import Backprop
import Foundation

/// What the benchmark measures of this package; `compare.py` asks, and sets the peers beside it.
///
/// ```
/// StepBenchmark steps [THREADS]               answers lines "CASE SECONDS"
/// StepBenchmark inference write FILE          writes a network, inputs and our outputs
/// StepBenchmark inference predictor|executor FILE   answers lines "batch-ROWS SECONDS"
/// StepBenchmark runs MNIST-FOLDER [THREADS]   answers lines "mnist|fit|nielsen EPOCHS"
/// StepBenchmark memory CASE STEPS             prints the peak memory of a process that trains
/// StepBenchmark bits CASE STEPS THREADS       prints what the parameters are then, as one number
/// StepBenchmark curve SECONDS WIDTH           prints a line for each width up to WIDTH and batch
/// StepBenchmark plan CASE                     prints what a step runs
/// StepBenchmark profile CASE THREADS          prints where a step's time goes
/// ```
///
/// Every answer is one line of JSON.
@main struct StepBenchmark {
  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("StepBenchmark: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    switch (arguments.first, arguments.dropFirst().map(\.self)) {
    case ("steps", []): try serveSteps(threads: nil)
    case ("steps", let rest) where rest.count == 1: try serveSteps(threads: number(rest[0]))
    case ("inference", let rest) where rest.count == 2: try serveInference(rest[0], file: rest[1])
    case ("runs", let rest) where rest.count == 1: try serveRuns(mnist: rest[0], threads: nil)
    case ("runs", let rest) where rest.count == 2:
      try serveRuns(mnist: rest[0], threads: number(rest[1]))
    case ("memory", let rest) where rest.count == 2:
      try printMemory(of: rest[0], steps: number(rest[1]))
    case ("bits", let rest) where rest.count == 3:
      try printBits(of: rest[0], steps: number(rest[1]), threads: number(rest[2]))
    case ("curve", let rest) where rest.count == 2:
      try printCurve(seconds: Double(rest[0]) ?? 1, largest: number(rest[1]))
    case ("plan", let rest) where rest.count == 1:
      print(try benchmarkStep(rest[0]).executor.plan)
    case ("profile", let rest) where rest.count == 2:
      print(try benchmarkStep(rest[0], threads: number(rest[1])).executor.profile(runs: 5000))
    default: throw BenchmarkError("unknown arguments \(arguments); see StepBenchmark.swift")
    }
  }

  private static func number(_ text: String) throws -> Int {
    guard let number = Int(text), number > 0 else {
      throw BenchmarkError("found \"\(text)\", expected a number from 1")
    }
    return number
  }

  private static func serveSteps(threads: Int?) throws {
    var steps: [String: StepRunner] = [:]
    try answerLines { name, amount in
      let runner = try steps[name] ?? StepRunner(benchmarkStep(name, threads: threads))
      steps[name] = runner
      let answer = Answer(name, microseconds: Stopwatch.medians(seconds: amount) { runner.run() })
      try runner.checkLearning()
      return answer
    }
  }

  private static func printBits(of name: String, steps: Int, threads: Int) throws {
    let step = try benchmarkStep(name, threads: threads)
    let runner = StepRunner(step)
    for _ in 0..<steps { runner.run() }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for name in step.executor.variables.names {
      step.executor.variables[name]?.withUnsafeBytes { bytes in
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      }
    }
    var answer = Answer(name)
    answer.bits = String(hash, radix: 16)
    answer.send()
  }
}

/// Runs a step again and again, numbering the steps as a training run does.
final class StepRunner {
  private let step: TrainingStep
  private var number = 0
  private var (firstLoss, loss) = (Double.nan, Double.nan)

  init(_ step: TrainingStep) { self.step = step }

  func run() {
    step.set(rate: step.rate, step: number)
    loss = step.run()
    if number == 0 { firstLoss = loss }
    number += 1
  }

  /// - Throws: Where the loss is not less than at first: such steps would not be worth timing.
  func checkLearning() throws {
    guard loss < firstLoss else {
      throw BenchmarkError("the network does not learn: loss \(firstLoss) → \(loss)")
    }
  }
}
