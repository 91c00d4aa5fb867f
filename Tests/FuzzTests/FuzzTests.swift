import ClusterCore
import Foundation
import FuzzSupport
import KafkaProtocol
import Testing

/// `make fuzz` changes these requests; if handlers did not read them as they are, it would try little.
@Suite("What the fuzzer sends")
struct FuzzTests {
    @Test("requests that the schema writes are those that handlers read")
    func validRequests() throws {
        let apis = try ServedShape.all(ProtocolFiles.read(Repository.root))
        for api in apis {
            for version in api.versions {
                let cluster = try FuzzedCluster(apis)
                let shape = cluster.shape(api, version: version)
                let answer = cluster.handle(shape.frame)
                let text = String(decoding: answer, as: UTF8.self)
                #expect(!text.hasPrefix("malformed"), "\(api.definition.name) v\(version): \(text)")
            }
        }
    }
}

/// The fuzzer runs as a program of its own: what ends it, and says with which input, ends no other test.
@Suite("Numbers at the edge", .serialized)
struct SampledFuzzTests {
    /// Another one takes other cases: each place at some of its edges.
    private static let seed = "20261128"

    @Test(
        "requests, configs, stored batches and whole directories neither end the process nor hold it up",
        arguments: ["requests", "configs", "files", "starts"])
    func sample(part: String) throws {
        let run = try FuzzerProgram.run("sample", part, Self.seed)
        #expect(run.isSuccess, "\(run.output)\(run.errors)")
        let cases = run.output.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        #expect(try #require(cases) > 150, "\(run.output)")
    }

    @Test("rounds by chance are of every part, so that the seed of a case at fault repeats it")
    func chance() throws {
        let run = try FuzzerProgram.run("chance", Self.seed, "1")
        #expect(run.isSuccess, "\(run.output)\(run.errors)")
        #expect(run.output.contains("configs and starts by chance, seed \(Self.seed),"), "\(run.output)")
        #expect(run.output.contains("cases by chance, seeds from \(Self.seed) on,"), "\(run.output)")
    }

    @Test("a case that goes wrong is named, with its bytes", arguments: ["trap", "overflow", "hang", "error"])
    func fault(kind: String) throws {
        let run = try FuzzerProgram.run("fault", kind)
        #expect(!run.isSuccess)
        let said = run.output + run.errors
        #expect(said.contains("seed 7, a case that ends in \(kind); bytes 00cafe"), "\(said)")
    }
}
