import Foundation
import Tensors

extension Dataset {
  /// Reads a folder with MNIST's four files: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
  /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, each plain or with `.gz`.
  ///
  /// Fashion-MNIST, KMNIST and EMNIST's parts come in the same files; where the folder's name has
  /// `fashion` in it, classes get the names of the garments.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - name: the dataset's name; nil: the folder's.
  /// - Returns: 60,000 and 10,000 images `[28, 28]` in Float32 of 0…255, for the real files.
  /// - Throws: `DatasetError` for a file that is missing or damaged, and where images and labels
  ///   do not match.
  public static func readMNIST(_ folder: String, name: String? = nil) throws -> DatasetSource {
    let name = name ?? URL(fileURLWithPath: folder, isDirectory: true).lastPathComponent
    let trainLabels = try IDXFile.read(file("train-labels-idx1-ubyte", in: folder))
    let labels: LabelMap =
      name.lowercased().contains("fashion")
      ? LabelMap(names: garments)
      : try LabelMap(
        learnedFrom: trainLabels.tensor, at: file("train-labels-idx1-ubyte", in: folder))
    func part(_ prefix: String, _ targets: NumberArray?) throws -> Dataset {
      let images = try file("\(prefix)-images-idx3-ubyte", in: folder)
      let targetsFile = try file("\(prefix)-labels-idx1-ubyte", in: folder)
      return try ArrayDatasets.dataset(
        features: try IDXFile.read(images), featuresName: images,
        targets: try targets ?? IDXFile.read(targetsFile), targetsName: targetsFile,
        labels: labels, name: name)
    }
    let train = try part("train", trainLabels)
    let test = try part("t10k", nil)
    try ArrayDatasets.checkSameRows(train, test, at: folder)
    return DatasetSource(train: train, test: test)
  }

  /// The path of one of the four files, however it is spelled.
  private static func file(_ name: String, in folder: String) throws -> String {
    // Some tools unpack "-idx3" to ".idx3".
    let dotted = name.replacingOccurrences(of: "-idx", with: ".idx")
    for candidate in [name, name + ".gz", dotted, dotted + ".gz"] {
      // Not by URL: messages are to show the path as it was given.
      let path = (folder as NSString).appendingPathComponent(candidate)
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw DatasetError(
      at: folder, found: "no file \(name) or \(name).gz",
      expected: "MNIST's four files (images and labels of train and t10k), or a folder of PNG or "
        + "JPEG images for each class")
  }

  private static let garments = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]
}
