import Datasets
import Foundation
import Interchange
import Layers
import Tensors
import Testing
import Training

/// What a model's file looks like, and what is refused where it was edited.
@Suite struct ModelFileTests {
  private func model(_ options: TrainingOptions = TrainingOptions(epochs: 1)) throws
    -> TrainedModel
  {
    try Trainer(Dense(units: 3), loss: CrossEntropy(), optimizer: SGD(learningRate: 0.1), options)
      .fit(Dataset.builtIn("iris")).model
  }

  /// What is said of a model once it was written and is read again; nil where nothing is.
  private func refusal(
    _ model: TrainedModel, _ damage: (inout TrainedModel) -> Void = { _ in }
  ) throws -> String? {
    var damaged = model
    damage(&damaged)
    let path = NSTemporaryDirectory() + "backprop-\(UUID().uuidString).safetensors"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try damaged.save(to: path)
    do {
      let again = try TrainedModel(contentsOf: path)
      #expect(again.outputs == damaged.outputs && again.parameters == damaged.parameters)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `the meaning of outputs has a form that lasts`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    for (outputs, json) in [
      (TrainedModel.Outputs.classes(["a", "b"]), #"{"classes":["a","b"]}"#),
      (.values(["y"]), #"{"values":["y"]}"#),
    ] {
      #expect(String(decoding: try encoder.encode(outputs), as: UTF8.self) == json)
      #expect(
        try JSONDecoder().decode(TrainedModel.Outputs.self, from: Data(json.utf8)) == outputs)
    }
    for json in ["{}", #"{"classes":["a"],"values":["y"]}"#, #"{"classes":"a"}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(TrainedModel.Outputs.self, from: Data(json.utf8))
      }
    }
    let header = try model().file().metadata["backprop"]
    #expect(header?.contains(#""outputs":{"classes":["setosa","versicolor","virginica"]}"#) == true)
  }

  @Test func `scalings that do not fit are refused`() throws {
    let model = try model()
    #expect(try refusal(model) == nil)
    let four = [0.0, 0, 0, 0]
    // A deviation of 0 is that of a constant column.
    #expect(try refusal(model) { $0.scaling = .standard(mean: four, deviation: four) } == nil)
    for (scaling, words) in [
      (.standard(mean: [0], deviation: four), "found 1 means; expected 4"),
      (.standard(mean: four, deviation: [1]), "found 1 deviations; expected 4"),
      (.standard(mean: [0, 0, 0, .nan], deviation: four), "expected finite numbers"),
      (.standard(mean: four, deviation: [1, 1, 1, -1]), "the deviation -1.0 of feature 4"),
      (.minMax(low: four, high: [1, 1, 1]), "found 3 high ends; expected 4"),
      (.minMax(low: four, high: [1, 1, 1, -1]), "the range 0.0 to -1.0 of feature 4"),
      (.divide(by: 0), "found division by 0.0"),
    ] as [(Scaling, String)] {
      #expect(try refusal(model) { $0.scaling = scaling }?.contains(words) == true)
    }
    #expect(
      try refusal(model) { $0.targetScaling = .divide(by: 2) }?
        .contains("expected none for classes") == true)
  }

  @Test func `classes that do not fit are refused`() throws {
    let model = try model()
    #expect(
      try refusal(model) { $0.outputs = .classes(["a", "b", "a"]) }?
        .contains("two classes are named \"a\"") == true)
    let table = try Table(csv: "p,q,r,s,t\n1,2,3,4,a\n5,6,7,8,b\n2,3,4,5,c\n", name: "t")
    let encoder = try TableEncoder.learn(from: table)
    #expect(
      try refusal(model) {
        $0.outputs = .classes(["a", "b", "c"])
        $0.encoder = encoder
      } == nil)
    for names in [["a", "c", "b"], ["a", "b", "d"]] {
      #expect(
        try refusal(model) {
          $0.outputs = .classes(names)
          $0.encoder = encoder
        }?.contains("the same ones in the same order") == true)
    }
  }

  @Test func `a progress that no run can have is not resumed`() throws {
    let trainer = Trainer(
      Dense(units: 3), loss: CrossEntropy(), optimizer: SGD(learningRate: 0.1),
      TrainingOptions(epochs: 2))
    let data = try Dataset.builtIn("iris")
    let model = try trainer.fit(data).model
    for damage in [
      { $0.batch = 1000 }, { $0.step += 1 }, { $0.lossRows = 3 },
    ] as [(inout TrainingProgress) -> Void] {
      var damaged = model
      damage(&damaged.checkpoint!.progress)
      #expect(throws: TrainingError.self) {
        try trainer.fit(data, TrainingSetup(resuming: damaged))
      }
    }
    _ = try trainer.fit(data, TrainingSetup(resuming: model))
  }
}
