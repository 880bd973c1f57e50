/// A rule of differentiation, as textbooks name them.
public enum DerivativeRule: String, Hashable, Sendable, CaseIterable {
  /// c′ = 0.
  case constant
  /// x′ = 1.
  case identity
  /// (u + v)′ = u′ + v′, (u − v)′ = u′ − v′.
  case sum
  /// (c · x)′ = c, (−x)′ = −1, (x / c)′ = 1 / c.
  case constantMultiple
  /// (u · v)′ = u′ · v + u · v′.
  case product
  /// (u / v)′ = (u′ · v − u · v′) / v².
  case quotient
  /// (xⁿ)′ = n · xⁿ⁻¹.
  case power
  /// (aˣ)′ = aˣ · ln a, (eˣ)′ = eˣ.
  case exponential
  /// (uᵛ)′ = uᵛ · (v′ · ln u + v · u′ / u).
  case generalPower
  /// The known derivative of a function such as ln, tanh or sin.
  case function
  /// f(u)′ = f′(u) · u′.
  case chain
  /// Each case by itself.
  case branches
  /// No rule of differentiation: the same formula, tidied up.
  case simplification
}
