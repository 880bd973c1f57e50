import ArgumentParser
import Backprop
import Foundation

/// `backprop classic predict`.
struct ClassicPredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict", abstract: "Prints what a fitted classic network says of data, as CSV.")

  @Argument(
    help: ArgumentHelp("A network that \"backprop classic\" has saved.", valueName: "model"),
    completion: Completions.model)
  var model: String

  @Argument(
    help: ArgumentHelp("Data with the network's features.", valueName: "data"),
    completion: Completions.data)
  var data: String

  @OptionGroup(title: "The data") var options: UseOptions

  func run() throws {
    let classic = try ClassicModel(model)
    try options.check(data)
    let rows: Dataset
    if let encoder = classic.encoder, try Dataset.isTable(data) {
      rows = try ModelRows.table(data, encoder, options.readOptions, needsTargets: false)
    } else {
      rows = try Dataset.read(data, options: options.readOptions).preferredTest
    }
    let console = Console.shared
    switch try classic.network.predict(rows.features) {
    case .classes(let found, let names):
      console.line("row,prediction")
      for (row, label) in found.enumerated() {
        let name = names.indices.contains(label) ? names[label] : "unknown"
        console.line("\(rows.number(ofRow: row)),\(csvCell(name))")
      }
    case .units(let found):
      console.line("row,unit")
      for (row, unit) in found.enumerated() {
        console.line("\(rows.number(ofRow: row)),\(unit)")
      }
    case .values(let values), .patterns(let values):
      let width = values.count / max(rows.count, 1)
      console.line((["row"] + (0..<width).map { "output \($0 + 1)" }).joined(separator: ","))
      let numbers = values.doubles
      for row in 0..<rows.count {
        let cells = numbers[row * width..<(row + 1) * width].map { exact($0) }
        console.line(([String(rows.number(ofRow: row))] + cells).joined(separator: ","))
      }
    }
  }
}

/// A fitted network with the encoding of the table that it learned from.
struct ClassicModel {
  /// Where a file's metadata hold the encoding.
  static let encoderKey = "backprop.classic.encoder"

  let network: any FittedNetwork
  let encoder: TableEncoder?

  init(_ path: String) throws {
    network = try ClassicNetworks.read(path)
    let text = try SafetensorsFile(contentsOf: path).metadata[Self.encoderKey]
    do {
      encoder = try text.map {
        try JSONDecoder().decode(TableEncoder.self, from: Data($0.utf8))
      }
    } catch {
      throw CommandError("\(path): its \(Self.encoderKey) is damaged: \(words(of: error))")
    }
  }
}
