/// The arguments of one call of a built-in function or method.
struct Call {
    let name: String
    var positional: [PyValue]
    var keywords: [(name: String, value: PyValue)]

    /// Refuses any other number of positional arguments, and keywords that nothing took.
    func arity(_ range: ClosedRange<Int>) throws {
        if let unknown = keywords.first {
            throw Fault(.type, "\(name)() has no argument '\(unknown.name)'")
        }
        guard range.contains(positional.count) else {
            let expected =
                range.lowerBound == range.upperBound
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw Fault(.type, "\(name)() takes \(expected) arguments, \(positional.count) given")
        }
    }

    /// Takes a keyword argument out.
    mutating func take(_ keyword: String) -> PyValue? {
        guard let index = keywords.firstIndex(where: { $0.name == keyword }) else { return nil }
        return keywords.remove(at: index).value
    }

    /// Lets arguments also be given by these keywords, in this order.
    mutating func fold(_ names: String...) {
        for name in names.dropFirst(positional.count) {
            guard let value = take(name) else { return }
            positional.append(value)
        }
    }

    /// The positional argument at an index.
    func argument(_ index: Int) throws -> PyValue {
        guard index < positional.count else { throw Fault(.type, "\(name)() lacks an argument") }
        return positional[index]
    }

    func string(_ index: Int) throws -> String {
        let value = try argument(index)
        guard case .string(let text) = value else {
            throw Fault(.type, "\(name)() needs a string, not '\(value.typeName)'")
        }
        return text
    }

    func integer(_ index: Int) throws -> Int {
        let value = try argument(index)
        guard let number = value.integer else {
            throw Fault(.type, "\(name)() needs an integer, not '\(value.typeName)'")
        }
        return number
    }

    func number(_ index: Int) throws -> Double {
        let value = try argument(index)
        guard let number = value.number else {
            throw Fault(.type, "\(name)() needs a number, not '\(value.typeName)'")
        }
        return number
    }

    /// The argument unless it is absent or `None`.
    func optional(_ index: Int) -> PyValue? {
        guard index < positional.count else { return nil }
        if case .none = positional[index] { return nil }
        return positional[index]
    }
}
