import Glibc
import Testing

@testable import Runtime

/// Lines of pipes and files, on a thread of their own.
@Suite(.timeLimit(.minutes(10))) struct LineReaderTests {
  /// Everything up to the end.
  static func lines(of descriptor: Int32) throws -> [LineReader.Line] {
    var loop = try EventLoop(LoopLimits(connections: 1))
    let made = LineReader(descriptor, loop.makeWaker())
    let script = Script()
    var lines: [LineReader.Line] = []
    func take() { while let line = made?.next() { lines.append(line) } }
    script.onWoken = { _ in take() }
    script.isDone = { lines.last == .ended }
    script.run(&loop)
    return lines
  }

  static func lines(of text: String) throws -> [LineReader.Line] {
    var path = Array("/tmp/sluice-lines-XXXXXX".utf8CString)
    let file = mkstemp(&path)
    try #require(file >= 0)
    unlink(path)
    defer { close(file) }
    #expect(write(file, text, text.utf8.count) == text.utf8.count)
    lseek(file, 0, SEEK_SET)
    return try lines(of: file)
  }

  @Test func aFileIsReadToItsEnd() throws {
    let lines = try Self.lines(of: "one\r\n\ntwo")
    #expect(lines == [.text("one"), .text(""), .text("two"), .ended])
  }

  @Test func anEmptyFileEndsAtOnce() throws {
    let lines = try Self.lines(of: "")
    #expect(lines == [.ended])
  }

  @Test func aLineHasItsLongestLength() throws {
    let longest = String(repeating: "x", count: LineReader.bytesMaximum)
    let lines = try Self.lines(of: "\(longest)\n\(longest)y\nz\n")
    #expect(lines == [.text(longest), .tooLong, .text("z"), .ended])
  }

  @Test func moreLinesThanAreReadAheadComeAll() throws {
    let count = 10 * LineReader.aheadMaximum
    let lines = try Self.lines(of: (1...count).map { "\($0)\n" }.joined())
    #expect(lines == (1...count).map { .text("\($0)") } + [.ended])
  }

  @Test func aReaderOfASilentPipeCanBeLetGo() throws {
    let loop = try EventLoop(LoopLimits(connections: 1))
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    do {
      let reader = LineReader(ends[0], loop.makeWaker())
      let line = reader?.next()
      #expect(line == nil)
    }
    close(ends[0])
    close(ends[1])
  }
}
