import Datasets
import Foundation
import Interchange
import Layers
import Tensors
import Testing
import Training

@Suite("Training report") struct ReportTests {
  /// A short run over points of two classes with these names.
  private func classification(
    names: [String] = ["inner", "outer"], epochs: Int = 3
  ) throws -> TrainingReport {
    var data = Generators.moons(rows: 60, noise: 0.2, seed: 1)
    data.targets = .classes(data.targets.tensor, names: names)
    let model = Sequential {
      Dense(units: 4, activation: .tanh)
      Dense(units: 2)
    }
    return try report(
      Trainer(
        model, loss: CrossEntropy(), optimizer: SGD(learningRate: 0.1),
        TrainingOptions(epochs: epochs, batchSize: 8, seed: 5)), data)
  }

  private func regression() throws -> TrainingReport {
    try report(
      Trainer(
        Dense(units: 1), loss: MeanSquaredError(), optimizer: SGD(learningRate: 0.01),
        TrainingOptions(epochs: 3, targetScaling: .standard)),
      Generators.sine(rows: 60, noise: 0.1, seed: 2))
  }

  private func report(_ trainer: Trainer, _ data: Dataset) throws -> TrainingReport {
    let (rest, test) = data.split(fraction: 0.7, seed: 1)
    let (training, validation) = rest.split(fraction: 0.7, seed: 2)
    var result = try trainer.fit(training, validation: validation)
    try result.report.test(result.model, on: test)
    return result.report
  }

  /// Rows of 64 pixels, of which the model is wrong about some: it is hardly trained.
  private func images() throws -> TrainingReport {
    let trainer = Trainer(
      Dense(units: 10), loss: CrossEntropy(), optimizer: SGD(learningRate: 0.001),
      TrainingOptions(epochs: 1))
    return try report(trainer, Dataset.builtIn("digits").rows(Array(0..<200)))
  }

  @Test("Pages are well-formed XML and load nothing")
  func wellFormed() throws {
    for report in [try classification(), try regression(), try images()] {
      let page = report.page()
      #expect(xmlProblem(page) == nil)
      // A namespace is a name, not something to load.
      let rest = page.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "")
        .replacing("xmlns=\"http://www.w3.org/1999/xhtml\"", with: "")
      for word in ["http:", "https:", "src=\"/", "<script", "<link", "@import", "url("] {
        #expect(!rest.contains(word), "the page of \(report.training.name) holds \(word)")
      }
    }
  }

  @Test(
    "The check itself finds what is wrong",
    arguments: [
      "<a><b></a></b>", "<a>", "</a>", "<a b=c/>", "<a b='x'/>", "<a>x & y</a>", "<a>&nbsp;</a>",
      "<a>\u{2}</a>", "<a b=\"<\"/>", "<a/><a/>",
    ])
  func checkChecks(text: String) {
    #expect(xmlProblem(text) != nil)
    #expect(xmlProblem("<!DOCTYPE html>\n<a b=\"&lt;\"><c/>x > &amp;</a>\n") == nil)
  }

  @Test("Names from the data are escaped everywhere")
  func escaping() throws {
    let name = "<b>&\"\u{1}"
    var report = try classification(names: [name, "plain"])
    report.training.name = name
    report.test?.source = name
    report.featureNames = [name, name]
    let page = report.page()
    #expect(xmlProblem(page) == nil)
    #expect(!page.contains("<b>"))
    #expect(page.contains("&lt;b&gt;&amp;&quot;\u{FFFD}"))
  }

  @Test("The page says the result, the settings and the seed")
  func contents() throws {
    let report = try classification()
    let page = report.page()
    let metrics = try #require(report.testResult?.classification)
    #expect(page.contains("<h1>"))
    #expect(page.contains("\u{A0}test rows are classified correctly.</h1>"))
    #expect(page.contains("<td>sgd, learning rate 0.1"))
    #expect(page.contains("<th scope=\"row\">Seed</th><td>5</td>"))
    #expect(page.contains("<th scope=\"row\">Batch size</th><td>8\u{A0}rows</td>"))
    #expect(page.contains(">Confusion matrix</h3>"))
    for name in metrics.classes { #expect(page.contains("<th scope=\"row\">\(name)</th>")) }
    #expect(page.contains(">In all</th><td></td><td></td><td class=\"n\">22</td>"))
    let values = try regression().page()
    #expect(values.contains("(RMSE), R²"))
    #expect(values.contains("Predicted and actual values"))
    #expect(!values.contains("Confusion matrix"))
  }

  @Test("Mistakes carry the numbers of their rows in the whole data set")
  func rowNumbers() throws {
    let report = try classification()
    let whole = Generators.moons(rows: 60, noise: 0.2, seed: 1)
    #expect(!report.mistakes.isEmpty)
    for mistake in report.mistakes {
      #expect(whole.features.rows([mistake.row - 1]).doubles == mistake.features)
    }
    let values = try regression()
    let sine = Generators.sine(rows: 60, noise: 0.1, seed: 2)
    for prediction in values.predictions {
      #expect(sine.features.doubles[prediction.row - 1] == prediction.feature)
    }
  }

  @Test("Predictions of several features stand beside a diagonal, and scaled losses are explained")
  func diagonal() throws {
    let rows = (0..<40).map { Double($0) }
    let data = Dataset(
      name: "sums", features: Tensor(rows.flatMap { [$0, $0 * $0] }, shape: [40, 2]),
      targets: .values(Tensor(rows.map { 3 * $0 + 1 }), names: ["sum"]))
    func page(_ scaling: Scaling.Kind) throws -> String {
      try report(
        Trainer(
          Dense(units: 1), loss: MeanSquaredError(), optimizer: SGD(learningRate: 0.01),
          TrainingOptions(epochs: 2, targetScaling: scaling)), data
      ).page()
    }
    let (scaled, plain) = (try page(.standard), try page(.none))
    #expect(scaled.contains("on the dashed line") && plain.contains("on the dashed line"))
    #expect(scaled.contains("that of scaled targets") && !plain.contains("scaled targets"))
  }

  @Test("Mistakes on images are drawn, others are listed")
  func mistakes() throws {
    let report = try images()
    let first = try #require(report.mistakes.first)
    let page = report.page()
    #expect(page.contains("<img src=\"data:image/png;base64,"))
    #expect(page.contains("<figcaption>\(first.actual) read as \(first.predicted) ("))
    #expect(page.components(separatedBy: "<figure>").count == report.mistakes.count + 1)
    let points = try classification()
    #expect(!points.mistakes.isEmpty)
    #expect(!points.page().contains("<img"))
    #expect(points.page().contains(">Probability</th>"))
    var perfect = points
    perfect.mistakes = []
    #expect(perfect.page() != points.page())
  }

  @Test("The best epoch is marked, and losses over more than a decade are drawn logarithmic")
  func curves() throws {
    var report = try classification()
    report.bestEpoch = 2
    #expect(report.page().contains("best epoch 2"))
    let flat = report.page()
    for place in report.history.indices {
      report.history[place].trainingLoss = [1, 0.1, 0.01][place]
      report.history[place].validationLoss = [1, 0.1, 0.01][place]
    }
    // On a linear axis half of the range lies above 0.1; on a logarithmic one 0.1 has a tick.
    #expect(report.page() != flat)
    #expect(report.page().contains(">0.1</text>"))
    #expect(report.page().contains(">0.01</text>"))
  }

  @Test("Unfinished and diverged runs have a page and JSON")
  func odd() throws {
    var report = try classification(epochs: 0)
    #expect(report.history.isEmpty)
    #expect(xmlProblem(report.page()) == nil)
    report = try regression()
    report.testResult = nil
    report.validationResult = nil
    report.mistakes = []
    #expect(report.page().contains("no rows were kept apart"))
    report.history[0].trainingLoss = .nan
    report.history[1].trainingLoss = .infinity
    report.history[2].validationLoss = -.infinity
    report.rowsPerSecond = .infinity
    report.seconds = .nan
    #expect(xmlProblem(report.page()) == nil)
    let again = try TrainingReport(json: report.json())
    #expect(again.history[0].trainingLoss.isNaN)
    #expect(again.history[1].trainingLoss == .infinity)
    #expect(again.history[2].validationLoss == -.infinity)
    #expect(try again.json() == report.json())
  }

  @Test("JSON is read back as an equal report, with an equal page")
  func roundTrip() throws {
    for report in [try classification(), try regression(), try images()] {
      let again = try TrainingReport(json: report.json())
      #expect(again == report)
      #expect(again.page() == report.page())
    }
    #expect(throws: TrainingError.self) { try TrainingReport(json: "{\"steps\": 1}") }
  }

  @Test("The same run gives the same text, but for its speed")
  func deterministic() throws {
    var texts: Set<String> = []
    for _ in 0..<2 {
      var report = try classification()
      (report.seconds, report.rowsPerSecond, report.times) = (1, 2, nil)
      texts.insert(report.page() + (try report.json()))
    }
    #expect(texts.count == 1)
  }

  @Test("The ending of the path says what is written")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("report-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let report = try regression()
    try report.write(to: folder + "/page.HTML")
    try report.write(to: folder + "/report.json")
    #expect(try String(contentsOfFile: folder + "/page.HTML", encoding: .utf8) == report.page())
    #expect(try String(contentsOfFile: folder + "/report.json", encoding: .utf8) == report.json())
    #expect(throws: TrainingError.self) { try report.write(to: folder + "/report.pdf") }
    #expect(throws: InterchangeError.self) { try report.write(to: folder + "/no/report.json") }
  }
}

/// What is wrong with a text as XML, of the part of XML that pages need; nil where nothing is:
/// tags are balanced around one root, values of attributes are quoted, only the entities of XML are
/// used, and no character is forbidden.
private func xmlProblem(_ text: String) -> String? {
  var rest = text[...]
  var open: [Substring] = []
  var roots = 0
  let attribute = /\s+[A-Za-z][A-Za-z0-9:-]*="[^"<]*"/
  let entity = /&(amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);/
  if text.unicodeScalars.contains(where: {
    $0.value < 0x20 && !"\t\n\r".unicodeScalars.contains($0)
  }) {
    return "a control character"
  }
  if text.replacing(entity, with: "").contains("&") { return "& without an entity" }
  if rest.hasPrefix("<!DOCTYPE html>") { rest = rest.dropFirst(15) }
  while let start = rest.firstIndex(of: "<") {
    if open.isEmpty, rest[..<start].contains(where: { !$0.isWhitespace }) {
      return "text outside the root"
    }
    guard let match = rest[start...].prefixMatch(of: /<(\/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*)>/) else {
      return "no tag at \(rest[start...].prefix(40))"
    }
    let (_, slash, name, inside) = match.output
    rest = rest[match.range.upperBound...]
    if !slash.isEmpty {
      guard open.popLast() == name, inside.isEmpty else { return "</\(name)> closes nothing" }
      continue
    }
    if open.isEmpty { roots += 1 }
    let isEmpty = inside.hasSuffix("/")
    let attributes = isEmpty ? inside.dropLast() : inside
    if !attributes.replacing(attribute, with: "").isEmpty {
      return "attributes of <\(name)\(inside.prefix(80))>"
    }
    if !isEmpty { open.append(name) }
  }
  if rest.contains(where: { !$0.isWhitespace }) { return "text outside the root" }
  if let last = open.last { return "<\(last)> is not closed" }
  return roots == 1 ? nil : "\(roots) roots"
}
