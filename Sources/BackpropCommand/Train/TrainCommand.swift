import ArgumentParser
import Backprop
import Foundation

/// `backprop train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a network on data.",
    discussion: """
      Learns a network of dense layers (or the one that --model describes) from the rows of DATA, \
      and shows how well it does. Without --output nothing is saved.

      Control-C (SIGINT) or SIGTERM finishes the current batch, saves, and exits; the same \
      command with --resume then goes on as if it had never been stopped, to the bit. The same \
      command gives the same network on the same machine, at any number of threads.

      EXAMPLES
        backprop train digits --test 0.2 --hidden 64,32 --output d.safetensors
        backprop train houses.csv --target price --ignore id --epochs 200 \\
          --patience 10 --output houses.safetensors --report houses.html
        backprop train xor --hidden 3 --activation sigmoid --batch 1 \\
          --output-activation sigmoid --loss halfSquaredError \\
          --optimizer sgd --learning-rate 1 --epochs 5000 --seed 1
        backprop train mnist --hidden 128 --json --output m.safetensors
        backprop train mnist --hidden 128 --json --output m.safetensors --resume
        backprop train iris --hidden 8 --starts 8 --report starts.html
        backprop train houses.csv --target price --l2 auto --folds 5
        backprop train photos --size 32x32 --model cnn.json --output p.safetensors
        backprop train book.txt --context 64 --model char.json --output b.safetensors
        backprop train sales.csv --series price --window 24 --test-from 2024-01-01
      """)

  @Argument(
    help: ArgumentHelp(
      "A CSV file, a folder of images (FOLDER/CLASS/*.png) or with MNIST's four files, a .npy, .npz "
        + "or IDX file, a text (with --context), or the name of a built-in set.", valueName: "data"),
    completion: Completions.data)
  var data: String

  @OptionGroup(title: "The data") var table: TableOptions
  @OptionGroup(title: "Images, texts and time series") var form: FormOptions
  @OptionGroup(title: "Which rows are for what") var rows: RowsOptions
  @OptionGroup(title: "The network") var network: NetworkOptions
  @OptionGroup(title: "How it learns") var learning: LearningOptions
  @OptionGroup(title: "Several runs") var runs: SeveralRunsOptions
  @OptionGroup(title: "What is kept and shown") var keeping: RunOptions

  func run() throws {
    let console = Console.shared
    if keeping.isResumed, network.initial != nil {
      throw UsageError(
        "--initial is where a run begins, and --resume goes on with one (\(keeping.output ?? "")); "
          + "expected one of them")
    }
    try checkSeveralRuns()
    try keeping.checkFiles(inputs: [data, rows.testData, network.initial, network.model])
    var reading = form.applied(to: table.readOptions)
    // Who asks for a loss of classes has classes, even if they are numbers.
    if reading.targetKind == .automatic, try network.namesLossOfClasses() {
      reading.targetKind = .classes
    }
    try table.check([data] + (rows.testData.map { [$0] } ?? []), form: form)
    if form.testFrom != nil, rows.test ?? 0 > 0 || rows.testData != nil {
      throw UsageError(
        "--test-from says which rows are for the test; --test and --test-data cannot be added")
    }
    let speaks = keeping.speaks(to: console)
    if speaks { noteShadowed(data) }
    let holdsOut = runs.folds != nil || !learning.l2.candidates.isEmpty
    let parts = try rows.parts(
      of: data, reading, seed: learning.seed, watches: !holdsOut || learning.patience != nil
    ) { note in
      if speaks { console.note(note) }
    }
    var trainer = try makeTrainer(for: parts)
    if learning.patience != nil, parts.validation.count == 0 {
      throw CommandError(
        "\(data): no rows are left for validation, which --patience needs; "
          + "expected --validation SHARE")
    }
    let resumed = try keeping.resumedModel()
    let initial = try network.initialParameters(for: trainer, input: parts.training.inputShape)
    if keeping.resume, resumed == nil, speaks {
      console.note("\(keeping.output ?? "") does not exist yet; starting anew")
    }

    if speaks, table.targetKind == .auto, let hint = classesHint(parts) {
      console.note(hint)
    }

    if speaks, let hint = learning.batchHint(trainer.optimizer, rows: parts.training.count) {
      console.note(hint)
    }

    let voice = keeping.voice(of: console)
    let display = TrainingDisplay(
      voice: voice, rows: parts.training.count, epochs: trainer.options.epochs,
      threads: keeping.threads)
    let setup = TrainingSetup(
      initial: initial?.parameters, removed: initial?.removed ?? RemovedWeights(),
      resuming: resumed,
      checkpointPath: keeping.output, checkpointInterval: keeping.checkpointSeconds,
      encoder: parts.encoder, threads: keeping.threads,
      shouldStop: { [saves = keeping.output != nil] in
        Interruption.signal != nil || (console.isClosed && !saves)
      },
      observe: { display.observe($0) })
    if voice.isHuman {
      console.line(
        try header(trainer, parts, resumed: resumed?.checkpoint?.progress, threads: keeping.threads)
      )
    }
    Interruption.watch()
    let folds = try crossValidate(trainer, parts, setup, voice)
    if let folds { trainer.options.l2 = folds.best.l2 }
    var result =
      if let starts = runs.starts {
        try fitFromSeveralStarts(trainer, starts, parts, setup, voice)
      } else {
        try trainer.fit(
          parts.training, validation: parts.validation.count > 0 ? parts.validation : nil, setup)
      }
    Interruption.unwatch()
    if result.wasInterrupted { throw interrupted(result, display) }
    result.report.crossValidation = folds

    var conclusion = try Conclusion(result, parts, threads: keeping.threads, output: keeping.output)
    conclusion.hadEnded = resumed?.checkpoint?.progress.hadEnded(of: trainer.options.epochs) == true
    try keeping.write(conclusion.report)
    conclusion.reports = keeping.report
    display.finish(conclusion)
  }

  private func makeTrainer(for parts: DatasetParts) throws -> Trainer {
    let data = parts.training
    let loss = try network.loss(for: data)
    let model = try network.network(for: data, loss)
    try NetworkOptions.checkSize(model, for: data)
    // The values of tables and series come in units of their own, which a network's start knows
    // nothing of.
    var scaling = Scaling.Kind.none
    if case .values = data.targets, parts.encoder != nil || data.form != nil,
      !loss.isClassification,
      try network.hasLinearOutput(for: data, loss)
    {
      scaling = .standard
    }
    return Trainer(
      model, loss: loss, optimizer: try learning.makeOptimizer(),
      try learning.trainingOptions(rows: data.count, targetScaling: scaling))
  }

  /// A remark where values look as if they were meant to be classes.
  private func classesHint(_ parts: DatasetParts) -> String? {
    guard parts.encoder != nil, case .values(let values, let names) = parts.training.targets
    else { return nil }
    let all = values.doubles
    let distinct = Set(all)
    guard (2...20).contains(distinct.count), all.count >= 5 * distinct.count,
      distinct.allSatisfy({ $0 == $0.rounded() })
    else { return nil }
    return "the target \"\(names[0])\" holds \(distinct.count) different whole numbers, which are "
      + "learned as values; --target-kind classes learns them as classes"
  }

  /// Says how to go on, and returns the exit status as an error.
  private func interrupted(_ result: TrainingResult, _ display: TrainingDisplay) -> any Error {
    guard let signal = Interruption.signal else { return ClosedPipe() }
    display.interrupted(result, output: keeping.output, signal: signal)
    return EarlyExit(status: 128 + signal)
  }
}
