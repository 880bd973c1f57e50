import Datasets
import Execution
import Foundation
import GraphIR
import Interchange
import Layers
import Tensors

/// A generator and a discriminator that were trained against each other, with their parameters.
public struct AdversarialModel: Sendable {
  /// From [batch, latent] to [batch] + ``rowShape``.
  public var generator: any Layer
  /// From [batch] + ``rowShape`` to [batch, 1], a logit.
  public var discriminator: any Layer
  /// The parameters of both: `generator.dense1.weight`, `discriminator.dense1.weight`.
  public var parameters: ParameterSet
  /// The normal numbers that a row is made from.
  public var latent: Int
  /// The shape of one row.
  public var rowShape: Shape
  /// The type that the networks compute in.
  public var precision: ScalarType
  /// How rows are scaled for the networks.
  public var scaling: Scaling
  /// What each epoch of the run came to.
  public var history: [AdversarialRecord] = []
  /// The optimizers' states, for a run that goes on from here.
  var states = ParameterSet()
  /// The settings of the run, by name, as text.
  var settings: [String: String] = [:]

  public init(
    generator: any Layer, discriminator: any Layer, parameters: ParameterSet, latent: Int,
    rowShape: Shape, precision: ScalarType = .float32, scaling: Scaling = .none
  ) {
    self.generator = generator
    self.discriminator = discriminator
    self.parameters = parameters
    self.latent = latent
    self.rowShape = rowShape
    self.precision = precision
    self.scaling = scaling
  }

  private var program: AdversarialProgram {
    AdversarialProgram(
      generator: generator, discriminator: discriminator, latent: latent, rowShape: rowShape,
      precision: precision)
  }

  /// Rows of one pass.
  private static let batch = 256

  private func executor(_ graph: Graph, threads: Int?) throws -> Executor {
    let variables = VariableStore()
    for (name, tensor) in parameters { try variables.set(name, tensor) }
    return try Executor(Plan(graph), variables: variables, threads: threads)
  }

  /// Rows made of noise, in the units of the data.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - seed: Where the noise starts; the first rows of a seed are the same for any count.
  ///   - threads: Threads to use at most; all processors by default.
  /// - Returns: [count] + ``rowShape``.
  /// - Throws: ``TrainingError/setting(name:found:expected:)`` for a negative count; `GraphError` or
  ///   `ParameterError` where the networks and parameters do not fit each other.
  public func samples(_ count: Int, seed: UInt64, threads: Int? = nil) throws -> Tensor {
    guard (0...(1 << 31)).contains(count) else {
      throw TrainingError.setting(name: "samples", found: "\(count)", expected: "0 or more")
    }
    try check()
    let executor = try executor(program.samples(batch: Self.batch), threads: threads)
    var values: [Double] = []
    for start in stride(from: 0, to: count, by: Self.batch) {
      try executor.setInput(Scope.randomKeyName, randomKey(seed: seed, step: start / Self.batch))
      executor.run()
      let rows = try executor.output(AdversarialProgram.Name.rows).doubles
      values += rows.prefix(min(count - start, Self.batch) * rowShape.count)
    }
    let made = Tensor(values, shape: Shape([count] + rowShape.dimensions), type: precision)
    return try scaling.inverse(of: made)
  }

  /// The discriminator's probabilities that rows are real, [rows, 1].
  ///
  /// - Parameters:
  ///   - rows: Unscaled rows, [rows] + ``rowShape``.
  ///   - threads: Threads to use at most; all processors by default.
  /// - Throws: ``TrainingError/data(_:)`` where the rows have another shape; else as
  ///   ``samples(_:seed:threads:)``.
  public func probabilities(ofReal rows: Tensor, threads: Int? = nil) throws -> Tensor {
    guard rows.shape.rank >= 1, rows.shape == Shape([rows.shape[0]] + rowShape.dimensions),
      rows.shape[0] > 0
    else {
      throw TrainingError.data(
        "the rows have shape \(rows.shape), the discriminator expects rows of shape \(rowShape)")
    }
    try check()
    let executor = try executor(program.scores(batch: rows.shape[0]), threads: threads)
    try executor.setInput(
      AdversarialProgram.Name.rows, try scaling.apply(to: rows).cast(to: precision))
    executor.run()
    return try executor.output(StepProgram.Name.output)
  }

  private func check() throws {
    guard (1...(1 << 31)).contains(latent), rowShape.checkedCount != nil,
      precision.isFloatingPoint
    else {
      throw TrainingError.data(
        "a noise of \(latent) numbers and rows of shape \(rowShape) in \(precision); expected sizes "
          + "of 1 or more and floating-point numbers")
    }
    if let problem = scaling.problem(columns: rowShape.count) {
      throw TrainingError.data("the scaling of rows: found \(problem)")
    }
    try parameters.check(against: program.declarations().all)
  }
}

extension AdversarialModel {
  private static let version = 1

  /// The JSON under `backprop.adversarial`.
  private struct Header: Codable {
    var version: Int
    var generator: LayerBox
    var discriminator: LayerBox
    var latent: Int
    var rowShape: Shape
    var precision: ScalarType
    var scaling: Scaling
    var history: [AdversarialRecord]
    var settings: [String: String]
  }

  /// Writes both networks, and what a later run needs to go on, as one safetensors file: to a
  /// temporary file beside `path`, which is then renamed.
  ///
  /// - Throws: `InterchangeError` where the file cannot be written; an old one is left as it was.
  public func save(to path: String) throws {
    let header = Header(
      version: Self.version, generator: LayerBox(generator),
      discriminator: LayerBox(discriminator), latent: latent, rowShape: rowShape,
      precision: precision, scaling: scaling, history: history, settings: settings)
    let tensors = parameters.map { (name: $0.name, tensor: $0.tensor) }
    let file = SafetensorsFile(
      tensors: tensors + states.map { (name: $0.name, tensor: $0.tensor) },
      metadata: ["backprop.adversarial": try jsonText(header)])
    try file.write(to: path, describing: "the networks")
  }

  /// Reads both networks.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - layers: Kinds of layers of your own that it may hold.
  /// - Throws: `InterchangeError` where the file is damaged; ``TrainingError`` where it holds no two
  ///   networks, or its parameters do not fit them.
  public init(contentsOf path: String, layers: [any Layer.Type] = []) throws {
    let file = try SafetensorsFile(contentsOf: path)
    func refused(_ reason: String) -> TrainingError { .notAModel(path: path, reason: reason) }
    guard let text = file.metadata["backprop.adversarial"] else {
      throw refused(
        "the metadata hold no \"backprop.adversarial\" entry; expected one with the networks")
    }
    let decoder = jsonDecoder()
    decoder.userInfo[.layerTypes] = layers
    let header: Header
    do {
      header = try decoder.decode(Header.self, from: Data(text.utf8))
    } catch {
      throw refused("its description is damaged: \(error.words)")
    }
    guard header.version == Self.version else {
      throw refused("found version \(header.version), this program reads version \(Self.version)")
    }
    self.init(
      generator: header.generator.layer, discriminator: header.discriminator.layer,
      parameters: ParameterSet(), latent: header.latent, rowShape: header.rowShape,
      precision: header.precision, scaling: header.scaling)
    (history, settings) = (header.history, header.settings)
    for (name, tensor) in file.tensors {
      if name.hasPrefix(OptimizerStates.prefix) {
        states[name] = tensor
      } else {
        parameters[name] = tensor
      }
    }
    do {
      try check()
    } catch {
      throw refused("\(error)")
    }
  }
}
