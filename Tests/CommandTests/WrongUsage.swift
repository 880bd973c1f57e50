import Testing

/// Command lines that make no sense: status 2, and a word on what was expected.
@Suite struct WrongUsage {
  @Test(arguments: [
    ("train", "Missing expected argument '<data>'"),
    ("train iris --bogus", "Unknown option '--bogus'"),
    ("trane iris", "the nearest is train"),
    ("train iris --optimizer addam", "did you mean adam?"),
    ("train iris --loss crossentropi", "the nearest is crossEntropy"),
    ("train iris --activation rellu", "the nearest is relu"),
    ("train iris --schedule cosin", "did you mean cosine?"),
    ("train iris --hidden 3,x", "'3,x' is invalid for '--hidden"),
    ("train iris --hidden 0", "expected the layers' units, whole numbers of 1 or more"),
    ("train iris --hidden 16,,16", "expected the layers' units"),
    ("train iris --batch 0", "expected a whole number, 1 or more, or all"),
    ("train iris --batch -1", "expected a whole number, 1 or more, or all"),
    ("train iris --seed -1", "expected a whole number, 0 to"),
    ("train iris --epochs -1", "--epochs"),
    ("train iris --epochs many", "'many' is invalid for '--epochs"),
    ("train iris --learning-rate -1", "found -1, expected a finite number, 0 or more"),
    ("train iris --dropout -0.5", "--dropout: found -0.5, expected 0 to below 1"),
    ("train iris --threads -2", "--threads: found -2, expected 1 to 256"),
    (
      "train iris --epochs 1 --output m.json --report ./m.json",
      "--report: ./m.json is the file that --output names"
    ),
    ("train iris --report a.html --report ./a.html", "the file that --report names"),
    ("train iris --learning-rate=-1", "found -1, expected a finite number, 0 or more"),
    ("train iris --learning-rate nan", "expected a finite number"),
    ("train iris --momentum 0.9", "the optimizer adam has none"),
    ("train iris --optimizer sgd --momentum 1.5", "--momentum: found 1.5"),
    ("train iris --dropout 1", "--dropout: found 1, expected 0 to below 1"),
    ("train iris --validation 1.5", "--validation: found 1.5"),
    ("train iris --test 0.2 --test-data iris", "--test and --test-data exclude one another"),
    ("train iris --patience 0", "--patience: found 0"),
    ("train iris --l2 inf", "--l2: found inf"),
    ("train iris --clip-norm 0", "expected a finite number above 0"),
    ("train iris --scaling big", "--scaling: found \"big\""),
    ("train iris --precision float16", "float32"),
    ("train iris --threads 0", "--threads: found 0, expected 1 to 256"),
    ("train iris --resume", "expected --output"),
    ("train iris --report page.txt", "a file of .html or .json"),
    ("train iris --model a.json --hidden 3", "--hidden cannot be added"),
    ("evaluate model.safetensors", "Missing expected argument '<data>'"),
    ("data fetch mnst", "one of mnist, fashion-mnist"),
    ("bench --layers 784", "expected the units of two or more layers"),
    ("bench --layers 784-x-10", "expected the units of two or more layers"),
    ("bench --batch 0", "--batch: found 0"),
    ("bench --seconds 0", "--seconds: found 0.0"),
    ("bench --threads 0", "--threads: found 0"),
    ("bench --optimizer addam", "did you mean adam?"),
    ("bench --activation rellu", "the nearest is relu"),
    ("bench m.safetensors --layers 2-2", "for networks without a model file"),
  ])
  func isRefused(line: String, message: String) throws {
    let outcome = try Tool()(line)
    #expect(outcome.status == 2)
    #expect(outcome.errors.hasPrefix("backprop: error: "), "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output == "")
  }

  @Test func helpAndVersion() throws {
    let tool = try Tool()
    for line in ["--help", "help train", "train --help", "data fetch --help"] {
      let outcome = try tool(line)
      #expect(outcome.status == 0 && outcome.output.contains("USAGE: backprop"), "\(line)")
    }
    let version = try tool("--version")
    #expect(version.status == 0 && version.lines.count == 1)
    let completion = try tool("--generate-completion-script bash")
    #expect(completion.status == 0 && completion.output.contains("crossEntropy"))
  }
}
