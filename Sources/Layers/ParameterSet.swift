import Tensors

/// A model's parameters: tensors by name, in the order in which the model declares them.
///
/// ```swift
/// var parameters = try model.initialParameters(input: [784], seed: 1)
/// parameters["hidden.bias"] = .zeros([16], type: .float32)
/// for (name, tensor) in parameters { print(name, tensor.shape) }
/// ```
public struct ParameterSet: Hashable, Sendable {
  /// The names, in order.
  public private(set) var names: [String] = []
  private var values: [Tensor] = []
  private var places: [String: Int] = [:]

  /// A set without parameters.
  public init() {}

  /// A set with these parameters; where two have one name, the last one's tensor counts.
  public init(_ parameters: some Sequence<(String, Tensor)>) {
    for (name, tensor) in parameters { self[name] = tensor }
  }

  /// The tensor of a name. A new name is added at the end; nil takes a name out.
  public subscript(name: String) -> Tensor? {
    get { places[name].map { values[$0] } }
    set {
      switch (places[name], newValue) {
      case (let place?, let tensor?): values[place] = tensor
      case (nil, let tensor?):
        places[name] = names.count
        names.append(name)
        values.append(tensor)
      case (let place?, nil):
        names.remove(at: place)
        values.remove(at: place)
        places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
      case (nil, nil): break
      }
    }
  }

  /// The numbers in all tensors together.
  public var elementCount: Int { values.reduce(0) { $0 + $1.count } }

  /// The tensors by name, as runs of a graph take them.
  public var tensors: [String: Tensor] { places.mapValues { values[$0] } }

  /// The same parameters with their numbers rounded to another element type.
  public func cast(to type: ScalarType) -> ParameterSet {
    ParameterSet(map { ($0.name, $0.tensor.cast(to: type)) })
  }
}

extension ParameterSet: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { names.count }
  public subscript(position: Int) -> (name: String, tensor: Tensor) {
    (names[position], values[position])
  }
}

extension ParameterSet: ExpressibleByDictionaryLiteral {
  /// `["weight": Tensor([1.0, 2.0])]`; where two have one name, the last one's tensor counts.
  public init(dictionaryLiteral elements: (String, Tensor)...) { self.init(elements) }
}

extension ParameterSet: CustomStringConvertible {
  /// One line a parameter: `hidden.weight: float32 [784, 16]`.
  public var description: String {
    map { "\($0.name): \($0.tensor.type)" }.joined(separator: "\n")
  }
}
