import Datasets
import Foundation
import Testing

/// The real files, beside the package where a workplace has them.
private let mnist = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../../shared/data/mnist").standardizedFileURL.path

@Suite(
  "The real MNIST",
  .enabled(
    if: FileManager.default.fileExists(atPath: mnist),
    "MNIST's files are not in ../shared/data/mnist"))
struct MNISTTests {
  @Test("the four files give 60,000 and 10,000 images with their known counts")
  func counts() throws {
    let source = try Dataset.read(mnist)
    let test = try #require(source.test)
    #expect(
      source.train.features.shape == [60_000, 28, 28] && test.features.shape == [10_000, 28, 28])
    #expect(
      source.train.classCounts == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949])
    #expect(test.classCounts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    #expect(source.train.targets.tensor.integers.prefix(5) == [5, 0, 4, 1, 9])
    // The mean and the deviation that are quoted everywhere: 0.1307 and 0.3081 of 255.
    let pixels = source.train.features.floats
    let mean = pixels.reduce(0.0) { $0 + Double($1) } / Double(pixels.count) / 255
    let square = pixels.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(pixels.count) / 65025
    #expect(abs(mean - 0.1307) < 5e-5 && abs((square - mean * mean).squareRoot() - 0.3081) < 5e-5)
    #expect(source.train.suggestedScaling == .divide(by: 255))
  }
}
