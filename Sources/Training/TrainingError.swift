import Tensors

/// Training cannot start or go on.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A setting makes no sense.
  case setting(name: String, found: String, expected: String)
  /// The data do not fit the network or the loss.
  case data(String)
  /// The loss became infinite or not a number.
  case diverged(epoch: Int, batch: Int, loss: Double)
  /// A parameter became infinite or not a number.
  case notFinite(parameter: String, epoch: Int, batch: Int)
  /// A checkpoint belongs to another run.
  case otherRun(setting: String, found: String, expected: String)
  /// A file is not a model of this program.
  case notAModel(path: String, reason: String)

  public var description: String {
    switch self {
    case .setting(let name, let found, let expected):
      "\(name): found \(found), expected \(expected)"
    case .data(let text): text
    case .diverged(let epoch, let batch, let loss):
      "the loss became \(loss.plainText) in epoch \(epoch), batch \(batch); \(Self.remedy)"
    case .notFinite(let parameter, let epoch, let batch):
      "\(parameter) became infinite or not a number by epoch \(epoch), batch \(batch); "
        + Self.remedy
    case .otherRun(let setting, let found, let expected):
      "cannot resume: \(setting) is \(found), the checkpoint was made with \(expected)"
    case .notAModel(let path, let reason): "\(path): not a model of Backprop: \(reason)"
    }
  }

  private static let remedy =
    "a smaller learning rate, gradient clipping or scaled features may help "
    + "(no checkpoint was overwritten)"
}

extension Double {
  /// The number as text; `nan` without the sign that it may carry by accident.
  var plainText: String { isNaN ? "nan" : "\(self)" }
}
