import CPlatform

/// The checksum of record batches: CRC-32C (Castagnoli), with the CPU's instruction where there is one.
package enum CRC32C {
    /// The checksum of `bytes`, continuing from `seed`, the checksum of what came before (0 at the start).
    package static func checksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress else { return seed }
        return twinlog_crc32c(seed, start, bytes.count)
    }

    /// The checksum of A followed by B, from both checksums and the length of B in bytes.
    package static func combine(_ first: UInt32, _ second: UInt32, secondCount: Int) -> UInt32 {
        twinlog_crc32c_combine(first, second, UInt64(secondCount))
    }

    /// The same checksum without the CPU's instruction; tests compare the two.
    package static func tableChecksum(_ bytes: UnsafeRawBufferPointer, seed: UInt32 = 0) -> UInt32 {
        guard let start = bytes.baseAddress else { return seed }
        return twinlog_crc32c_table(seed, start, bytes.count)
    }

    /// Whether this CPU has the instruction.
    package static var isAccelerated: Bool { twinlog_crc32c_accelerated() }
}
