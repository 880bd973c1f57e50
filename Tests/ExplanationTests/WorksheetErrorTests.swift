import Explanation
import Testing

/// A wrong worksheet, and all of what is said of it.
struct WrongWorksheet: Sendable {
  let yaml: String
  let message: String

  init(_ yaml: String, _ message: String) {
    self.yaml = yaml
    self.message = message
  }
}

@Suite struct WorksheetErrorTests {
  private func check(_ wrong: WrongWorksheet) {
    do {
      _ = try Worksheet(yaml: wrong.yaml, name: "t.yaml")
      Issue.record("accepted: \(wrong.yaml)")
    } catch {
      #expect("\(error)" == wrong.message)
    }
  }

  @Test(arguments: WrongWorksheet.structure) func structure(_ wrong: WrongWorksheet) {
    check(wrong)
  }
  @Test(arguments: WrongWorksheet.layers) func layers(_ wrong: WrongWorksheet) { check(wrong) }
  @Test(arguments: WrongWorksheet.data) func data(_ wrong: WrongWorksheet) { check(wrong) }
  @Test(arguments: WrongWorksheet.weights) func weights(_ wrong: WrongWorksheet) { check(wrong) }
  @Test(arguments: WrongWorksheet.elman) func elman(_ wrong: WrongWorksheet) { check(wrong) }
  @Test(arguments: WrongWorksheet.learning) func learning(_ wrong: WrongWorksheet) { check(wrong) }
}
