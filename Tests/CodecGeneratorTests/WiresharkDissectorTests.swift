import Testing

@testable import CodecGenerator

@Suite struct WiresharkDissectorTests {
  static func dissector() throws -> String {
    let connections = zip(try Generator.schemas(root: GeneratorTests.root), Generator.targets)
      .filter { $0.1.isConnection }.map(\.0)
    return WiresharkDissector(schemas: connections).file()
  }

  @Test func everyMessageOfEveryConnectionStandsInIt() throws {
    let text = try Self.dissector()
    for schema in try Generator.schemas(root: GeneratorTests.root) where schema.name != "journal" {
      #expect(text.contains("schemas[\(schema.id)] = {"))
      for message in schema.messages {
        #expect(text.contains("id = \(message.id), name = \"\(message.name)\","))
      }
    }
    #expect(!text.contains("schemas[3]"), "the journal is on no connection")
  }

  @Test(arguments: [
    "{ \"price\", \"Price\", 90 },", "Price = { kind = \"decimal\", size = 8 },",
    "Timestamp = { kind = \"time\", size = 8 },", "ClOrdID = { kind = \"text\", size = 20 },",
    "[1] = \"buy\", [2] = \"sell\"", "{ \"refusal\", \"RefusalFigures\", 213 },",
    "{ \"scopeName\", \"ScopeName\", 28 },", "name = \"instruments\", maximum = 120,",
    "Lots = { kind = \"int32\", size = 4, null = \"-2147483648\" },",
    "values = { [0] = \"possiblyResent\", [1] = \"replayed\" },",
  ]) func layoutsAreThoseOfTheSchema(line: String) throws {
    #expect(try Self.dissector().contains(line))
  }

  @Test func passwordsAndTokensAreNotShown() throws {
    let text = try Self.dissector()
    #expect(text.contains("{ name = \"password\", isSecret = true },"))
    #expect(text.contains("{ name = \"dayToken\", isSecret = true },"))
    #expect(text.contains("{ name = \"text\", isSecret = false },"))
    #expect(!text.contains("{ name = \"password\", isSecret = false },"))
  }
}
