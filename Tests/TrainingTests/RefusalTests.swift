import Datasets
import Foundation
import Layers
import Tensors
import Testing
import Training

/// Numbers that cannot be learned from, or not be started with.
@Suite struct RefusalTests {
  /// What a run over these targets ends with; nil where it does not fail.
  private func refusal(
    _ targets: [Double], _ loss: some Loss, _ scaling: Scaling.Kind = .none
  ) -> String? {
    let data = Dataset(
      name: "points", features: Tensor(targets.map { $0 + 1 }, shape: [targets.count, 1]),
      targets: .values(Tensor(targets), names: ["y"]))
    let part = data.rows(Array(targets.indices.reversed()))
    let trainer = Trainer(
      Dense(units: 1), loss: loss, optimizer: SGD(learningRate: 0.1),
      TrainingOptions(epochs: 1, targetScaling: scaling))
    do {
      _ = try trainer.fit(part)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func `targets that a loss is not defined for are refused`() {
    #expect(refusal([0, 0.5, 1], BinaryCrossEntropy()) == nil)
    #expect(refusal([-1, 1, 1], Hinge()) == nil)
    #expect(refusal([-3, 70, 1e6], MeanSquaredError()) == nil)
    #expect(
      refusal([0, 3.5, 1], BinaryCrossEntropy())
        == "points, row 2: y is 3.5, binaryCrossEntropy: expected 0 to 1")
    #expect(refusal([0, 1, 1], Hinge()) == "points, row 1: y is 0.0, hinge: expected −1 or 1")
    #expect(
      refusal([0, 0, 1, 1], BinaryCrossEntropy(), .standard)
        == "points, row 4: y is 1.0 when scaled, binaryCrossEntropy: expected 0 to 1"
        || refusal([0, 0, 1, 1], BinaryCrossEntropy(), .standard)?
          .contains("row 2: y is -1.0 when scaled") == true
    )
  }

  @Test func `starting parameters are finite in the run's precision`() throws {
    let data = try Dataset.builtIn("iris")
    let trainer = Trainer(
      Dense(units: 3), loss: CrossEntropy(), optimizer: SGD(learningRate: 0.1),
      TrainingOptions(epochs: 1))
    for (value, found) in [(Double.nan, "nan"), (-Double.nan, "nan"), (1e39, "inf")] {
      var initial = ParameterSet()
      initial["weight"] = Tensor([Double](repeating: value, count: 12), shape: [4, 3])
      initial["bias"] = Tensor([0.0, 0, 0])
      do {
        _ = try trainer.fit(data, TrainingSetup(initial: initial))
        Issue.record("\(value) was taken")
      } catch {
        #expect(
          "\(error)" == "the starting parameter weight: found \(found), "
            + "expected numbers that are finite in float32")
      }
    }
  }

  @Test func `a loss that is no number has no sign`() {
    let error = TrainingError.diverged(epoch: 1, batch: 2, loss: -Double.nan)
    #expect(error.description.hasPrefix("the loss became nan in epoch 1, batch 2"))
  }

  @Test func `a decoding error says where`() {
    struct Inner: Decodable { var units: Int }
    struct Outer: Decodable { var layers: [Inner] }
    func words(_ json: String) -> String? {
      do {
        _ = try JSONDecoder().decode(Outer.self, from: Data(json.utf8))
        return nil
      } catch {
        return (error as? DecodingError)?.words
      }
    }
    #expect(
      words(#"{"layers": [{"units": 1}, {"units": "x"}]}"#)?
        .hasPrefix("layers[1].units: ") == true)
    #expect(words(#"{"layers": [{}]}"#)?.hasSuffix("(units)") == true)
    #expect(words(#"{"layers": [}"#) != nil)
  }
}
