// CodecGenerator: reads schema/*.xml and writes what follows from them: the Swift codecs of
// Sources/Wire/Generated, the Python codecs of clients/python, the dissector of clients/wireshark
// and the tables of docs/PROTOCOL.md.
//
//   CodecGenerator            writes what is stale
//   CodecGenerator --check    writes nothing, exits 1 when something is stale
//   --root FOLDER             the project's root; the working folder by default
//
// Start with `Schema.swift` (what a schema is), then `SchemaReader.swift` (XML to it),
// `SchemaRules.swift` (what it must keep) and `Generator.swift` (what is made of it).

import Foundation

exit(GeneratorCommand.run(Array(CommandLine.arguments.dropFirst())))
