import GraphIR
import Layers
import Tensors

/// A well-known network, with what it is trained on.
public struct BuiltInNetwork: Sendable {
  /// The name that it is asked for by: `resnet-50`.
  public let name: String
  /// One line on what it is.
  public let summary: String
  public let model: any Layer
  public let loss: any Loss
  /// The shape of one row.
  public let input: Shape
  /// The type of one row's target.
  public let target: TensorType
  /// The rows of the set that it was made for, for an epoch.
  public let samples: Int
}

/// The well-known networks that there are.
public enum BuiltInNetworks {
  /// All of them: a new one is a function below and a line here.
  public static let all = [leNet, vgg16, resNet50, lstm, gpt2]

  /// The network of a name; capitals, spaces and underscores do not matter.
  public static func named(_ name: String) -> BuiltInNetwork? {
    let plain = name.lowercased().replacing(/[ _]/, with: "-")
    return all.first { $0.name == plain }
  }

  /// Y. LeCun et al. 1998, doi:10.1109/5.726791, in the form that is usual today: full connections
  /// between the channels, plain means.
  static var leNet: BuiltInNetwork {
    image(
      "lenet", "LeNet-5: two convolutions and three dense layers, on 28×28 digits", [28, 28, 1],
      classes: 10, samples: 60_000,
      Sequential {
        Convolution(channels: 6, kernel: [5, 5], padding: .same, activation: .tanh)
        AveragePooling([2])
        Convolution(channels: 16, kernel: [5, 5], activation: .tanh)
        AveragePooling([2])
        Flatten()
        Dense(units: 120, activation: .tanh)
        Dense(units: 84, activation: .tanh)
        Dense(units: 10)
      })
  }

  /// K. Simonyan, A. Zisserman 2015, arXiv:1409.1556, configuration D.
  static var vgg16: BuiltInNetwork {
    image(
      "vgg-16", "VGG-16: thirteen convolutions of 3×3 and three dense layers, on 224×224 pictures",
      [224, 224, 3], classes: 1000, samples: 1_281_167,
      Sequential {
        for (channels, count) in [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)] {
          for _ in 0..<count {
            Convolution(channels: channels, kernel: [3, 3], padding: .same, activation: .relu)
          }
          MaxPooling([2])
        }
        Flatten()
        Dense(units: 4096, activation: .relu)
        Dense(units: 4096, activation: .relu)
        Dense(units: 1000)
      })
  }

  /// K. He et al. 2016, doi:10.1109/CVPR.2016.90, with the stride in the 3×3 convolutions.
  static var resNet50: BuiltInNetwork {
    image(
      "resnet-50", "ResNet-50: sixteen residual blocks of three convolutions, on 224×224 pictures",
      [224, 224, 3], classes: 1000, samples: 1_281_167,
      Sequential {
        Convolution(channels: 64, kernel: [7, 7], strides: [2], padding: 3, hasBias: false)
        BatchNormalization()
        Activate(.relu)
        MaxPooling([3], strides: [2], padding: [1])
        for (stage, count) in [3, 4, 6, 3].enumerated() {
          for place in 0..<count {
            bottleneck(64 << stage, strides: place == 0 && stage > 0 ? 2 : 1, projects: place == 0)
            Activate(.relu)
          }
        }
        GlobalAveragePooling()
        Dense(units: 1000)
      })
  }

  private static func bottleneck(_ width: Int, strides: Int, projects: Bool) -> Residual {
    Residual {
      Convolution(channels: width, kernel: [1, 1], hasBias: false)
      BatchNormalization()
      Activate(.relu)
      Convolution(
        channels: width, kernel: [3, 3], strides: [strides], padding: 1, hasBias: false)
      BatchNormalization()
      Activate(.relu)
      Convolution(channels: 4 * width, kernel: [1, 1], hasBias: false)
      BatchNormalization()
    } shortcut: {
      if projects {
        Convolution(channels: 4 * width, kernel: [1, 1], strides: [strides], hasBias: false)
        BatchNormalization()
      }
    }
  }

  /// S. Hochreiter, J. Schmidhuber 1997, doi:10.1162/neco.1997.9.8.1735, reading digits row by row.
  static var lstm: BuiltInNetwork {
    image(
      "lstm", "an LSTM of 128 units that reads 28 rows of 28 numbers", [28, 28], classes: 10,
      samples: 60_000,
      Sequential {
        LSTM(units: 128, recurrence: Recurrence(output: .last))
        Dense(units: 10)
      })
  }

  /// A. Radford et al., "Language models are unsupervised multitask learners", 2019: the smallest.
  static var gpt2: BuiltInNetwork {
    let (vocabulary, context) = (50_257, 1024)
    return BuiltInNetwork(
      name: "gpt-2-small",
      summary: "GPT-2 of 124 M parameters: twelve transformer blocks, 1,024 tokens",
      model: Sequential {
        Embedding(vocabulary: vocabulary, units: 768, name: "tokens")
        PositionEmbedding(longest: context)
        for _ in 0..<12 { TransformerEncoderBlock(heads: 12, isCausal: true, dropout: 0.1) }
        LayerNormalization()
        TiedOutput(to: "tokens")
      }, loss: CrossEntropy(), input: [context], target: TensorType([context], .int32),
      samples: 1_000_000)
  }

  private static func image(
    _ name: String, _ summary: String, _ input: Shape, classes: Int, samples: Int,
    _ model: Sequential
  ) -> BuiltInNetwork {
    BuiltInNetwork(
      name: name, summary: summary, model: model, loss: CrossEntropy(), input: input,
      target: TensorType(.scalar, .int32), samples: samples)
  }
}
