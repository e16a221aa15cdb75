import Config
import Exchange
import Terminal

/// A file of the configuration among others that are good, and a plan of `sluice load`.
enum ConfigurationFuzz {
  static let names = TinyConfiguration().texts.keys.sorted()
  private static let good = TinyConfiguration().texts.sorted { $0.key < $1.key }.map {
    ConfigurationFiles.File(name: $0, label: $0, bytes: Array($1.utf8))
  }

  /// - Parameter choice: which file; one more is a plan.
  static func run(_ bytes: UnsafeRawBufferPointer, _ choice: UInt8) {
    let place = Int(choice) % (names.count + 1)
    guard place < names.count else {
      let (plan, faults) = LoadPlan.read(Array(bytes), label: "fuzz")
      precondition((plan == nil) == !faults.isEmpty, "a plan that is refused says why")
      return
    }
    var files = good
    files[place].bytes = Array(bytes)
    let loaded = ConfigurationLoader.load(
      ConfigurationFiles(label: "fuzz", files: files), isDeclaring: true)
    let isRefused = loaded.faults.contains { !$0.isNotice }
    precondition((loaded.configuration == nil) == isRefused, "what is refused says why")
    for fault in loaded.faults {
      precondition(!fault.description.isEmpty, "a fault has words")
    }
    guard let configuration = loaded.configuration else { return }
    let input = Genesis.Input(
      tradingDay: JournalSamples.day, seed: 1, passwordHashes: ["a": "$argon2id$v=19$m=8$x$y"])
    if case .refused(let faults) = Genesis.compile(configuration, input) {
      precondition(!faults.isEmpty, "what is refused says why")
    }
  }
}

/// A tick file, in two pieces.
enum TickFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer, cut: Int) {
    var reader = TickFileReader()
    for piece in [bytes[..<cut], bytes[cut...]] {
      reader.append(UnsafeRawBufferPointer(rebasing: piece))
      drain(&reader)
    }
    reader.finish()
    drain(&reader)
    precondition(reader.ticks + reader.linesWithoutPrice <= reader.lines, "a line is one tick")
  }

  private static func drain(_ reader: inout TickFileReader) {
    while true {
      do throws(TickFileFault) {
        guard let tick = try reader.next() else { return }
        _ = tick.moved(to: tick.tradingDate, WorkingDays())
      } catch {
        precondition(!"\(error)".isEmpty, "a fault has words")
      }
    }
  }
}

/// A line that a person types.
enum CommandLineFuzz {
  static func run(_ bytes: UnsafeRawBufferPointer) {
    let line = String(decoding: bytes, as: UTF8.self)
    if line.contains("\n") { return }
    do throws(CommandFault) {
      _ = try CommandParser.parse(line)
    } catch {
      precondition(!error.words(.english).isEmpty, "a fault has words")
    }
  }
}
