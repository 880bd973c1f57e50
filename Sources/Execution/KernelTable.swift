import CKernels
import GraphIR
import Tensors

/// The fast loop for an element-wise operation.
struct MapChoice: Sendable {
  let code: bp_map_code
  /// The operation's inputs that the loop reads, in its order.
  let operands: [Int]
  /// The loop's parameter, where it has one: a slope, a constant factor.
  let parameter: Double

  init(_ code: bp_map_code, _ operands: [Int], _ parameter: Double = 0) {
    self.code = code
    self.operands = operands
    self.parameter = parameter
  }
}

/// How an operation runs fast: into how many tasks its work is cut, how much scratch memory each
/// thread needs, and how to write its arguments down once all addresses are known.
struct KernelLaunch: Sendable {
  /// The addresses that a kernel works on.
  struct Memory {
    let inputs: [UnsafeMutableRawPointer]
    let output: UnsafeMutableRawPointer
    /// The element-wise work to do on each finished tile, for kernels that can.
    let epilogue: UnsafePointer<bp_fused>?
    /// Whether the result stays in the thread's scratch, for the epilogue alone; `output` then
    /// means nothing.
    var keepsResult = false
    /// Where ``KernelLaunch/packing`` leaves what it prepares.
    var packed: UnsafeMutableRawPointer? = nil
  }

  /// What a kernel has done once before it runs many times: an operand brought into its order.
  struct Packing {
    let bytes: Int
    /// A function that is given the kernel's own arguments.
    let function: bp_task_function
    let tasks: Int
  }

  /// What is left to do when all tasks are done, by a function that is given the kernel's own arguments.
  struct Finish {
    let function: bp_task_function
    let tasks: Int
  }

  /// A C function and where its arguments lie.
  struct Call {
    let function: bp_task_function
    let arguments: UnsafeRawPointer
  }

  let tasks: Int
  var scratch = 0
  /// Bytes of scratch for a result that only the epilogue reads, and that therefore need not go to
  /// memory; nil for kernels that cannot, or had better not, keep it.
  var keptScratch: Int? = nil
  /// Whether the result may be written where the first input lies.
  var mayOverwrite = false
  var packing: Packing? = nil
  var finish: Finish? = nil
  /// The same in so many tasks, each of which does a part of the result's rows (its first axis) and reads
  /// the same part alone of the first input; nil for kernels that cannot. Where there is a ``finish``, it
  /// is that which is cut so. The number divides that of the rows.
  var byRows: (@Sendable (_ tasks: Int) -> KernelLaunch?)? = nil
  let bind: @Sendable (ArgumentStore, Memory) -> Call
}

/// Which operations have fast kernels: one entry each. An operation without one runs its plain
/// evaluation.
package enum KernelTable {
  typealias MapRule = @Sendable (any Operation, [Double?]) -> MapChoice?
  typealias Rule = @Sendable (any Operation, [TensorType], TensorType) -> KernelLaunch?

  private static let mapRules: [ObjectIdentifier: MapRule] = Dictionary(
    uniqueKeysWithValues: maps)
  private static let rules: [ObjectIdentifier: Rule] = Dictionary(
    uniqueKeysWithValues: convolutions + reductions + movements + poolings + standardizing + scans
      + [matrixProduct, arrangedMatrixProduct])

  /// The operations whose kernels take an epilogue.
  private static let withEpilogue: Set<ObjectIdentifier> = [
    ObjectIdentifier(ArrangedMatrixProduct.self), ObjectIdentifier(MatrixProduct.self),
    ObjectIdentifier(Convolve.self), ObjectIdentifier(ConvolveInputGradient.self),
    ObjectIdentifier(ConvolveWeightGradient.self), ObjectIdentifier(PooledConvolutionGradient.self),
    ObjectIdentifier(MaxPool.self), ObjectIdentifier(MaxPoolSelection.self),
    ObjectIdentifier(MaxPoolGradient.self), ObjectIdentifier(AveragePool.self),
    ObjectIdentifier(AveragePoolGradient.self), ObjectIdentifier(Resize.self),
    ObjectIdentifier(ResizeGradient.self),
  ]

  /// The element-wise loop for an operation on elements of a type.
  ///
  /// - Parameter constants: For each input, its value where it is one constant number; empty when
  ///   it does not matter.
  static func map(_ operation: any Operation, _ type: ScalarType, constants: [Double?])
    -> MapChoice?
  {
    let inputs = constants.isEmpty ? [nil, nil, nil] : constants
    guard let choice = mapRules[ObjectIdentifier(Swift.type(of: operation))]?(operation, inputs),
      bp_map_lookup(choice.code, type.kernelType) != nil
    else { return nil }
    return choice
  }

  /// The kernel for an operation that is not element-wise.
  static func kernel(_ operation: any Operation, inputs: [TensorType], output: TensorType)
    -> KernelLaunch?
  {
    rules[ObjectIdentifier(Swift.type(of: operation))]?(operation, inputs, output)
  }

  /// Whether an operation's kernel does element-wise work on its result while that is in the cache.
  static func takesEpilogue(_ operation: any Operation) -> Bool {
    withEpilogue.contains(ObjectIdentifier(Swift.type(of: operation)))
  }

  /// Whether an operation has an entry of either kind.
  package static func hasKernel(_ type: any Operation.Type) -> Bool {
    mapRules[ObjectIdentifier(type)] != nil || rules[ObjectIdentifier(type)] != nil
  }

  // MARK: Writing entries

  static func map<O: Operation>(_: O.Type, _ code: bp_map_code, inputs: Int = 1)
    -> (ObjectIdentifier, MapRule)
  {
    (ObjectIdentifier(O.self), { _, _ in MapChoice(code, Array(0..<inputs)) })
  }

  static func map<O: Operation>(
    _: O.Type, _ choice: @escaping @Sendable (O, [Double?]) -> MapChoice?
  ) -> (ObjectIdentifier, MapRule) {
    (
      ObjectIdentifier(O.self),
      { operation, constants in (operation as? O).flatMap { choice($0, constants) } }
    )
  }

  static func kernel<O: Operation>(
    _: O.Type, _ launch: @escaping @Sendable (O, [TensorType], TensorType) -> KernelLaunch?
  ) -> (ObjectIdentifier, Rule) {
    (
      ObjectIdentifier(O.self),
      { operation, inputs, output in (operation as? O).flatMap { launch($0, inputs, output) } }
    )
  }
}

extension ScalarType {
  /// The type's name in the kernels.
  var kernelType: bp_type {
    switch self {
    case .float32: BP_F32
    case .float64: BP_F64
    case .int32: BP_I32
    }
  }
}
