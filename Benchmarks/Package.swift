// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "backprop", path: "..")],
  targets: [
    .executableTarget(
      name: "StepBenchmark", dependencies: [.product(name: "Backprop", package: "backprop")])
  ],
  swiftLanguageModes: [.v6]
)
