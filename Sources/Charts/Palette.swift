/// Colors that differ for color-blind eyes too and have a contrast of at least 3:1 on white and
/// on near-black (#121212), after the set of Okabe and Ito. Ten classes have ten of them also where a
/// chart keeps the first for something else.
package enum Palette {
  package static let series = [
    "#1279bd", "#d55e00", "#009070", "#b5659a", "#96790f", "#7a6fd0", "#808080", "#c04848",
    "#476e6e", "#009fbf", "#8e9662",
  ]

  /// What counts as right and wrong, or as positive and negative.
  static let good = series[0]
  static let bad = series[1]

  static func color(_ index: Int) -> String { series[index % series.count] }

  /// A dash pattern that tells lines of the same color apart; nil is solid.
  static func dash(_ index: Int) -> String? {
    switch index / series.count {
    case 0: return nil
    case 1: return "5 3"
    default: return "2 3"
    }
  }
}
