import COpenSSL
import Journal
import Messages
import Wire

/// SHA-256 of a house's genesis commands as the journal writes them. The journal's header has it,
/// and so tells where the genesis ends.
struct GenesisHash: ~Copyable {
  private let sum = EVP_MD_CTX_new()
  /// For looks at the sum on its way.
  private let look = EVP_MD_CTX_new()

  init() { EVP_DigestInit_ex(sum, EVP_sha256(), nil) }

  deinit {
    EVP_MD_CTX_free(sum)
    EVP_MD_CTX_free(look)
  }

  mutating func add(_ command: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(sum, command.baseAddress, command.count)
  }

  /// Of what was added so far.
  var value: InlineArray<32, UInt8> {
    var digest = InlineArray<32, UInt8>(repeating: 0)
    withUnsafeMutableBytes(of: &digest) { digest in
      EVP_MD_CTX_copy_ex(look, sum)
      EVP_DigestFinal_ex(look, digest.bindMemory(to: UInt8.self).baseAddress, nil)
    }
    return digest
  }

  private func isOf(_ header: JournalHeader) -> Bool {
    let value = value
    for index in 0..<32 where value[index] != header.genesisHash[index] { return false }
    return true
  }

  /// Whether a journal, read from its first record on, has all of its genesis; a torn end is an
  /// end.
  static func isWhole<Storage: JournalStorage & ~Copyable>(
    _ storage: consuming Storage
  ) throws(JournalError) -> Bool {
    var reader = try JournalReader(reading: storage, behind: 0)
    var sum = GenesisHash()
    do throws(JournalError) {
      while !sum.isOf(reader.header) {
        guard let record = try reader.next() else { return false }
        if record.type == .command, !isTheGatewaysOwn(record.payload) { sum.add(record.payload) }
      }
    } catch .tornTail {
      return false
    }
    return true
  }

  /// What a gateway sends its engine between commands of the genesis.
  private static func isTheGatewaysOwn(_ payload: UnsafeRawBufferPointer) -> Bool {
    guard let command = try? JournalCodec.command(payload) else { return false }
    switch command {
    case .continueWork, .timeReached, .clockJumped: return true
    default: return false
    }
  }
}
