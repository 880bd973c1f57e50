import Foundation
import GraphIR
import Training

/// The devices that estimates can be made for.
public enum Devices {
  /// All that come with the program: a new one is an entry in one of the two lists.
  public static let all = processors + accelerators

  /// The device that a person asks for by name.
  ///
  /// - Parameters:
  ///   - name: Capitals, spaces, hyphens and underscores do not matter.
  ///   - more: Devices of one's own, which come first.
  /// - Throws: ``CostError/device(_:nearest:known:)`` with the nearest name.
  public static func named(_ name: String, among more: [Device] = []) throws -> Device {
    func plain(_ name: String) -> String { name.lowercased().filter { !" -_".contains($0) } }
    let known = more + all
    if let device = known.first(where: { plain($0.name) == plain(name) }) { return device }
    let names = known.map(\.name)
    throw CostError.device(
      String(name.prefix(40)), nearest: nearest(name.lowercased(), in: names), known: names)
  }

  /// The devices of a file: a JSON array of their figures, as `backprop estimate --list-devices
  /// --json` prints them.
  ///
  /// - Throws: ``CostError/file(_:)`` that says where and what was expected.
  public static func contents(of path: String) throws -> [Device] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw CostError.file("\(path): \(error.localizedDescription)")
    }
    let devices: [Device]
    do {
      devices = try JSONDecoder().decode([Device].self, from: data)
    } catch let error as DecodingError {
      throw CostError.file("\(path): \(error.words); expected a JSON array of devices")
    }
    for (place, device) in devices.enumerated() {
      if let problem = device.problem {
        throw CostError.file("\(path): device \(place + 1), \"\(device.name)\": \(problem)")
      }
    }
    return devices
  }
}
