/// Addresses as certificates hold them, without a call to the system.
package enum IPAddressBytes {
    /// 4 or 16 bytes in network order; nil when `text` is a name.
    package static func parse(_ text: String) -> [UInt8]? {
        text.contains(":") ? version6(text) : version4(text)
    }

    private static func version4(_ text: some StringProtocol) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            return nil
        }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.count <= 3, part.allSatisfy({ $0.isASCII && $0.isNumber }), let byte = UInt8(part) else {
                return nil
            }
            bytes.append(byte)
        }
        return bytes
    }

    private static func version6(_ text: String) -> [UInt8]? {
        // A zone (`%eth0`) says how to get there, not who it is.
        let address = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)[0]
        guard let gap = address.firstRange(of: "::") else {
            return groups(address).flatMap { $0.count == 16 ? $0 : nil }
        }
        guard let head = groups(address[..<gap.lowerBound]), let tail = groups(address[gap.upperBound...]),
            head.count + tail.count <= 14
        else {
            return nil
        }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else {
            return []
        }
        var bytes: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let embedded = version4(part) else {
                    return nil
                }
                return bytes + embedded
            }
            guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit), let group = UInt16(part, radix: 16)
            else {
                return nil
            }
            bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
        }
        return bytes
    }
}
