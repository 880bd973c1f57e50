import Datasets
import Foundation
import Testing

@Suite("The JSON that a model's file holds")
struct CodingTests {
  private func check<Value: Codable & Hashable>(_ value: Value, _ json: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    #expect(String(decoding: try encoder.encode(value), as: UTF8.self) == json)
    #expect(try JSONDecoder().decode(Value.self, from: Data(json.utf8)) == value)
  }

  @Test("scalings")
  func scalings() throws {
    try check(Scaling.none, #"{"kind":"none"}"#)
    try check(
      Scaling.standard(mean: [1, 2.5], deviation: [0, 3]),
      #"{"deviation":[0,3],"kind":"standard","mean":[1,2.5]}"#)
    try check(
      Scaling.minMax(low: [0], high: [1.5]), #"{"high":[1.5],"kind":"minMax","low":[0]}"#)
    try check(Scaling.divide(by: 255), #"{"by":255,"kind":"divide"}"#)
    try check(Scaling.Kind.none, #"{"kind":"none"}"#)
    try check(Scaling.Kind.standard, #"{"kind":"standard"}"#)
    try check(Scaling.Kind.minMax, #"{"kind":"minMax"}"#)
    try check(Scaling.Kind.divide(by: 16), #"{"by":16,"kind":"divide"}"#)
  }

  @Test("columns and targets of tables")
  func tables() throws {
    try check(
      TableEncoder.Kind.number(mean: 2.5, missing: 1),
      #"{"kind":"number","mean":2.5,"missing":1}"#)
    try check(
      TableEncoder.Kind.categories(["blue", "red"]),
      #"{"kind":"categories","names":["blue","red"]}"#)
    try check(
      TableEncoder.TargetKind.classes(["a", "b"], areNumbers: false),
      #"{"areNumbers":false,"kind":"classes","names":["a","b"]}"#)
    try check(TableEncoder.TargetKind.values, #"{"kind":"values"}"#)
  }

  @Test("a whole encoder")
  func encoder() throws {
    let table = try Table(csv: "id,c,y\n1,red,a\n2,blue,b\n3,red,a\n", name: "t")
    try check(
      try TableEncoder.learn(from: table, options: ReadOptions(ignored: ["id"])),
      #"{"columns":[{"kind":{"kind":"categories","names":["blue","red"]},"name":"c","position":1}],"#
        + #""fileColumnCount":3,"hasHeader":true,"ignored":["id"],"rowCount":3,"#
        + #""target":{"kind":{"areNumbers":false,"kind":"classes","names":["a","b"]},"#
        + #""name":"y","position":2}}"#)
  }

  @Test("an unknown kind is refused with the known ones")
  func unknown() {
    #expect {
      try JSONDecoder().decode(Scaling.self, from: Data(#"{"kind":"log"}"#.utf8))
    } throws: { error in
      guard case DecodingError.dataCorrupted(let context) = error else { return false }
      return context.debugDescription
        == #"found "log", expected one of "none", "standard", "minMax", "divide""#
    }
  }
}
