// swift-tools-version: 6.1
import PackageDescription

/// One room of the house: a library target in `Sources/NAME`, and what it may import.
func room(_ name: String, imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports)
}

let real: Target.Dependency = .product(name: "RealModule", package: "swift-numerics")
let yaml: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
  name: "backprop",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Backprop", targets: ["Backprop"]),
    .executable(name: "backprop", targets: ["BackpropCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // In the order data flows; a room imports only rooms above it.
    room("CKernels"),
    room("CCurl"),
    room("Formulas"),
    room("Documents", imports: ["Formulas"]),
    room("Tensors"),
    room("Datasets", imports: ["Tensors", "CCurl"]),
    room("GraphIR", imports: ["Tensors", "Formulas", real]),
    room("Differentiation", imports: ["GraphIR"]),
    room("Execution", imports: ["GraphIR", "CKernels"]),
    room("Layers", imports: ["GraphIR"]),
    room("Interchange", imports: ["Tensors"]),
    room("Charts"),
    room(
      "Training",
      imports: [
        "Datasets", "Layers", "Differentiation", "Execution", "Interchange", "Charts", "Formulas",
      ]),
    room(
      "ClassicNetworks",
      imports: [
        "Training", "Datasets", "Layers", "Execution", "Interchange", "Charts", "Documents", real,
      ]),
    room(
      "Costs",
      imports: [
        "Training", "GraphIR", "Layers", "Execution", "Documents", "Formulas", "Charts", real,
      ]),
    room("Explanation", imports: ["Training", "Formulas", "Documents", "Charts", yaml]),
    room(
      "Backprop",
      imports: [
        "Charts", "ClassicNetworks", "Costs", "Datasets", "Differentiation", "Documents",
        "Execution",
        "Explanation",
        "Formulas", "GraphIR", "Interchange", "Layers", "Tensors", "Training",
      ]),
    .executableTarget(
      name: "BackpropCommand",
      dependencies: [
        "Backprop", .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(name: "Examples", dependencies: ["Backprop"], path: "Examples/Programs"),
    // Tests, in the same order. They run in release mode, so they see `package` but not `internal`.
    .target(
      name: "Support", dependencies: ["Differentiation", "Execution"], path: "Tests/Support"),
    .testTarget(name: "FormulasTests", dependencies: ["Formulas"]),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets"]),
    .testTarget(name: "GraphIRTests", dependencies: ["GraphIR"]),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(
      name: "ExecutionTests",
      dependencies: ["AllocationCounter", "CKernels", "Support", "Training"]
    ),
    .testTarget(name: "LayersTests", dependencies: ["Layers", "Support"]),
    .testTarget(name: "InterchangeTests", dependencies: ["Interchange"]),
    .testTarget(name: "ChartsTests", dependencies: ["Charts"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "Support"], exclude: ["References"]),
    .testTarget(
      name: "ExplanationTests", dependencies: ["Explanation", "Support"],
      exclude: ["Printed", "References"]),
    .testTarget(
      name: "ClassicNetworksTests", dependencies: ["ClassicNetworks"], exclude: ["References"]),
    .testTarget(name: "CostsTests", dependencies: ["Costs"], exclude: ["References"]),
    .testTarget(name: "BackpropTests", dependencies: ["Backprop"]),
    .testTarget(name: "CommandTests", dependencies: ["BackpropCommand"]),
    .testTarget(name: "ExamplesTests", dependencies: ["Examples"]),
  ],
  swiftLanguageModes: [.v6]
)
