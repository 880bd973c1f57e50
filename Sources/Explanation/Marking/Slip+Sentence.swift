import Documents
import Formulas

extension Slip {
  /// The slip in a sentence, without a full stop.
  public func sentence(_ language: Language) -> RichText {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }

  private var english: RichText {
    switch self {
    case .sign: "the sign is reversed"
    case .termSign(let a): "the sign of the term \(a) is reversed"
    case .factorForgotten(let a): "the factor \(a) is forgotten"
    case .factorTwice(let a): "the factor \(a) is taken twice"
    case .divisorForgotten(let a): "the division by \(a) is forgotten"
    case .divisorTwice(let a): "it is divided by \(a) twice"
    case .doubled: "it is twice the right number"
    case .halved: "it is half of the right number"
    case .termForgotten(let a): "the term \(a) is forgotten"
    case .powerForgotten(let a): "the exponent of \(a) is forgotten"
    case .replaced(let a, let b): "\(b) stands where \(a) belongs"
    case .exchanged(let a, let b): "\(a) and \(b) are exchanged"
    case .weightsTransposed:
      "the rows and columns of the weight matrix are exchanged"
    case .activationForgotten(let a): "the activation function is left out: this is \(a)"
    case .activationTwice(let a): "the activation function is applied twice to \(a)"
    case .otherQuantity(let a): "this is the value of \(a)"
    case .examplesForgotten(let m): "the division by the number of examples, \(m), is forgotten"
    case .examplesTwice(let m): "it is divided by the number of examples, \(m), once too often"
    case .sequentialUpdate:
      "the new weights of a later layer are used in the gradient,"
        + " where the old ones belong"
    case .method(let text, _): "\(text)"
    case .roundedToDigits(let k):
      "the numbers before it are rounded to \(k) significant \(k == 1 ? "digit" : "digits")"
    case .roundedToDecimals(let k):
      "the numbers before it are rounded to \(k) \(k == 1 ? "decimal" : "decimals")"
    case .inside(let a, let slip): "in \(a), \(slip.english)"
    case .digitsExchanged(let right): "two digits are exchanged: it should read \(right)"
    case .decimalPoint(let places):
      "the decimal point is \(abs(places)) \(abs(places) == 1 ? "place" : "places") too far"
        + " to the \(places > 0 ? "right" : "left")"
    }
  }

  private var chinese: RichText {
    switch self {
    case .sign: "正负号弄反了"
    case .termSign(let a): "\(a) 这一项的正负号弄反了"
    case .factorForgotten(let a): "漏乘了因子 \(a)"
    case .factorTwice(let a): "因子 \(a) 乘了两次"
    case .divisorForgotten(let a): "没有除以 \(a)"
    case .divisorTwice(let a): "多除了一次 \(a)"
    case .doubled: "结果是正确值的两倍"
    case .halved: "结果是正确值的一半"
    case .termForgotten(let a): "漏掉了 \(a) 这一项"
    case .powerForgotten(let a): "漏掉了 \(a) 的指数"
    case .replaced(let a, let b): "该用 \(a) 的地方误用了 \(b)"
    case .exchanged(let a, let b): "\(a) 与 \(b) 互换了位置"
    case .weightsTransposed: "权重矩阵的行与列用反了"
    case .activationForgotten(let a): "漏用了激活函数：这是 \(a) 的值"
    case .activationTwice(let a): "对 \(a) 用了两次激活函数"
    case .otherQuantity(let a): "这是 \(a) 的值"
    case .examplesForgotten(let m): "没有除以样本数 \(m)"
    case .examplesTwice(let m): "多除了一次样本数 \(m)"
    case .sequentialUpdate: "计算梯度时用了后一层更新后的权重；所有梯度都应由更新前的权重算出"
    case .method(_, let text): "\(text)"
    case .roundedToDigits(let k): "前面的数值只保留了 \(k) 位有效数字"
    case .roundedToDecimals(let k): "前面的数值只保留了 \(k) 位小数"
    case .inside(let a, let slip): "计算 \(a) 时，\(slip.chinese)"
    case .digitsExchanged(let right): "有两位数字写颠倒了，应为 \(right)"
    case .decimalPoint(let places): "小数点\(places > 0 ? "右" : "左")移了 \(abs(places)) 位"
    }
  }
}
