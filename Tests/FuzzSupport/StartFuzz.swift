import KafkaProtocol
import LogStorage

/// A cluster starts from a data directory in which one file is damaged: its metadata, its committed offsets, its
/// records, its checkpoints. It may refuse, or leave a partition offline; it must not trap.
package struct StartFuzz {
    private typealias Bytes = [UInt8]

    private let apis: [ServedShape]
    private let files: [(path: String, bytes: [UInt8])]

    package init(_ apis: [ServedShape]) throws {
        self.apis = apis
        let cluster = try FuzzedCluster(apis)
        try cluster.close()
        files = try Self.files(below: FuzzedCluster.directory, of: cluster.fileSystem)
    }

    private static func files(
        below path: String, of fileSystem: MemoryFileSystem
    ) throws -> [(path: String, bytes: [UInt8])] {
        try fileSystem.list(path).sorted { $0.name < $1.name }.flatMap { entry in
            let path = path + "/" + entry.name
            return entry.isDirectory
                ? try files(below: path, of: fileSystem) : [(path, try fileSystem.contents(of: path) ?? [])]
        }
    }

    /// Every byte of the logs that the cluster itself writes, with its checksum made right again; every number of every
    /// text file at every edge; every file cut. A sample takes something of every file.
    package func run(_ extent: Extent) -> FuzzReport {
        var report = FuzzReport()
        var picker = CasePicker(extent)
        for (index, file) in files.enumerated() {
            let changes: [(String, Bytes)]
            switch file.path {
            case _ where file.path.hasSuffix(".log"): changes = Self.changedBytes(file, &picker)
            case _ where Self.isText(file.bytes): changes = Self.changedNumbers(file, &picker)
            default: changes = Self.changedPieces(file, &picker)
            }
            let cuts = stride(from: 0, to: file.bytes.count, by: max(1, file.bytes.count / 6)).map { length in
                ("cut after \(length) bytes", Array(file.bytes[..<length]))
            }
            for (what, bytes) in changes + picker.pick(1, of: cuts) {
                for clean in picker.pick(1, of: [true, false]) {
                    let stop = clean ? "a clean stop" : "a crash"
                    report.attempt("\(picker.label)start after \(stop), \(file.path): \(what)", bytes) {
                        try start(index, bytes, clean: clean)
                    }
                }
            }
        }
        return report
    }

    private static func isText(_ bytes: Bytes) -> Bool { !bytes.isEmpty && bytes.allSatisfy { $0 < 0x80 && $0 != 0 } }

    private static func changedBytes(
        _ file: (path: String, bytes: Bytes), _ picker: inout CasePicker
    ) -> [(String, Bytes)] {
        // Other logs are the business of StorageFuzz.
        let isOwn = file.path.contains("/__")
        let starts = Batches.starts(file.bytes)
        let places = isOwn ? picker.pick(60, of: file.bytes.indices) : picker.pick(2, of: starts.map { $0 + 23 })
        return places.flatMap { place in
            picker.pick(1, of: [0, 0x7f, 0x80, 0xff] as Bytes).map { value in
                var bytes = file.bytes
                bytes[place] = value
                if let start = starts.last(where: { $0 <= place }) { Batches.reseal(&bytes, at: start) }
                return ("byte \(place) = \(value)", bytes)
            }
        }
    }

    private static func changedNumbers(
        _ file: (path: String, bytes: Bytes), _ picker: inout CasePicker
    ) -> [(String, Bytes)] {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        var numbers: [Range<Int>] = []
        for (place, byte) in file.bytes.enumerated() where digits.contains(byte) {
            if let last = numbers.last, last.upperBound == place {
                numbers[numbers.count - 1] = last.lowerBound..<place + 1
            } else {
                numbers.append(place..<place + 1)
            }
        }
        return picker.pick(3, of: numbers).flatMap { place in
            picker.pick(1, of: Edges.all.map(String.init) + ["", "x", "9223372036854775808"]).map { value in
                var bytes = file.bytes
                bytes.replaceSubrange(place, with: Array(value.utf8))
                return ("the number at \(place.lowerBound) = '\(value)'", bytes)
            }
        }
    }

    /// Of indexes and snapshots: four bytes at a time.
    private static func changedPieces(
        _ file: (path: String, bytes: Bytes), _ picker: inout CasePicker
    ) -> [(String, Bytes)] {
        picker.pick(2, of: Array(stride(from: 0, to: file.bytes.count, by: 4))).flatMap { place in
            picker.pick(1, of: Edges.of(width: 4)).map { value in
                var bytes = file.bytes
                bytes.put(value, at: place, width: 4)
                return ("four bytes at \(place) = \(value)", bytes)
            }
        }
    }

    private func start(_ changed: Int, _ bytes: Bytes, clean: Bool) throws {
        let fileSystem = MemoryFileSystem()
        for (index, file) in files.enumerated() where clean || !file.path.hasSuffix(CleanShutdownMarker.fileName) {
            let directory = file.path.split(separator: "/").dropLast().map { "/" + $0 }.joined()
            try fileSystem.makeDirectory(directory)
            try fileSystem.replace(file.path, with: index == changed ? bytes : file.bytes, durable: false)
        }
        guard let cluster = try? FuzzedCluster(apis, reopening: fileSystem) else { return }
        cluster.use()
        for later in [1_000, 3_600_000] { cluster.tick(at: cluster.now + Int64(later)) }
        try? cluster.close()
    }
}
