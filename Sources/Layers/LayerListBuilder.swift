/// Collects layers from the lines of a closure, with `if`, `switch` and `for`.
@resultBuilder
public enum LayerListBuilder {
  public static func buildExpression(_ layer: some Layer) -> [LayerBox] { [LayerBox(layer)] }
  public static func buildExpression(_ layer: any Layer) -> [LayerBox] { [LayerBox(layer)] }
  public static func buildExpression(_ layers: [any Layer]) -> [LayerBox] {
    layers.map { LayerBox($0) }
  }
  public static func buildBlock(_ parts: [LayerBox]...) -> [LayerBox] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [LayerBox]?) -> [LayerBox] { part ?? [] }
  public static func buildEither(first part: [LayerBox]) -> [LayerBox] { part }
  public static func buildEither(second part: [LayerBox]) -> [LayerBox] { part }
  public static func buildArray(_ parts: [[LayerBox]]) -> [LayerBox] { parts.flatMap { $0 } }
  public static func buildLimitedAvailability(_ part: [LayerBox]) -> [LayerBox] { part }
}
