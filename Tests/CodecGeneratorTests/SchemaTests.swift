import Foundation
import Testing

@testable import CodecGenerator

@Suite struct SchemaTests {
  /// A schema with these types and messages.
  static func schema(types: String = "", messages: String = "", version: Int = 1) -> String {
    """
    <sbe:messageSchema xmlns:sbe="http://fixprotocol.io/2016/sbe" package="p" id="1"
        version="\(version)" byteOrder="littleEndian" description="d">
      <types>
        <composite name="groupSize">
          <type name="blockLength" primitiveType="uint16"/>
          <type name="numInGroup" primitiveType="uint16" maxValue="3"/>
        </composite>
        <composite name="text">
          <type name="length" primitiveType="uint16" maxValue="9"/>
          <type name="varData" primitiveType="uint8" length="0" characterEncoding="UTF-8"/>
        </composite>
        \(types)
      </types>
      \(messages)
    </sbe:messageSchema>
    """
  }

  static func message(_ content: String) -> String {
    "<sbe:message name=\"M\" id=\"1\" description=\"d\">\(content)</sbe:message>"
  }

  static func field(
    _ name: String, id: Int, type: String = "uint32", more: String = ""
  ) -> String {
    "<field name=\"\(name)\" id=\"\(id)\" type=\"\(type)\" description=\"d\" \(more)/>"
  }

  static func faults(_ text: String) -> [String] {
    do {
      let schema = try SchemaReader.read(path: "s.xml", data: Data(text.utf8))
      return SchemaRules.faults([schema])
    } catch { return (error as? SchemaFaults)?.lines ?? ["\(error)"] }
  }

  @Test func offsetsFollowFromTheFieldsBefore() throws {
    let text = Self.schema(
      types: """
        <type name="Code" primitiveType="char" length="20" characterEncoding="ASCII"/>
        <composite name="Price">
          <type name="mantissa" primitiveType="int64" presence="optional"/>
          <type name="exponent" primitiveType="int8" presence="constant">-4</type>
        </composite>
        """,
      messages: Self.message(
        Self.field("a", id: 1, type: "uint8") + Self.field("b", id: 2, type: "Code")
          + Self.field("c", id: 3, type: "Price") + Self.field("d", id: 4)
          + "<data name=\"t\" id=\"5\" type=\"text\" description=\"d\"/>"))
    let schema = try SchemaReader.read(path: "s.xml", data: Data(text.utf8))
    #expect(schema.messages[0].fields.map(\.offset) == [0, 1, 21, 29])
    #expect(schema.messages[0].blockLength == 33)
    #expect(schema.messages[0].maximumFrameLength == 14 + 33 + 2 + 9)
    #expect(SchemaRules.faults([schema]) == [])
  }

  @Test(arguments: [
    ("<a>", "not well-formed XML"),
    (schema(messages: "<other/>"), "<other> is not served"),
    (schema(messages: message(field("a", id: 1, type: "Nope"))), "there is no type Nope"),
    (schema(messages: message(field("a", id: 1, more: "offset=\"4\""))), "not served: offset"),
    (schema(messages: message("<field name=\"a\" id=\"1\" type=\"uint8\"/>")), "needs description"),
    (schema(types: "<type name=\"F\" primitiveType=\"float\"/>"), "primitiveType float"),
    (schema(messages: message(field("a", id: 1) + field("a", id: 2))), "name a is there twice"),
    (schema(messages: message(field("a", id: 1) + field("b", id: 1))), "id 1 is there twice"),
    (
      schema(messages: message(field("a", id: 1, more: "sinceVersion=\"2\""))),
      "1 to the schema's version"
    ),
    (
      schema(
        messages: message(field("a", id: 1, more: "sinceVersion=\"2\"") + field("b", id: 2)),
        version: 2), "stand behind the older ones"
    ),
    (
      schema(
        messages: message(
          "<data name=\"t\" id=\"1\" type=\"text\" description=\"d\"/>" + field("b", id: 2))),
      "fields come first"
    ),
    (
      schema(
        types: """
          <enum name="E" encodingType="uint8" description="d">
            <validValue name="a" description="d">0</validValue></enum>
          """), "an enum value is 1 to 254"
    ),
    (
      schema(
        types: """
          <enum name="E" encodingType="uint8" description="d">
            <validValue name="a" description="d">1</validValue>
            <validValue name="b" description="d">1</validValue></enum>
          """), "value 1 is there twice"
    ),
    (
      schema(types: "<type name=\"C\" primitiveType=\"char\" length=\"4\"/>"),
      "names its characterEncoding"
    ),
    (
      schema(
        messages: message("<group name=\"g\" id=\"1\" dimensionType=\"text\" description=\"d\"/>")),
      "dimensionType is"
    ),
  ])
  func aFaultySchemaIsRefusedWithTheReason(text: String, reason: String) {
    let faults = Self.faults(text)
    #expect(faults.contains { $0.contains(reason) }, "\(faults)")
  }

  @Test func allFaultsAreReportedTogetherWithTheirLines() {
    let text = Self.schema(
      messages: Self.message(
        Self.field("a", id: 1, type: "Nope") + "\n" + Self.field("b", id: 2, type: "Nix")))
    #expect(
      Self.faults(text) == [
        "s.xml:14: there is no type Nope above this line",
        "s.xml:15: there is no type Nix above this line",
      ])
  }

  @Test func anOlderSenderIsNotAskedForGroupsAndTextsItHasNotGot() throws {
    let text = Self.schema(
      messages: Self.message(
        """
        <group name="rows" id="1" dimensionType="groupSize" sinceVersion="2" description="d">
          \(Self.field("a", id: 2))
        </group>
        <data name="note" id="3" type="text" sinceVersion="3" description="d"/>
        """),
      version: 3)
    let schema = try SchemaReader.read(path: "s.xml", data: Data(text.utf8))
    #expect(SchemaRules.faults([schema]) == [])
    let swift = SwiftMessages(schema: schema, namespace: "S").file(schema.messages[0])
    #expect(swift.contains("try cursor.version >= 2 ? cursor.group(maximumCount: 3) : .empty"))
    #expect(swift.contains("note = try cursor.version >= 3 ? cursor.text(maximum: 9"))
    let python = PythonModule(schema: schema).file()
    #expect(python.contains("cursor.group(3)] if cursor.version >= 2 else []"))
    #expect(python.contains("cursor.text(9, \"utf-8\") if cursor.version >= 3 else \"\""))
  }

  @Test func oneNameMeansTheSameInEverySchema() throws {
    func read(_ primitive: String, path: String) throws -> Schema {
      let text = Self.schema(types: "<type name=\"T\" primitiveType=\"\(primitive)\"/>")
      return try SchemaReader.read(path: path, data: Data(text.utf8))
    }
    let first = try read("uint8", path: "a.xml")
    var second = try read("uint16", path: "b.xml")
    second.id = 2
    #expect(SchemaRules.faults([first, second]) == ["b: T differs from that of a"])
  }
}
