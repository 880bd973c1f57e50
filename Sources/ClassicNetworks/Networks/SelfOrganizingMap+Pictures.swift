import Charts
import Datasets
import Tensors

extension FittedSelfOrganizingMap {
  /// As many features' planes as one picture shows, and images as one mosaic holds.
  private static var mostPlanes: Int { 12 }
  private static var mostImages: Int { 2500 }

  public func pictures(with data: Dataset) throws -> [ClassicPicture] {
    let found = try NearestRows(
      facts.scaled(data.features, for: SelfOrganizingMap.kind), to: matrix
    ).first
    // Classes are told by their names: other data may number them in another order.
    let labels = (try? data.labels(for: SelfOrganizingMap.kind, least: 1)).map { labels, names in
      labels.map { facts.classNames.firstIndex(of: names[$0]) ?? -1 }
    }
    let shown = UnitClasses(
      units: found, of: matrix.rows, labels: labels, classCount: facts.classNames.count)
    let most = Double(max(shown.hits.max() ?? 1, 1))
    let marks = lattice { unit -> LatticeChart.Mark? in
      guard shown.hits[unit] > 0 else { return nil }
      return LatticeChart.Mark(
        group: max(shown.classes[unit], 0), size: (Double(shown.hits[unit]) / most).squareRoot())
    }
    let hasClasses = shown.classes.contains { $0 >= 0 }
    let isHexagonal = settings.lattice == .hexagonal
    func chart(_ title: String, _ planes: [LatticeChart.Plane], marked: Bool) -> LatticeChart {
      LatticeChart(
        title: title, planes: planes, isHexagonal: isHexagonal,
        groups: marked && hasClasses ? facts.classNames : [])
    }
    var pictures = [
      ClassicPicture(
        "U-matrix", chart("U-matrix", [.init(values: uMatrix, marks: marks)], marked: true),
        caption: "Dark units lie far from their neighbors. "
          + "A dot's area is the number of rows that the unit answers"
          + (hasClasses ? ", its color the class of most of them." : "."))
    ]
    let hits = lattice { Double(shown.hits[$0]) }
    pictures.append(
      ClassicPicture(
        "Hits", chart("Hits", [.init(values: hits)], marked: false),
        caption: "How many rows each unit answers."))
    if let mosaic {
      pictures.append(mosaic)
    } else {
      let count = min(matrix.columns, Self.mostPlanes)
      let planes = (0..<count).map { feature in
        LatticeChart.Plane(
          title: facts.featureNames.count == matrix.columns
            ? facts.featureNames[feature] : "x\(feature + 1)",
          values: componentPlane(feature) ?? [])
      }
      let rest = matrix.columns > count ? " The first \(count) of \(matrix.columns)." : ""
      pictures.append(
        ClassicPicture(
          "Component planes", chart("Component planes", planes, marked: false),
          caption: "The weights of each feature over the map." + rest))
    }
    return pictures + curvePictures(facts)
  }

  /// The units' weights as images on the lattice; nil for rows that are no images, or too many units.
  private var mosaic: ClassicPicture? {
    guard matrix.rows <= Self.mostImages, let size = imageSize(facts.inputShape.dimensions),
      size.width * size.height == matrix.columns
    else { return nil }
    let (low, high) = (matrix.values.min() ?? 0, matrix.values.max() ?? 1)
    let images = (0..<matrix.rows).map { unit in
      GrayImage(
        width: size.width, height: size.height,
        values: matrix[row: unit].map { ($0 - low) / max(high - low, .leastNormalMagnitude) })
    }
    return ClassicPicture(
      "Weights",
      MosaicChart(
        title: "Weights", images: images, columns: settings.columns,
        isStaggered: settings.lattice == .hexagonal),
      caption: "The weights of each unit as an image, in its place on the map.")
  }
}
