// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "StepBenchmark", targets: ["StepBenchmark"]),
    .executable(name: "evidence", targets: ["EvidenceProgram"]),
  ],
  dependencies: [.package(name: "backprop", path: "..")],
  targets: [
    .executableTarget(
      name: "StepBenchmark", dependencies: [.product(name: "Backprop", package: "backprop")]),
    .executableTarget(
      name: "EvidenceProgram", dependencies: [.product(name: "Backprop", package: "backprop")],
      path: "Sources/Evidence"),
  ],
  swiftLanguageModes: [.v6]
)
