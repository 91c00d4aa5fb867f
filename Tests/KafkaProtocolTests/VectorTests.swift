import Testing

@testable import KafkaProtocol

@Suite("Wire vectors")
struct VectorTests {
    @Test("every vector decodes to its last byte and encodes to the same bytes")
    func roundTrip() throws {
        let vectors = try WireVector.all()
        var passed = 0
        for vector in vectors {
            let bytes = vector.bytes
            do {
                let encoded = try #require(try decodeWhole(vector, bytes), "\(vector.label) has no definition")
                let isSame = encoded == bytes
                #expect(isSame, "\(vector.label) changed")
                passed += isSame ? 1 : 0
            } catch {
                Issue.record("\(vector.label): \(error)")
            }
        }
        print("wire vectors: \(passed) of \(vectors.count) pass")
        #expect(passed == vectors.count && passed > 2000)
    }

    @Test("every proper prefix of every vector is refused")
    func prefixes() throws {
        for vector in try WireVector.all() {
            let bytes = vector.bytes
            for length in 0..<bytes.count {
                #expect(throws: WireError.self, "\(vector.label) accepted \(length) of \(bytes.count) bytes") {
                    _ = try decodeWhole(vector, Array(bytes[..<length]))
                }
            }
        }
    }

    @Test("vectors cover every version of every message that we define, and agree when it is flexible")
    func coverage() throws {
        struct Version: Hashable {
            var api: Int16
            var isRequest: Bool
            var version: Int16
        }
        let vectors = try WireVector.all()
        var defined: Set<Version> = []
        for api in APIDescription.all {
            for version in api.served {
                defined.insert(Version(api: api.key.rawValue, isRequest: true, version: version))
                defined.insert(Version(api: api.key.rawValue, isRequest: false, version: version))
            }
        }
        let covered = Set(vectors.map { Version(api: $0.api, isRequest: $0.isRequest, version: $0.version) })
        #expect(covered == defined)
        for vector in vectors {
            #expect(APIKey(rawValue: vector.api).isFlexible(vector.version) == vector.flexible, "\(vector.label)")
        }
    }

    @Test("mutated vectors are refused or decoded, never trapped, and what was decoded can be encoded")
    func mutations() throws {
        let vectors = try WireVector.all()
        var random = SeededGenerator(seed: 0x7477_696e_6c6f_67)
        var accepted = 0
        var refused = 0
        for _ in 0..<20_000 {
            guard let vector = vectors.randomElement(using: &random) else { continue }
            var bytes = vector.bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
            do {
                guard let encoded = try decodeWhole(vector, bytes) else { continue }
                accepted += 1
                // What we wrote ourselves must be readable, and stable from then on.
                let isStable = try decodeWhole(vector, encoded) == encoded
                #expect(isStable, "\(vector.label)")
            } catch is WireError {
                refused += 1
            }
        }
        #expect(accepted > 1000 && refused > 1000)
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where at < bytes.count: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1 where at < bytes.count: bytes[at] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random) ?? 0
        case 2 where at < bytes.count: bytes.remove(at: at)
        case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
        default: bytes.insert(contentsOf: [0xff, 0xff, 0xff, 0xff, 0x07], at: at)
        }
    }
}
