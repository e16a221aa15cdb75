import Domain
import Exchange
import Glibc

/// A counter's ticks, whatever they come from: which is due now, and when the next one is.
struct TickFeed: ~Copyable {
  private var market: GeneratedMarket?
  private var replay: TickReplay?
  private var files: [TickFile] = []
  private var days: [RecordedDays] = []
  private let movesToToday: Bool
  /// Ticks given so far.
  private(set) var taken: Int64 = 0

  init(_ settings: CounterServerSettings, start: Timestamp) {
    let exchange = settings.exchange
    movesToToday = settings.movesRecordingsToToday
    switch settings.ticks {
    case .none: break
    case .generated(let seed, let speed, let only, let opening, let seconds):
      let moving = only.map { $0.map { exchange.instruments[$0.index] } } ?? exchange.instruments
      market = GeneratedMarket(
        moving, seed: seed, day: exchange.tradingDay, start: start, speed: speed,
        opening: opening, seconds: seconds)
    case .files(let paths, let speed, let pauseMaximumSeconds):
      var exchanges: [InstrumentCode: Exchange] = [:]
      for instrument in exchange.instruments { exchanges[instrument.code] = instrument.exchange }
      let options = TickFileReader.Options(exchanges: exchanges)
      files = paths.map { TickFile($0, options) }
      days = paths.map { _ in RecordedDays(first: exchange.tradingDay.date) }
      replay = TickReplay(
        sources: paths.count,
        clock: ReplayClock(
          start: start, speed: speed, pauseMaximumSeconds: pauseMaximumSeconds))
      refill()
    }
  }

  /// What could not be read so far, over all files.
  var faults: Int { files.reduce(0) { $0 + $1.faults } }

  /// There are no more ticks.
  var isOver: Bool { replay?.isFinished ?? market?.isFinished ?? true }

  var nextDue: Timestamp { market?.nextDue ?? replay?.nextDue ?? .never }

  mutating func take(now: Timestamp) -> ExchangeTick? {
    let tick = market?.take(now: now) ?? replay?.take(now: now)
    guard let tick else { return nil }
    taken += 1
    refill()
    return tick
  }

  private mutating func refill() {
    while let source = replay?.wants {
      var tick = files[source].next()
      if movesToToday, let recorded = tick { tick = days[source].moved(recorded) }
      replay?.offer(tick, from: source)
    }
  }
}

/// A recording on disk, plain or packed by gzip (`.gz`, unpacked by the program of that name).
final class TickFile {
  private static let pieceBytes = 65_536

  private var descriptor: Int32
  private var child: pid_t = 0
  private var reader: TickFileReader
  private var isAtEnd = false
  /// Lines that could not be read, and 1 for a file that could not be opened or read.
  private(set) var faults = 0

  init(_ path: String, _ options: TickFileReader.Options) {
    reader = TickFileReader(options: options)
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0, path.hasSuffix(".gz") { unpack() }
    if descriptor < 0 {
      faults = 1
      isAtEnd = true
      reader.finish()
    }
  }

  deinit { finish() }

  /// Puts `gzip -dc` between the file and the reader.
  private func unpack() {
    let file = descriptor
    descriptor = -1
    defer { close(file) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    _ = fcntl(ends[0], F_SETFD, FD_CLOEXEC)
    _ = fcntl(ends[1], F_SETFD, FD_CLOEXEC)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, file, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("gzip"), strdup("-dc"), nil]
    defer { for argument in arguments { free(argument) } }
    let status = posix_spawnp(&child, "gzip", &actions, nil, arguments, nil)
    close(ends[1])
    if status == 0 {
      descriptor = ends[0]
    } else {
      child = 0
      close(ends[0])
    }
  }

  /// The next tick; nil at the end. Lines that can't be read are counted and passed over.
  func next() -> ExchangeTick? {
    while true {
      do throws(TickFileFault) {
        if let tick = try reader.next() { return tick }
      } catch {
        faults += 1
        continue
      }
      if isAtEnd { return nil }
      readPiece()
    }
  }

  private func readPiece() {
    withUnsafeTemporaryAllocation(byteCount: TickFile.pieceBytes, alignment: 16) { room in
      let count = read(descriptor, room.baseAddress, room.count)
      if count > 0 {
        reader.append(UnsafeRawBufferPointer(rebasing: room[..<count]))
      } else if count == 0 || errno != EINTR {
        if count < 0 { faults += 1 }
        isAtEnd = true
        reader.finish()
        finish()
      }
    }
  }

  private func finish() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    guard child > 0 else { return }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    if status != 0 { faults += 1 }
    child = 0
  }
}
