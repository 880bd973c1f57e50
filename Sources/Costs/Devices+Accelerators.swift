extension Devices {
  /// Graphics processors, without sparsity. Peaks of tensor cores are those that add in Float32.
  static let accelerators = [
    gpu(
      "t4", "NVIDIA T4", [.float32: 8.1e12, .float16: 65e12], bandwidth: 320e9, memory: 16e9,
      "NVIDIA T4 data sheet (2019)"),
    gpu(
      "v100", "NVIDIA V100 SXM2", [.float64: 7.8e12, .float32: 15.7e12, .float16: 125e12],
      bandwidth: 900e9, memory: 32e9, "NVIDIA V100 data sheet (2020)"),
    gpu(
      "a100", "NVIDIA A100 80GB SXM",
      [.float64: 19.5e12, .float32: 19.5e12, .tf32: 156e12, .bfloat16: 312e12, .float16: 312e12],
      bandwidth: 2039e9, memory: 80e9, "NVIDIA A100 data sheet (2021)"),
    gpu(
      "a100-40gb", "NVIDIA A100 40GB PCIe",
      [.float64: 19.5e12, .float32: 19.5e12, .tf32: 156e12, .bfloat16: 312e12, .float16: 312e12],
      bandwidth: 1555e9, memory: 40e9, "NVIDIA A100 data sheet (2021)"),
    gpu(
      "h100", "NVIDIA H100 SXM",
      [.float64: 67e12, .float32: 67e12, .tf32: 494.5e12, .bfloat16: 989.5e12, .float16: 989.5e12],
      bandwidth: 3350e9, memory: 80e9, "NVIDIA H100 data sheet (2023), halves of the sparse figures"
    ),
    gpu(
      "h200", "NVIDIA H200 SXM",
      [.float64: 67e12, .float32: 67e12, .tf32: 494.5e12, .bfloat16: 989.5e12, .float16: 989.5e12],
      bandwidth: 4800e9, memory: 141e9,
      "NVIDIA H200 data sheet (2024), halves of the sparse figures"),
    gpu(
      "b200", "NVIDIA B200 SXM",
      [.float64: 37e12, .float32: 75e12, .tf32: 1125e12, .bfloat16: 2250e12, .float16: 2250e12],
      bandwidth: 8000e9, memory: 180e9,
      "NVIDIA DGX B200 and HGX data sheets (2024), an eighth of the system, halves of the sparse figures"
    ),
    gpu(
      "rtx-4090", "NVIDIA GeForce RTX 4090",
      [.float32: 82.6e12, .tf32: 82.6e12, .bfloat16: 165.2e12, .float16: 165.2e12],
      bandwidth: 1008e9, memory: 24e9, "NVIDIA Ada GPU architecture white paper (2022), appendix A"),
    gpu(
      "rtx-5090", "NVIDIA GeForce RTX 5090",
      [.float32: 104.8e12, .tf32: 104.8e12, .bfloat16: 209.5e12, .float16: 209.5e12],
      bandwidth: 1792e9, memory: 32e9,
      "NVIDIA RTX Blackwell GPU architecture white paper (2025), appendix A"),
    gpu(
      "m1", "Apple M1 (GPU)", [.float32: 2.6e12], bandwidth: 68.25e9, memory: 16e9,
      "Apple's announcement of M1 (2020): 2.6 teraflops; 68.25 GB/s of LPDDR4X-4266"),
    gpu(
      "m2", "Apple M2 (GPU)", [.float32: 3.6e12], bandwidth: 100e9, memory: 24e9,
      "Apple's announcement of M2 (2022): 3.6 teraflops, 100 GB/s"),
    gpu(
      "m1-max", "Apple M1 Max (GPU)", [.float32: 10.4e12], bandwidth: 400e9, memory: 64e9,
      "Apple's announcement of M1 Max (2021): 10.4 teraflops, 400 GB/s"),
    gpu(
      "m1-ultra", "Apple M1 Ultra (GPU)", [.float32: 21e12], bandwidth: 800e9, memory: 128e9,
      "Apple's announcement of M1 Ultra (2022): 21 teraflops, 800 GB/s"),
  ]

  private static func gpu(
    _ name: String, _ title: String, _ peaks: [Device.Precision: Double], bandwidth: Double,
    memory: Double, _ source: String
  ) -> Device {
    Device(
      name: name, title: title, kind: .gpu, peaks: peaks, bandwidth: bandwidth, memory: memory,
      startup: 5e-6, efficiency: 0.7, halfSizes: Device.HalfSizes(m: 128, n: 128, k: 64),
      otherShare: 0.25, sources: [source])
  }
}
