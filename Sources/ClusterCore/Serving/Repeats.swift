extension Sequence where Element: Hashable {
    /// How often each element is there.
    ///
    /// - Parameter count: elements at the most. Room is made for all of them at once: a table that grows moves
    ///   everything that is in it, and for a request with very many names that alone takes long.
    func repeats(of count: Int) -> [Element: Int] {
        var repeats = [Element: Int](minimumCapacity: count)
        for element in self {
            repeats[element, default: 0] += 1  // bounded: by the sequence
        }
        return repeats
    }
}
