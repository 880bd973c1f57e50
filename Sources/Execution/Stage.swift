/// What a plan does at one time: the tasks of a stage run side by side, and stages one behind another.
enum Stage: Sendable {
  /// One instruction, and then what is left of it (``KernelLaunch/Finish``).
  case one(Int)
  /// An instruction without what is left of it, which begins a strand of the next stage.
  case begun(Int)
  /// Strands of which none depends on another.
  case strands([Strand])

  /// Instructions each of whose tasks depends on the same task alone of those before it, so that a task
  /// goes through all of them.
  struct Strand: Sendable {
    /// Their places in the plan.
    let instructions: [Int]
    let tasks: Int
    /// Floating-point operations.
    let work: Int
  }
}
