/// A language that documents are written in.
public enum Language: String, Hashable, Sendable, CaseIterable {
  case english = "en"
  case chinese = "zh"
}

/// A piece of text in every language, side by side, so that none can be missing.
///
/// ```swift
/// let title = Phrase("Forward pass", "前向传播")
/// print(title[.chinese])      // 前向传播
/// ```
public struct Phrase: Hashable, Sendable {
  public let english: String
  public let chinese: String

  public init(_ english: String, _ chinese: String) {
    self.english = english
    self.chinese = chinese
  }

  /// The text in one language.
  public subscript(language: Language) -> String {
    switch language {
    case .english: english
    case .chinese: chinese
    }
  }
}
