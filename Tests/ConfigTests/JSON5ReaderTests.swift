import Testing

@testable import Config

@Suite struct JSON5ReaderTests {
  static func read(_ text: String) throws(ConfigFault) -> ConfigNode {
    try JSON5Reader.read(Array(text.utf8), file: "f")
  }

  /// A node written out in one spelling, for comparison.
  static func plain(_ node: ConfigNode) -> String {
    switch node.value {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let number): number.text
    case .string(let text): "<\(text)>"
    case .array(let elements): "[" + elements.map(plain).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.map { "\($0.key):\(plain($0.value))" }.joined(separator: ",") + "}"
    }
  }

  @Test(arguments: [
    ("null", "null"), ("true", "true"), (" false ", "false"),
    ("{}", "{}"), ("[]", "[]"), ("{a:1}", "{a:1}"), ("{a:1,}", "{a:1}"), ("[1,2,]", "[1,2]"),
    ("{'a b':1, \"c\":2}", "{a b:1,c:2}"),
    ("{$a_1: 1, über: 2, \\u0061: 3}", "{$a_1:1,über:2,a:3}"),
    ("{null: null, true: true}", "{null:null,true:true}"), ("{a:1,a:2}", "{a:1,a:2}"),
    ("// c\n1 // d", "1"), ("/* c\n * d **/ 1", "1"), ("{/**/a/**/:/**/1/**/,/**/}", "{a:1}"),
    ("\u{FEFF}\u{A0}\u{2003}\u{0B}\u{0C}\t1\u{2028}", "1"),
    ("'a\"b'", "<a\"b>"), ("\"a'b\"", "<a'b>"), ("'\\'\\\"\\\\\\/\\a'", "<'\"\\/a>"),
    ("'\\b\\f\\n\\r\\t\\v\\0'", "<\u{8}\u{C}\n\r\t\u{B}\0>"), ("'\\x41\\u00e9\\u94dc'", "<Aé铜>"),
    ("'\\ud83d\\ude00'", "<😀>"), ("'a\\\nb\\\r\nc\\\u{2028}d'", "<abcd>"),
    ("'a\u{2028}b'", "<a\u{2028}b>"), ("'铜'", "<铜>"),
    ("[0, -0, +1, .5, 5., 1.50, 1e3, 1E-3, -1.5e+2]", "[0,-0,+1,.5,5.,1.50,1e3,1E-3,-1.5e+2]"),
    ("[0x1F, -0XfF]", "[0x1F,-0XfF]"), ("[[[]],{a:[{}]}]", "[[[]],{a:[{}]}]"),
  ])
  func validTextIsRead(_ text: String, _ expected: String) throws {
    #expect(Self.plain(try Self.read(text)) == expected)
  }

  @Test(arguments: [
    ("", "f:1:1: expected a value, found the end of the file"),
    ("// only\n", "f:2:1: expected a value, found the end of the file"),
    ("{a:1}}", "f:1:6: '}' after the end of the document"),
    ("{a 1}", "f:1:4: expected ':' after the key 'a', found '1'"),
    ("{a:}", "f:1:4: expected a value, found '}'"),
    ("{\n  a: 1\n  b: 2\n}", "f:3:3: expected ',' or '}', found 'b'"),
    ("{,}", "f:1:2: expected a key or '}', found ','"),
    ("{1:1}", "f:1:2: expected a key or '}', found '1'"),
    ("{a:1,,}", "f:1:6: expected a key or '}', found ','"),
    ("[1,,2]", "f:1:4: expected a value, found ','"),
    ("[1 2]", "f:1:4: expected ',' or ']', found '2'"),
    ("[1", "f:1:3: expected ',' or ']', found the end of the file"),
    ("[1}", "f:1:3: expected ',' or ']', found '}'"),
    ("\r\n\r\n  ?", "f:3:3: expected a value, found '?'"),
    ("\r\r?", "f:3:1: expected a value, found '?'"),
    ("铜: 1", "f:1:1: a bare word is no value; a text stands in quotes"),
    ("{a: priority}", "f:1:5: a bare word is no value; a text stands in quotes"),
    ("[Infinity]", "f:1:2: Infinity and NaN are not taken"),
    ("-NaN", "f:1:1: Infinity and NaN are not taken"),
    ("1 /* x", "f:1:3: a comment that does not end"), ("/", "f:1:1: expected a value, found '/'"),
    ("# x", "f:1:1: expected a value, found '#'"),
    ("'abc", "f:1:1: a text that does not end"),
    ("['abc\n']", "f:1:2: a text that does not end on its line"),
    ("'ab\\", "f:1:5: a text that does not end"),
    ("'\\1'", "f:1:2: an octal escape; write \\xHH"),
    ("'a\\01'", "f:1:3: an octal escape; write \\xHH"),
    ("'\\xg0'", "f:1:4: expected 2 hexadecimal digits, found 'g'"),
    ("'\\u12'", "f:1:6: expected 4 hexadecimal digits, found '''"),
    ("'\\ud83d'", "f:1:2: half of a surrogate pair"),
    ("'\\ude00'", "f:1:2: half of a surrogate pair"),
    ("'\\ud83d\\u0041'", "f:1:2: half of a surrogate pair"),
    ("{\\u0020: 1}", "f:1:2: an escaped character that no key can have"),
    ("{\\x41: 1}", "f:1:2: only \\uXXXX may follow a backslash in a key"),
    ("01", "f:1:1: a number that begins with 0"), ("[-007]", "f:1:2: a number that begins with 0"),
    (".", "f:1:2: expected a digit, found the end of the file"),
    ("+", "f:1:2: expected a digit, found the end of the file"),
    ("--1", "f:1:2: expected a digit, found '-'"),
    ("1e", "f:1:3: expected a digit, found the end of the file"),
    ("1e+", "f:1:4: expected a digit, found the end of the file"),
    ("1e100", "f:1:2: an exponent beyond 99"),
    ("0x", "f:1:3: expected a hexadecimal digit, found the end of the file"),
    ("0x11112222333344445", "f:1:1: a hexadecimal number of more than 16 digits"),
    ("1_000", "f:1:2: expected the end of the number, found '_'"),
    ("1.2.3", "f:1:4: '.' after the end of the document"),
    ("3px", "f:1:2: expected the end of the number, found 'p'"),
    (String(repeating: "1", count: 65), "f:1:1: a number of more than 64 characters"),
    (
      "'" + String(repeating: "x", count: 50) + "' y",
      "f:1:54: 'y' after the end of the document"
    ),
    (
      String(repeating: "[", count: 33), "f:1:33: more than 32 lists and objects inside one another"
    ),
  ])
  func theFirstFaultIsNamedWithItsPlace(_ text: String, _ expected: String) {
    do throws(ConfigFault) {
      let node = try Self.read(text)
      Issue.record("read as \(Self.plain(node))")
    } catch {
      #expect(error.description == expected)
      #expect(error.kind == .syntax)
    }
  }

  @Test func aFileOfTheLargestSizeAndDepthPassesAndOneMoreDoesNot() throws {
    let limits = JSON5Reader.Limits(bytes: 4, depth: 2)
    #expect(throws: Never.self) { try JSON5Reader.read("[[]]".utf8, file: "f", limits: limits) }
    #expect(throws: ConfigFault.self) {
      try JSON5Reader.read("[[] ]".utf8, file: "f", limits: limits)
    }
    let shallow = JSON5Reader.Limits(bytes: 100, depth: 1)
    #expect(throws: ConfigFault.self) {
      try JSON5Reader.read("[[]]".utf8, file: "f", limits: shallow)
    }
  }

  @Test(arguments: [
    [0x22, 0xFF, 0x22], [0x22, 0xE9, 0x93], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80],
  ])
  func bytesThatAreNotUTF8AreNamedByPlace(_ bytes: [UInt8]) {
    #expect(
      throws: ConfigFault(
        .syntax, at: SourcePosition(file: "f", line: 2, column: 2), "a byte that is not UTF-8")
    ) {
      try JSON5Reader.read([0x0A] + bytes, file: "f")
    }
  }

  @Test func everyPrefixOfAValidFileIsAFaultAndNeverACrash() throws {
    let text = Array("{a:[1,-.5e1,0x1f,'\\ud83d\\ude00\\x41'],/*c*/'b':{c:null,d:true,},}".utf8)
    for length in 0..<text.count {
      #expect(throws: ConfigFault.self) { try JSON5Reader.read(text[..<length], file: "f") }
    }
    #expect(throws: Never.self) { try JSON5Reader.read(text, file: "f") }
  }

  @Test func everyChangedByteIsAValueOrAFaultAndNeverACrash() {
    let text = Array("{a:[1,-.5e1,0x1f,'\\ud83d\\ude00\\x41'],/*c*/'b':{c:null,铜:true,},}".utf8)
    for index in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[index] = byte
        _ = try? JSON5Reader.read(changed, file: "f")
      }
    }
  }

  @Test func nodesAndKeysKnowTheirPlace() throws {
    let node = try Self.read("{\n  a: 1,\n  'b': [\n    true\n  ],\n}")
    guard case .object(let members) = node.value, case .array(let elements) = members[1].value.value
    else {
      Issue.record("not the tree expected")
      return
    }
    #expect(node.position.description == "f:1:1")
    #expect(members.map(\.keyPosition.description) == ["f:2:3", "f:3:3"])
    #expect(members.map(\.value.position.description) == ["f:2:6", "f:3:8"])
    #expect(elements[0].position.description == "f:4:5")
  }
}
