import Foundation
import Testing

@testable import CodecGenerator

@Suite struct GeneratorTests {
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  @Test func generatedFilesAreUpToDate() throws {
    let files = try Generator.outputs(root: Self.root)
    #expect(files.stale == [], "make generate")
    #expect(files.leftOver == [], "make generate")
  }

  @Test func twoRunsMakeTheSame() throws {
    let first = try Generator.outputs(root: Self.root)
    let second = try Generator.outputs(root: Self.root)
    #expect(first.contents == second.contents)
  }

  @Test(arguments: [
    ("clOrdID", "cl_ord_id"), ("targetClOrdID", "target_cl_ord_id"), ("macAddress", "mac_address"),
    ("refTemplateID", "ref_template_id"), ("price", "price"),
    ("immediateOrCancel", "immediate_or_cancel"),
  ])
  func pythonNamesAreInSnakeCase(name: String, snake: String) {
    #expect(PythonNames.snake(name) == snake)
  }
}
