import Datasets
import Foundation
import Interchange
import Layers
import Tensors

/// A model is one safetensors file. Its parameters lie under their path names, as any reader of
/// the format finds them; the metadata hold, as JSON under `backprop`, what the network is and
/// what its inputs and outputs mean; tensors whose names begin with `pruned/` hold the places of removed
/// weights; and under `backprop.training`, with tensors whose names begin
/// with `optimizer/`, `carried/` and `resume/`, what a later run needs to go on.
extension TrainedModel {
  private static let version = 1
  private static let resumePrefix = "resume/"

  /// The JSON under `backprop`.
  private struct Header: Codable {
    var version: Int
    var model: LayerBox
    var loss: LossBox
    var inputShape: Shape
    var precision: ScalarType
    var outputs: Outputs
    var featureNames: [String]
    var scaling: Scaling
    var targetScaling: Scaling
    var encoder: TableEncoder?
    var form: RowForm?
  }

  /// The JSON under `backprop.training`.
  private struct Resume: Codable {
    var settings: [String: String]
    var progress: TrainingProgress
  }

  /// The model as a safetensors file.
  public func file() throws -> SafetensorsFile {
    let header = Header(
      version: Self.version, model: LayerBox(model), loss: LossBox(loss), inputShape: inputShape,
      precision: precision, outputs: outputs, featureNames: featureNames, scaling: scaling,
      targetScaling: targetScaling, encoder: encoder, form: form)
    var metadata = ["backprop": try jsonText(header)]
    var tensors = parameters.map { (name: $0.name, tensor: $0.tensor) } + removed.tensors
    if let checkpoint {
      metadata["backprop.training"] = try jsonText(
        Resume(settings: checkpoint.settings, progress: checkpoint.progress))
      tensors += checkpoint.states.map { (name: $0.name, tensor: $0.tensor) }
      tensors += (checkpoint.parameters ?? ParameterSet())
        .map { (name: Self.resumePrefix + $0.name, tensor: $0.tensor) }
    }
    return SafetensorsFile(tensors: tensors, metadata: metadata)
  }

  /// Writes the model: to a temporary file beside `path`, which is synced and then renamed, so that
  /// `path` is at any moment the old file or the new one, whole.
  ///
  /// - Throws: `InterchangeError` where the file cannot be written; the old one is left as it was.
  public func save(to path: String) throws {
    try file().write(to: path, describing: "the model")
  }

  /// Reads a model.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - layers: Kinds of layers of your own that it may hold.
  /// - Throws: `InterchangeError` where the file is damaged; ``TrainingError`` where it is not a
  ///   model, or its parameters do not fit its architecture.
  public init(contentsOf path: String, layers: [any Layer.Type] = []) throws {
    let file = try SafetensorsFile(contentsOf: path)
    guard let text = file.metadata["backprop"] else {
      throw TrainingError.notAModel(
        path: path, reason: "the metadata hold no \"backprop\" entry; expected one with the network"
      )
    }
    let decoder = jsonDecoder()
    decoder.userInfo[.layerTypes] = layers
    let header: Header
    let resume: Resume?
    do {
      header = try decoder.decode(Header.self, from: Data(text.utf8))
      resume = try file.metadata["backprop.training"].map {
        try decoder.decode(Resume.self, from: Data($0.utf8))
      }
    } catch {
      throw TrainingError.notAModel(
        path: path, reason: "its description is damaged: \(error.words)")
    }
    guard header.version == Self.version else {
      throw TrainingError.notAModel(
        path: path,
        reason: "found version \(header.version), this program reads version \(Self.version)")
    }
    var (own, states, current) = (ParameterSet(), ParameterSet(), ParameterSet())
    var removed: [String: [Int]] = [:]
    for (name, tensor) in file.tensors {
      if name.hasPrefix(OptimizerStates.prefix) || name.hasPrefix(Scope.carriedPrefix) {
        states[name] = tensor
      } else if name.hasPrefix(Self.resumePrefix) {
        current[String(name.dropFirst(Self.resumePrefix.count))] = tensor
      } else if name.hasPrefix(RemovedWeights.prefix) {
        removed[String(name.dropFirst(RemovedWeights.prefix.count))] = tensor.doubles.map {
          Int(exactly: $0) ?? -1
        }
      } else {
        own[name] = tensor
      }
    }
    self.init(
      model: header.model.layer, loss: header.loss.loss, parameters: own,
      inputShape: header.inputShape, precision: header.precision, outputs: header.outputs,
      featureNames: header.featureNames, scaling: header.scaling,
      targetScaling: header.targetScaling, encoder: header.encoder, form: header.form,
      checkpoint: resume.map {
        Checkpoint(
          settings: $0.settings, progress: $0.progress, states: states,
          parameters: current.isEmpty ? nil : current)
      }, removed: RemovedWeights(removed))
    do {
      guard inputShape.checkedCount != nil else { throw TrainingError.data("input \(inputShape)") }
      try parameters.check(against: model.declarations(input: inputShape, type: precision))
      try checkConsistency()
      try self.removed.check(against: parameters)
      try checkpoint?.progress.check()
    } catch {
      throw TrainingError.notAModel(path: path, reason: "\(error)")
    }
  }
}
