/// Width and height of rows that are images of one channel, or tables of pixels as `pixel_3_7` names
/// them; nil for other rows.
func pictureSize(_ facts: ClassicFacts) -> (width: Int, height: Int)? {
  if let size = imageSize(facts.inputShape.dimensions) { return size }
  let places = facts.featureNames.map { name in
    name.hasPrefix("pixel_") ? name.dropFirst(6).split(separator: "_").map { Int($0) ?? -1 } : []
  }
  guard let last = places.last, last.count == 2, places.count >= 4 else { return nil }
  let (high, wide) = (last[0], last[1])
  guard (0..<1 << 15).contains(high), (0..<1 << 15).contains(wide),
    places.count == (high + 1) * (wide + 1)
  else { return nil }
  let isInOrder = places.enumerated().allSatisfy { $1 == [$0 / (wide + 1), $0 % (wide + 1)] }
  return isInOrder ? (wide + 1, high + 1) : nil
}

/// Width and height of one-channel images; nil for other rows.
func imageSize(_ sizes: [Int]) -> (width: Int, height: Int)? {
  guard sizes.count == 2 || (sizes.count == 3 && sizes[2] == 1), sizes[0] > 1, sizes[1] > 1 else {
    return nil
  }
  return (sizes[1], sizes[0])
}
