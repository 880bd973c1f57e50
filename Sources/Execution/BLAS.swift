import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The system's matrix-product library, looked up when first needed: Accelerate on macOS, OpenBLAS
/// on Linux. Where there is none, the built-in product serves.
///
/// The environment variable `BACKPROP_BLAS` names another library, or `none` for the built-in one.
public struct BLAS: @unchecked Sendable {
  /// The library's name as it was found; nil for the built-in product.
  public let library: String?
  /// The kernels for which OpenBLAS was turned down.
  private var narrowCore: String?
  /// `cblas_sgemm` and `cblas_dgemm`.
  let sgemm: UnsafeMutableRawPointer?
  let dgemm: UnsafeMutableRawPointer?

  /// The library of this process.
  public static let shared = BLAS()

  /// One line that says which product runs, and how to have a faster one.
  public var description: String {
    if let library { return "matrix products by \(library)" }
    let builtIn = "matrix products by the built-in kernels"
    if let narrowCore {
      return "\(builtIn) (OpenBLAS has chosen its slower \(narrowCore) kernels)"
    }
    if let named = Self.named {
      return named == "none" ? builtIn : "\(builtIn) (BACKPROP_BLAS=\(named) is no BLAS)"
    }
    return "\(builtIn) (OpenBLAS was not found; "
      + "on Debian and Ubuntu: apt-get install libopenblas0-pthread)"
  }

  func gemm(_ type: bp_type) -> UnsafeMutableRawPointer? { type == BP_F32 ? sgemm : dgemm }

  /// The library that the environment asks for.
  private static var named: String? { getenv("BACKPROP_BLAS").map { String(cString: $0) } }

  private static var candidates: [String] {
    if let named { return [named] }
    #if canImport(Darwin)
      return ["/System/Library/Frameworks/Accelerate.framework/Accelerate"]
    #else
      return ["libopenblas.so.0", "libopenblas.so"]
    #endif
  }

  private init() {
    // OpenBLAS takes its AVX2 kernels on AMD processors with AVX-512 unless it is told before it is
    // loaded; and our own threads split the work, so it must not start any.
    if bp_cpu_best() == BP_CPU_AVX512 { setenv("OPENBLAS_CORETYPE", "SkylakeX", 0) }
    setenv("OPENBLAS_NUM_THREADS", "1", 1)
    for name in Self.candidates where name != "none" {
      guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
      guard let single = dlsym(handle, "cblas_sgemm"), let double = dlsym(handle, "cblas_dgemm")
      else { continue }
      if let limit = dlsym(handle, "openblas_set_num_threads") {
        unsafeBitCast(limit, to: (@convention(c) (Int32) -> Void).self)(1)
      }
      if Self.named == nil, let core = Self.narrowCore(handle) {
        narrowCore = core
        break
      }
      library = name.split(separator: "/").last.map(String.init) ?? name
      sgemm = single
      dgemm = double
      return
    }
    library = nil
    sgemm = nil
    dgemm = nil
  }

  /// The kernels that OpenBLAS has chosen, where the built-in product is faster than these: on a
  /// processor with AVX-512 any but those for it. (The environment may have asked for them.)
  private static func narrowCore(_ handle: UnsafeMutableRawPointer) -> String? {
    guard bp_cpu_current() == BP_CPU_AVX512,
      let ask = dlsym(handle, "openblas_get_corename"),
      let name = unsafeBitCast(
        ask, to: (@convention(c) () -> UnsafePointer<CChar>?).self)()
    else { return nil }
    let core = String(cString: name)
    let wide = ["skylakex", "cooperlake", "sapphirerapids"]
    return wide.contains(core.lowercased()) ? nil : core
  }
}
