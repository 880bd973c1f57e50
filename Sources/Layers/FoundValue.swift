/// What stands in a file in place of what was expected, in words.
struct FoundValue: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    if (try? decoder.container(keyedBy: TextKey.self)) != nil {
      text = "an object"
    } else if (try? decoder.unkeyedContainer()) != nil {
      text = "a list"
    } else {
      let container = try decoder.singleValueContainer()
      if let value = try? container.decode(Bool.self) {
        text = "\(value)"
      } else if let value = try? container.decode(Int.self) {
        text = "\(value)"
      } else if let value = try? container.decode(Double.self) {
        text = "\(value)"
      } else if let value = try? container.decode(String.self) {
        text = "\"\(value.prefix(40))\""
      } else {
        text = container.decodeNil() ? "null" : "a number out of range"
      }
    }
  }
}

/// What a field of a plain type expects, in words; nil for other types.
func expectation(of type: Any.Type) -> String? {
  if type == Int.self { return "a whole number" }
  if type == Double.self { return "a number" }
  if type == Bool.self { return "true or false" }
  if type == String.self { return "text in quotation marks" }
  if type == [Int].self { return "a list of whole numbers" }
  if type == [Double].self { return "a list of numbers" }
  return nil
}
