import Formulas
import GraphIR
import Layers
import Tensors

/// The part of a network that a derivation is about.
public enum Selection: Hashable, Sendable {
  /// Everything.
  case all
  /// The forward pass, the errors, and the output layer's δ with one parameter of each output: what
  /// stays readable of a large network.
  case overview
  /// One element of a parameter: `hidden.weight[3,5]`, counted from 0 as in the model's file, or by
  /// the name that the derivation gives it: `w5`.
  case weight(String)
  /// One neuron: `h3`, `o1`, counted from 1; or by its layer's path and its place, counted from 0 as
  /// in the model's file: `conv[4,0,2]` is row 4, column 0 and channel 2 of an image.
  case neuron(String)
  /// A layer by its path: `hidden`.
  case layer(String)
}

extension DerivationBuilder {
  /// The most parameters of a network that is shown in full unless told otherwise.
  static let mostShown = 100

  /// An element of a parameter.
  struct Element: Hashable {
    let parameter: String
    let element: Int
  }

  /// What a selection stands for.
  ///
  /// - Throws: ``ExplanationError`` where the network has no such part.
  func elements(of selection: Selection) throws -> (elements: [Element], neurons: [Neuron]) {
    switch selection {
    case .all:
      return (
        orderedElements { _ in true }, map.layers.flatMap(\.neurons)
      )
    case .overview:
      // One parameter of each output neuron: its bias, or else its first weight.
      let own = orderedElements { element in
        self.step.declarations.contains {
          $0.name == element.parameter && $0.layer == self.map.layers.last?.path
        }
      }
      var firsts: [Int: Element] = [:]
      for element in own {
        guard let label = naming.parameter(element.parameter, element.element),
          let unit = label.place?.unit
        else { continue }
        if firsts[unit] == nil || label.kind == .bias { firsts[unit] = element }
      }
      return (firsts.keys.sorted().compactMap { firsts[$0] }, map.layers.last?.neurons ?? [])
    case .weight(let text): return ([try element(text)], [])
    case .neuron(let text):
      let neurons = try self.neurons(text)
      return (parameters(of: neurons), neurons)
    case .layer(let path):
      guard let index = map.layer(at: path) else {
        let names = map.layers.map(\.path)
        throw ExplanationError(
          "there is no layer \"\(path)\"; \(suggestion(for: path, in: names))")
      }
      let own = map.layers[index].path
      return (
        orderedElements { element in
          self.step.declarations.contains { $0.name == element.parameter && $0.layer == own }
        }, map.layers[index].neurons
      )
    }
  }

  /// The elements of all parameters by their names, in networks that are shown in full.
  var namedElements: [String: (parameter: String, element: Int)] {
    guard step.problem.parameters.elementCount <= Self.mostShown else { return [:] }
    var result: [String: (parameter: String, element: Int)] = [:]
    for (name, tensor) in step.problem.parameters {
      for element in 0..<tensor.count {
        if let label = naming.parameter(name, element) { result[label.name] = (name, element) }
      }
    }
    return result
  }

  /// Elements of the parameters, the last layer's first, in the texts' order within a layer.
  func orderedElements(_ isIncluded: (Element) -> Bool) -> [Element] {
    var layers: [(String, [Element])] = []
    for declaration in step.declarations
    where declaration.isTrained && !step.problem.fixed.contains(declaration.name) {
      let shape = declaration.type.shape
      var elements = (0..<shape.count).map {
        Element(parameter: declaration.name, element: $0)
      }
      if shape.rank == 2 {
        let (rows, columns) = (shape[0], shape[1])
        elements = (0..<columns).flatMap { unit in
          (0..<rows).map { elements[$0 * columns + unit] }
        }
      }
      elements = elements.filter(isIncluded)
      if layers.last?.0 == declaration.layer {
        layers[layers.count - 1].1 += elements
      } else {
        layers.append((declaration.layer, elements))
      }
    }
    return layers.reversed().flatMap(\.1)
  }

  /// The element that a text names: `hidden.weight[3,5]`, `w5`.
  private func element(_ text: String) throws -> Element {
    if text.contains("_") || !text.contains("[") {
      for declaration in step.declarations {
        for element in 0..<declaration.type.shape.count
        where naming.parameter(declaration.name, element)?.name == text {
          return Element(parameter: declaration.name, element: element)
        }
      }
    }
    guard let open = text.firstIndex(of: "["), text.hasSuffix("]") else {
      let known = namedElements.keys.sorted()
      throw ExplanationError(
        "there is no weight \"\(text)\"; "
          + (known.isEmpty
            ? "expected a name such as \(step.declarations.first?.name ?? "hidden.weight")[0,0]"
            : suggestion(for: text, in: known)))
    }
    let name = String(text[..<open])
    guard let declaration = step.declarations.first(where: { $0.name == name }) else {
      throw ExplanationError(
        "there is no parameter \"\(name)\"; "
          + suggestion(for: name, in: step.declarations.map(\.name)))
    }
    let place = try place(text, after: open, name, declaration.type.shape)
    return Element(parameter: name, element: place)
  }

  /// The place in a shape, in row-major order, that a text ends with: `[3,5]`.
  ///
  /// - Parameter name: What has the shape, in errors.
  func place(_ text: String, after open: String.Index, _ name: String, _ shape: Shape) throws
    -> Int
  {
    let inside = text[text.index(after: open)...].dropLast()
    let indices = inside.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.filter { $0 != " " })
    }
    guard indices.count == shape.rank else {
      throw ExplanationError(
        "\(text): found \(indices.count == 1 ? "1 index" : "\(indices.count) indices"), "
          + "\(name) has shape \(shape); expected \(shape.rank)")
    }
    guard !indices.contains(nil) else {
      throw ExplanationError("\(text): expected whole numbers as indices")
    }
    var element = 0
    for (axis, index) in indices.enumerated() {
      let index = index ?? 0
      guard (0..<shape[axis]).contains(index) else {
        throw ExplanationError(
          "\(text): index \(index) of \(name), which has shape \(shape); "
            + "expected 0 to \(shape[axis] - 1)")
      }
      element += index * shape.strides[axis]
    }
    return element
  }
}
