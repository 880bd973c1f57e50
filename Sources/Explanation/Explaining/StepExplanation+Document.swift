import Documents

extension StepExplanation {
  /// The explanation as a document.
  public func document(language: Language, style: ExplanationStyle = ExplanationStyle())
    -> Document
  {
    var builder = DocumentBuilder(self, language: language, style: style)
    builder.given()
    switch style.part {
    case .all:
      builder.forwardPass()
      builder.backwardPass()
      builder.update()
      builder.after()
      builder.matrixForm()
      builder.iterations()
      builder.featureTransformation()
      builder.proof()
    case .forward:
      builder.forwardPass()
      builder.matrixForm()
    case .backward:
      builder.backwardPass()
      builder.matrixForm()
      builder.proof()
    case .update:
      builder.update()
      builder.after()
      builder.matrixForm()
      builder.iterations()
      builder.featureTransformation()
    }
    let standard = Phrase(
      "Backpropagation, step by step", "反向传播的逐步推导")[language]
    return Document(title: title ?? standard, language: language, blocks: builder.blocks)
  }
}
