import GraphIR
import Tensors
import Testing

@Suite("Writing graphs")
struct GraphBuilderTests {
  @Test("A graph prints one line a node, with layers' paths")
  func description() throws {
    let builder = GraphBuilder()
    let x = builder.input("x", f32([32, 784]))
    let hidden = builder.at(path: "hidden") {
      let weight = builder.variable("hidden.weight", f32([784, 16]))
      return sigmoid(x.matmul(weight) + 1)
    }
    let weight = builder.variable("scale", f32([]))
    builder.output("loss", (hidden * weight).mean(axes: [-1]).sum())
    builder.update(weight, with: weight * 0.5)
    #expect(
      try builder.finish().description == """
        %0 = input x : float32 [32, 784]
        %1 = variable hidden.weight : float32 [784, 16]  hidden
        %2 = matmul %0 %1 : float32 [32, 16]  hidden
        %3 = constant 1.0 : float32 []  hidden
        %4 = add %2 %3 : float32 [32, 16]  hidden
        %5 = sigmoid %4 : float32 [32, 16]  hidden
        %6 = variable scale : float32 []
        %7 = multiply %5 %6 : float32 [32, 16]
        %8 = mean(axes 1) %7 : float32 [32]
        %9 = sum(axes 0) %8 : float32 []
        %10 = constant 0.5 : float32 []
        %11 = multiply %6 %10 : float32 []
        output loss = %9
        update %6 = %11
        """)
  }

  @Test("Operations print their attributes")
  func attributes() {
    let texts = [
      Sum(axes: [0, 1], keepingAxes: true).description, Transpose([1, 0]).description,
      Slice(axes: [0, 2], starts: [1, 0], ends: [4, 6], steps: [1, 2]).description,
      Pad(before: [1], after: [2]).description, LeakyReLU().description,
      Comparison(.lessOrEqual).description, MatrixProduct(transposeB: true).description,
      OneHot(depth: 3).description, Cast(.float64).description,
    ]
    #expect(
      texts == [
        "sum(axes 0, 1, kept)", "transpose(1, 0)",
        "slice(axis 0 from 1 to 4, axis 2 from 0 to 6 by 2)",
        "pad([1] before, [2] after, value 0.0)", "leakyReLU(slope 0.01)", "compare(≤)",
        "matmul(Bᵀ)", "oneHot(depth 3, float32)", "cast(float64)",
      ])
  }

  /// The error with which a graph written by `body` is refused, or "accepted".
  private func error(_ body: (GraphBuilder) -> Void) -> String {
    let builder = GraphBuilder()
    body(builder)
    do {
      _ = try builder.finish()
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test("The first error is kept, with its layer's path and what was expected")
  func firstError() {
    let text = error { builder in
      let x = builder.input("x", f32([32, 784]))
      let y = builder.at(path: "hidden") {
        x.matmul(builder.variable("hidden.weight", f32([728, 16])))
      }
      builder.at(path: "output") { builder.output("y", y.reshaped([7])) }
    }
    #expect(text == "hidden: matmul: [32, 784] × [728, 16]: 784 columns meet 728 rows")
  }

  @Test("Wrong axes, types and owners are errors, not traps")
  func noTraps() {
    let other = GraphBuilder().input("other", f32([2]))
    typealias Case = (String, (GraphBuilder, Expression) -> Void)
    let cases: [Case] = [
      ("axis 7 does not exist in shape [2, 3]: expects 0 to 1", { _ = $1.sum(axes: [7]) }),
      ("axis -1 does not exist", { _ = $1.mean(axes: [-3]) }),
      ("axis 5 does not exist", { _ = $1.argMax(axis: 5) }),
      ("axis 5 does not exist", { _ = $1.slice(axis: 5, from: 1, to: 2) }),
      ("expects a range within 0 to 2", { _ = $1.slice(axis: 0, from: -5) }),
      ("axis 9 does not exist", { _ = concatenate([$1, $1], axis: 9) }),
      ("axis 9 does not exist", { _ = $1.gathered($0.input("i", i32([2, 2])), axis: 9) }),
      ("permutation [1, 0]", { _ = $1.sum(axes: [0]).transposed() }),
      ("cannot hold them", { _ = $1.reshaped([-1, -1]) }),
      ("cannot hold them", { _ = $1.reshaped([-1, .max, .max]) }),
      ("[2, 3] has 6 elements, [4, -1] cannot hold them", { _ = $1.reshaped([4, -1]) }),
      ("does not broadcast", { _ = $1.broadcast(to: [2, 2]) }),
      ("too large", { _ = $1.broadcast(to: [1 << 40, 1 << 40, 2, 3]) }),
      ("too large", { builder, _ in _ = builder.input("big", f32([.max, 2])) }),
      (
        "big: float32 [-1] has a negative size",
        { builder, _ in _ = builder.variable("big", f32([-1])) }
      ),
      ("another graph", { _ = $1 + other }),
      ("another graph", { builder, _ in builder.output("y", other) }),
      ("another graph", { $0.update(other, with: $1) }),
      ("only a variable can be updated", { $0.update($1, with: $1) }),
      (
        "v is float32 [2], its update is float32 [2, 3]",
        { $0.update($0.variable("v", f32([2])), with: $1) }
      ),
      (
        "two outputs are named y",
        { builder, x in
          builder.output("y", x)
          builder.output("y", x)
        }
      ),
      (
        "expects two values of one element type, found int32 [2] and float64 []",
        { builder, _ in _ = builder.input("i", i32([2])) + 0.5 }
      ),
    ]
    for (expected, body) in cases {
      let text = error { body($0, $0.input("x", f32([2, 3]))) }
      #expect(text.contains(expected), "\(text)")
    }
  }

  @Test("A variable is updated once")
  func updatedTwice() {
    let text = error { builder in
      let v = builder.variable("v", f32([]))
      builder.update(v, with: v * 2)
      builder.update(v, with: v * 3)
    }
    #expect(text == "v is updated twice")
  }

  @Test("Numbers take the type of the value beside them")
  func constants() throws {
    let builder = GraphBuilder()
    let (x, i) = (builder.input("x", f64([2])), builder.input("i", i32([2])))
    #expect((1 - x).type == f64([2]))
    #expect((i * 2).type == i32([2]))
    #expect((x .> 0).type == f64([2]))
    #expect(select(i .== 1, x, 0).type == f64([2]))
    #expect(pow(x, 2).description == "%\(builder.nodes.count - 1) = square %0 : float64 [2]")
    #expect(x.reshaped([2, -1]).type == f64([2, 1]))
    #expect(x.gathered(builder.input("j", i32([4, 3]))).type == f64([4, 3]))
    #expect(x.slice(axis: -1, from: -1).type == f64([1]))
    #expect(logSumExp(builder.input("m", f64([2, 3]))).type == f64([2]))
    _ = try builder.finish()
  }

  @Test("The gradient of a known power is the rule of the books")
  func knownPower() {
    let builder = GraphBuilder()
    let (x, g) = (builder.input("x", f64([2])), builder.input("g", f64([2])))
    let cube = pow(x, 3)
    let gradients = Power().gradients([x, x.constant(3)], output: cube, upstream: g)
    #expect(gradients.count == 2 && gradients[1] == nil)
    let lines = builder.nodes.suffix(4).map(\.description)
    #expect(
      lines == [
        "%5 = square %0 : float64 [2]", "%6 = constant 3.0 : float64 []",
        "%7 = multiply %6 %5 : float64 [2]", "%8 = multiply %1 %7 : float64 [2]",
      ])
  }

  @Test("Where nothing changes, nothing is written")
  func noOperations() {
    let builder = GraphBuilder()
    let x = builder.input("x", f32([2, 3]))
    _ = x.reshaped([2, 3]).broadcast(to: [2, 3]).cast(to: .float32).summed(to: [2, 3])
    #expect(builder.nodes.count == 1)
  }
}
