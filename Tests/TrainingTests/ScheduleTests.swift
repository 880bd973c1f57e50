import Foundation
import Testing
import Training

@Suite("Schedules") struct ScheduleTests {
  /// The factors of a run of 4 epochs of 5 updates.
  private func factors(_ schedule: any Schedule) -> [Double] {
    (0..<20).map { schedule.factor(step: $0, of: 20, epoch: Double($0) / 5) }
  }

  @Test("Constant is 1")
  func constant() { #expect(factors(ConstantSchedule()).allSatisfy { $0 == 1 }) }

  @Test("Step falls at whole epochs")
  func step() {
    let result = factors(StepSchedule(every: 2, factor: 0.5))
    #expect(result[..<10].allSatisfy { $0 == 1 })
    #expect(result[10...].allSatisfy { $0 == 0.5 })
    #expect(StepSchedule(every: 1, factor: 0.5).factor(step: 3, of: 4, epoch: 2) == 0.25)
  }

  @Test("Exponential falls by its factor each epoch, evenly within")
  func exponential() {
    let result = factors(ExponentialSchedule(factor: 0.81))
    #expect(result[0] == 1)
    #expect(abs(result[5] - 0.81) < 1e-15)
    #expect(abs(result[10] - 0.6561) < 1e-15)
    let half = ExponentialSchedule(factor: 0.81).factor(step: 1, of: 8, epoch: 0.5)
    #expect(abs(half - 0.9) < 1e-15)
  }

  @Test("Cosine runs from 1 through the middle to its final factor")
  func cosine() {
    let plain = factors(CosineSchedule())
    #expect(plain[0] == 1)
    #expect(abs(plain[10] - 0.5) < 1e-15)
    #expect(abs(plain[5] - (1 + 0.5.squareRoot()) / 2) < 1e-15)
    #expect(zip(plain, plain.dropFirst()).allSatisfy { $0 > $1 })
    let final = CosineSchedule(final: 0.2)
    #expect(abs(final.factor(step: 10, of: 20, epoch: 0) - 0.6) < 1e-15)
    #expect(final.factor(step: 20, of: 20, epoch: 0) == 0.2)
    // Beyond the end it stays there, and a run of no updates does not divide by zero.
    #expect(final.factor(step: 99, of: 20, epoch: 0) == 0.2)
    #expect(final.factor(step: 0, of: 0, epoch: 0) == 1)
  }

  @Test("A warm-up rises to the full rate, then the other schedule has the rest of the run")
  func warmUp() {
    let result = factors(WarmUp(steps: 4, then: ScheduleBox(CosineSchedule())))
    #expect(result[..<5] == [0.25, 0.5, 0.75, 1, 1])
    #expect(abs(result[12] - 0.5) < 1e-15)
    // Epochs count from the start of the run.
    let steps = factors(WarmUp(steps: 4, then: ScheduleBox(StepSchedule(every: 2, factor: 0.5))))
    #expect(steps[4..<10].allSatisfy { $0 == 1 })
    #expect(steps[10...].allSatisfy { $0 == 0.5 })
    #expect(WarmUp(steps: 2).factor(step: 7, of: 8, epoch: 1) == 1)
  }

  @Test("Texts stand for schedules, and schedules for texts")
  func parsing() throws {
    let cases: [(String, any Schedule)] = [
      ("constant", ConstantSchedule()),
      ("step:10:0.5", StepSchedule(every: 10, factor: 0.5)),
      ("step:10", StepSchedule(every: 10, factor: 0.1)),
      ("exponential:0.95", ExponentialSchedule(factor: 0.95)),
      ("Cosine", CosineSchedule()),
      ("cosine:0.01", CosineSchedule(final: 0.01)),
      ("warmup:100", WarmUp(steps: 100)),
      ("warmup:100, cosine", WarmUp(steps: 100, then: ScheduleBox(CosineSchedule()))),
    ]
    for (text, schedule) in cases {
      let parsed = try Schedules.parsed(text)
      #expect(parsed == ScheduleBox(schedule))
      #expect(try Schedules.parsed(parsed.description) == parsed)
      let data = try JSONEncoder().encode(parsed)
      #expect(try JSONDecoder().decode(ScheduleBox.self, from: data) == parsed)
    }
    #expect(Set(cases.map { type(of: $0.1).kind }) == Set(Schedules.kinds))
  }

  @Test(
    "Bad texts are refused",
    arguments: [
      "", ",", ":", "step", "step:", "step:0", "step:-1", "step:1.5", "step:10:x", "step:10:-1",
      "step:10:nan", "step:1:0.5:2", "constant:1", "exponential", "exponential:0",
      "exponential:inf", "cosine:2", "cosine,cosine", "warmup", "warmup:0", "warmup:5,",
      "warmup:5,warmup:5", "warmup:5,cosine,step:1", "warmup:99999999999999999999",
      String(repeating: "warmup:1,", count: 100_000),
    ])
  func refusal(text: String) {
    #expect(throws: TrainingError.self) { try Schedules.parsed(text) }
  }

  @Test("Errors say what was expected")
  func errors() {
    #expect(
      message { try Schedules.parsed("cosin") }
        == "schedule: found \"cosin\", expected one of constant; step:EPOCHS[:FACTOR]; "
        + "exponential:FACTOR; cosine[:FINAL]; warmup:UPDATES[,SCHEDULE] (did you mean cosine?)")
    #expect(
      message { try Schedules.parsed("step") }
        == "schedule: found \"step\", expected step:EPOCHS[:FACTOR]")
    #expect(
      message { try Schedules.parsed("step:ten") }
        == "schedule: found \"step:ten\", expected a whole number in place of \"ten\"")
    #expect(
      message { try Schedules.parsed("step:0") }
        == "step, every: found 0, expected a whole number, 1 or more")
  }

  @Test("Bad saved schedules are refused")
  func decoding() {
    for text in ["{}", #"{"kind": "magic"}"#, #"{"kind": "step", "every": 0, "factor": 1}"#] {
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ScheduleBox.self, from: Data(text.utf8))
      }
    }
  }

  @Test("The list has every schedule of the folder")
  func folder() throws {
    let found = try conformances(to: "Schedule", in: "Schedules")
    #expect(found == Set(Schedules.all.map { "\($0)" }))
    #expect(Set(Schedules.kinds).count == Schedules.all.count)
  }
}
