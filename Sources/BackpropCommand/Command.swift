import ArgumentParser
import Backprop
import Foundation

/// The `backprop` command.
@main
struct Command: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backprop",
    abstract: "Trains, tests, uses and explains neural networks.",
    discussion: """
      DATA is a CSV file, a folder of images (FOLDER/CLASS/*.png or .jpg), a folder with MNIST's \
      four files, a .npy, .npz or IDX file, a text (with --context), or the name of a set that \
      comes with the program ("backprop data list" shows them).

      EXAMPLES
        backprop train iris --test 0.2 --output iris.safetensors
        backprop evaluate iris.safetensors iris
        backprop predict iris.safetensors flowers.csv > predictions.csv
        backprop info iris.safetensors
        backprop prune iris.safetensors iris --remove 30% --output small.safetensors
        backprop generate book.safetensors --prompt "Once"
        backprop explain mazur
        backprop check homework.yaml

      Exit status: 0 when all went well; 1 where data, files or training failed; 2 for wrong \
      usage; 130 and 143 after SIGINT and SIGTERM.

      Tab completion: "backprop --generate-completion-script bash" (or zsh, or fish) prints a \
      script for the shell.
      """,
    version: "0.1.0",
    subcommands: [
      TrainCommand.self, EvaluateCommand.self, PredictCommand.self, GenerateCommand.self,
      ExplainCommand.self, ClassicCommand.self, PruneCommand.self, CheckCommand.self,
      InfoCommand.self, EstimateCommand.self, BenchCommand.self, DataCommand.self,
    ])

  static func main() {
    // A closed pipe and a file-size limit are then errors of the write, which are dealt with.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    Foundation.exit(run(Array(CommandLine.arguments.dropFirst())))
  }

  /// Runs a command line and returns its exit status.
  private static func run(_ arguments: [String]) -> Int32 {
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    if let name = arguments.first, !name.hasPrefix("-"), !names.contains(name) {
      Console.shared.error(
        "there is no command \"\(name)\"; \(suggestion(for: name, in: names)); "
          + "see \"backprop --help\"")
      return 2
    }
    var command: any ParsableCommand
    do {
      command = try parseAsRoot(arguments)
    } catch {
      return report(parsing: error)
    }
    // Who reads JSON learns there, too, that the command has failed.
    func tell(_ message: String) {
      Console.shared.error(message)
      guard (command as? any JSONSpeaking)?.speaksJSON == true else { return }
      Console.shared.line(
        JSON.object([("event", "error"), ("message", .string(message))]).text)
    }
    do {
      try command.run()
      try Console.shared.checkOutput()
      return 0
    } catch let stop as EarlyExit {
      return stop.status
    } catch is ClosedPipe {
      // The reader has what it wanted.
      return 0
    } catch let error as UsageError {
      tell(error.description)
      return 2
    } catch let error where exitCode(for: error) != .failure {
      return report(parsing: error)
    } catch {
      tell(words(of: error))
      return 1
    }
  }

  /// Shows what parsing ended with: an error, or text that was asked for.
  private static func report(parsing error: any Error) -> Int32 {
    let text = fullMessage(for: error)
    guard !exitCode(for: error).isSuccess else {
      Console.shared.line(text)
      return 0
    }
    let label = "Error: "
    Console.shared.error(text.hasPrefix(label) ? String(text.dropFirst(label.count)) : text)
    return 2
  }
}

/// A command that can speak to programs.
protocol JSONSpeaking {
  /// Whether standard output is JSON, one object a line.
  var speaksJSON: Bool { get }
}

extension TrainCommand: JSONSpeaking {
  var speaksJSON: Bool { keeping.json }
}

extension EvaluateCommand: JSONSpeaking {
  var speaksJSON: Bool { json }
}

extension PredictCommand: JSONSpeaking {
  var speaksJSON: Bool { json && output == nil }
}

extension BenchCommand: JSONSpeaking {
  var speaksJSON: Bool { json }
}

extension InfoCommand: JSONSpeaking {
  var speaksJSON: Bool { json }
}
