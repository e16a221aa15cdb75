import Foundation
import FoundationXML

/// One element of an XML file, with the line it starts on.
struct XMLNode {
  var name: String
  var attributes: [String: String]
  var line: Int
  var children: [XMLNode] = []
  var text = ""
}

struct XMLFault: Error {
  var line: Int
  var message: String
}

/// Turns a file's bytes into a tree of elements.
final class XMLTreeReader: NSObject, XMLParserDelegate {
  private var open: [XMLNode] = []
  private var root: XMLNode?

  static func read(_ data: Data) throws -> XMLNode {
    let reader = XMLTreeReader()
    let parser = XMLParser(data: data)
    parser.delegate = reader
    guard parser.parse(), let root = reader.root else {
      let reason = parser.parserError.map { "\($0)" } ?? "no element"
      throw XMLFault(line: parser.lineNumber, message: "not well-formed XML: \(reason)")
    }
    return root
  }

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(XMLNode(name: elementName, attributes: attributes, line: parser.lineNumber))
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += string
  }

  func parser(
    _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    guard var node = open.popLast() else { return }
    node.text = node.text.trimmingCharacters(in: .whitespacesAndNewlines)
    if open.isEmpty {
      root = node
    } else {
      open[open.count - 1].children.append(node)
    }
  }
}
