import GraphIR
import Layers

/// Turns the values of a worksheet into a problem.
struct WorksheetReader {
  let top: WorksheetEntry
  private let entries: [String: WorksheetEntry]

  static let keys = [
    "title", "layers", "loss", "inputs", "targets", "class", "classes", "examples", "weights",
    "biases", "shared-biases", "train-biases", "learning-rate", "optimizer", "l1", "l2", "lambda",
    "update", "iterations", "claims",
  ]

  init(_ top: WorksheetEntry) throws {
    guard top.isMapping else {
      throw top.error("found \(top.found), expected names with values, such as layers: and inputs:")
    }
    self.top = top
    entries = try top.record(Self.keys)
  }

  /// The value of a key; nil where it is left out.
  subscript(key: String) -> WorksheetEntry? { entries[key] }

  /// The value of a key that must be there.
  func required(_ key: String, _ expected: String) throws -> WorksheetEntry {
    guard let entry = self[key] else { throw top.error("\(key) is missing; expected \(expected)") }
    return entry
  }
}

// MARK: - Layers

/// A layer as a worksheet describes it.
struct LayerPlan {
  let isElman: Bool
  let units: Int
  /// Nil where none is given.
  let activation: Activation?
  let name: String
  let entry: WorksheetEntry
}

extension WorksheetReader {
  private static let (mostLayers, mostUnits) = (100, 10_000)

  /// The layers, first to last.
  func layers() throws -> [LayerPlan] {
    let list = try required("layers", "a list of layers, such as - units: 2")
    let entries = try list.list(of: "layer")
    guard (1...Self.mostLayers).contains(entries.count) else {
      throw list.error("found \(counted(entries.count, "layer")), expected 1 to \(Self.mostLayers)")
    }
    var (plans, names, total) = ([LayerPlan](), Set<String>(), 0)
    for (index, entry) in entries.enumerated() {
      let plan = try layer(entry, index: index, of: entries.count)
      total += plan.units
      guard total <= Self.mostUnits else {
        throw entry.error("found \(total) units up to here, expected at most \(Self.mostUnits)")
      }
      guard names.insert(plan.name).inserted else {
        throw entry.error("two layers are named \"\(plan.name)\", expected names that differ")
      }
      plans.append(plan)
    }
    return plans
  }

  private func layer(_ entry: WorksheetEntry, index: Int, of count: Int) throws -> LayerPlan {
    let isLast = index == count - 1
    let usualName = isLast ? "output" : count == 2 ? "hidden" : "hidden\(index + 1)"
    if entry.isSingle {
      let units = try entry.whole(in: 1...Self.mostUnits)
      return LayerPlan(
        isElman: false, units: units, activation: nil, name: usualName, entry: entry)
    }
    let fields = try entry.record(["units", "activation", "name", "kind"])
    guard let units = fields["units"] else {
      throw entry.error("units is missing; expected the number of neurons")
    }
    return LayerPlan(
      isElman: try fields["kind"].map(isElman) ?? false,
      units: try units.whole(in: 1...Self.mostUnits),
      activation: try fields["activation"].map(activation),
      name: try fields["name"].map(layerName) ?? usualName, entry: entry)
  }

  private func isElman(_ entry: WorksheetEntry) throws -> Bool {
    let kinds = [Dense.kind, Elman.kind]
    let text = try entry.text("a kind of layer: dense or elman")
    guard kinds.contains(text.worksheetKey) else {
      throw entry.error(
        "there is no kind of layer \(quotedInBrief(text)) here; \(suggestion(for: text, in: kinds))"
      )
    }
    return text.worksheetKey == Elman.kind
  }

  private func activation(_ entry: WorksheetEntry) throws -> Activation {
    let text = try entry.text("an activation, such as sigmoid")
    guard let activation = Activation(named: text) else {
      throw entry.error(
        "there is no activation \(quotedInBrief(text)); "
          + suggestion(for: text, in: Activation.allCases.map(\.rawValue)))
    }
    return activation
  }

  private func layerName(_ entry: WorksheetEntry) throws -> String {
    let text = try entry.text("a name")
    guard text.count <= 40, !text.contains(where: { $0 == "." || $0 == "/" || $0.isWhitespace })
    else {
      throw entry.error(
        "found \(quotedInBrief(text)), expected at most 40 letters without spaces, dots and slashes"
      )
    }
    return text
  }
}
