import Charts
import Foundation
import Testing

@Suite struct PaletteTests {
  /// Red, green and blue, in proportion to light.
  private func light(_ color: String) throws -> [Double] {
    let number = try #require(Int(color.dropFirst(), radix: 16))
    return [16, 8, 0].map { shift in
      let value = Double(number >> shift & 255) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
  }

  private func luminance(_ light: [Double]) -> Double {
    0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]
  }

  /// CIE's L*, a* and b*.
  private func lab(_ light: [Double]) -> [Double] {
    let x = (0.4124564 * light[0] + 0.3575761 * light[1] + 0.1804375 * light[2]) / 0.95047
    let z = (0.0193339 * light[0] + 0.1191920 * light[1] + 0.9503041 * light[2]) / 1.08883
    let f = [x, luminance(light), z].map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16.0 / 116 }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  @Test func elevenColorsAreToldApartOnWhiteAndOnBlack() throws {
    let lights = try Palette.series.map(light)
    #expect(lights.count == 11)
    let black = luminance(try light("#121212"))
    for light in lights {
      #expect(1.05 / (luminance(light) + 0.05) >= 3)
      #expect((luminance(light) + 0.05) / (black + 0.05) >= 3)
    }
    let labs = lights.map(lab)
    for (place, one) in labs.enumerated() {
      for other in labs[..<place] {
        let difference = zip(one, other).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        #expect(difference.squareRoot() > 17, "\(Palette.series[place])")
      }
    }
  }

  private func colors(_ svg: String) -> [String] {
    svg.matches(of: /fill="(#[0-9a-f]{6})"/).map { String($0.output.1) }
  }

  @Test func tenClassesHaveTenColors() {
    let classes = (0..<10).map { number in
      Series("\(number)", points: [Point(x: Double(number), y: Double(number % 3))])
    }
    #expect(Set(colors(ScatterChart(classes: classes).svg)).count == 10)
    // Here the first color is that of the planes.
    let marks = (0..<10).map { LatticeChart.Mark(group: $0, size: 1) }
    let map = LatticeChart(
      planes: [.init(values: [(0..<10).map(Double.init)], marks: [marks])],
      groups: (0..<10).map { "\($0)" })
    let dots = map.svg.matches(of: /<circle[^>]*fill="(#[0-9a-f]{6})"/).map { String($0.output.1) }
    #expect(dots.count == 20 && Set(dots).count == 10)
    #expect(!dots.contains(Palette.series[0]))
  }
}
