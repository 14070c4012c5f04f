import Foundation
import OrderedCollections

extension Runtime {
    /// A binary operator with Python's rules: `/` is always a float, `//` and `%` round towards minus infinity.
    func binary(_ operation: BinaryOperator, _ left: PyValue, _ right: PyValue) throws -> PyValue {
        try step()
        if let a = left.integer, let b = right.integer {
            if case .bool(let x) = left, case .bool(let y) = right, let logical = logical(operation, x, y) {
                return .bool(logical)
            }
            return try integers(operation, a, b)
        }
        if let a = left.number, let b = right.number { return try floats(operation, a, b) }
        switch operation {
        case .add:
            if let joined = try concatenation(left, right) { return joined }
        case .multiply:
            if let count = right.integer, let repeated = try repetition(left, count) { return repeated }
            if let count = left.integer, let repeated = try repetition(right, count) { return repeated }
        case .modulo:
            if case .string(let format) = left { return try string(percentFormat(format, right)) }
        case .or, .and, .xor, .subtract:
            if let combined = try combination(operation, left, right) { return combined }
        default: break
        }
        throw Fault(
            .type,
            "unsupported operands for \(operation.rawValue): '\(left.typeName)' and '\(right.typeName)'")
    }

    private func logical(_ operation: BinaryOperator, _ a: Bool, _ b: Bool) -> Bool? {
        switch operation {
        case .and: a && b
        case .or: a || b
        case .xor: a != b
        default: nil
        }
    }

    // MARK: numbers

    private func integers(_ operation: BinaryOperator, _ a: Int, _ b: Int) throws -> PyValue {
        func checked(_ result: (partialValue: Int, overflow: Bool)) throws -> PyValue {
            if result.overflow { throw Fault.overflow() }
            return .int(result.partialValue)
        }
        switch operation {
        case .add: return try checked(a.addingReportingOverflow(b))
        case .subtract: return try checked(a.subtractingReportingOverflow(b))
        case .multiply: return try checked(a.multipliedReportingOverflow(by: b))
        case .divide:
            guard b != 0 else { throw Fault(.zeroDivision, "division by zero") }
            return .float(Double(a) / Double(b))
        case .floorDivide, .modulo:
            guard b != 0 else { throw Fault(.zeroDivision, "integer division or modulo by zero") }
            if b == -1 {
                return operation == .modulo ? .int(0) : try checked((0).subtractingReportingOverflow(a))
            }
            let remainder = a % b
            let isRounded = remainder != 0 && (remainder < 0) != (b < 0)
            if operation == .modulo { return .int(isRounded ? remainder + b : remainder) }
            return .int(isRounded ? a / b - 1 : a / b)
        case .power: return b < 0 ? try floats(.power, Double(a), Double(b)) : .int(try power(a, b))
        case .leftShift, .rightShift: return .int(try shift(operation, a, b))
        case .and: return .int(a & b)
        case .or: return .int(a | b)
        case .xor: return .int(a ^ b)
        }
    }

    private func power(_ base: Int, _ exponent: Int) throws -> Int {
        if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
        if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
        var result = 1
        guard exponent < 64 else { throw Fault.overflow() }
        for _ in 0..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { throw Fault.overflow() }
            result = product
        }
        return result
    }

    private func shift(_ operation: BinaryOperator, _ value: Int, _ count: Int) throws -> Int {
        guard count >= 0 else { throw Fault(.value, "negative shift count") }
        if operation == .rightShift { return value >> min(count, 63) }
        if value == 0 { return 0 }
        guard count < 63, (value << count) >> count == value else { throw Fault.overflow() }
        return value << count
    }

    private func floats(_ operation: BinaryOperator, _ a: Double, _ b: Double) throws -> PyValue {
        switch operation {
        case .add: return .float(a + b)
        case .subtract: return .float(a - b)
        case .multiply: return .float(a * b)
        case .divide:
            guard b != 0 else { throw Fault(.zeroDivision, "float division by zero") }
            return .float(a / b)
        case .floorDivide, .modulo:
            guard b != 0 else { throw Fault(.zeroDivision, "float floor division or modulo by zero") }
            let (quotient, remainder) = floorDivision(a, b)
            return .float(operation == .modulo ? remainder : quotient)
        case .power: return .float(try power(a, b))
        default: throw Fault(.type, "unsupported operands for \(operation.rawValue): 'float'")
        }
    }

    /// CPython's `divmod` of floats.
    func floorDivision(_ a: Double, _ b: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(a, b)
        var quotient = (a - remainder) / b
        if remainder != 0 {
            if (b < 0) != (remainder < 0) {
                remainder += b
                quotient -= 1
            }
        } else {
            remainder = Double(signOf: b, magnitudeOf: 0)
        }
        if quotient == 0 { return (Double(signOf: a / b, magnitudeOf: 0), remainder) }
        let floored = quotient.rounded(.down)
        return (quotient - floored > 0.5 ? floored + 1 : floored, remainder)
    }

    private func power(_ base: Double, _ exponent: Double) throws -> Double {
        if base == 0, exponent < 0 {
            throw Fault(.zeroDivision, "0.0 cannot be raised to a negative power")
        }
        if base < 0, base.isFinite, exponent.isFinite, exponent != exponent.rounded() {
            throw Fault(.value, "a negative number to a fractional power is complex")
        }
        let result = pow(base, exponent)
        if result.isInfinite, base.isFinite, exponent.isFinite {
            throw Fault(.overflow, "the result does not fit in a float")
        }
        return result
    }

    func unary(_ operation: UnaryOperator, _ value: PyValue) throws -> PyValue {
        if let number = value.integer {
            switch operation {
            case .plus: return .int(number)
            case .invert: return .int(~number)
            case .minus:
                guard number != .min else { throw Fault.overflow() }
                return .int(-number)
            }
        }
        if case .float(let number) = value, operation != .invert {
            return .float(operation == .minus ? -number : number)
        }
        throw Fault(.type, "bad operand for unary \(operation.rawValue): '\(value.typeName)'")
    }

    // MARK: sequences, dictionaries, sets

    private func concatenation(_ left: PyValue, _ right: PyValue) throws -> PyValue? {
        switch (left, right) {
        case (.string(let a), .string(let b)): return try string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try allocate(a.count + b.count)
            return .bytes(a + b)
        case (.list(let a), .list(let b)): return try list(a.items + b.items)
        case (.tuple(let a), .tuple(let b)): return try tuple(a.items + b.items)
        default: return nil
        }
    }

    private func repetition(_ value: PyValue, _ count: Int) throws -> PyValue? {
        let times = max(count, 0)
        func charge(_ length: Int) throws {
            let (total, overflow) = length.multipliedReportingOverflow(by: times)
            try allocate(overflow ? .max : total)
        }
        switch value {
        case .string(let text):
            if text.isEmpty { return value }
            try charge(text.utf8.count)
            return .string(String(repeating: text, count: times))
        case .bytes(let bytes):
            if bytes.isEmpty { return value }
            try charge(bytes.count)
            return .bytes(Array(repeatElement(bytes, count: times).joined()))
        case .list(let items):
            try charge(items.items.count)
            return try list(
                Array(repeatElement(items.items, count: items.items.isEmpty ? 0 : times).joined()))
        case .tuple(let items):
            try charge(items.items.count)
            return try tuple(
                Array(repeatElement(items.items, count: items.items.isEmpty ? 0 : times).joined()))
        default: return nil
        }
    }

    private func combination(
        _ operation: BinaryOperator, _ left: PyValue, _ right: PyValue
    ) throws
        -> PyValue?
    {
        if operation == .or, case .dict(let a) = left, case .dict(let b) = right {
            return .dict(try dict(a.items.merging(b.items) { $1 }, isConfig: a.isConfig))
        }
        func keys(_ value: PyValue) throws -> OrderedSet<ConfigKey>? {
            switch value {
            case .set(let set): set.keys
            case .view(let list): OrderedSet(try list.items.map { try key($0) })
            default: nil
            }
        }
        guard let a = try keys(left), let b = try keys(right) else { return nil }
        try step(a.count + b.count)
        switch operation {
        case .or: return try set(a.union(b))
        case .and: return try set(a.intersection(b))
        case .xor: return try set(a.symmetricDifference(b))
        default: return try set(a.subtracting(b))
        }
    }
}
