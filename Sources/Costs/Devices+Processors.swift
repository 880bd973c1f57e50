extension Devices {
  /// Central processors. Their peaks follow from cores, base clock, vectors and multiply-add units; no
  /// data sheet gives what starting a pass costs or what share of the peak is reached: those are
  /// assumed, and ``Calibration`` measures them.
  static let processors = [
    cpu(
      "epyc-9655", "AMD EPYC 9655 (Zen 5)", cores: 96, clock: 2.6e9, bits: 512, bandwidth: 614.4e9,
      "AMD EPYC 9005 series data sheet: 96 cores, 2.6 GHz, twelve channels of DDR5-6400; "
        + "Zen 5: two 512-bit FMA units"),
    cpu(
      "epyc-9654", "AMD EPYC 9654 (Zen 4)", cores: 96, clock: 2.4e9, bits: 256, bandwidth: 460.8e9,
      "AMD EPYC 9004 series data sheet: 96 cores, 2.4 GHz, 460.8 GB/s; Zen 4: two 256-bit FMA units"
    ),
    cpu(
      "epyc-7763", "AMD EPYC 7763 (Zen 3)", cores: 64, clock: 2.45e9, bits: 256, bandwidth: 204.8e9,
      "AMD EPYC 7003 series data sheet: 64 cores, 2.45 GHz, 204.8 GB/s; Zen 3: two 256-bit FMA units"
    ),
    cpu(
      "ryzen-9950x", "AMD Ryzen 9 9950X (Zen 5)", cores: 16, clock: 4.3e9, bits: 512,
      bandwidth: 89.6e9,
      "AMD product page: 16 cores, 4.3 GHz, two channels of DDR5-5600; Zen 5: two 512-bit FMA units"
    ),
    cpu(
      "ryzen-7950x", "AMD Ryzen 9 7950X (Zen 4)", cores: 16, clock: 4.5e9, bits: 256,
      bandwidth: 83.2e9,
      "AMD product page: 16 cores, 4.5 GHz, two channels of DDR5-5200; Zen 4: two 256-bit FMA units"
    ),
    cpu(
      "xeon-8480", "Intel Xeon Platinum 8480+", cores: 56, clock: 2.0e9, bits: 512,
      bandwidth: 307.2e9,
      "Intel ARK: 56 cores, 2.0 GHz, eight channels of DDR5-4800, two AVX-512 FMA units"),
    cpu(
      "xeon-8380", "Intel Xeon Platinum 8380", cores: 40, clock: 2.3e9, bits: 512,
      bandwidth: 204.8e9,
      "Intel ARK: 40 cores, 2.3 GHz, eight channels of DDR4-3200, two AVX-512 FMA units"),
    cpu(
      "graviton-3", "AWS Graviton3", cores: 64, clock: 2.6e9, bits: 256, bandwidth: 307.2e9,
      "AWS: 64 cores, 2.6 GHz, DDR5-4800; Arm Neoverse V1: two 256-bit SVE units"),
  ]

  private static func cpu(
    _ name: String, _ title: String, cores: Int, clock: Double, bits: Int, bandwidth: Double,
    _ source: String
  ) -> Device {
    processor(
      name, title, Device.Parts(cores: cores, clock: clock, vectorBits: bits, units: 2),
      bandwidth: bandwidth, source)
  }

  /// A processor by its parts, with what no data sheet gives assumed.
  static func processor(
    _ name: String, _ title: String, _ parts: Device.Parts, bandwidth: Double, _ source: String
  ) -> Device {
    var device = Device(
      name: name, title: title, kind: .cpu, parts: parts, bandwidth: bandwidth, startup: 1e-7,
      handoff: 2e-6, threads: parts.cores, efficiency: 0.8,
      halfSizes: Device.HalfSizes(m: 8, n: 4, k: 16), otherShare: 0.1, sources: [source])
    device.lanes = parts.vectorBits / 32
    return device
  }
}
