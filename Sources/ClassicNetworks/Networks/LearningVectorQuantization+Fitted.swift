import Charts
import Datasets
import Tensors
import Training

/// Prototypes that have learned.
public struct FittedLearningVectorQuantization: FittedNetwork {
  public let settings: LearningVectorQuantization
  public let facts: ClassicFacts
  private let book: Codebook

  init(settings: LearningVectorQuantization, facts: ClassicFacts, book: Codebook) {
    (self.settings, self.facts, self.book) = (settings, facts, book)
  }

  /// The prototypes for scaled rows, [prototypes, features].
  public var prototypes: Tensor { book.matrix.tensor }
  /// The number of each prototype's class.
  public var prototypeClasses: [Int] { book.classes }
  public var warnings: [String] { facts.warnings }
  public var tensors: [(name: String, tensor: Tensor)] {
    [
      ("prototypes", prototypes),
      (
        "prototype classes",
        Tensor(book.classes.map(Double.init), shape: [book.classes.count, 1])
      ),
    ]
  }

  public init(
    settings: LearningVectorQuantization, facts: ClassicFacts, tensors: [String: Tensor]
  ) throws {
    let matrix = try tensors.matrix("prototypes", nil, facts.columns())
    let numbers = try tensors.matrix("prototype classes", matrix.rows, 1).values
    let classes = numbers.map { Int(exactly: $0) ?? -1 }
    self.init(
      settings: settings, facts: facts,
      book: try Codebook(matrix, classes: classes, classCount: facts.classNames.count))
  }

  public func predict(_ rows: Tensor) throws -> ClassicAnswer {
    let rows = try facts.scaled(rows, for: LearningVectorQuantization.kind)
    let nearest = NearestRows(rows, to: book.matrix).first
    return .classes(nearest.map { book.classes[$0] }, names: facts.classNames)
  }

  public func figures(on data: Dataset) throws -> [ClassicFigure] {
    var figures = try scores(on: data, classNames: facts.classNames)
    if settings.rule == .glvq { figures.append(ClassicFigure("cost", try cost(on: data))) }
    return figures
  }

  /// GLVQ's cost S = Σ f(μ) over rows; a row without a prototype of its class counts nothing.
  ///
  /// - Throws: `TrainingError` where the data hold no classes, or rows of another size.
  public func cost(on data: Dataset) throws -> Double {
    let rows = try facts.scaled(data.features, for: LearningVectorQuantization.kind)
    let (labels, names) = try data.labels(for: LearningVectorQuantization.kind, least: 1)
    return (0..<rows.rows).reduce(0) { sum, row in
      // Classes are told by their names: other data may number them in another order.
      let label = facts.classNames.firstIndex(of: names[labels[row]]) ?? -1
      let squared = book.squaredDistances(rows, row)
      guard let (_, _, d1, d2) = settings.rivals(squared, label, book) else { return sum }
      return sum + settings.cost((d1 - d2) / (d1 + d2))
    }
  }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let rows = try facts.scaled(data.features, for: LearningVectorQuantization.kind)
    let view = try PlaneView(rows: rows, units: book.matrix, facts: facts)
    var pictures: [ClassicPicture] = []
    if var picture = try decisionPicture(self, facts, with: data),
      var chart = picture.chart as? RegionChart
    {
      chart.centers = chart.classes.map { series in
        let number = facts.classNames.firstIndex(of: series.name) ?? -1
        return zip(book.classes, view.units).filter { $0.0 == number }.map(\.1)
      }
      picture.chart = chart
      picture.caption += " The large dots are the prototypes."
      pictures.append(picture)
    } else {
      pictures.append(
        ClassicPicture(
          "Prototypes",
          GraphChart(
            title: "Prototypes", xLabel: view.labels.x, yLabel: view.labels.y,
            classes: view.series(data), nodes: view.units, nodeClasses: book.classes),
          caption: "The prototypes, with a rim, and the rows." + view.note))
    }
    if imageSize(facts.inputShape.dimensions) != nil {
      pictures.append(
        weightPicture(
          "Prototypes as images", book.matrix,
          names: book.classes.map { facts.classNames[$0] }, facts: facts))
    }
    return pictures + curvePictures(facts)
  }
}
