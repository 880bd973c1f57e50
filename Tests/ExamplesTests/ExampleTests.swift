import Backprop
import Examples
import Foundation
import Testing

/// The real digits, beside the package where a workplace has them.
private let mnist = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../../shared/data/mnist").standardizedFileURL.path

/// Every example in its reduced form, which must show that the network learns.
@Suite struct ReducedExamples {
  @Test(
    "the characters of a text", .timeLimit(.minutes(5)),
    arguments: [CharacterTransformer() as any CharacterExample, CharacterLSTM()])
  func characters(example: any CharacterExample) throws {
    let outcome = try outcome(example)
    // Evenly drawn, a character has 6.1 bits; by the letters' frequencies alone 4.6.
    let bits = try #require(outcome.figures["bits"])
    #expect(bits > 2 && bits < 4.3, "\(outcome.text)")
    #expect(outcome.text.contains("\nAlice "))
  }

  @Test("sunspots are foretold better than by the year before")
  func sunspots() throws {
    let figures = try outcome(Sunspots()).figures
    let persistence = try #require(figures["persistence"])
    // Computed apart from the yearly numbers: the mean square of the differences, over 1535.
    #expect(abs(persistence - 0.41584) < 5e-6, "\(persistence)")
    for name in ["Elman", "LSTM"] {
      let error = try #require(figures[name])
      #expect(error > 0.03 && error < 0.9 * persistence, "\(name): \(error)")
    }
  }

  @Test("a chaotic series is foretold")
  func mackeyGlass() throws {
    let error = try #require(outcome(MackeyGlass()).figures["NRMSE"])
    #expect(error > 1e-4 && error < 0.3)
  }

  @Suite(
    "with MNIST",
    .enabled(
      if: FileManager.default.fileExists(atPath: mnist),
      "MNIST's files are not in ../shared/data/mnist"))
  struct WithDigits {
    @Test("digits are read")
    func readers() throws {
      let lenet = try outcome(LeNet())
      #expect(try #require(lenet.figures["accuracy"]) > 0.8, "\(lenet.text)")
      let rows = try outcome(Rows())
      #expect(try #require(rows.figures["accuracy"]) > 0.7, "\(rows.text)")
    }

    @Test("digits are squeezed and drawn, with pictures of them")
    func makers() throws {
      let folder = NSTemporaryDirectory() + "backprop-examples-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let squeezed = try outcome(AutoEncoder(), output: folder)
      #expect(try #require(squeezed.figures["kept"]) > 0.5, "\(squeezed.text)")
      let drawn = try outcome(VariationalAutoEncoder(), output: folder)
      // Evenly gray images have 543 nats.
      #expect(try #require(drawn.figures["bound"]) < 190, "\(drawn.text)")
      let played = try outcome(GAN(), output: folder)
      // The mean of what is made comes to look like that of the digits; that of noise is flat.
      #expect(try #require(played.figures["likeness"]) > 0.5, "\(played.text)")
      for name in ["autoencoder", "vae-reconstructions", "vae-samples", "gan"] {
        let svg = try String(contentsOfFile: "\(folder)/\(name).svg", encoding: .utf8)
        #expect(svg.components(separatedBy: "<image").count > 20, "\(name)")
      }
    }
  }
}

/// Runs an example in its reduced form.
private func outcome(_ example: some Example, output: String? = nil) throws -> Outcome {
  var settings = Settings()
  settings.isReduced = true
  settings.mnist = mnist
  settings.output = output
  return try example.run(settings)
}

@Suite struct ExampleFiles {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples").standardizedFileURL

  @Test("each architecture file is the network of its example, and there are no others")
  func models() throws {
    let models = Self.folder.appendingPathComponent("Models")
    var expected: Set<String> = []
    for example in ExampleList.all {
      for (name, model) in example.models {
        expected.insert("\(name).json")
        let data = try Data(contentsOf: models.appendingPathComponent("\(name).json"))
        let read = try JSONDecoder().decode(LayerBox.self, from: data)
        #expect(read == LayerBox(model), "\(name).json")
      }
    }
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: models.path)) == expected)
  }

  @Test("every example is named once, and has its line in the README")
  func names() throws {
    let readme = try String(
      contentsOf: Self.folder.appendingPathComponent("README.md"), encoding: .utf8)
    #expect(Set(ExampleList.all.map(\.name)).count == ExampleList.all.count)
    for example in ExampleList.all {
      #expect(readme.contains("| `\(example.name)` |"), "\(example.name)")
    }
  }
}
