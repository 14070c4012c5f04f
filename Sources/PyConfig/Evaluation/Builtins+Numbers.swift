import Foundation
import OrderedCollections

extension Evaluator {
    func numeric(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        switch builtin {
        case .min, .max: return try extreme(builtin, call)
        case .len:
            try call.arity(1...1)
            return .int(try length(call.positional[0]))
        case .sum:
            var call = call
            if let start = call.take("start") { call.positional.append(start) }
            try call.arity(1...2)
            let start = call.positional.count > 1 ? call.positional[1] : .int(0)
            if case .string = start { throw Fault(.type, "sum() cannot join strings; use ''.join(...)") }
            return try runtime.elements(call.positional[0]).reduce(start) {
                try runtime.binary(.add, $0, $1)
            }
        case .abs:
            try call.arity(1...1)
            if case .float(let number) = call.positional[0] { return .float(number.magnitude) }
            let number = try call.integer(0)
            return try number < 0 ? runtime.unary(.minus, .int(number)) : .int(number)
        case .round: return try round(call)
        case .pow:
            try call.arity(2...2)
            return try runtime.binary(.power, call.positional[0], call.positional[1])
        default:
            try call.arity(2...2)
            let quotient = try runtime.binary(.floorDivide, call.positional[0], call.positional[1])
            let remainder = try runtime.binary(.modulo, call.positional[0], call.positional[1])
            return try runtime.tuple([quotient, remainder])
        }
    }

    func length(_ value: PyValue) throws -> Int {
        switch value {
        case .string(let text): return text.unicodeScalars.count
        case .bytes(let bytes): return bytes.count
        case .list(let list), .view(let list): return list.items.count
        case .tuple(let tuple): return tuple.items.count
        case .set(let set): return set.keys.count
        case .dict(let dictionary): return dictionary.items.count
        case .range(let range):
            guard range.count < .max else { throw Fault.overflow() }
            return range.count
        default: throw Fault(.type, "object of type '\(value.typeName)' has no len()")
        }
    }

    private func extreme(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        var call = call
        let function = call.take("key")
        let fallback = call.take("default")
        try call.arity(1...Int.max)
        let candidates =
            call.positional.count == 1 ? try runtime.elements(call.positional[0]) : call.positional
        guard var best = candidates.first else {
            if let fallback { return fallback }
            throw Fault(.value, "\(builtin.name)() of nothing")
        }
        let keys = try sortKeys(candidates, function)
        var bestKey = keys[0]
        for (candidate, key) in zip(candidates, keys).dropFirst() {
            if try builtin == .min ? runtime.less(key, bestKey) : runtime.less(bestKey, key) {
                (best, bestKey) = (candidate, key)
            }
        }
        return best
    }

    /// What elements are ordered by: themselves, or the results of the `key` function.
    func sortKeys(_ values: [PyValue], _ function: PyValue?) throws -> [PyValue] {
        guard let function else { return values }
        if case .none = function { return values }
        return try values.map {
            try invoke(function, Call(name: "key", positional: [$0], keywords: []))
        }
    }

    /// Python's `round`: ties go to the even neighbour.
    private func round(_ call: Call) throws -> PyValue {
        var call = call
        call.fold("number", "ndigits")
        try call.arity(1...2)
        let digits = call.optional(1) == nil ? nil : try call.integer(1)
        if let number = call.positional[0].integer {
            guard let digits, digits < 0 else { return .int(number) }
            guard digits > -19 else { return .int(0) }
            let unit = (0 ..< -digits).reduce(1) { result, _ in result * 10 }
            let floor = try runtime.binary(.floorDivide, .int(number), .int(unit)).integer ?? 0
            let rest = try runtime.binary(.modulo, .int(number), .int(unit)).integer ?? 0
            let isUp = rest > unit - rest || (rest == unit - rest && floor % 2 != 0)
            return try runtime.binary(.multiply, .int(isUp ? floor + 1 : floor), .int(unit))
        }
        let number = try call.number(0)
        guard let digits else {
            guard number.isFinite else {
                throw Fault(.value, "round() of an infinite or undefined number")
            }
            guard let result = Int(exactly: number.rounded(.toNearestOrEven)) else {
                throw Fault.overflow()
            }
            return .int(result)
        }
        guard number.isFinite, digits <= 323 else { return .float(number) }
        if digits >= 0 { return .float(Double(String(format: "%.*f", Int32(digits), number)) ?? number) }
        guard digits > -309 else { return .float(Double(signOf: number, magnitudeOf: 0)) }
        let unit = Foundation.pow(10, Double(-digits))
        return .float((number / unit).rounded(.toNearestOrEven) * unit)
    }

    func mathFunction(_ builtin: Builtin, _ call: Call) throws -> PyValue {
        switch builtin {
        case .ceil, .floor:
            try call.arity(1...1)
            if let number = call.positional[0].integer { return .int(number) }
            let number = try call.number(0)
            guard number.isFinite else {
                throw Fault(.value, "math.\(builtin.name)() of an infinite number")
            }
            guard let result = Int(exactly: number.rounded(builtin == .ceil ? .up : .down)) else {
                throw Fault.overflow()
            }
            return .int(result)
        case .log:
            try call.arity(1...2)
            let value = try Foundation.log(positive(call, 0))
            return .float(
                call.positional.count > 1 ? value / Foundation.log(try positive(call, 1)) : value)
        case .log2, .log10:
            try call.arity(1...1)
            let number = try positive(call, 0)
            return .float(builtin == .log2 ? Foundation.log2(number) : Foundation.log10(number))
        case .mathPower:
            try call.arity(2...2)
            return try runtime.binary(.power, .float(call.number(0)), .float(call.number(1)))
        case .productOf:
            try call.arity(1...1)
            return try runtime.elements(call.positional[0]).reduce(.int(1)) {
                try runtime.binary(.multiply, $0, $1)
            }
        case .greatestDivisor:
            try call.arity(2...2)
            var (a, b) = try (call.integer(0).magnitude, call.integer(1).magnitude)
            while b != 0 { (a, b) = (b, a % b) }
            guard let divisor = Int(exactly: a) else { throw Fault.overflow() }
            return .int(divisor)
        default: return .float(try realFunction(builtin, call))
        }
    }

    private func positive(_ call: Call, _ index: Int) throws -> Double {
        let number = try call.number(index)
        guard number > 0 else { throw Fault(.value, "\(call.name)() needs a positive number") }
        return number
    }

    private func realFunction(_ builtin: Builtin, _ call: Call) throws -> Double {
        try call.arity(1...1)
        let number = try call.number(0)
        switch builtin {
        case .sqrt:
            guard number >= 0 else { throw Fault(.value, "math.sqrt() of a negative number") }
            return number.squareRoot()
        case .exp:
            let result = Foundation.exp(number)
            if result.isInfinite, number.isFinite {
                throw Fault(.overflow, "the result does not fit in a float")
            }
            return result
        case .sin: return Foundation.sin(number)
        case .cos: return Foundation.cos(number)
        case .tan: return Foundation.tan(number)
        case .radians: return number * .pi / 180
        default: return number * 180 / .pi
        }
    }
}
