/// Thinning of long lines to what a picture can show.
package enum Downsampling {
  /// The points, with every run of neighbors in one column reduced to its first, lowest,
  /// highest and last point, in their order; so no peak is lost.
  ///
  /// Points are positions on paper and columns are `width` wide. Lines of fewer than `limit`
  /// points stay as they are. Time O(n).
  package static func thinned(_ points: [Point], width: Double = 1, limit: Int = 1500) -> [Point] {
    guard points.count > limit else { return points }
    var result: [Point] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x / width).rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end < points.count, (points[end].x / width).rounded(.down) == column {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      for index in Set([start, lowest, highest, end - 1]).sorted() { result.append(points[index]) }
      start = end
    }
    return result
  }
}
