import Foundation
import Testing

/// Networks that an architecture file describes, from training to derivation.
@Suite struct Architectures {
  private static let network = """
    {"kind": "sequential", "layers": [
      {"kind": "dense", "units": 6, "activation": "tanh", "name": "wide"},
      {"kind": "residual", "layers": [{"kind": "dense", "units": 6, "activation": "gelu"}]},
      {"kind": "dense", "units": 3}]}
    """

  @Test func areTrainedSavedAndUsed() throws {
    let tool = try Tool()
    try tool.file("net.json", Self.network)
    let trained = try tool(
      "train iris --model net.json --epochs 60 --learning-rate 0.02 --test 0.2 --json "
        + "--output m.safetensors")
    let test = try #require(try trained.objects().last?["test"] as? [String: Any])
    #expect(try #require(test["accuracy"] as? Double) > 0.8)
    let info = try tool("info m.safetensors")
    #expect(info.output.contains("residual, 1 layer") && info.output.contains("wide.weight"))
    #expect(try tool("evaluate m.safetensors iris").output.contains("accuracy 0.9"))
    #expect(try tool("predict m.safetensors iris").lines.count == 151)
    let explained = try tool("explain m.safetensors iris --row 3 --weight wide.weight[0,1]")
    #expect(explained.status == 0 && explained.output.contains("Row 3 of iris, class setosa"))
  }

  @Test(arguments: [
    (#"{"kind": "dense", "units": 4}"#, "outputs of shape [4] for each row; expected [3] for 3"),
    (
      #"{"kind": "sequential", "layers": [{"kind": "dense", "units": 3}, {"kind": "dens"}]}"#,
      "net.json: layers[1]: there is no layer of kind \"dens\"; the nearest is dense"
    ),
    (
      #"{"kind": "sequential", "layers": [{"kind": "dense", "units": 0}]}"#,
      "net.json: layers[0]: dense: units is 0, expected at least 1"
    ),
    (
      #"{"kind": "sequential", "layers": [{"kind": "dense", "unit": 3}]}"#,
      "net.json: layers[0]: dense: there is no field \"unit\""
    ),
    (#"{"kind": "dense", "units": 99999999999}"#, "net.json: dense: units is 99999999999"),
    (#"{"kind": "dense", "units": 1e300}"#, "net.json: dense: units: found 1e+300"),
    ("[1, 2]", "net.json: "),
    ("{", "net.json: "),
  ])
  func wrongOnesAreNamed(json: String, message: String) throws {
    let tool = try Tool()
    try tool.file("net.json", json)
    let outcome = try tool("train iris --model net.json --epochs 1 --quiet")
    #expect(outcome.status == 1 && outcome.errors.contains(message), "\(outcome.errors)")
  }

  @Test func tooLargeOnesAreRefused() throws {
    let tool = try Tool()
    let layers = [String](repeating: #"{"kind": "dense", "units": 60000}"#, count: 40)
    try tool.file(
      "net.json", #"{"kind": "sequential", "layers": [\#(layers.joined(separator: ", "))]}"#)
    let outcome = try tool("train iris --model net.json")
    #expect(outcome.status == 1 && outcome.errors.contains("the network is too large: with dense"))
  }

  @Test func missingOneIsNamed() throws {
    let outcome = try Tool()("train iris --model no.json")
    #expect(outcome.status == 1 && outcome.errors.contains("no.json: no such file"))
  }

  /// The values of a table are scaled for a network that ends with a linear layer, as without a file.
  @Test func linearOutputsLearnScaledValues() throws {
    let tool = try Tool()
    try tool.file("t.csv", "a,y\n" + (0..<40).map { "\($0),\(5000 + 30 * $0)\n" }.joined())
    for (activation, isScaled) in [("linear", true), ("softplus", false)] {
      try tool.file(
        "net.json",
        """
        {"kind": "sequential", "layers": [{"kind": "dense", "units": 1,
          "activation": "\(activation)"}]}
        """)
      let outcome = try tool("train t.csv --model net.json --epochs 1")
      #expect(outcome.output.contains("of scaled targets") == isScaled, "\(outcome.output)")
    }
  }
}
