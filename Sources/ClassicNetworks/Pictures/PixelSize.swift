/// Width and height where rows are images of one channel: by their shape, or by features that are called
/// pixel_0_0 up to pixel_7_7, row by row.
func pixelSize(_ facts: ClassicFacts) -> (width: Int, height: Int)? {
  if let size = imageSize(facts.inputShape.dimensions) { return size }
  guard let last = facts.featureNames.last, facts.featureNames.first == "pixel_0_0" else {
    return nil
  }
  let parts = last.split(separator: "_").dropFirst().compactMap { Int($0) }
  guard parts.count == 2, (1..<10_000).contains(parts[0]), (1..<10_000).contains(parts[1]),
    (parts[0] + 1) * (parts[1] + 1) == facts.inputShape.checkedCount
  else { return nil }
  return (parts[1] + 1, parts[0] + 1)
}
