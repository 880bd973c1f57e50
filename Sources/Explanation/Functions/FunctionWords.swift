import Documents
import Layers

/// What a page calls a function, and the one sentence that no evaluation can tell: what it is for.
struct FunctionWords: Sendable {
  let name: Phrase
  let use: Phrase?

  init(_ name: Phrase, use: Phrase? = nil) {
    self.name = name
    self.use = use
  }

  init(_ activation: Activation) {
    self =
      Self.activations[activation] ?? Self.youngerActivations[activation]
      ?? Self(Phrase(activation.rawValue, activation.rawValue))
  }

  init(_ loss: any Loss) {
    let kind = type(of: loss).kind
    self = Self.losses[kind] ?? Self.youngerLosses[kind] ?? Self(Phrase(kind, kind))
  }

  private static let activations: [Activation: FunctionWords] = [
    .linear: .init(
      Phrase("Linear activation (identity)", "线性激活函数（恒等函数）"),
      use: Phrase(
        "For the outputs of a regression, which may be any number.",
        "用于回归问题的输出层，其输出可以是任意实数。")),
    .sigmoid: .init(
      Phrase("Sigmoid (logistic function)", "Sigmoid 函数（逻辑斯谛函数）"),
      use: Phrase(
        "For an output that is a probability, for the gates of recurrent networks, and for the "
          + "hidden layers of the classic texts.",
        "用于表示概率的输出、循环网络中的门控单元，以及经典教材中的隐藏层。")),
    .tanh: .init(
      Phrase("Hyperbolic tangent (tanh)", "双曲正切函数（tanh）"),
      use: Phrase(
        "For hidden layers whose activations should center on zero, and for recurrent networks.",
        "用于激活值宜以零为中心的隐藏层，以及循环网络。")),
    .relu: .init(
      Phrase("Rectified linear unit (ReLU)", "修正线性单元（ReLU）"),
      use: Phrase(
        "The usual choice for the hidden layers of deep networks.",
        "深层网络隐藏层的常用选择。")),
    .leakyReLU: .init(
      Phrase("Leaky rectified linear unit (leaky ReLU)", "带泄漏的修正线性单元（Leaky ReLU）"),
      use: Phrase(
        "For hidden layers in which plain ReLU units would stop learning.",
        "用于隐藏层，以避免普通 ReLU 单元停止学习（“死亡”）的问题。")),
    .elu: .init(
      Phrase("Exponential linear unit (ELU)", "指数线性单元（ELU）"),
      use: Phrase(
        "For hidden layers, where it keeps the mean activation nearer to zero than ReLU does.",
        "用于隐藏层，使平均激活值比 ReLU 更接近零。")),
    .gelu: .init(
      Phrase("Gaussian error linear unit (GELU)", "高斯误差线性单元（GELU）"),
      use: Phrase("For the hidden layers of transformers.", "用于 Transformer 的隐藏层。")),
    .silu: .init(
      Phrase("Sigmoid linear unit (SiLU, swish)", "Sigmoid 线性单元（SiLU，Swish）"),
      use: Phrase(
        "For the hidden layers of deep networks, as a smooth relative of ReLU.",
        "用于深层网络的隐藏层，是 ReLU 的一种平滑变体。")),
    .softplus: .init(
      Phrase("Softplus", "Softplus 函数"),
      use: Phrase(
        "For outputs that must be positive, such as a variance, and as a smooth ReLU.",
        "用于必须为正的输出（例如方差），也可作为平滑的 ReLU。")),
    .softsign: .init(
      Phrase("Softsign", "Softsign 函数"),
      use: Phrase(
        "For hidden layers, in place of the hyperbolic tangent; it saturates more slowly.",
        "用于隐藏层，代替双曲正切函数，其饱和更慢。")),
    .step: .init(
      Phrase("Step function", "阶跃函数"),
      use: Phrase(
        "For the perceptron and its own learning rule; backpropagation cannot train through it.",
        "用于感知机及其学习规则；其导数处处为零，不能用反向传播训练。")),
    .softmax: .init(
      Phrase("Softmax", "Softmax 函数"),
      use: Phrase(
        "For the output layer of a classification into several classes that exclude one another.",
        "用于类别互斥的多分类问题的输出层。")),
  ]

  private static let losses: [String: FunctionWords] = [
    HalfSquaredError.kind: .init(
      Phrase("Half squared error", "平方误差的一半"),
      use: Phrase(
        "The error of hand derivations, where the factor 1/2 cancels the 2 of the derivative.",
        "手算推导中常用的误差，其中的系数 1/2 与求导产生的 2 相消。")),
    MeanSquaredError.kind: .init(
      Phrase("Mean squared error", "均方误差"),
      use: Phrase("The usual loss of a regression.", "回归问题的常用损失函数。")),
    MeanAbsoluteError.kind: .init(
      Phrase("Mean absolute error", "平均绝对误差"),
      use: Phrase(
        "For a regression in which outliers should count less than with squared errors.",
        "用于需要减小离群点影响的回归问题。")),
    Huber.kind: .init(
      Phrase("Huber loss", "Huber 损失"),
      use: Phrase(
        "For a regression with outliers: quadratic for small errors, linear for large ones.",
        "用于含离群点的回归问题：误差较小时为二次函数，误差较大时为线性函数。")),
    Hinge.kind: .init(
      Phrase("Hinge loss", "合页损失"),
      use: Phrase(
        "For a classification into two classes by the sign of the output, as support-vector "
          + "machines do.",
        "用于按输出的正负号判别类别的二分类问题，如支持向量机。")),
    BinaryCrossEntropy.kind: .init(
      Phrase("Binary cross-entropy", "二元交叉熵"),
      use: Phrase(
        "For yes-or-no questions, one output for each.",
        "用于二分类（是非判断）问题，每个判断对应一个输出。")),
    CrossEntropy.kind: .init(
      Phrase("Cross-entropy", "交叉熵"),
      use: Phrase(
        "For a classification into several classes that exclude one another.",
        "用于类别互斥的多分类问题。")),
  ]
}
