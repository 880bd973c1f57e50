import Foundation
import GraphIR
import Layers
import Tensors
import Testing

/// What convolutions make of shapes and files, and what they refuse.
struct ConvolutionLayers {
  func message(of model: some Layer, input: Shape) -> String? {
    do {
      _ = try model.parameterCount(input: input)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func shapesAndParameters() throws {
    let layer = Convolution(channels: 32, kernel: [3, 3], padding: .same, activation: .relu)
    #expect(try layer.outputShape(input: [28, 28, 1]) == [28, 28, 32])
    #expect(try layer.parameterCount(input: [28, 28, 1]) == 320)
    #expect(layer.description == "convolution, 32 channels, 3×3, same padding, relu")
    let strided = Convolution(channels: 8, kernel: [5], strides: [2], padding: .same)
    #expect(try strided.outputShape(input: [9, 3]) == [5, 8])
    let depthwise = Convolution.depthwise(kernel: [3, 3], multiplier: 2)
    #expect(try depthwise.outputShape(input: [5, 6, 4]) == [3, 4, 8])
    #expect(try depthwise.parameterCount(input: [5, 6, 4]) == 3 * 3 * 8 + 8)
    let back = TransposedConvolution(channels: 16, kernel: [4, 4], strides: [2], padding: 1)
    #expect(try back.outputShape(input: [7, 7, 32]) == [14, 14, 16])
    let more = TransposedConvolution(
      channels: 1, kernel: [3], strides: [2], padding: 1, outputPadding: [1])
    #expect(try more.outputShape(input: [7, 2]) == [14, 1])
    let gaps = TransposedConvolution(channels: 1, kernel: [2], strides: [3], padding: .same)
    #expect(try gaps.outputShape(input: [4, 2]) == [12, 1])
  }

  @Test func inputsThatDoNotFit() {
    let layer = Convolution(channels: 2, kernel: [3, 3], name: "c")
    #expect(
      message(of: layer, input: [28, 28])
        == "convolution: input has shape [2, 28, 28], expected [batch, height, width, channels]; "
        + "a reshape layer to [28, 28, 1] adds the axis of channels")
    #expect(
      message(of: layer, input: [2, 5, 1])?.contains(
        "the kernel reaches over 3 places along axis 1, but the input has 2") == true)
    #expect(
      message(of: Convolution(channels: 4, kernel: [1], groups: 2), input: [5, 3])
        == "convolution: input has 3 channels, expected a multiple of 2")
    #expect(
      message(of: Convolution(channels: 1 << 31, kernel: [1 << 20, 1 << 20]), input: [9, 9, 9])?
        .contains("too large") == true)
    #expect(
      message(of: Convolution.depthwise(kernel: [1], multiplier: 1 << 31), input: [9, 9])
        == "convolution: 2147483648 channels for each of 9 are too many")
    #expect(
      message(of: TransposedConvolution(channels: 1, kernel: [1], padding: 3), input: [5, 3])?
        .contains("leave nothing") == true)
    #expect(
      message(
        of: TransposedConvolution(channels: 1, kernel: [1], strides: [1 << 20]),
        input: [1 << 31, 3])?.contains("or too much") == true)
  }

  @Test func impossibleSettings() {
    func problem(_ kernel: [Int], strides: [Int] = [1], padding: ConvolutionPadding = .valid)
      -> String?
    {
      Convolution(channels: 2, kernel: kernel, strides: strides, padding: padding).problem
    }
    #expect(problem([]) == "kernel has 0 sizes, expected 1 for sequences or 2 for images")
    #expect(problem([3, 0]) == "kernel is 0, expected 1 to 1048576")
    #expect(problem([3, 3], strides: [1, 2, 3]) == "strides has 3 numbers, expected 1 or 2")
    #expect(problem([3], padding: [-1]) == "padding is -1, expected 0 to 1048576")
    #expect(
      Convolution(channels: 3, kernel: [1], groups: 2).problem
        == "groups is 2, expected a divisor of 3 channels")
    #expect(
      TransposedConvolution(channels: 3, kernel: [1], strides: [2], outputPadding: [2]).problem
        == "outputPadding is 2, expected 0 to 1, less than the stride")
  }

  @Test func files() throws {
    func read(_ text: String) throws -> Convolution {
      try JSONDecoder().decode(Convolution.self, from: Data(text.utf8))
    }
    let short = try read(
      #"{"kind": "convolution", "channels": 4, "kernel": 3, "strides": 2, "padding": "same"}"#)
    #expect(
      short == Convolution(channels: 4, kernel: [3, 3], strides: [2], padding: .same))
    let long = try read(
      #"{"channels": 1, "kernel": [3], "padding": [1], "groups": "each", "activation": "relu"}"#)
    #expect(
      long
        == Convolution(
          channels: 1, kernel: [3], padding: 1, groups: .each, activation: .relu))
    #expect(throws: LayerError.self) { try read(#"{"channels": 4, "kernel": "3"}"#) }
    #expect(
      performing {
        try read(#"{"channels": 4, "kernel": 3, "padding": "sane"}"#)
      }?.contains("there is no padding \"sane\"") == true)
  }

  private func performing(_ body: () throws -> Convolution) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return "\(error)"
    }
  }
}
