import Journal
import Messages
import Wire

/// Payloads of every kind, and journals of a few records, whole and spoilt.
enum JournalSeeds {
  /// Each as it is, and with a block of one byte's repetition.
  static var payloads: [[UInt8]] {
    var seeds: [[UInt8]] = []
    for bytes in JournalSamples.commands.map(payload) { seeds += spoilt(bytes, 0) }
    for bytes in JournalSamples.effects.map(payload) { seeds += spoilt(bytes, 1) }
    return seeds
  }

  private static func spoilt(_ bytes: [UInt8], _ choice: UInt8) -> [[UInt8]] {
    var seeds = [[choice] + bytes, [choice] + bytes.dropLast(), [choice] + bytes.prefix(4)]
    for place in bytes.indices {
      for value: UInt8 in [0, 1, 0xFF] where bytes[place] != value {
        var changed = bytes
        changed[place] = value
        seeds.append([choice] + changed)
      }
    }
    return seeds
  }

  private static func payload(_ command: Command) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 64 * 1024) { room, count in
      count = (try? JournalCodec.encode(command, into: UnsafeMutableRawBufferPointer(room))) ?? 0
    }
  }

  private static func payload(_ effect: Effect) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: 64 * 1024) { room, count in
      count =
        (try? JournalCodec.encode(effect, into: UnsafeMutableRawBufferPointer(room), at: 0)) ?? 0
    }
  }

  // MARK: Segments

  /// A journal of commands and their outcomes: whole, in two segments, cut at each place, and with
  /// one byte of each changed, its checksums as they were or made right.
  static var segments: [[UInt8]] {
    let bytes = journal(commands: 3)
    var seeds: [[UInt8]] = [128, 129, 200, 201, 255].map { [UInt8($0)] + bytes }
    for place in bytes.indices {
      for (choice, value): (UInt8, UInt8) in [(254, 0), (255, 0xFF), (255, 1)] {
        var changed = bytes
        changed[place] = value
        seeds.append([choice] + changed)
      }
    }
    for count in stride(from: 0, to: bytes.count, by: 3) {
      seeds.append([255] + bytes.prefix(count))
    }
    return seeds + following
  }

  /// The header of the next segment behind the records, and another's.
  private static var following: [[UInt8]] {
    var seeds: [[UInt8]] = []
    for commands in UInt64(0)...1 {
      let bytes = journal(commands: commands)
      guard bytes.count < 255 else { continue }
      for spoil in [nil, 12, 16, 40, 72, 76, 80] as [Int?] {
        var next = JournalReaderFuzz.header(behind: bytes)
        if let spoil { next[spoil] ^= 1 }
        for choice in [UInt8(bytes.count), UInt8(bytes.count) | 1] where Int(choice) >= 128 {
          let gap = [UInt8](repeating: 0, count: Int(choice) - bytes.count)
          seeds.append([choice] + bytes + gap + next)
        }
      }
    }
    return seeds
  }

  private static func journal(commands: UInt64) -> [UInt8] {
    let file = MemoryJournalFile()
    do {
      var writer = try JournalWriter(
        creating: JournalReaderFuzz.header, in: MemoryJournalStorage(file))
      for sequence in 1..<(commands + 1) {
        for type in [JournalRecordType.command, .outcome] {
          _ = try writer.reserve(8)
          writer.commit(8, type: type, sequence: sequence, time: Int64(sequence))
        }
        try writer.flush()
      }
      try writer.close()
    } catch {
      fatalError("a journal in memory: \(error)")
    }
    return file.bytes
  }
}
