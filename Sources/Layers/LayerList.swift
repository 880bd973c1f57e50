/// The kinds of layers that this library knows.
public enum Layers {
  /// Every kind, one line each.
  public static let all: [any Layer.Type] = [
    Activate.self,
    Dense.self,
    Dropout.self,
    Elman.self,
    Flatten.self,
    GRU.self,
    Jordan.self,
    LSTM.self,
    Residual.self,
    Sequential.self,
  ]
}
