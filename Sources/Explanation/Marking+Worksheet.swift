extension Marking {
  /// Marks what was found by hand for a worksheet.
  ///
  /// Beside the right derivation stands the one whose updates take effect layer by layer, so that
  /// this classic mistake is recognized.
  ///
  /// - Throws: ``MarkingError`` for a name that is no quantity, or two claims for one; `GraphError`
  ///   where the network does not fit its data.
  public init(_ claims: [Claim], of worksheet: Worksheet) throws {
    var problem = worksheet.problem
    problem.names = worksheet.weightNames
    let derivation = try Derivation(of: problem, selection: .all)
    var other = problem
    other.order = problem.order == .simultaneous ? .sequential : .simultaneous
    try self.init(
      claims, of: derivation,
      alternatives: problem.order == .simultaneous
        ? [(.sequentialUpdate, try Derivation(of: other, selection: .all))] : [])
  }
}
