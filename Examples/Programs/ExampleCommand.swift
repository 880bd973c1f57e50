import Foundation

/// `Examples list` and `Examples NAME [--mnist FOLDER] [--output FOLDER] [--seed N] [--quick]`.
@main
struct ExampleCommand {
  private static let usage = """
    usage: Examples list
           Examples NAME|all [--mnist FOLDER] [--output FOLDER] [--seed N] [--quick]
    """

  static func main() {
    do {
      try run(Array(CommandLine.arguments.dropFirst()))
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws {
    guard let name = arguments.first, let settings = settings(arguments.dropFirst()) else {
      print(usage)
      exit(2)
    }
    if name == "list" {
      for example in ExampleList.all {
        print(example.name.padding(toLength: 14, withPad: " ", startingAt: 0), example.summary)
      }
      return
    }
    let chosen = ExampleList.all.filter { name == "all" || $0.name == name }
    guard !chosen.isEmpty else {
      print("there is no example \"\(name)\"\n\(usage)")
      exit(2)
    }
    for example in chosen {
      let (clock, start) = (ContinuousClock(), ContinuousClock.now)
      let outcome = try example.run(settings)
      let seconds = (clock.now - start) / .seconds(1)
      print(outcome.text)
      print("\(example.name): \(seconds.rounded(to: 1)) s, \(peakMegabytes) MB at most")
    }
  }

  /// The settings of the options; nil for an option that is not known or lacks its value.
  private static func settings(_ arguments: ArraySlice<String>) -> Settings? {
    var settings = Settings()
    // Standard output has no buffer of lines where it is a file.
    settings.report = { FileHandle.standardError.write(Data("\($0)\n".utf8)) }
    var rest = arguments
    while let option = rest.popFirst() {
      if option == "--quick" {
        settings.isReduced = true
        continue
      }
      guard let value = rest.popFirst() else { return nil }
      switch option {
      case "--mnist": settings.mnist = value
      case "--output": settings.output = value
      case "--seed":
        guard let seed = UInt64(value) else { return nil }
        settings.seed = seed
      default: return nil
      }
    }
    return settings
  }

  /// The most memory that this process has held.
  private static var peakMegabytes: Int {
    var usage = rusage()
    // RUSAGE_SELF, which has another type on every system.
    getrusage(0, &usage)
    #if os(Linux)
      let unit = 1024
    #else
      let unit = 1
    #endif
    return Int(usage.ru_maxrss) * unit / 1_000_000
  }
}
