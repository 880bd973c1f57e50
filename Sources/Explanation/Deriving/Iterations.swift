import Execution
import Foundation
import GraphIR
import Layers
import Tensors

/// Where repeated updates lead.
public struct Iterations: Sendable {
  /// The network after some updates.
  public struct Row: Sendable {
    /// The number of updates.
    public let count: Int
    /// E with the parameters after them.
    public let error: Double
    /// The outputs as predictions show them, [examples, …].
    public let outputs: Tensor
    public let parameters: ParameterSet
  }

  /// The rows that were asked for, in ascending order, the first without any update.
  public let rows: [Row]
  /// E after some numbers of updates, for a curve.
  public let curve: [(count: Int, error: Double)]

  /// The most points of the curve.
  private static let points = 120

  /// Runs updates, each from the one before.
  ///
  /// - Parameters:
  ///   - problem: What is learned, all examples in each update.
  ///   - counts: The numbers of updates of which there shall be rows.
  /// - Throws: `GraphError` where the network does not fit its data.
  public init(_ problem: Problem, counts: [Int]) throws {
    try self.init(StepGraph(problem, isWrittenOut: false), counts: counts)
  }

  init(_ step: StepGraph, counts: [Int]) throws {
    let wanted = Set(counts).filter { $0 > 0 }.sorted()
    let last = wanted.last ?? 0
    // Evenly spread on a logarithmic axis.
    let length = log(Double(max(last, 1)))
    let spread = (0...Self.points).map { place -> Int in
      let part = Double(place) / Double(Self.points)
      return Int(exp(length * part).rounded())
    }
    let stops = last == 0 ? [] : Set(wanted + spread).sorted()
    let loss = try LossFunction(step)
    let executor = try Executor(Plan(step.graph), threads: 1)
    for (name, value) in step.values() {
      if step.graph.inputs.contains(where: { $0.name == name }) {
        try executor.setInput(name, value)
      } else {
        try executor.variables.set(name, value)
      }
    }
    var parameters = step.problem.parameters
    var (rows, curve): ([Row], [(Int, Double)]) = ([], [])
    func row(_ count: Int, _ error: Double) throws -> Row {
      let trace = try Trace(step.graph, step.values(parameters))
      return Row(
        count: count, error: error, outputs: trace[step.probabilities ?? step.output],
        parameters: parameters)
    }
    rows.append(try row(0, try loss(parameters)))
    var done = 0
    for stop in stops {
      while done < stop {
        done += 1
        try executor.setInput(StepGraph.Name.step, Tensor(Double(done)))
        executor.run()
      }
      for name in parameters.names {
        if let value = executor.variables[name] { parameters[name] = value }
      }
      let error = try loss(parameters)
      curve.append((stop, error))
      if wanted.contains(stop) { rows.append(try row(stop, error)) }
    }
    self.rows = rows
    self.curve = curve
  }
}
