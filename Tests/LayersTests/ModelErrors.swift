import GraphIR
import Layers
import Tensors
import Testing

/// What is said where something does not fit.
struct ModelErrors {
  func message(of model: some Layer, input: Shape) -> String? {
    do {
      _ = try model.parameterCount(input: input)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func aVectorIsNoBatch() {
    let model = Sequential { Dense(units: 2, name: "hidden") }
    #expect(
      message(of: model, input: [])
        == "hidden: dense: input has shape [2], expected [batch, features]")
    #expect(
      message(of: model, input: [0])
        == "hidden: dense: input has shape [2, 0], expected at least 1 feature")
  }

  @Test func sizesAreChecked() {
    #expect(
      message(of: Sequential { Dense(units: 0) }, input: [2])
        == "dense1: dense: units is 0, expected at least 1")
    #expect(
      message(of: Sequential { Dense(units: .max) }, input: [2])
        == "dense1: dense: units is 9223372036854775807, expected at most 2147483648")
    #expect(
      message(of: Sequential { Dense(units: 1 << 31) }, input: [1000])
        == "dense1.weight: shape [1000, 2147483648] is too large; expected at most 2³² numbers")
    #expect(
      message(of: Sequential { Dropout(1) }, input: [2])
        == "dropout1: dropout: rate is 1.0, expected at least 0 and less than 1")
    #expect(message(of: Dropout(.nan), input: [2])?.contains("rate is nan") == true)
    #expect(message(of: Flatten(), input: [-1])?.contains("negative") == true)
    #expect(message(of: Flatten(), input: [.max, .max])?.contains("too large") == true)
  }

  @Test func twoLayersOfOneNameAreRefused() {
    let model = Sequential {
      Dense(units: 2, name: "a")
      Dense(units: 2, name: "a")
    }
    #expect(
      message(of: model, input: [2]) == "two layers are named \"a\", expected names that differ")
    #expect(message(of: Sequential { Dense(units: 2, name: "a.b") }, input: [2]) != nil)
    #expect(message(of: Sequential { Dense(units: 2, name: "") }, input: [2]) != nil)
  }

  @Test func aResidualKeepsTheShape() {
    #expect(
      message(of: Sequential { Residual { Dense(units: 3) } }, input: [2])
        == "residual1: residual: the layers turn float32 [2, 2] into float32 [2, 3], "
        + "expected one type, for the sum of both")
  }

  @Test func initialValuesHaveToFill() {
    #expect(
      message(of: Sequential { Dense(units: 2, weight: .values([1, 2, 3])) }, input: [2])
        == "dense1.weight: 3 initial values, expected 4 for shape [2, 2]")
  }

  struct Clash: Layer {
    static let kind = "clash"
    var name: String?
    func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
      input * scope.parameter("p", [2], .ones) * scope.parameter("p", [1], .ones)
    }
  }

  struct Shared: Layer {
    static let kind = "shared"
    var name: String?
    func callAsFunction(_ input: Expression, in scope: Scope) -> Expression {
      let cell = Dense(units: 2, activation: .tanh)
      return scope.apply(cell, to: scope.apply(cell, to: input, as: "cell"), as: "cell")
    }
  }

  @Test func aSharedParameterHasOneShape() throws {
    #expect(
      message(of: Sequential { Clash() }, input: [2])
        == "clash1.p: used as float32 [2] and as float32 [1]; a shared parameter has one type")
    #expect(try Shared().declarations(input: [2]).map(\.name) == ["cell.weight", "cell.bias"])
    #expect(try Shared().summary(input: [2]).rows.map(\.path) == ["", "cell"])
  }

  @Test func parametersAreCheckedAgainstTheModel() throws {
    let model = Sequential { Dense(units: 16, name: "hidden") }
    let declarations = try model.declarations(input: [784])
    let good = try model.initialParameters(input: [784], seed: 1)
    try good.check(against: declarations)

    func message(_ change: (inout ParameterSet) -> Void) -> String? {
      var parameters = good
      change(&parameters)
      do {
        try parameters.check(against: declarations)
        return nil
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { $0["hidden.weight"] = .zeros([728, 16], type: .float32) }
        == "hidden.weight: input has 784 features, weight expects 728 "
        + "(found float32 [728, 16], expected float32 [784, 16])")
    #expect(
      message { $0["hidden.bias"] = .zeros([16], type: .float64) }
        == "hidden.bias: found float64 [16], expected float32 [16]")
    #expect(
      message { $0["hiden.bias"] = .zeros([16], type: .float32) }
        == "hiden.bias: the model has no such parameter; the nearest is hidden.bias")
    #expect(
      message { $0["hidden.bias"] = nil } == "hidden.bias: missing; expected float32 [16]")
  }

  @Test func namesThatAreNearAreFound() {
    #expect(nearest("sigmiod", in: ["tanh", "sigmoid"]) == "sigmoid")
    #expect(nearest("DENSE", in: ["dense"]) == "dense")
    #expect(nearest("perceptron", in: ["tanh", "sigmoid"]) == nil)
    #expect(nearest("x", in: []) == nil)
    #expect(suggestion(for: "perceptron", in: ["tanh", "relu"]) == "there are tanh, relu")
  }
}
