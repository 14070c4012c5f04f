import CTorch

/// Lays the arguments of one operator call out as C values, in one block of stack memory: first the arguments, then
/// room for the results, then the contents of lists and strings.
enum CallFrame {
    /// Calls the operator and takes over its results.
    static func call(_ op: Operator, _ handle: OpaquePointer, _ arguments: [IValue]) throws -> [IValue] {
        let valueCount = arguments.count + op.resultCount
        var byteCount = valueCount * MemoryLayout<ct_value>.stride
        for argument in arguments { byteCount += argument.contentByteCount }

        // The handles in the block are borrowed from `arguments`, which therefore has to outlive the call.
        return try withExtendedLifetime(arguments) {
            try withUnsafeTemporaryAllocation(byteCount: max(byteCount, 1), alignment: 8) { block -> [IValue] in
                guard let base = block.baseAddress else { return [] }
                let values = base.bindMemory(to: ct_value.self, capacity: valueCount)
                var contents = base + valueCount * MemoryLayout<ct_value>.stride
                for (index, argument) in arguments.enumerated() {
                    (values + index).initialize(to: argument.cValue(contents: &contents))
                }
                let results = values + arguments.count
                guard ct_operator_call(handle, values, arguments.count, results) else {
                    throw Tensor.failure(op.name)
                }
                return try take(results, count: op.resultCount)
            }
        }
    }

    /// Every result is taken over even when one of them cannot be, so that none leaks.
    private static func take(_ results: UnsafeMutablePointer<ct_value>, count: Int) throws -> [IValue] {
        if count == 1 { return [try IValue(taking: results[0])] }
        return try (0..<count).map { index in Result { try IValue(taking: results[index]) } }.map { try $0.get() }
    }
}

extension IValue {
    /// Bytes this value needs beside its `ct_value`, in multiples of 8.
    fileprivate var contentByteCount: Int {
        switch self {
        case .none, .tensor, .int, .double, .bool, .device, .generator: 0
        case .string(let text): (text.utf8.count + 7) & ~7
        case .ints(let list): list.count * 8
        case .doubles(let list): list.count * 8
        case .bools(let list): (list.count + 7) & ~7
        case .tensors(let list): list.count * 8
        case .optionalTensors(let list): list.count * 8
        }
    }

    /// This value in C, with the contents of lists and strings written at `contents`, which moves behind them.
    fileprivate func cValue(contents: inout UnsafeMutableRawPointer) -> ct_value {
        switch self {
        case .none: return ct_value(CT_NONE, ct_payload(integer: 0))
        case .tensor(let tensor): return ct_value(CT_TENSOR, ct_payload(tensor: tensor.handle))
        case .int(let value): return ct_value(CT_INT, ct_payload(integer: Int64(value)))
        case .double(let value): return ct_value(CT_DOUBLE, ct_payload(number: value))
        case .bool(let value): return ct_value(CT_BOOL, ct_payload(integer: value ? 1 : 0))
        case .device(let device):
            return ct_value(
                kind: CT_DEVICE, index: device.index, count: 0, payload: ct_payload(integer: Int64(device.typeCode)))
        case .generator(let generator): return ct_value(CT_GENERATOR, ct_payload(generator: generator.handle))
        case .string(let text): return write(text.utf8, text.utf8.count, as: UInt8.self, CT_STRING, at: &contents)
        case .ints(let list): return write(list, list.count, as: Int.self, CT_INT_LIST, at: &contents)
        case .doubles(let list): return write(list, list.count, as: Double.self, CT_DOUBLE_LIST, at: &contents)
        case .bools(let list):
            return write(list.lazy.map { $0 ? 1 : 0 }, list.count, as: UInt8.self, CT_BOOL_LIST, at: &contents)
        case .tensors(let list):
            return write(list.lazy.map(\.handle), list.count, as: OpaquePointer.self, CT_TENSOR_LIST, at: &contents)
        case .optionalTensors(let list):
            return write(
                list.lazy.map { $0?.handle }, list.count, as: OpaquePointer?.self, CT_TENSOR_LIST, at: &contents)
        }
    }

    private func write<Element>(
        _ elements: some Sequence<Element>, _ count: Int, as type: Element.Type, _ kind: ct_kind,
        at contents: inout UnsafeMutableRawPointer
    ) -> ct_value {
        let start = contents
        for element in elements {
            contents.initializeMemory(as: Element.self, to: element)
            contents += MemoryLayout<Element>.stride
        }
        contents = contents.alignedUp(toMultipleOf: 8)
        return ct_value(
            kind: kind, index: 0, count: Int64(count),
            payload: ct_payload(string: UnsafePointer(start.assumingMemoryBound(to: CChar.self))))
    }

    /// Takes over what a C result owns.
    fileprivate init(taking value: ct_value) throws {
        let count = Int(value.count)
        switch value.kind {
        case CT_TENSOR:
            self = .tensor(try Tensor(owning: value.payload.tensor))
            return
        case CT_INT: self = .int(Int(value.payload.integer))
        case CT_DOUBLE: self = .double(value.payload.number)
        case CT_BOOL: self = .bool(value.payload.integer != 0)
        default: try self.init(takingList: value, count)
        }
    }

    private init(takingList value: ct_value, _ count: Int) throws {
        defer { withUnsafePointer(to: value) { ct_value_free_storage($0) } }
        switch value.kind {
        case CT_STRING:
            let bytes = UnsafeRawBufferPointer(start: value.payload.string, count: count)
            self = .string(String(decoding: bytes, as: UTF8.self))
        case CT_INT_LIST:
            self = .ints(UnsafeBufferPointer(start: value.payload.integers, count: count).map { Int($0) })
        case CT_DOUBLE_LIST: self = .doubles(Array(UnsafeBufferPointer(start: value.payload.numbers, count: count)))
        case CT_BOOL_LIST:
            self = .bools(UnsafeBufferPointer(start: value.payload.flags, count: count).map { $0 != 0 })
        case CT_TENSOR_LIST:
            let handles = UnsafeBufferPointer(start: value.payload.tensors, count: count)
            let tensors = try handles.map { handle in Result { try handle.map { try Tensor(owning: $0) } } }
                .map { try $0.get() }
            let defined = tensors.compactMap { $0 }
            self = defined.count == tensors.count ? .tensors(defined) : .optionalTensors(tensors)
        default: self = .none
        }
    }
}

extension ct_value {
    fileprivate init(_ kind: ct_kind, _ payload: ct_payload) {
        self.init(kind: kind, index: 0, count: 0, payload: payload)
    }
}
