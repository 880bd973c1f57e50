import ArgumentParser
import Backprop
import Foundation

/// `backprop info`.
struct InfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Shows what a network or a data set holds.",
    discussion: """
      Of a network: its layers, parameters and floating-point operations, what its inputs and \
      outputs mean, and how it was trained; with the time that its layers take where "backprop bench \
      --calibrate" has measured this machine, or on another --device. Of data: rows, columns with their ranges and missing cells, and classes.

      EXAMPLES
        backprop info digits.safetensors
        backprop info digits.safetensors --plan --batch 32
        backprop info digits.safetensors --device t4 --batch 256
        backprop info houses.csv
        backprop info book.txt --context 64
        backprop info iris --json
      """)

  @Argument(
    help: ArgumentHelp("A network, a data file, or the name of a data set.", valueName: "path"),
    completion: .file())
  var path: String

  @Flag(help: "Prints one JSON object.")
  var json = false

  @Flag(help: "Of a network: prints the compiled plans of an evaluation and a training step.")
  var plan = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The rows of a batch, for --plan and for times.", valueName: "rows"))
  var batch = 32

  @Option(
    help: ArgumentHelp(
      "Of a network: the device that times are estimated for, as in \"backprop estimate\" (default: "
        + "here, where it was measured).", valueName: "name"))
  var device: String?

  @OptionGroup(title: "Data") var table: TableOptions
  @OptionGroup(title: "Images, texts and time series") var form: FormOptions

  func validate() throws {
    guard batch >= 1 else { throw ValidationError("--batch: found \(batch), expected 1 or more") }
  }

  func run() throws {
    let console = Console.shared
    guard Self.isModel(path) else {
      if device != nil { throw UsageError("--device is for networks; \(path) holds data") }
      noteShadowed(path)
      try table.check([path], form: form)
      let information = try DataInformation(path, form.applied(to: table.readOptions))
      console.line(json ? information.json.text : information.text)
      return
    }
    let file = try SafetensorsFile(contentsOf: path)
    guard file.metadata["backprop"] != nil else {
      let parameters = ParameterSet(file.tensors.map { ($0.name, $0.tensor) })
      console.line(
        json
          ? JSON.object([
            ("path", .string(path)), ("kind", "tensors"), ("parameters", parameters.json),
          ]).text
          : "\(path): tensors, but no network of this program\n\n" + parameters.table)
      return
    }
    let information = ModelInformation(
      path, try TrainedModel(contentsOf: path), batch: batch, device: try timedDevice())
    if plan {
      console.line(try information.plans())
    } else {
      console.line(json ? try information.json().text : try information.text())
    }
  }

  /// What times are estimated for: the device that was asked for, or this machine where it was measured.
  private func timedDevice() throws -> Device? {
    let here = Devices.here()
    guard let device else { return here.isMeasured ? here.device : nil }
    guard device.lowercased() != "here" else {
      if !here.isMeasured {
        Console.shared.note(
          "times are rough, by the processor's parts; backprop bench --calibrate measures this machine"
        )
      }
      return here.device
    }
    do {
      return try Devices.named(device)
    } catch let error as CostError {
      throw UsageError("--device: \(error)")
    }
  }

  /// Whether a file is one of tensors: by its name, or its first bytes.
  static func isModel(_ path: String) -> Bool {
    if path.hasSuffix(".safetensors") { return true }
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    // Eight bytes of a length, the highest of them 0, and the brace of a JSON object.
    guard let start = try? file.read(upToCount: 9), start.count == 9 else { return false }
    return start[7] == 0 && start[6] == 0 && start[8] == UInt8(ascii: "{")
  }
}
