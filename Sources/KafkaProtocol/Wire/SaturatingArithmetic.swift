/// Arithmetic for integers that come from outside (wire, disk, configuration, HTTP): a result that does not fit is the
/// nearest number that does, never a trap and never a number of the other sign.
infix operator +| : AdditionPrecedence
infix operator -| : AdditionPrecedence
infix operator *| : MultiplicationPrecedence

extension FixedWidthInteger {
    /// The sum, or `.max` or `.min` where it would be beyond.
    @inlinable
    package static func +| (left: Self, right: Self) -> Self {
        let (sum, overflows) = left.addingReportingOverflow(right)
        return overflows ? (right < 0 ? .min : .max) : sum
    }

    /// The difference, or `.max` or `.min` where it would be beyond.
    @inlinable
    package static func -| (left: Self, right: Self) -> Self {
        let (difference, overflows) = left.subtractingReportingOverflow(right)
        return overflows ? (right > 0 ? .min : .max) : difference
    }

    /// The product, or `.max` or `.min` where it would be beyond.
    @inlinable
    package static func *| (left: Self, right: Self) -> Self {
        let (product, overflows) = left.multipliedReportingOverflow(by: right)
        return overflows ? ((left < 0) == (right < 0) ? .max : .min) : product
    }
}
