import Documents
import Layers

/// The words of the younger activations and of the less common losses.
extension FunctionWords {
  static let youngerActivations: [Activation: FunctionWords] = [
    .relu6: .init(
      Phrase("Rectified linear unit up to 6 (ReLU6)", "上限为 6 的修正线性单元（ReLU6）"),
      use: Phrase(
        "For small networks on phones, whose numbers have few bits.",
        "用于移动端的小型网络，便于低精度计算。")),
    .celu: .init(
      Phrase("Continuously differentiable exponential linear unit (CELU)", "连续可微指数线性单元（CELU）"),
      use: Phrase(
        "For hidden layers; like ELU, and smooth for every constant.",
        "用于隐藏层，与 ELU 类似，且对任意常数都光滑。")),
    .selu: .init(
      Phrase("Scaled exponential linear unit (SELU)", "缩放指数线性单元（SELU）"),
      use: Phrase(
        "For deep networks of dense layers, whose activations it keeps near mean 0 and variance 1.",
        "用于由全连接层组成的深层网络，使激活值保持均值约为 0、方差约为 1。")),
    .geluTanh: .init(
      Phrase("Gaussian error linear unit, by tanh", "高斯误差线性单元（tanh 近似）"),
      use: Phrase(
        "For networks that were trained with this approximation of GELU.",
        "用于以 GELU 的这一近似形式训练的网络。")),
    .mish: .init(
      Phrase("Mish", "Mish 函数"),
      use: Phrase(
        "For the hidden layers of networks that see images, as a smooth relative of ReLU.",
        "用于图像网络的隐藏层，是 ReLU 的一种平滑变体。")),
    .hardSigmoid: .init(
      Phrase("Hard sigmoid", "硬 Sigmoid 函数"),
      use: Phrase(
        "For gates, where the exponential of the sigmoid would take too long.",
        "用于门控单元，以避免计算 Sigmoid 中的指数。")),
    .hardTanh: .init(
      Phrase("Hard hyperbolic tangent", "硬双曲正切函数"),
      use: Phrase(
        "For hidden layers and recurrent networks, in place of tanh, where that takes too long.",
        "用于隐藏层和循环网络，计算比双曲正切更快。")),
    .hardSwish: .init(
      Phrase("Hard swish", "硬 Swish 函数"),
      use: Phrase(
        "For small networks on phones, in place of SiLU.", "用于移动端的小型网络，代替 SiLU。")),
    .logSigmoid: .init(
      Phrase("Logarithm of the sigmoid", "对数 Sigmoid 函数"),
      use: Phrase(
        "For losses that need the logarithm of a probability.", "用于需要概率对数的损失函数。")),
    .tanhShrink: .init(
      Phrase("Tanh shrinkage", "双曲正切收缩函数"),
      use: Phrase(
        "For codes in which small activations shall vanish.", "用于需使较小激活值趋于零的编码。")),
    .softShrink: .init(
      Phrase("Soft shrinkage", "软收缩函数"),
      use: Phrase(
        "For sparse codes: it is the step of the lasso's iterations.",
        "用于稀疏编码，即套索（lasso）迭代中的收缩步骤。")),
    .hardShrink: .init(
      Phrase("Hard shrinkage", "硬收缩函数"),
      use: Phrase(
        "For sparse codes whose large numbers shall stay as they are.",
        "用于稀疏编码，较大的值保持不变。")),
    .logSoftmax: .init(
      Phrase("Logarithm of the softmax", "对数 Softmax 函数"),
      use: Phrase(
        "For the output layer before the negative log-likelihood.", "用于负对数似然损失之前的输出层。")),
  ]

  static let youngerLosses: [String: FunctionWords] = [
    BernoulliNLL.kind: .init(
      Phrase("Negative log-likelihood of yes and no", "伯努利负对数似然"),
      use: Phrase(
        "For outputs that are probabilities already, as after a sigmoid.",
        "用于输出已是概率（例如经过 Sigmoid）的情形。")),
    CosineEmbedding.kind: .init(
      Phrase("Cosine embedding loss", "余弦嵌入损失"),
      use: Phrase("For learning which pairs are alike.", "用于学习成对样本是否相似。")),
    CTC.kind: .init(
      Phrase("Connectionist temporal classification", "联结时序分类损失（CTC）"),
      use: Phrase(
        "For labeling sequences that are not aligned with their labels, such as speech.",
        "用于标注与标签未对齐的序列，例如语音。")),
    FocalLoss.kind: .init(
      Phrase("Focal loss", "焦点损失"),
      use: Phrase(
        "For classes of very different frequency.", "用于各类别样本数相差悬殊的分类问题。")),
    GaussianNLL.kind: .init(
      Phrase("Gaussian negative log-likelihood", "高斯负对数似然"),
      use: Phrase(
        "For a regression whose outputs say how sure they are.", "用于同时给出不确定度的回归问题。")),
    HingeEmbedding.kind: .init(
      Phrase("Hinge embedding loss", "合页嵌入损失"),
      use: Phrase(
        "For distances of pairs that belong together or do not.", "用于成对样本之间的距离。")),
    KullbackLeibler.kind: .init(
      Phrase("Kullback–Leibler divergence", "KL 散度"),
      use: Phrase(
        "For targets that are distributions, such as those of another network.",
        "用于目标为概率分布（例如另一网络的输出）的情形。")),
    LogCosh.kind: .init(
      Phrase("Logarithm of the hyperbolic cosine", "对数双曲余弦损失"),
      use: Phrase(
        "For a regression with outliers; smooth everywhere.", "用于含离群点的回归问题，处处光滑。")),
    MarginRanking.kind: .init(
      Phrase("Margin ranking loss", "间隔排序损失"),
      use: Phrase("For learning an order from pairs.", "用于由成对样本学习排序。")),
    MultiLabelMargin.kind: .init(
      Phrase("Multi-label margin loss", "多标签间隔损失"),
      use: Phrase(
        "For examples that may have any number of labels.", "用于每个样本可有多个标签的情形。")),
    MultiMargin.kind: .init(
      Phrase("Multi-class margin loss", "多分类间隔损失"),
      use: Phrase(
        "For a classification by the largest score, as support-vector machines do.",
        "用于按最大得分判别类别的多分类问题，如支持向量机。")),
    NegativeLogLikelihood.kind: .init(
      Phrase("Negative log-likelihood", "负对数似然"),
      use: Phrase(
        "For a classification whose outputs are log-probabilities.", "用于输出为对数概率的分类问题。")),
    Poisson.kind: .init(
      Phrase("Poisson negative log-likelihood", "泊松负对数似然"),
      use: Phrase("For a regression of counts.", "用于计数数据的回归问题。")),
    SmoothL1.kind: .init(
      Phrase("Smooth L1 loss", "平滑 L1 损失"),
      use: Phrase(
        "For a regression with outliers, such as the corners of boxes.",
        "用于含离群点的回归问题，例如目标框的回归。")),
    SoftMargin.kind: .init(
      Phrase("Soft margin loss", "软间隔损失"),
      use: Phrase(
        "For a classification into two classes by the sign of the output.",
        "用于按输出的正负号判别类别的二分类问题。")),
    Triplet.kind: .init(
      Phrase("Triplet loss", "三元组损失"),
      use: Phrase(
        "For embeddings in which like lies near to like, such as of faces.",
        "用于使同类样本彼此靠近的嵌入学习，例如人脸识别。")),
  ]
}
