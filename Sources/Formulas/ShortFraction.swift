/// A constant factor as a fraction, exact as long as its numbers are short.
struct ShortFraction {
  private var numerator: Double
  private var denominator: Double

  /// Nil for what is no number, or one whose arithmetic would round or grow long.
  init?(_ formula: Formula) {
    switch formula {
    case .number(let value) where value.isShort: (numerator, denominator) = (value, 1)
    case .quotient(.number(let a), .number(let b))
    where a.isShort && b.isShort && a.isWhole && b.isWhole && b > 0:
      (numerator, denominator) = (a, b)
    default: return nil
    }
  }

  /// The product, or nil where it is too long to be written in place of its factors.
  static func * (left: ShortFraction, right: ShortFraction) -> ShortFraction? {
    var result = left
    result.numerator *= right.numerator
    result.denominator *= right.denominator
    if result.denominator != 1 {
      // Half a sixth is a twelfth; without a denominator a half remains 0.5.
      if !result.numerator.isWhole {
        result.numerator *= 256
        result.denominator *= 256
      }
      let divisor = greatestCommonDivisor(result.numerator, result.denominator)
      result.numerator /= divisor
      result.denominator /= divisor
    }
    return result.numerator.isShort && result.denominator.isShort ? result : nil
  }

  var formula: Formula {
    denominator == 1 ? .number(numerator) : .quotient(.number(numerator), .number(denominator))
  }
}

extension Double {
  /// Whether it has at most four decimals in the binary and so in the decimal system, and no more
  /// than nine digits before them: sums and products of such numbers are exact.
  var isShort: Bool { abs(self) < 1e9 && (self * 16).isWhole }

  var isWhole: Bool { self == rounded() }
}

/// For whole numbers; 1 where both are zero.
func greatestCommonDivisor(_ a: Double, _ b: Double) -> Double {
  var (a, b) = (abs(a), abs(b))
  while b != 0 { (a, b) = (b, a.truncatingRemainder(dividingBy: b)) }
  return a == 0 ? 1 : a
}
