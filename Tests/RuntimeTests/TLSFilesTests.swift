import COpenSSL
import Foundation
import Testing

@testable import Runtime

/// Certificates and keys in files: what is wrong with them is said, all at once.
@Suite struct TLSFilesTests {
  private func faults(_ files: TLSFiles) -> [TLSFileFault] {
    do throws(TLSIdentity.Refused) {
      _ = try TLSIdentity(files)
      return []
    } catch {
      return error.faults
    }
  }

  @Test func whatIsFineIsTaken() throws {
    let folder = try CertificateFolder()
    var files = try folder.make()
    #expect(faults(files) == [])
    #expect(chmod(files.key, 0o640) == 0)
    #expect(faults(files) == [])
    files.clientCertificates = .required
    files.authority = folder.authorityPath
    #expect(faults(files) == [])
    let facts = try TLSIdentity(files).facts
    #expect(facts.subject == "/CN=gateway" && facts.fingerprint.count == 95)
    #expect(facts.daysLeft == 0 || facts.daysLeft == 1)
  }

  @Test func whatIsNotThereIsSaid() throws {
    let files = TLSFiles(
      certificate: "/nowhere/a.crt", key: "/nowhere/a.key", clientCertificates: .optional,
      authority: "/nowhere/ca.crt")
    #expect(
      faults(files).map(\.description) == [
        "/nowhere/a.crt: No such file or directory", "/nowhere/a.key: No such file or directory",
        "/nowhere/ca.crt: No such file or directory",
      ])
    #expect(faults(files).map(\.role) == [.certificate, .key, .authority])
  }

  @Test func whatIsNoPEMIsSaidWithoutAWordOfIt() throws {
    let folder = try CertificateFolder()
    let path = try folder.write(Array("hunter2".utf8), "x")
    let found = faults(
      TLSFiles(certificate: path, key: path, clientCertificates: .required, authority: path))
    #expect(found.count == 3)
    for fault in found {
      #expect(fault.words.contains("in PEM form can be read from it"))
      #expect(!fault.description.contains("hunter2"))
    }
    let inside = TLSFiles(certificate: folder.path, key: folder.path)
    #expect(faults(inside).map(\.words) == ["Is a directory", "Is a directory"])
  }

  @Test func aKeyOfAnotherCertificateIsSaid() throws {
    let folder = try CertificateFolder()
    let one = try folder.make("one")
    let other = try folder.make("other")
    let mixed = TLSFiles(certificate: one.certificate, key: other.key)
    #expect(
      faults(mixed).map(\.description) == [
        "\(other.key): the key does not belong to the certificate \(one.certificate)"
      ])
  }

  @Test(arguments: [0o604, 0o602, 0o660, 0o644, 0o666] as [mode_t])
  func aKeyThatOthersMayReadIsNotUsed(_ mode: mode_t) throws {
    let folder = try CertificateFolder()
    let files = try folder.make()
    #expect(chmod(files.key, mode) == 0)
    let found = faults(files)
    #expect(found.map(\.role) == [.key])
    #expect(found[0].words.contains("mode \(String(mode, radix: 8)) lets others"))
  }

  @Test func timesAreLookedAt() throws {
    let folder = try CertificateFolder()
    let old = faults(try folder.make("old", secondsValid: -7_200 ... -3_600))
    #expect(old.map(\.role) == [.certificate])
    #expect(old[0].words.hasPrefix("the certificate expired on 20"))
    let early = faults(try folder.make("early", secondsValid: 3_600...7_200))
    #expect(early.map(\.role) == [.certificate])
    #expect(early[0].words.hasPrefix("the certificate is not good before 20"))
  }

  @Test func aKeyWithAPassphraseIsNotWaitedFor() throws {
    let folder = try CertificateFolder()
    let files = try folder.make()
    let key = try #require(sluice_evp_p256_generate())
    defer { EVP_PKEY_free(key) }
    let bio = try #require(BIO_new_file(files.key, "w"))
    let word = Array("abc".utf8CString)
    var characters = word.map { UInt8(bitPattern: $0) }
    let isWritten = PEM_write_bio_PrivateKey(
      bio, key, EVP_aes_256_cbc(), &characters, 3, nil, nil)
    #expect(isWritten == 1)
    BIO_free(bio)
    #expect(faults(files).map(\.role) == [.key])
    #expect(faults(files)[0].words.contains("wants a passphrase"))
  }

  // MARK: The gateway's own

  private func withFolder(_ body: (DataFolder) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "sluice-own-\(UUID().uuidString)").path
    let folder = try DataFolder(path: path)
    defer { folder.remove() }
    try body(folder)
    folder.remove()
    #expect(!FileManager.default.fileExists(atPath: path), "nothing is left behind")
  }

  @Test func aGatewayMakesItsOwnOnce() throws {
    try withFolder { folder in
      let files = try SelfSigned.files(in: folder)
      let identity = try TLSIdentity(files)
      var facts = stat()
      #expect(stat(files.key, &facts) == 0 && facts.st_mode & 0o777 == 0o600)
      #expect((823...825).contains(identity.facts.daysLeft))
      var settings = TLSClient.Settings(name: "localhost")
      settings.authority = files.certificate
      for name in ["localhost", "127.0.0.1", "::1"] {
        settings.name = name
        let ended = try TLSHandshakeTests.meet(identity, try TLSClient(settings))
        #expect(ended.isOpen, "\(name): \(ended.words)")
      }
      let again = try TLSIdentity(SelfSigned.files(in: folder))
      #expect(again.facts.fingerprint == identity.facts.fingerprint)
      // A key alone is what a crash left: both are made anew.
      #expect(unlink(files.certificate) == 0)
      let anew = try TLSIdentity(SelfSigned.files(in: folder))
      #expect(anew.facts.fingerprint != identity.facts.fingerprint)
    }
  }

  @Test func aHostNameThatIsNoneIsLeftOut() throws {
    #expect(SelfSigned.maker(host: "desk.example").names.contains("DNS:desk.example"))
    for host in ["", "a,IP:10.0.0.1", "ünicode", "localhost"] {
      let maker = SelfSigned.maker(host: host)
      #expect(maker.names == ["DNS:localhost", "IP:127.0.0.1", "IP:::1"])
      var isMade = false
      if maker.make() != nil { isMade = true }
      #expect(isMade)
    }
  }
}
