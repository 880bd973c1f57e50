extension Tensor: CustomStringConvertible {
  /// The elements in nested brackets; long axes are shortened to their first and last three.
  ///
  /// `[[1.0, 2.0], [3.0, 4.0]]`
  public var description: String {
    var text = ""
    write(axis: 0, offset: 0, to: &text)
    return text
  }

  private func write(axis: Int, offset: Int, to text: inout String) {
    guard axis < shape.rank else {
      switch storage {
      case .float32(let values): text += "\(values[offset])"
      case .float64(let values): text += "\(values[offset])"
      case .int32(let values): text += "\(values[offset])"
      }
      return
    }
    let size = shape[axis]
    let step = shape.dimensions[(axis + 1)...].reduce(1, *)
    text += "["
    for index in 0..<size {
      if size > 8 && index == 3 { text += ", …" }
      if size > 8 && index >= 3 && index < size - 3 { continue }
      if index > 0 { text += ", " }
      write(axis: axis + 1, offset: offset + index * step, to: &text)
    }
    text += "]"
  }
}
