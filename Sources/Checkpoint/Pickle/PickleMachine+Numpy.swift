/// numpy's arrays, scalars and dtypes. Those of plain numbers are decoded; others are carried along.
extension PickleMachine {
    /// `numpy.dtype("f8", False, True)`. The byte order follows with BUILD.
    mutating func numpyType(_ arguments: [PickleItem]) throws -> PickleItem {
        guard case .string(let code)? = arguments.first else { throw malformed("a numpy dtype without its code") }
        return make(PickleNode(kind: .numpyType(code), arguments: arguments))
    }

    /// The state is `(version, byte order, …)`; `|` means that order does not matter.
    func byteOrdered(_ code: String, _ state: PickleItem) throws -> String {
        let parts = try tuple(state)
        guard parts.count >= 2, case .string(let order) = parts[1], ["<", ">", "|", "="].contains(order) else {
            throw malformed("a numpy dtype without its byte order")
        }
        return order == ">" && !code.hasPrefix(">") ? ">" + code : code
    }

    /// `(version, shape, dtype, is Fortran order, bytes)`; arrays of objects bring a list instead of bytes.
    mutating func setArrayState(_ index: Int, _ state: PickleItem) throws {
        let parts = try tuple(state)
        guard parts.count == 5, let shape = integers(parts[1]), case .bool(let isFortranOrder) = parts[3] else {
            throw malformed("a numpy array without its state")
        }
        guard let bytes = rawBytes(parts[4]), let type = numberType(parts[2]) else {
            nodes[index].kind = .object(className: "numpy.ndarray")
            nodes[index].state = state
            return
        }
        nodes[index].kind = .array(try array(type, shape, isFortranOrder, bytes))
    }

    /// `(buffer, dtype, shape, order)`, used by protocol 5.
    mutating func numpyFromBuffer(_ arguments: [PickleItem]) throws -> PickleItem {
        guard arguments.count >= 3, let bytes = rawBytes(arguments[0]), let shape = integers(arguments[2]) else {
            throw malformed("a numpy array without its buffer")
        }
        guard let type = numberType(arguments[1]) else {
            return make(PickleNode(kind: .object(className: "numpy.ndarray"), arguments: arguments))
        }
        var isFortranOrder = false
        if arguments.count > 3, case .string("F") = arguments[3] { isFortranOrder = true }
        return make(PickleNode(kind: .array(try array(type, shape, isFortranOrder, bytes))))
    }

    /// `(dtype, bytes)`: a plain number.
    mutating func numpyScalar(_ arguments: [PickleItem]) throws -> PickleItem {
        guard arguments.count == 2 else { throw malformed("a numpy scalar without its value") }
        guard let bytes = rawBytes(arguments[1]), let type = numberType(arguments[0]) else {
            return make(PickleNode(kind: .object(className: "numpy.generic"), arguments: arguments))
        }
        let value = try array(type, [], false, bytes)
        if value.typeCode == "b1" { return .bool(value.bytes[0] != 0) }
        if let integer = value.integers?.first { return .int(integer) }
        return .float(value.doubles[0])
    }

    private func rawBytes(_ item: PickleItem) -> [UInt8]? {
        switch item {
        case .bytes(let bytes): bytes
        case .string(let text): Array(text.utf8)  // Python 2's `str`
        default: nil
        }
    }

    private func numberType(_ item: PickleItem) -> (code: String, isBigEndian: Bool)? {
        guard case .node(let index) = item, case .numpyType(let code) = nodes[index].kind else { return nil }
        let plain = String(code.drop { "<>|=".contains($0) })
        return PickledArray.elementSizes[plain] == nil ? nil : (plain, code.hasPrefix(">"))
    }

    private mutating func array(
        _ type: (code: String, isBigEndian: Bool), _ shape: [Int], _ isFortranOrder: Bool, _ bytes: [UInt8]
    ) throws -> PickledArray {
        guard shape.count <= 32 else {
            throw CheckpointError.Reason.limit("a numpy array has \(shape.count) dimensions")
        }
        let size = PickledArray.elementSizes[type.code] ?? 1
        let (expected, overflow) = try StridedView.product(shape).multipliedReportingOverflow(by: size)
        guard !overflow, expected == bytes.count else {
            throw malformed("a numpy array of shape \(shape) and type \(type.code) with \(bytes.count) bytes")
        }
        var bytes = bytes
        if type.isBigEndian && size > 1 {
            try charge(bytes.count)
            for start in stride(from: 0, to: bytes.count, by: size) { bytes[start..<start + size].reverse() }
        }
        return PickledArray(typeCode: type.code, shape: shape, isFortranOrder: isFortranOrder, bytes: bytes)
    }
}
