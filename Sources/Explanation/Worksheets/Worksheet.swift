/// A problem for computing by hand – a network with all its numbers, one or more examples, and how
/// it learns – as a YAML file says it, with what somebody found, to be marked.
///
/// ```swift
/// let worksheet = try Worksheet(
///   yaml: """
///     layers:
///       - {units: 2, activation: sigmoid}
///       - {units: 2, activation: sigmoid}
///     inputs: [0.05, 0.10]
///     targets: [0.01, 0.99]
///     weights: {w1: .15, w2: .20, w3: .25, w4: .30, w5: .40, w6: .45, w7: .50, w8: .55}
///     biases: {b1: 0.35, b2: 0.60}
///     learning-rate: 0.5
///     """, name: "example.yaml")
/// print(worksheet.problem.parameters)
/// // hidden.weight: float64 [2, 2]
/// // hidden.bias: float64 [1]
/// // output.weight: float64 [2, 2]
/// // output.bias: float64 [1]
/// ```
///
/// The keys, however they are written (`learning-rate`, `learningRate`, `learning_rate`):
///
/// | key | value | where left out |
/// |---|---|---|
/// | `title` | a text | none |
/// | `layers` | a list, first to last; each with `units`, `activation`, `name`, `kind` (`dense` or `elman`), or only its units | must be there |
/// | `loss` | a loss's name, such as `mean-squared-error`, `cross-entropy` | `half-squared-error` |
/// | `inputs` | the numbers of one example; with an elman layer, a list of them, one for each step | |
/// | `targets` | the numbers that the outputs should be; with an elman layer, a list of them | |
/// | `class` | in place of `targets`: the class, from 1 or by its name; with an elman layer, a list | |
/// | `classes` | the names of the outputs' classes, in order | none |
/// | `examples` | a list of `inputs` with `targets` or `class` each, in place of these keys | |
/// | `weights` | see below | must be there |
/// | `biases` | see below | no biases |
/// | `shared-biases` | whether a layer's neurons share one bias | as the count says |
/// | `train-biases` | whether steps change biases | yes |
/// | `learning-rate` | η | 0.5 |
/// | `optimizer` | a name, or `{adam: {beta1: 0.9}}` | `sgd` |
/// | `l1`, `l2` | the factors of the penalty l1 · Σ\|w\| + (l2 / 2) · Σw² | 0 |
/// | `lambda` | λ of the penalty λ / (2m) · Σw², m the number of examples: l2 = λ / m | 0 |
/// | `update` | `simultaneous` or `sequential` | `simultaneous` |
/// | `iterations` | after how many steps to look again, one number or several, up to 10,000,000 | 1, 10, 100, 1000, 10000 |
/// | `claims` | names of quantities with the values found | none |
///
/// Weights are `{w1: …, w2: …}` in the order of textbooks – neuron by neuron through the layers, each
/// neuron's incoming weights in order – or all of them as a list in that order, or a matrix for each
/// layer by its name, one row for each neuron: `{hidden: [[…], […]], output: [[…]]}`. An elman layer
/// has two matrices, `U` from its inputs and `W` from its own outputs one step before, and the dense
/// layer after it is `V`: `{U: …, W: …, V: …}`; several elman layers have `NAME.U` and `NAME.W`.
///
/// Biases are `{b1: …}` or a list: one for each layer, shared by its neurons, or one for each neuron,
/// in the order of the neurons (which counts where there are as many layers as neurons); or by layer:
/// `{hidden: [0.1, 0.2], output: 0.3}`, where one number is shared.
///
/// Where no name is given, layers are `hidden` (`hidden1`, `hidden2`, … where several) and `output`.
/// The activation is `sigmoid` where none is given, `tanh` in elman layers.
///
/// With the loss `cross-entropy` the last layer's activation is `softmax`, and with
/// `binary-cross-entropy` it is `sigmoid`, as texts have it and as it is where none is given. This
/// library's losses take the net inputs and apply these functions themselves, so that in
/// ``problem`` the last layer is linear; the numbers are the same.
///
/// Numbers are decimal (`0.15`, `-2`, `1e-3`). A file has at most 10 MB, 100 layers, 10,000 neurons,
/// 1,000,000 weights, 10,000 examples and 10,000 steps.
public struct Worksheet: Sendable {
  /// What the file calls itself.
  public let title: String?
  /// The network, its numbers and its data.
  public let problem: Problem
  /// The numbers of steps after which to look at the network, in rising order.
  public let iterations: [Int]
  /// What was found by hand.
  public let claims: [Claim]
  /// How the file calls weights: numbered where they are given as w1, w2, … or as one list.
  public let weightNames: WeightNames
  /// The names of the outputs' classes, where the file gives them.
  public let classNames: [String]?

  /// A worksheet from YAML text.
  ///
  /// - Parameters:
  ///   - yaml: The text.
  ///   - name: What errors call the file.
  /// - Throws: ``WorksheetError`` with the line, what was found there, and what was expected.
  public init(yaml: String, name: String) throws {
    let reader = try WorksheetReader(WorksheetEntry.document(yaml, name: name))
    let layers = try reader.layers()
    let loss = try reader.loss()
    let examples = try reader.examples(for: layers, loss: loss)
    let weights = try reader.weights(of: layers, features: examples.features)
    let biases = try reader.biases(of: layers)

    title = try reader["title"]?.text("a text")
    var problem = Problem(
      model: try reader.model(layers, loss: loss, biases: biases), loss: loss,
      parameters: reader.parameters(layers, weights: weights, biases: biases),
      input: examples.input, target: examples.target, optimizer: try reader.optimizer(),
      fixed: try reader.fixed(layers, biases: biases), l1: try reader.l1(),
      l2: try reader.l2(examples: examples.count), order: try reader.order())
    problem.lambda = try reader.lambda()
    self.problem = problem
    iterations = try reader.iterations()
    claims = try reader.claims()
    weightNames = weights.names
    classNames = examples.classNames
  }

  /// A worksheet from a YAML file.
  ///
  /// - Throws: ``WorksheetError``, also where the file cannot be read, has more than 10 MB, or is no
  ///   UTF-8.
  public init(contentsOf path: String) throws {
    try self.init(yaml: WorksheetFile.text(at: path), name: path)
  }
}
