import Documents
import GraphIR
import Layers

/// A page about an activation or a loss: its formula, its derivative and how that comes about,
/// values, a graph, and what can be seen of it.
public enum FunctionPage: Sendable {
  case activation(ActivationPage)
  case loss(LossPage)

  /// The page in a language.
  ///
  /// - Parameter digits: How many digits numbers have, the leading zeros aside.
  public func document(language: Language, digits: Int) -> Document {
    switch self {
    case .activation(let page): page.document(language: language, digits: digits)
    case .loss(let page): page.document(language: language, digits: digits)
    }
  }
}

/// The pages there are: one for every activation, and for every loss of one kind of output.
public enum FunctionPages {
  /// The names that pages are asked for by, activations first.
  public static var names: [String] {
    Activation.allCases.map(\.rawValue)
      + Losses.all.filter { LossReading($0.init()) != nil }.map { $0.kind }
  }

  /// The page of an activation or a loss, however its name is written: `leaky-relu`, `Swish`,
  /// `mse`, `cross entropy`. Nil where there is none.
  public static func named(_ name: String) -> FunctionPage? {
    if let activation = Activation(named: name) { return .activation(ActivationPage(activation)) }
    guard let loss = try? Losses.named(name), LossReading(loss) != nil else { return nil }
    return .loss(LossPage(loss))
  }

  /// The name that was probably meant by one that there is no page for.
  public static func nearestName(to name: String) -> String? { nearest(name, in: names) }
}
