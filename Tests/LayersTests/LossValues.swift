import Execution
import Foundation
import GraphIR
import Layers
import Tensors
import Testing

/// Losses against numbers worked out by hand.
struct LossValues {
  func value(_ loss: some Loss, _ output: Tensor, _ target: Tensor) throws -> Double {
    let builder = GraphBuilder()
    let o = builder.input("o", output.type)
    let t = builder.input("t", target.type)
    builder.output("loss", loss(o, target: t))
    let result = try #require(try Trace(builder.finish(), ["o": output, "t": target])["loss"])
    #expect(result.shape == [])
    return result.scalar
  }

  @Test func targetsThatALossIsNotDefinedForAreNamed() {
    for loss in [BinaryCrossEntropy(), CrossEntropy()] as [any Loss] {
      for value in [0, 0.5, 1] { #expect(loss.problem(withTarget: value) == nil) }
      for value in [-0.1, 1.5, .nan] {
        #expect(loss.problem(withTarget: value) == "expected 0 to 1")
      }
    }
    for value in [-1.0, 1] { #expect(Hinge().problem(withTarget: value) == nil) }
    for value in [0, 0.5, .infinity] { #expect(Hinge().problem(withTarget: value) != nil) }
    #expect(Huber().problem(withTarget: -70) == nil)
  }

  func message(_ loss: some Loss, _ output: TensorType, _ target: TensorType) -> String? {
    let builder = GraphBuilder()
    _ = loss(builder.input("o", output), target: builder.input("t", target))
    return builder.firstError.map { "\($0)" }
  }

  let output = Tensor([[1, 2, 3], [0.5, 0, -1]])
  let target = Tensor([[1, 0, 1], [0, 0, 1]])
  let classes = Tensor([2, 0] as [Int32])

  @Test func squaredErrors() throws {
    // Errors 0, 2, 2 and 0.5, 0, −2: their squares add up to 12.25.
    #expect(try value(HalfSquaredError(), output, target) == 12.25 / 4)
    #expect(try value(MeanSquaredError(), output, target) == 12.25 / 6)
    #expect(try value(MeanAbsoluteError(), output, target) == 6.5 / 6)
    // One-hot: errors 1, 2, 2 and −0.5, 0, −1.
    #expect(try value(HalfSquaredError(), output, classes) == 10.25 / 4)
  }

  @Test func huber() throws {
    #expect(try value(Huber(), output, target) == (1.5 + 1.5 + 0.125 + 1.5) / 6)
    #expect(try value(Huber(delta: 3), output, target) == 12.25 / 12)
  }

  @Test func crossEntropy() throws {
    let first = -3 + log(exp(1.0) + exp(2) + exp(3))
    let second = -0.5 + log(exp(0.5) + 1 + exp(-1))
    #expect(abs(try value(CrossEntropy(), output, classes) - (first + second) / 2) < 1e-12)
    let weighted = CrossEntropy(classWeights: [2, 1, 5])
    #expect(abs(try value(weighted, output, classes) - (5 * first + 2 * second) / 7) < 1e-12)
    let distributions = Tensor([[0, 0, 1], [1, 0, 0]])
    #expect(
      abs(try value(weighted, output, distributions) - (5 * first + 2 * second) / 2) < 1e-12)
  }

  @Test func crossEntropyWithSmoothing() throws {
    let log1 = [1.0, 2, 3].map { $0 - log(exp(1.0) + exp(2) + exp(3)) }
    let log2 = [0.5, 0, -1].map { $0 - log(exp(0.5) + 1 + exp(-1)) }
    let w = [2.0, 1, 5]
    var expected = 0.9 * -(5 * log1[2] + 2 * log2[0])
    for k in 0..<3 { expected -= 0.1 / 3 * w[k] * (log1[k] + log2[k]) }
    let loss = CrossEntropy(labelSmoothing: 0.1, classWeights: w)
    #expect(abs(try value(loss, output, classes) - expected / 7) < 1e-12)
  }

  @Test func binaryCrossEntropy() throws {
    let column = Tensor([[2], [-1]])
    let yes = log(1 + exp(-2.0))
    let no = log(1 + exp(-1.0))
    let loss = BinaryCrossEntropy()
    #expect(abs(try value(loss, column, Tensor([1, 0] as [Int32])) - (yes + no) / 2) < 1e-12)
    #expect(abs(try value(loss, column, Tensor([1.0, 0])) - (yes + no) / 2) < 1e-12)
    let weighted = BinaryCrossEntropy(classWeights: [3, 2])
    #expect(
      abs(try value(weighted, column, Tensor([[1], [0]])) - (2 * yes + 3 * no) / 2) < 1e-12)
    // ε = 0.2 turns 1 into 0.9 and 0 into 0.1; each ½ ε of the other side costs ½ ε |o| more.
    let smooth = BinaryCrossEntropy(labelSmoothing: 0.2)
    #expect(
      abs(try value(smooth, column, Tensor([[1], [0]])) - (yes + no + 0.1 * 3) / 2) < 1e-12)
  }

  @Test func binaryCrossEntropyIsStable() throws {
    let column = Tensor([[1000], [-1000]])
    #expect(try value(BinaryCrossEntropy(), column, Tensor([[0], [0]])) == 500)
    #expect(try value(BinaryCrossEntropy(), column, Tensor([[1], [0]])) == 0)
    #expect(try value(CrossEntropy(), Tensor([[1000, 0]]), Tensor([1] as [Int32])) == 1000)
  }

  @Test func hinge() throws {
    // Class 2 of output 1, 2, 3: 1 + 1, 1 + 2, 0; class 0 of 0.5, 0, −1: 0.5, 1, 0.
    #expect(try value(Hinge(), output, classes) == 6.5 / 6)
    #expect(try value(Hinge(), Tensor([[2], [0.25]]), Tensor([1, 0] as [Int32])) == 1.25 / 2)
    #expect(try value(Hinge(), Tensor([[2], [0.25]]), Tensor([1.0, -1])) == 1.25 / 2)
  }

  @Test func whatDoesNotFitIsSaid() {
    let o = TensorType([4, 3], .float32)
    let ofOtherForms = ["cosineEmbedding", "ctc", "gaussianNLL", "marginRanking", "triplet"]
    for type in Losses.all where !ofOtherForms.contains(type.kind) {
      #expect(
        message(type.init(), o, TensorType([4, 2], .float32))
          == "\(type.kind): output is float32 [4, 3], expected a target float32 [4, 3] or class "
          + "numbers int32 [4], found float32 [4, 2]")
      #expect(message(type.init(), o, TensorType([4], .float32)) != nil)
      #expect(message(type.init(), o, TensorType([5], .int32)) != nil)
      #expect(message(type.init(), o, TensorType([4, 3], .float64)) != nil)
      #expect(message(type.init(), TensorType([], .float32), TensorType([], .float32)) != nil)
      #expect(message(type.init(), o, o) == nil)
    }
    #expect(
      message(CrossEntropy(), TensorType([4, 1], .float32), TensorType([4], .int32))?
        .contains("binaryCrossEntropy is for 1") == true)
    #expect(
      message(CrossEntropy(classWeights: [1, 2]), o, o)
        == "crossEntropy: classWeights has 2 weights, expected 3, one for each class")
    #expect(message(CrossEntropy(labelSmoothing: 2), o, o)?.contains("0 to 1") == true)
    #expect(
      message(Huber(delta: 0), o, o) == "huber: delta is 0.0, expected more than 0")
  }

  @Test func predictionsAreProbabilities() throws {
    let builder = GraphBuilder()
    let o = builder.input("o", output.type)
    builder.output("softmax", CrossEntropy().probabilities(o))
    builder.output("sigmoid", BinaryCrossEntropy().probabilities(o))
    builder.output("same", MeanSquaredError().probabilities(o))
    let trace = try Trace(builder.finish(), ["o": output])
    let rows = try #require(trace["softmax"])
    #expect(abs(rows[0, 0] + rows[0, 1] + rows[0, 2] - 1) < 1e-12)
    #expect(abs(try #require(trace["sigmoid"])[1, 1] - 0.5) < 1e-12)
    #expect(trace["same"] == output)
    #expect(CrossEntropy().isClassification && !Huber().isClassification)
  }

  @Test func penalties() throws {
    let builder = GraphBuilder()
    let w = builder.variable("w", TensorType([3], .float64))
    let v = builder.variable("v", TensorType([1], .float64))
    #expect(penalty(l1: 0, l2: 0, weights: [w, v]) == nil)
    #expect(penalty(l1: 1, l2: 1, weights: []) == nil)
    builder.output("p", try #require(penalty(l1: 0.5, l2: 0.25, weights: [w, v])))
    let values = ["w": Tensor([1.0, -2, 3]), "v": Tensor([-4.0])]
    // Magnitudes add up to 10, squares to 30.
    #expect(try Trace(builder.finish(), values)["p"]?.scalar == 0.5 * 10 + 0.125 * 30)
  }
}
