import Explanation
import Layers
import Testing

@Suite struct FunctionPageFeatureTests {
  private func features(_ activation: Activation) throws -> FunctionFeatures {
    FunctionFeatures(of: try ActivationPage(activation).function())
  }

  @Test func ranges() throws {
    let sigmoid = try features(.sigmoid)
    #expect(sigmoid.lowest == .init(value: 0, isAttained: false))
    #expect(sigmoid.highest == .init(value: 1, isAttained: false))
    #expect(try features(.tanh).lowest == .init(value: -1, isAttained: false))
    #expect(try features(.softsign).highest == .init(value: 1, isAttained: false))
    #expect(try features(.relu).lowest == .init(value: 0, isAttained: true))
    #expect(try features(.relu).highest.value == .infinity)
    #expect(try features(.leakyReLU).lowest.value == -.infinity)
    #expect(try features(.elu).lowest == .init(value: -1, isAttained: false))
    #expect(try features(.softplus).lowest == .init(value: 0, isAttained: false))
    #expect(try features(.step).onlyValues == [0, 1])
    #expect(try features(.sigmoid).onlyValues == nil)
  }

  /// x σ(x) is least where 1 + x (1 − σ(x)) = 0, at x ≈ −1.2784645.
  @Test func minimumOfSiLU() throws {
    let silu = try features(.silu)
    #expect(silu.turningPoints.count == 1)
    #expect(abs((silu.turningPoints.first ?? 0) + 1.2784645) < 1e-6)
    #expect(abs(silu.lowest.value + 0.2784645) < 1e-6)
    #expect(silu.lowest.isAttained)
    #expect(try features(.gelu).turningPoints.count == 1)
    #expect(try features(.sigmoid).turningPoints.isEmpty)
  }

  /// σ′ = s (1 − s) falls to 0.0025 where s = (1 + √0.99) / 2, at x = ln(s / (1 − s)) ≈ 5.98645.
  @Test func saturation() throws {
    let sigmoid = try features(.sigmoid)
    #expect(abs((sigmoid.flatAbove?.start ?? 0) - 5.98645) < 1e-5)
    #expect(abs((sigmoid.flatBelow?.start ?? 0) + 5.98645) < 1e-5)
    #expect(sigmoid.flatAbove?.limit == 1)
    #expect(sigmoid.flatAbove?.isExactlyFlat == false)
    // 1 / (1 + x)² = 0.01 at x = 9.
    #expect(abs((try features(.softsign).flatAbove?.start ?? 0) - 9) < 1e-6)
    let relu = try features(.relu)
    #expect(relu.flatBelow?.isExactlyFlat == true)
    #expect(relu.flatBelow?.start == 0)
    #expect(relu.flatAbove == nil)
    let linear = try features(.linear)
    #expect(linear.flatAbove == nil && linear.flatBelow == nil)
  }

  @Test func kinksAndJumps() throws {
    let relu = try #require(try features(.relu).jumps.first)
    #expect(relu == .init(x: 0, isOfValue: false, before: 0, after: 1, there: 0))
    let step = try #require(try features(.step).jumps.first)
    #expect(step == .init(x: 0, isOfValue: true, before: 0, after: 1, there: 1))
    #expect(try features(.step).hasNoGradient)
    let leaky = try #require(try features(.leakyReLU).jumps.first)
    #expect(leaky.before == 0.01 && leaky.after == 1)
    for smooth in [Activation.sigmoid, .tanh, .elu, .gelu, .silu, .softplus, .softsign, .linear] {
      #expect(try features(smooth).jumps.isEmpty, "\(smooth)")
    }
  }
}
