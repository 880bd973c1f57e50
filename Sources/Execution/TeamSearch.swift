/// Finds out, while a plan runs again and again, how many of a pool's threads run it the fastest.
///
/// More threads are not always faster: where processors share no cache, or where other programs keep one of
/// them busy, handing small tasks over takes longer than doing them. No size of a plan tells this, and on a
/// virtual machine it changes by the minute; so now and then some runs are timed, with as many threads as before
/// and with the next smaller or greater number. Results do not depend on it: the tasks stay the same.
///
/// A trial takes rounds. In each the present number runs for a while, and then the other as often, each after
/// some runs that do not count, in which sleeping threads wake up and caches fill. The other is chosen when it is
/// quicker by a twentieth in three rounds on end; the first round in which it is not ends the trial, which then has
/// cost a few slower runs. Trials become rarer until they come every fifth of a second, or take a hundredth of the time.
final class TeamSearch {
  /// How many threads the next run has: a place in the pool's ``ThreadPool/teams``.
  private(set) var team: Int

  private enum Part { case resting, warming, timing }
  private var part = Part.resting
  /// The runs before the next trial.
  private var untilTrial = TeamSearch.runsBefore
  private let teamCount: Int
  /// The fastest so far.
  private(set) var chosen: Int
  private var direction = -1
  private var roundsWon = 0
  /// Runs of the part so far, and their seconds.
  private var (runs, seconds) = (0, 0.0)
  /// Runs that the chosen number had in this round, and their seconds.
  private var (chosenRuns, chosenSeconds) = (0, 0.0)
  private var trialSeconds = 0.0
  private var restSeconds = TeamSearch.leastRest

  private static let runsBefore = 16
  private static let partSeconds = 1e-4
  private static let leastRuns = 2
  private static let rounds = 3
  private static let gain = 0.05
  private static let (leastRest, longestRest) = (0.02, 0.2)
  private static let mostShare = 0.01
  /// Where a run takes longer than this, nothing is tried: its tasks are so large that handing them over is nothing,
  /// and a trial would cost a short training dearly.
  private static let longestRun = 0.005

  /// - Parameter teamCount: How many numbers there are to choose from; the last one is the first choice.
  init(teamCount: Int) {
    self.teamCount = teamCount
    (team, chosen) = (teamCount - 1, teamCount - 1)
  }

  /// Counts a run that need not be timed; false where the next one has to be.
  @inline(__always)
  func takeRest() -> Bool {
    guard untilTrial > 0 else { return false }
    untilTrial -= 1
    return true
  }

  /// Takes the time of a run that was timed.
  func ran(for time: Double) {
    if part == .resting { part = .warming }
    runs += 1
    seconds += time
    trialSeconds += time
    guard isOver else { return }
    switch (part, team == chosen) {
    case (.timing, true): endFirst()
    case (.timing, false): endRound()
    default: go(to: .timing)
    }
  }

  /// Whether the part has had enough runs, or the other number has lost the round already.
  private var isOver: Bool {
    if part == .timing && team != chosen { return runs >= chosenRuns || hasLost }
    return seconds >= Self.partSeconds && (part == .warming || runs >= Self.leastRuns)
  }

  private func go(to next: Part) {
    part = next
    (runs, seconds) = (0, 0)
  }

  private func endFirst() {
    (chosenRuns, chosenSeconds) = (runs, seconds)
    guard seconds / Double(runs) <= Self.longestRun else {
      return endTrial(restSeconds: Self.longestRest)
    }
    team = rival
    go(to: .warming)
  }

  private var rival: Int {
    let next = chosen + direction
    return next >= 0 && next < teamCount ? next : chosen - direction
  }

  private var hasLost: Bool { seconds > (1 - Self.gain) * chosenSeconds }

  private func endRound() {
    if hasLost {
      endTrial(restSeconds: min(2 * restSeconds, Self.longestRest))
      direction = -direction
    } else if roundsWon + 1 < Self.rounds {
      roundsWon += 1
      team = chosen
      go(to: .warming)
    } else {
      direction = team - chosen
      (chosen, chosenSeconds) = (team, seconds)
      endTrial(restSeconds: Self.leastRest)
    }
  }

  private func endTrial(restSeconds: Double) {
    self.restSeconds = restSeconds
    let rest = max(restSeconds, trialSeconds / Self.mostShare)
    untilTrial = Int(min(rest * Double(chosenRuns) / chosenSeconds, 1e9))
    (team, roundsWon, trialSeconds) = (chosen, 0, 0)
    go(to: .resting)
  }
}
