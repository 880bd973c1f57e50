import ArgumentParser
import Backprop
import Foundation

extension ExplanationStyle.Part: ExpressibleByArgument {}
extension UpdateOrder: ExpressibleByArgument {}

/// `backprop explain`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows how every number of a training step is computed.",
    discussion: """
      WHAT is a worked example, a worksheet, a saved network, an activation or a loss:

        - a worked example: \(WorkedExamples.all.map(\.name).joined(separator: ", "));
        - a worksheet: a YAML file with a network, its numbers and its data ("backprop explain \
      mazur --worksheet" prints one to start from);
        - a saved network, with DATA and --row: the step on that row. Large networks are shown in \
      part; --weight, --neuron and --layer choose it;
        - an activation or a loss, such as sigmoid or cross-entropy: its formula, its derivative \
      and where that comes from, and its graph.

      "backprop explain list" says what each example is about. A derivation ends with a gradient \
      check: every gradient beside its central difference.

      EXAMPLES
        backprop explain mazur
        backprop explain cda-2018 --language zh --format html --output cda.html
        backprop explain homework.yaml --step backward --digits 6
        backprop explain mnist.safetensors mnist --row 1 --weight "hidden.weight[400,3]"
        backprop explain lenet.safetensors mnist --row 1 --neuron "convolution2[6,2,13]"
        backprop explain tanh
      """)

  @Argument(
    help: ArgumentHelp("What to explain.", valueName: "what"), completion: .file())
  var what: String

  @Argument(
    help: ArgumentHelp(
      "The data of a saved network; see \"backprop --help\".", valueName: "data"),
    completion: Completions.data)
  var data: String?

  @OptionGroup(title: "The document") var document: DocumentOptions

  @Option(
    help: ArgumentHelp(
      "The part of the step that is shown.", valueName: "forward|backward|update|all"))
  var step = ExplanationStyle.Part.all

  @Option(
    help: ArgumentHelp(
      "One weight or bias: by its name in the derivation (w5), or in the model's file with its "
        + "place, [input, neuron] from 0 (hidden.weight[3,5]), of a convolution [row, column, input "
        + "channel, channel] (conv.weight[0,1,0,2]).", valueName: "weight"))
  var weight: String?

  @Option(
    help: ArgumentHelp(
      "One neuron: by its name in the derivation (h3, o1), or by its layer and its place from 0: "
        + "conv[4,0,2] is row 4, column 0, channel 2 of a convolution's output.",
      valueName: "neuron"))
  var neuron: String?

  @Option(help: ArgumentHelp("One layer, such as hidden.", valueName: "layer"))
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "When new weights take effect: all at once (right), or layer by layer (a classic mistake).",
      valueName: "simultaneous|sequential"))
  var update: UpdateOrder?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "After how many updates to look at the network again, with commas: 1,10,100 (0 for none).",
      valueName: "counts"),
    transform: { try IterationCounts(parsing: $0) })
  var iterations: IterationCounts?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The row of DATA, from 1 (default: 1).", valueName: "number"))
  var row: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The learning rate of a saved network's step.", valueName: "rate"))
  var learningRate: Double?

  @Option(
    help: ArgumentHelp(
      "The optimizer of a saved network's step (default: sgd).", valueName: "name"))
  var optimizer: String?

  @Flag(help: "Prints a worked example's worksheet, to start your own from.")
  var worksheet = false

  @OptionGroup(title: "The data") var options: UseOptions

  func validate() throws {
    guard [weight, neuron, layer].count(where: { $0 != nil }) <= 1 else {
      throw ValidationError("expected one of --weight, --neuron and --layer, found several")
    }
  }

  private var selection: Selection? {
    if let weight { return .weight(weight) }
    if let neuron { return .neuron(neuron) }
    return layer.map { .layer($0) }
  }

  private var style: ExplanationStyle { ExplanationStyle(digits: document.digits, part: step) }

  func run() throws {
    try document.checkOutput(inputs: [what] + (data.map { [$0] } ?? []))
    if FileManager.default.fileExists(atPath: what) {
      guard !worksheet else {
        throw UsageError("--worksheet is for worked examples; \(what) is a file already")
      }
      if InfoCommand.isModel(what) { return try explainModel() }
      return try explain(Worksheet(contentsOf: what), title: nil)
    }
    if what == "list" {
      try checkUnused(networkOptions + [("--worksheet", worksheet)] + documentOptions)
      return list()
    }
    if let example = try? WorkedExamples.named(what) {
      guard !worksheet else {
        try checkUnused(networkOptions + documentOptions)
        return Console.shared.write(example.yaml)
      }
      return try explain(example.worksheet(), title: example.title[document.language])
    }
    guard let page = FunctionPages.named(what) else {
      let known = WorkedExamples.all.map(\.name) + FunctionPages.names
      throw CommandError(
        "\(what): there is no such file, worked example, activation or loss; "
          + suggestion(for: what, in: known))
    }
    try checkUnused(networkOptions + [("--worksheet", worksheet)])
    let written = page.document(language: document.language, digits: min(document.digits, 9))
    guard document.format != .json else {
      throw UsageError("--format json: an activation's or loss's page is no list of quantities")
    }
    try document.write(written, json: .null)
  }

  /// Options that say what of a network is shown.
  private var networkOptions: [(String, Bool)] {
    [
      ("--step", step != .all), ("--update", update != nil), ("--iterations", iterations != nil),
      ("--weight, --neuron and --layer", selection != nil),
    ]
  }

  /// Options that mean nothing for what is printed as it is.
  private var documentOptions: [(String, Bool)] {
    [("--output", document.output != nil), ("--format", document.format != .text)]
  }

  /// Refuses options that mean nothing for what is explained.
  private func checkUnused(_ more: [(String, Bool)] = []) throws {
    let unused: [(String, Bool)] =
      more + [
        ("DATA", data != nil), ("--row", row != nil), ("--learning-rate", learningRate != nil),
        ("--optimizer", optimizer != nil), ("--part", options.part != nil),
        ("--target", options.target != nil), ("--header", options.header != .auto),
        ("--targets", options.targets != nil), ("--threads", options.threads != nil),
      ]
    if let (name, _) = unused.first(where: { $0.1 }) {
      throw UsageError("\(name) means nothing for \(what)")
    }
  }

  // MARK: Worksheets

  private func explain(_ sheet: Worksheet, title: String?) throws {
    try checkUnused([("--worksheet", worksheet)])
    var problem = sheet.problem
    problem.names = sheet.weightNames
    if let update { problem.order = update }
    let explanation = try StepExplanation(
      problem, title: title ?? sheet.title, selection: selection,
      iterations: iterations?.counts ?? sheet.iterations)
    try write(explanation)
  }

  private func write(_ explanation: StepExplanation) throws {
    try document.write(
      explanation.document(language: document.language, style: style),
      json: JSON.encoded(explanation.report))
  }

  // MARK: Networks

  private func explainModel() throws {
    guard let data else {
      throw UsageError("\(what) is a network; expected DATA, whose row is explained, after it")
    }
    let row = row ?? 1
    guard row >= 1 else { throw UsageError("--row: found \(row), expected 1 or more") }
    let model = try TrainedModel(contentsOf: what)
    try options.check(data)
    let rows = try ModelRows.read(
      data, for: model, options.readOptions, part: options.part, needsTargets: true)
    let rate = learningRate ?? 0.1
    guard row <= rows.count else {
      throw CommandError("\(data): --row: found \(row), there are \(counted(rows.count, "row"))")
    }
    let rule: any Optimizer
    do {
      rule = try Optimizers.optimizer(named: optimizer ?? SGD.kind, learningRate: rate)
    } catch {
      throw UsageError(words(of: error))
    }
    let explanation = try StepExplanation(
      model, data: rows, row: row - 1, optimizer: rule, order: update ?? .simultaneous,
      selection: selection, iterations: iterations?.counts ?? [])
    try write(explanation)
  }

  // MARK: The list

  private func list() {
    let language = document.language
    let names = WorkedExamples.all.map(\.name)
    let width = names.map(\.count).max() ?? 0
    Console.shared.line(Phrase("Worked examples:", "例题：")[language])
    for example in WorkedExamples.all {
      let padding = String(repeating: " ", count: width - example.name.count)
      Console.shared.line("  \(example.name)\(padding)  \(example.summary[language])")
    }
    Console.shared.line(Phrase("Activations and losses:", "激活函数与损失函数：")[language])
    Console.shared.line("  " + FunctionPages.names.joined(separator: ", "))
  }
}

/// Numbers of updates: `1,10,100`.
struct IterationCounts {
  let counts: [Int]

  static let most = 10_000_000

  init(parsing argument: String) throws {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0.filter { $0 != " " }) }
    guard numbers.count == parts.count, numbers.allSatisfy({ (0...Self.most).contains($0) }) else {
      throw UsageError(
        "expected whole numbers from 0 to \(Self.most.grouped), with commas between them")
    }
    counts = numbers
  }
}

extension ExplainCommand: JSONSpeaking {
  var speaksJSON: Bool { document.format == .json && document.output == nil }
}
