import Tensors

extension SelfOrganizingMap {
  /// The weights at the start.
  func start(_ data: Matrix, _ random: inout RandomStream) -> Matrix {
    let units = rows * columns
    guard initial == .plane else {
      return data.picking((0..<units).map { _ in Int(random.next(upperBound: UInt64(data.rows))) })
    }
    let plane = PrincipalPlane(data)
    var weights = Matrix(rows: units, columns: data.columns)
    func side(_ place: Int, of count: Int) -> Double {
      count > 1 ? 4 * Double(place) / Double(count - 1) - 2 : 0
    }
    for unit in 0..<units {
      let (row, column) = unit.quotientAndRemainder(dividingBy: columns)
      let (down, right) = (side(row, of: rows), side(column, of: columns))
      let along = columns >= rows ? (right, down) : (down, right)
      let (first, second) = (along.0 * plane.deviations[0], along.1 * plane.deviations[1])
      for place in 0..<data.columns {
        weights[unit, place] =
          plane.mean[place] + first * plane.axes[0, place] + second * plane.axes[1, place]
      }
    }
    return weights
  }

  /// Each row in turn moves the weights.
  ///
  /// Wide rows are moved to have mean 0, and the weights with them: products lose no digits to a mean
  /// that is larger than the differences.
  func learnOnline(
    _ data: Matrix, _ weights: inout Matrix, _ random: inout RandomStream,
    _ facts: inout ClassicFacts, _ observe: (ClassicProgress) -> Void
  ) {
    guard data.columns >= OnlineBlock.leastColumns else {
      return learn(data, &weights, &random, &facts, observe)
    }
    let mean = data.columnMeans
    weights.add(mean, times: -1)
    var centered = data
    centered.add(mean, times: -1)
    learn(centered, &weights, &random, &facts, observe)
    weights.add(mean, times: 1)
  }

  private func learn(
    _ data: Matrix, _ weights: inout Matrix, _ random: inout RandomStream,
    _ facts: inout ClassicFacts, _ observe: (ClassicProgress) -> Void
  ) {
    let total = epochs * data.rows
    let places = places
    var compiled: [Int: OnlineBlock.Products] = [:]
    func products(_ rows: Int) -> OnlineBlock.Products {
      if let known = compiled[rows] { return known }
      let made = OnlineBlock.Products(units: weights.rows, columns: data.columns, rows: rows)
      compiled[rows] = made
      return made
    }
    for epoch in 0..<epochs {
      let order = shuffles ? random.permutation(data.rows) : Array(0..<data.rows)
      var sum = 0.0
      func shares(_ place: Int, _ best: Int) -> [Double] {
        let step = epoch * data.rows + place
        return self.shares(
          about: best, radius: radius(at: step, of: total), rate: rate(at: step, of: total), places)
      }
      if data.columns < OnlineBlock.leastColumns {
        for (place, row) in order.enumerated() {
          let best = weights.nearest(to: row, of: data)
          weights.move(by: shares(place, best.unit), towards: row, of: data)
          sum += best.squared.squareRoot()
        }
      } else {
        for start in stride(from: 0, to: data.rows, by: OnlineBlock.rows) {
          let end = min(start + OnlineBlock.rows, data.rows)
          var block = OnlineBlock(
            weights, data.picking(Array(order[start..<end])), products(end - start))
          for place in start..<end {
            let best = block.nearest(to: place - start)
            block.move(by: shares(place, best.unit), towards: place - start)
            sum += best.squared.squareRoot()
          }
          weights = block.moved
        }
      }
      record(sum / Double(data.rows), epoch + 1, &facts, observe)
    }
  }

  /// All rows together move the weights, once an epoch.
  func learnInBatches(
    _ data: Matrix, _ weights: inout Matrix, _ facts: inout ClassicFacts,
    _ observe: (ClassicProgress) -> Void
  ) {
    let units = rows * columns
    let places = places
    let search = NearestSearch(data)
    for epoch in 0..<epochs {
      let radius = radius(at: epoch, of: epochs)
      let rate = rate(at: epoch, of: epochs)
      let nearest = search.nearest(to: weights)
      // Rows of one best matching unit have the same shares: their sum stands for all of them.
      let (sums, counts) = data.sums(by: nearest.first, count: units)
      let used = counts.indices.filter { counts[$0] > 0 }
      var shares = Matrix(rows: used.count, columns: units)
      for (place, unit) in used.enumerated() {
        shares[row: place] = self.shares(about: unit, radius: radius, places)[...]
      }
      let totals = shares.times(sums.picking(used), transposed: true)
      let weight = shares.transposed.times(used.map { counts[$0] })
      for unit in 0..<units where weight[unit] > 0 {
        for column in 0..<data.columns {
          let mean = totals[unit, column] / weight[unit]
          weights[unit, column] = (1 - rate) * weights[unit, column] + rate * mean
        }
      }
      let sum = nearest.firstSquared.reduce(0) { $0 + $1.squareRoot() }
      record(sum / Double(data.rows), epoch + 1, &facts, observe)
    }
  }

  private func record(
    _ error: Double, _ epoch: Int, _ facts: inout ClassicFacts,
    _ observe: (ClassicProgress) -> Void
  ) {
    facts.record("quantization error", error)
    observe(ClassicProgress(epoch: epoch, [ClassicFigure("quantization error", error)]))
  }
}

extension Matrix {
  /// The sum of the rows of each group, and how many they are.
  fileprivate func sums(by groups: [Int], count: Int) -> (Matrix, [Double]) {
    var sums = Matrix(rows: count, columns: columns)
    var counts = [Double](repeating: 0, count: count)
    values.withUnsafeBufferPointer { values in
      sums.values.withUnsafeMutableBufferPointer { sums in
        for (row, group) in groups.enumerated() {
          counts[group] += 1
          for column in 0..<columns {
            sums[group * columns + column] += values[row * columns + column]
          }
        }
      }
    }
    return (sums, counts)
  }

  /// The row nearest to one of the data, the first of several, and its squared distance.
  fileprivate func nearest(to row: Int, of data: Matrix) -> (unit: Int, squared: Double) {
    var best = (unit: 0, squared: Double.infinity)
    for unit in 0..<rows {
      let squared = squaredDistance(unit, data, row)
      if squared < best.squared { best = (unit, squared) }
    }
    return best
  }

  /// Moves each row w towards a row x of the data by a share: w ← w + s (x − w).
  fileprivate mutating func move(by shares: [Double], towards row: Int, of data: Matrix) {
    let start = row * columns
    values.withUnsafeMutableBufferPointer { weights in
      data.values.withUnsafeBufferPointer { data in
        for (unit, share) in shares.enumerated() where share != 0 {
          let own = unit * columns
          for column in 0..<columns {
            weights[own + column] += share * (data[start + column] - weights[own + column])
          }
        }
      }
    }
  }
}
