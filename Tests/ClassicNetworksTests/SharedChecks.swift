import ClassicNetworks
import Datasets
import Foundation
import Tensors
import Testing
import Training

/// Checks over every classic network.
@Suite struct SharedChecks {
  private func samples<N: ClassicNetwork>(
    of kind: N.Type, _ body: (ClassicSample<N>) throws -> Void
  ) throws {
    #expect(!N.samples.isEmpty, "\(N.kind) has no samples")
    for sample in N.samples { try body(sample) }
  }

  private func bits(_ fitted: some FittedNetwork) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: fitted.tensors.map { ($0.name, $0.tensor) })
  }

  @Test(arguments: ClassicNetworks.all.map { $0.kind })
  func theSameSeedGivesTheSameBits(kind: String) throws {
    func check<N: ClassicNetwork>(_ kind: N.Type) throws {
      try samples(of: kind) { sample in
        let first = try sample.network.fit(sample.data, seed: 7)
        #expect(try bits(sample.network.fit(sample.data, seed: 7)) == bits(first))
      }
    }
    try check(ClassicNetworks.kind(named: kind))
  }

  @Test(arguments: ClassicNetworks.all.map { $0.kind })
  func whatWasSavedAnswersTheSame(kind: String) throws {
    func check<N: ClassicNetwork>(_ kind: N.Type) throws {
      try samples(of: kind) { sample in
        let fitted = try sample.network.fit(sample.data, seed: 7)
        let path = NSTemporaryDirectory() + "classic-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try fitted.save(to: path)
        let read = try N.Fitted(contentsOf: path)
        #expect(bits(read) == bits(fitted))
        #expect(read.settings == sample.network)
        #expect(try read.predict(sample.data.features) == fitted.predict(sample.data.features))
        #expect(
          try read.figures(on: sample.data).map(\.name)
            == fitted.figures(on: sample.data).map(\.name))
        let found = try ClassicNetworks.read(path)
        #expect(found.tensors.map(\.name) == fitted.tensors.map(\.name))
      }
    }
    try check(ClassicNetworks.kind(named: kind))
  }

  @Test(arguments: ClassicNetworks.all.map { $0.kind })
  func aDamagedFileIsRefused(kind: String) throws {
    func check<N: ClassicNetwork>(_ kind: N.Type) throws {
      try samples(of: kind) { sample in
        let fitted = try sample.network.fit(sample.data, seed: 7)
        var file = try fitted.file()
        guard let first = file.tensors.indices.first else { return }
        let path = NSTemporaryDirectory() + "classic-\(UUID().uuidString).safetensors"
        defer { try? FileManager.default.removeItem(atPath: path) }
        // A tensor of another shape, and one that is not there.
        let name = file.tensors[first].name
        file.tensors[first].tensor = Tensor([1.0, 2, 3])
        try file.write(to: path)
        #expect(throws: TrainingError.self) { try N.Fitted(contentsOf: path) }
        file.tensors.removeAll { $0.name == name }
        try file.write(to: path)
        #expect(throws: TrainingError.self) { try N.Fitted(contentsOf: path) }
      }
    }
    try check(ClassicNetworks.kind(named: kind))
  }

  @Test(arguments: ClassicNetworks.all.map { $0.kind })
  func badRowsAreRefusedInWords(kind: String) throws {
    func check<N: ClassicNetwork>(_ kind: N.Type) throws {
      try samples(of: kind) { sample in
        var broken = sample.data
        var values = broken.features.doubles
        values[0] = .nan
        broken.features = Tensor(values, shape: broken.features.shape)
        #expect(throws: TrainingError.self) { try sample.network.fit(broken, seed: 1) }
        #expect(throws: TrainingError.self) {
          try sample.network.fit(sample.data.rows([]), seed: 1)
        }
        let fitted = try sample.network.fit(sample.data, seed: 7)
        let wide = Tensor.zeros([2, sample.data.inputShape.count + 1], type: .float64)
        #expect(throws: TrainingError.self) { try fitted.predict(wide) }
      }
    }
    try check(ClassicNetworks.kind(named: kind))
  }

  @Test(arguments: ClassicNetworks.all.map { $0.kind })
  func settingsAreReadByTheirNames(kind: String) throws {
    func check<N: ClassicNetwork>(_ kind: N.Type) throws {
      #expect(try N(settings: []) == N())
      #expect(N.settings.map { $0.name + $0.meaning }.allSatisfy { !$0.isEmpty })
      let written = N.settings.filter { !$0.standard.isEmpty }.map { ($0.name, $0.standard) }
      #expect(try N(settings: written) == N())
      #expect(throws: TrainingError.self) { try N(settings: [("no such setting", "1")]) }
      for setting in N.settings where Double(setting.standard) != nil {
        #expect(throws: TrainingError.self) { try N(settings: [(setting.name, "many")]) }
      }
    }
    try check(ClassicNetworks.kind(named: kind))
  }

  @Test(arguments: ClassicNetworks.all.map { $0.kind })
  func picturesAndReportsAreDrawn(kind: String) throws {
    func check<N: ClassicNetwork>(_ kind: N.Type) throws {
      try samples(of: kind) { sample in
        let fitted = try sample.network.fit(sample.data, seed: 7)
        let pictures = try fitted.pictures(with: sample.data)
        #expect(!pictures.isEmpty)
        for picture in pictures {
          #expect(picture.chart.svg.hasPrefix("<svg"), "\(N.kind): \(picture.title)")
        }
        #expect(try fitted.report(on: sample.data).blocks.count > pictures.count)
      }
    }
    try check(ClassicNetworks.kind(named: kind))
  }

  @Test func everyFileIsListed() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/ClassicNetworks/Networks")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { !$0.contains("+") }.map { $0.replacing(".swift", with: "") }
    let listed = ClassicNetworks.all.map { "\($0)" }
    #expect(Set(files) == Set(listed))
  }
}
