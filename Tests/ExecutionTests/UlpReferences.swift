import CKernels
import Foundation

/// The elementary functions in the next precision, by the C library.
extension UlpTests {
  static func single(_ code: bp_map_code) -> (Float) -> Double {
    switch code {
    case BP_MAP_EXPONENTIAL: { exp(Double($0)) }
    case BP_MAP_LOGARITHM: { log(Double($0)) }
    case BP_MAP_ELU: { $0 > 0 ? Double($0) : expm1(Double($0)) }
    case BP_MAP_TANH: { tanh(Double($0)) }
    case BP_MAP_SIGMOID: { 1 / (1 + exp(-Double($0))) }
    case BP_MAP_ERF: { erf(Double($0)) }
    case BP_MAP_SOFTPLUS:
      {
        let x = Double($0)
        return (x < 0 ? 0 : x) + log1p(exp(-x.magnitude))
      }
    case BP_MAP_GELU:
      {
        let x = Double($0)
        return x * erfc(-x * 0.5.squareRoot()) / 2
      }
    default:
      {
        let x = Double($0)
        return x / (1 + exp(-x))
      }
    }
  }

  #if arch(x86_64) && os(Linux)
    static func double(_ code: bp_map_code) -> (Double) -> Float80 {
      switch code {
      case BP_MAP_EXPONENTIAL: { exp(Float80($0)) }
      case BP_MAP_LOGARITHM: { log(Float80($0)) }
      case BP_MAP_ELU: { $0 > 0 ? Float80($0) : expm1(Float80($0)) }
      case BP_MAP_TANH: { tanh(Float80($0)) }
      case BP_MAP_SIGMOID: { 1 / (1 + exp(-Float80($0))) }
      case BP_MAP_ERF: { erf(Float80($0)) }
      case BP_MAP_SOFTPLUS:
        {
          let x = Float80($0)
          return (x < 0 ? 0 : x) + log1p(exp(-x.magnitude))
        }
      case BP_MAP_GELU: { gelu(Float80($0)) }
      default:
        {
          let x = Float80($0)
          return x / (1 + exp(-x))
        }
      }
    }

    /// x erfc(-x / √2) / 2. Far out the rounding of x / √2 matters, and is made good to first order.
    private static func gelu(_ x: Float80) -> Float80 {
      guard x.magnitude < 100 else { return x < 0 ? x * 0 : x }
      let root = Float80(0.5).squareRoot()
      // What the root's own rounding lost: (1/2 - root²) / (2 root).
      let rest = Float80(0.5).addingProduct(-root, root) / (2 * root)
      let t = -x * root
      let lost = (-t).addingProduct(-x, root) + -x * rest
      let slope = -2 / Float80.pi.squareRoot() * exp(-t * t)
      return x / 2 * (erfc(t) + slope * lost)
    }
  #endif
}
