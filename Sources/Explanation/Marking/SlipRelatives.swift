import Formulas

/// Which quantities are easily mistaken for each other.
struct SlipRelatives {
  /// The place of a quantity among its like.
  private struct Group: Hashable {
    let kind: Quantity.Kind
    let isNew: Bool
    var layer: Int?
  }

  private let program: WorkingProgram
  private let groups: [Group: [Int]]
  /// Each quantity's place in its group.
  private var order: [Int: Int] = [:]
  private let layers: [Int?]
  /// The quantity of the same name after the update, or before it.
  private let counterparts: [Int: Int]
  /// For each weight of a square layer the one at its mirrored place in the matrix.
  let transposed: [Int: Int]

  init(_ program: WorkingProgram) {
    self.program = program
    let quantities = program.quantities
    groups = Dictionary(grouping: quantities.indices) { SlipRelatives.group(quantities[$0]) }
    for members in groups.values {
      for (index, position) in members.enumerated() { order[position] = index }
    }
    layers = Set(groups.keys.map(\.layer)).sorted { ($0 ?? -1) < ($1 ?? -1) }
    var before: [String: Int] = [:]
    for (position, quantity) in quantities.enumerated() where !quantity.name.contains("+") {
      before[quantity.name] = position
    }
    var counterparts: [Int: Int] = [:]
    for (position, quantity) in quantities.enumerated() where quantity.name.contains("+") {
      guard let old = before[quantity.name.filter { $0 != "+" }] else { continue }
      counterparts[position] = old
      counterparts[old] = position
    }
    self.counterparts = counterparts
    transposed = SlipRelatives.mirrored(program)
  }

  private static func group(_ quantity: Quantity) -> Group {
    // The inputs are to the first layer what activations are to the next.
    let kind: Quantity.Kind
    switch quantity.kind {
    case .input: kind = .activation
    case .newParameter: kind = quantity.name.hasPrefix("b") ? .bias : .weight
    default: kind = quantity.kind
    }
    return Group(kind: kind, isNew: quantity.name.contains("+"), layer: quantity.place?.layer)
  }

  func areOfOneKind(_ a: Int, _ b: Int) -> Bool {
    let (a, b) = (program.quantities[a], program.quantities[b])
    return SlipRelatives.group(a).kind == SlipRelatives.group(b).kind
      && SlipRelatives.group(a).isNew == SlipRelatives.group(b).isNew
  }

  /// The members of a quantity's group in a layer, in a large one those around its own place.
  private func members(of position: Int, in layer: Int?) -> [Int] {
    var group = SlipRelatives.group(program.quantities[position])
    group.layer = layer
    guard let all = groups[group] else { return [] }
    let middle = min(order[position] ?? 0, all.count - 1)
    return Array(all[max(0, middle - 32)..<min(all.count, middle + 33)])
  }

  /// What may stand in a quantity's place, the likeliest first: others of its kind and layer, then
  /// its other self (out for net, target for out, new for old), then those of other layers.
  func of(_ position: Int, beside leaves: [Int]) -> [(position: Int, isNeighbor: Bool)] {
    let quantities = program.quantities
    let own = quantities[position]
    if own.kind == .setting { return [] }
    // In a long sum everything is present.
    let present = leaves.count <= 64 ? Set(leaves) : []
    let group = SlipRelatives.group(own)
    let candidates = Set(
      layers.flatMap { members(of: position, in: $0) }
        + present.filter { areOfOneKind($0, position) })
    var near: [(key: [Int], position: Int)] = []
    var far: [(key: [Int], position: Int)] = []
    for other in candidates where other != position {
      let quantity = quantities[other]
      let distance = [
        quantity.place?.example == own.place?.example ? 0 : 1,
        quantity.place?.time == own.place?.time ? 0 : 1,
        present.contains(other) ? 0 : 1,
        abs((quantity.place?.layer ?? 0) - (own.place?.layer ?? 0)),
        abs((quantity.place?.unit ?? 0) - (own.place?.unit ?? 0)),
        abs(other - position),
      ]
      if quantity.place?.layer == group.layer, quantity.kind == own.kind {
        near.append((distance, other))
      } else {
        far.append((distance, other))
      }
    }
    let order = { (a: (key: [Int], position: Int), b: (key: [Int], position: Int)) in
      a.key.lexicographicallyPrecedes(b.key)
    }
    let selves = otherSelves(of: position).map { (position: $0, isNeighbor: false) }
    return near.sorted(by: order).map { ($0.position, true) } + selves
      + far.sorted(by: order).map { ($0.position, false) }
  }

  /// Other quantities of the same neuron, and the same quantity before or after the update.
  private func otherSelves(of position: Int) -> [Int] {
    let quantities = program.quantities
    let own = quantities[position]
    var found = counterparts[position].map { [$0] } ?? []
    guard let place = own.place else { return found }
    let kinds: [Quantity.Kind] =
      switch own.kind {
      case .activation: [.netInput, .target, .activationSlope]
      case .netInput: [.activation, .inner]
      case .inner: [.netInput, .inner]
      case .target: [.activation]
      case .delta: [.errorSlope, .activationSlope, .error]
      case .errorSlope: [.delta, .errorSlopePart]
      case .activationSlope: [.activation]
      default: []
      }
    for kind in kinds {
      let group = Group(kind: kind, isNew: own.name.contains("+"), layer: place.layer)
      found += (groups[group] ?? []).filter {
        quantities[$0].kind == kind && quantities[$0].place == place
      }
    }
    return found
  }

  /// The quantities whose value may be written down in place of a quantity's own.
  func impostors(of position: Int) -> [Int] {
    var found = counterparts[position].map { [$0] } ?? []
    found += of(position, beside: []).map(\.position).filter { !found.contains($0) }
    return Array(found.prefix(32))
  }

  private static func mirrored(_ program: WorkingProgram) -> [Int: Int] {
    var rows: [Int: [[Int]]] = [:]
    for (position, quantity) in program.quantities.enumerated() where quantity.kind == .netInput {
      guard let layer = quantity.place?.layer, let term = program.terms[position] else { continue }
      let weights = term.leaves.filter { program.quantities[$0].kind == .weight }
      if !weights.isEmpty, rows[layer]?.contains(weights) != true {
        rows[layer, default: []].append(weights)
      }
    }
    var mirrored: [Int: Int] = [:]
    for matrix in rows.values where matrix.allSatisfy({ $0.count == matrix.count }) {
      for row in matrix.indices {
        for column in matrix.indices where row != column {
          mirrored[matrix[row][column]] = matrix[column][row]
        }
      }
    }
    return mirrored
  }
}
