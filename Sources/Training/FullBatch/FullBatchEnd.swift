/// What rules say where nothing is left to do; it is read after "until".
public enum FullBatchEnd {
  /// No step was lower, as far as rounding lets one see.
  public static let noDescent = "no step made the loss smaller any more"

  /// max |∂E/∂wᵢ| is small.
  public static func gradient(below tolerance: Double) -> String {
    "the gradient was at most \(shortText(tolerance))"
  }
}
