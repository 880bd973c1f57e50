import GraphIR

extension CostEstimate: CustomStringConvertible {
  /// A line a layer – parameters, floating-point operations of each part of the step, bytes, intensity,
  /// time and what bounds it – and the totals below.
  public var description: String {
    let header = [
      "layer", "kind", "parameters", "forward", "backward", "update", "MACs", "moved", "FLOP/B",
      "time",
      "bound",
    ]
    let rows = layers.map { layer in
      let flops = WorkPhase.allCases.map { QuantityText.count(Double(layer.parts[$0]?.flops ?? 0)) }
      return [
        String(repeating: "  ", count: layer.depth) + (layer.path.isEmpty ? "–" : layer.path),
        layer.title, layer.parameters.grouped,
      ] + flops + [
        QuantityText.count(Double(layer.total.multiplyAdds)),
        QuantityText.bytes(Double(layer.total.bytes) * scale),
        QuantityText.digits(layer.intensity / scale),
        QuantityText.seconds(layer.total.seconds), layer.bound.rawValue,
      ]
    }
    return alignedTable([header] + rows, numbers: [2, 3, 4, 5, 6, 7, 8, 9]) + "\n" + totals
  }

  /// Bytes of a number over Float32's four.
  var scale: Double { Double(precision.byteCount) / 4 }

  private var totals: String {
    let flops = WorkPhase.allCases.map {
      "\($0.rawValue) \(QuantityText.count(Double(work.flops($0))))"
    }
    let memory = work.memory
    func part(_ name: String, _ bytes: Int) -> String {
      "\(name) \(QuantityText.bytes(Double(bytes) * scale))"
    }
    let parts =
      device.kind == .cpu
      ? [
        part("parameters", memory.parameters), part("optimizer", memory.optimizerState),
        part("working values", memory.planned), part("batch", memory.input),
      ]
      : [
        part("parameters", memory.parameters), part("gradients", memory.gradients),
        part("optimizer", memory.optimizerState), part("activations", memory.activations),
        part("batch", memory.input),
      ]
    var lines = [
      ["network", "\(parameters.grouped) parameters"],
      ["step", "batch \(batch.grouped), \(optimizer), \(precision.rawValue)"],
      [
        "FLOPs",
        "\(QuantityText.count(Double(flops.isEmpty ? 0 : self.flops))) a step (a multiply-add counts as two): "
          + flops.joined(separator: ", "),
      ],
      ["memory", "\(QuantityText.bytes(memoryBytes)): " + parts.joined(separator: ", ")],
      [
        "device",
        "\(device.title): \(QuantityText.count(roofline.peak))FLOP/s, "
          + "\(QuantityText.bytes(roofline.bandwidth))/s, \(QuantityText.seconds(device.startup)) to start a pass",
      ],
      [
        "time",
        "\(QuantityText.seconds(stepSeconds)) a step, \(QuantityText.count(throughput)) rows/s; "
          + "\(stepsPerEpoch.grouped) steps, \(QuantityText.seconds(epochSeconds)) an epoch; "
          + "\(epochs.grouped) epochs in \(QuantityText.seconds(runSeconds))",
      ],
    ]
    if !fits, let limit = device.memory {
      lines.append([
        "warning", "the device has \(QuantityText.bytes(limit)) of memory: this batch does not fit",
      ])
    }
    return alignedTable(lines)
  }
}
