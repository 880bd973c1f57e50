import GraphIR

extension Scope {
  /// A parameter that a layer before this one declared, by its path: `embedding.weight`.
  ///
  /// The path counts from the part of the model that this layer is in, or from one around it: the
  /// nearest that has such a parameter. So a model that is put into another keeps working.
  ///
  /// - Parameter name: The path of the other layer and its parameter's own name.
  /// - Returns: The parameter; nil where there is none of this name so far.
  public func shared(_ name: String) -> Expression? {
    var around = path.split(separator: ".").map(String.init)
    while true {
      let candidate = (around + [name]).joined(separator: ".")
      if let place = collector.declarations.firstIndex(where: { $0.name == candidate }) {
        return collector.parameters[place]
      }
      if around.popLast() == nil { return nil }
    }
  }

  /// The names of the parameters so far, for messages.
  var sharedNames: [String] { collector.declarations.map(\.name) }
}
