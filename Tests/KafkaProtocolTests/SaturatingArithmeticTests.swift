import KafkaProtocol
import Testing

@Suite("Saturating arithmetic")
struct SaturatingArithmeticTests {
    @Test("agrees with exact arithmetic, cut to the type's range, for every pair of 8-bit numbers")
    func everyPairOfSmallNumbers() {
        func clamped(_ exact: Int) -> Int8 { Int8(clamping: exact) }
        var wrong: [String] = []
        for left in Int8.min...Int8.max {
            for right in Int8.min...Int8.max {
                let (a, b) = (Int(left), Int(right))
                if left +| right != clamped(a + b) { wrong.append("\(a) + \(b)") }
                if left -| right != clamped(a - b) { wrong.append("\(a) - \(b)") }
                if left *| right != clamped(a * b) { wrong.append("\(a) * \(b)") }
            }
        }
        #expect(wrong == [])
    }

    @Test("unsigned numbers stop at zero and at their maximum")
    func unsigned() {
        #expect(UInt8(3) -| 5 == 0)
        #expect(UInt8(250) +| 10 == .max)
        #expect(UInt8(100) *| 100 == .max)
    }
}
