import GraphIR
import Tensors

/// The sizes of a batch of sequences.
struct SequenceSizes {
  let batch: Int
  let steps: Int
  let features: Int

  /// The rows of all sequences, one under another.
  var rows: Int { batch * steps }
}

extension Scope {
  /// The sizes of an input of shape [batch, steps, features] with numbers of the scope's type; nil
  /// where it is something else, which is recorded.
  ///
  /// - Parameters:
  ///   - kind: The layer's kind, which the message begins with.
  ///   - what: What the message calls the input.
  func sequences(_ input: Expression, kind: String, what: String = "input") -> SequenceSizes? {
    let shape = input.shape
    guard shape.rank == 3, shape[1] >= 1, shape[2] >= 1 else {
      fail("\(kind): \(what) has shape \(shape), expected [batch, steps, features]")
      return nil
    }
    guard input.scalarType == scalarType else {
      fail("\(kind): \(what) is \(input.type), expected \(scalarType.rawValue) numbers")
      return nil
    }
    return SequenceSizes(batch: shape[0], steps: shape[1], features: shape[2])
  }

  /// The mask of the sequences at hand; nil where there is none, or where it is that of other
  /// sequences, which is recorded: a layer between changed the number of steps, and which of them
  /// are padding is no longer known.
  func mask(for sizes: SequenceSizes, kind: String) -> Expression? {
    guard let mask else { return nil }
    let expected: Shape = [sizes.batch, sizes.steps]
    guard mask.shape == expected else {
      fail(
        "\(kind): the mask of padded steps has shape \(mask.shape), expected \(expected), as the "
          + "input has; a layer before changes the number of steps")
      return nil
    }
    return mask
  }
}

/// What is wrong with a whole number of a layer's description; nil where it is in the range.
func sizeProblem(_ name: String, _ value: Int, least: Int = 1, most: Int = 1 << 31) -> String? {
  if value < least { return "\(name) is \(value), expected at least \(least)" }
  return value > most ? "\(name) is \(value), expected at most \(most)" : nil
}

/// What is wrong with a dropout rate; nil where nothing is.
func rateProblem(_ name: String, _ value: Double) -> String? {
  value >= 0 && value < 1
    ? nil : "\(name) is \(value), expected at least 0 and less than 1"
}
