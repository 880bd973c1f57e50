import CKernels

/// The processor that this program runs on, as its kernels use it.
public enum Processor {
  /// Bits of the vectors that the kernels compute in: those that the processor has, or fewer where
  /// the environment's BACKPROP_CPU asks for that.
  public static var vectorBits: Int {
    switch bp_cpu_current() {
    case BP_CPU_AVX512: 512
    case BP_CPU_AVX2: 256
    default: 128
    }
  }
}
