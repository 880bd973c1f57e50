import Backprop

extension CostEstimate {
  /// The estimate for programs.
  func json(price: Double?, name: String) -> JSON {
    let memory = work.memory
    func part(_ part: LayerCost.Part) -> JSON {
      .object([
        ("flops", .integer(part.flops)), ("multiplyAdds", .integer(part.multiplyAdds)),
        ("bytes", .number(Double(part.bytes) * Double(precision.byteCount) / 4)),
        ("seconds", .number(part.seconds)),
      ])
    }
    var members: [(String, JSON)] = [
      ("event", "estimate"), ("network", .string(name)), ("device", .string(device.name)),
      ("precision", .string(precision.rawValue)), ("batch", .integer(batch)),
      ("samples", .integer(samples)),
      ("epochs", .integer(epochs)), ("optimizer", .string(optimizer)),
      ("parameters", .integer(parameters)),
      ("flops", .integer(flops)), ("stepSeconds", .number(stepSeconds)),
      ("epochSeconds", .number(epochSeconds)), ("runSeconds", .number(runSeconds)),
      ("memoryBytes", .number(memoryBytes)), ("fits", .bool(fits)),
      (
        "memory",
        .object([
          ("parameters", .integer(memory.parameters)), ("gradients", .integer(memory.gradients)),
          ("optimizerState", .integer(memory.optimizerState)),
          ("activations", .integer(memory.activations)),
          ("input", .integer(memory.input)), ("planned", .integer(memory.planned)),
        ])
      ),
      (
        "layers",
        .array(
          layers.map { layer in
            .object(
              [
                ("path", .string(layer.path)), ("kind", .string(layer.title)),
                ("depth", .integer(layer.depth)),
                ("parameters", .integer(layer.parameters)),
                ("bound", .string(layer.bound.rawValue)),
              ]
                + WorkPhase.allCases.map {
                  ($0.rawValue, part(layer.parts[$0] ?? LayerCost.Part()))
                })
          })
      ),
    ]
    if let price { members.append(("cost", .number(price * runSeconds / 3600))) }
    return .object(members)
  }
}

extension StepMeasurement {
  func json(name: String) -> JSON {
    func members(_ part: Part) -> JSON {
      .object([
        ("title", .string(part.title)), ("estimatedSeconds", .number(part.estimated)),
        ("measuredSeconds", .number(part.measured)),
      ])
    }
    return .object([
      ("event", "measurement"), ("network", .string(name)),
      ("device", .string(estimate.device.name)), ("batch", .integer(estimate.batch)),
      ("estimatedSeconds", .number(estimate.stepSeconds)), ("measuredSeconds", .number(seconds)),
      ("error", .number(error)), ("kinds", .array(kinds.map(members))),
      ("passes", .array(passes.map(members))),
    ])
  }
}

extension BatchSweep {
  var json: JSON {
    .object([
      ("event", "sweep"), ("device", .string(device.name)), ("knee", .integer(knee?.batch)),
      (
        "points",
        .array(
          points.map { point in
            .object([
              ("batch", .integer(point.batch)), ("stepSeconds", .number(point.stepSeconds)),
              ("rowsPerSecond", .number(point.throughput)),
              ("memoryBytes", .number(point.memoryBytes)),
              ("fits", .bool(point.fits)),
            ])
          })
      ),
    ])
  }
}

extension DataParallel {
  var json: JSON {
    .object([
      ("event", "workers"), ("limit", .integer(limit?.workers)),
      (
        "points",
        .array(
          points.map { point in
            .object([
              ("workers", .integer(point.workers)), ("batch", .integer(point.batch)),
              ("computeSeconds", .number(point.computeSeconds)),
              ("communicationSeconds", .number(point.communicationSeconds)),
              ("stepSeconds", .number(point.stepSeconds)), ("speedup", .number(point.speedup)),
            ])
          })
      ),
    ])
  }
}
