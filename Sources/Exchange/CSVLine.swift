/// One line of a CSV file, cut into fields (RFC 4180 without line breaks inside quotes).
///
/// Fields point into the caller's bytes and are good while those are. A doubled quote inside a
/// quoted field stays doubled: no tick column has one.
struct CSVLine: ~Copyable {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let fields: UnsafeMutablePointer<Range<Int>>
  private(set) var count = 0

  /// - Parameter fields: room for `TickFileReader.fieldsMaximum` ranges, owned by the caller.
  init(_ bytes: UnsafeBufferPointer<UInt8>, fields: UnsafeMutablePointer<Range<Int>>)
    throws(TickFileFault.Kind)
  {
    self.bytes = bytes
    self.fields = fields
    var start = 0
    while true {
      guard count < TickFileReader.fieldsMaximum else { throw .tooManyFields }
      let next: Int
      if start < bytes.count, bytes[start] == UInt8(ascii: "\"") {
        next = try quoted(from: start + 1)
      } else {
        next = plain(from: start)
      }
      count += 1
      if next == bytes.count { return }
      start = next + 1
    }
  }

  /// Takes a field up to the next comma; returns where the comma or the end is.
  private mutating func plain(from start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: ",") { end += 1 }
    fields[count] = start..<end
    return end
  }

  /// Takes a field up to its closing quote; returns where the comma or the end is.
  private mutating func quoted(from start: Int) throws(TickFileFault.Kind) -> Int {
    var end = start
    while true {
      guard end < bytes.count else { throw .quote }
      if bytes[end] == UInt8(ascii: "\"") {
        let isDoubled = end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "\"")
        if !isDoubled { break }
        end += 1
      }
      end += 1
    }
    fields[count] = start..<end
    let next = end + 1
    guard next == bytes.count || bytes[next] == UInt8(ascii: ",") else { throw .quote }
    return next
  }

  /// A field without its quotes and without blanks around it.
  subscript(_ field: Int) -> UnsafeBufferPointer<UInt8> {
    precondition(field >= 0 && field < count, "a field is on its line")
    var range = fields[field]
    while !range.isEmpty, bytes[range.lowerBound] == UInt8(ascii: " ") {
      range = range.lowerBound + 1..<range.upperBound
    }
    while !range.isEmpty, bytes[range.upperBound - 1] == UInt8(ascii: " ") {
      range = range.lowerBound..<range.upperBound - 1
    }
    return UnsafeBufferPointer(rebasing: bytes[range])
  }
}

extension UnsafeBufferPointer<UInt8> {
  func equals(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    for index in indices where self[index] != text.utf8Start[index] { return false }
    return true
  }
}
