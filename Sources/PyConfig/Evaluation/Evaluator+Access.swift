import OrderedCollections

extension Evaluator {
    // MARK: attributes

    func attribute(_ name: String, of value: PyValue) throws -> PyValue {
        let methods: Set<String>
        switch value {
        case .string: methods = StringMethods.names
        case .list: methods = ContainerMethods.list
        case .tuple: methods = ContainerMethods.tuple
        case .set: methods = ContainerMethods.set
        case .dict(let dictionary):
            methods = dictionary.isConfig ? ContainerMethods.configDict : ContainerMethods.dict
            if !methods.contains(name), dictionary.isConfig {
                guard let member = dictionary.items[.string(name)] else {
                    throw Fault(.attribute, keyFault(.string(name), in: dictionary).message)
                }
                return member
            }
        case .module(let module):
            guard let member = Builtin.member(name, of: module) else {
                throw Fault(.unsupported, "'\(module).\(name)' is not available in configs")
            }
            return member
        case .reference(let reference): return .reference(reference.member(name))
        case .builtin(.dict) where name == "fromkeys": return .builtin(.dictFromKeys)
        default: methods = []
        }
        guard methods.contains(name) else {
            var hint =
                nearestName(to: name, among: methods.sorted()).map { "; did you mean '\($0)'?" } ?? ""
            if case .dict(let dictionary) = value, dictionary.items[.string(name)] != nil {
                hint = "; write ['\(name)']"
            }
            throw Fault(.attribute, "'\(value.typeName)' object has no attribute '\(name)'\(hint)")
        }
        return try runtime.method(value, name)
    }

    // MARK: items

    func element(of container: PyValue, at place: PyValue) throws -> PyValue {
        if case .slice(let lower, let upper, let step) = place {
            return try slice(container, lower, upper, step)
        }
        switch container {
        case .dict(let dictionary):
            let key = try runtime.key(place)
            guard let value = dictionary.items[key] else { throw keyFault(key, in: dictionary) }
            return value
        case .list(let list): return list.items[try index(place, list.items.count, "list")]
        case .tuple(let tuple): return tuple.items[try index(place, tuple.items.count, "tuple")]
        case .range(let range): return .int(range.element(try index(place, range.count, "range")))
        case .bytes(let bytes): return .int(Int(bytes[try index(place, bytes.count, "bytes")]))
        case .string(let text):
            try runtime.step(text.utf8.count / 16)
            let scalars = text.unicodeScalars
            let place = try index(place, scalars.count, "string")
            return .string(String(scalars[scalars.index(scalars.startIndex, offsetBy: place)]))
        default: throw Fault(.type, "'\(container.typeName)' object has no elements to index")
        }
    }

    private func index(_ place: PyValue, _ count: Int, _ type: String) throws -> Int {
        guard let number = place.integer else {
            throw Fault(.type, "\(type) indices are integers or slices, not '\(place.typeName)'")
        }
        return try position(number, in: count, type)
    }

    /// The positions that a slice of `count` elements selects, with Python's clamping.
    func positions(_ lower: Int?, _ upper: Int?, _ step: Int?, count: Int) throws -> PyRange {
        let step = step ?? 1
        guard step != 0, step != .min else { throw Fault(.value, "a slice step cannot be zero") }
        let (lowest, highest) = step > 0 ? (0, count) : (-1, count - 1)
        func clamp(_ bound: Int?, _ fallback: Int) -> Int {
            guard let bound else { return fallback }
            return min(max(bound < 0 ? bound + count : bound, lowest), highest)
        }
        return PyRange(
            start: clamp(lower, step > 0 ? 0 : count - 1), stop: clamp(upper, step > 0 ? count : -1),
            step: step)
    }

    private func slice(
        _ container: PyValue, _ lower: Int?, _ upper: Int?, _ step: Int?
    ) throws
        -> PyValue
    {
        func select<Element>(_ items: [Element]) throws -> [Element] {
            let chosen = try positions(lower, upper, step, count: items.count)
            try runtime.step(chosen.count)
            return (0..<chosen.count).map { items[chosen.element($0)] }
        }
        switch container {
        case .list(let list): return try runtime.list(select(list.items))
        case .tuple(let tuple): return try runtime.tuple(select(tuple.items))
        case .bytes(let bytes):
            try runtime.allocate(bytes.count)
            return .bytes(try select(bytes))
        case .string(let text):
            var view = String.UnicodeScalarView()
            view.append(contentsOf: try select(Array(text.unicodeScalars)))
            return try runtime.string(String(view))
        case .range(let range):
            let chosen = try positions(lower, upper, step, count: range.count)
            return .range(try slice(range, chosen))
        default: throw Fault(.type, "'\(container.typeName)' object cannot be sliced")
        }
    }

    private func slice(_ range: PyRange, _ chosen: PyRange) throws -> PyRange {
        func element(_ index: Int) throws -> Int {
            let (distance, tooFar) = index.multipliedReportingOverflow(by: range.step)
            let (result, outside) = range.start.addingReportingOverflow(distance)
            if tooFar || outside { throw Fault.overflow() }
            return result
        }
        let (step, overflow) = range.step.multipliedReportingOverflow(by: chosen.step)
        if overflow { throw Fault.overflow() }
        return PyRange(start: try element(chosen.start), stop: try element(chosen.stop), step: step)
    }

    // MARK: assignment

    func assign(_ value: PyValue, to target: Expression) throws {
        switch target.kind {
        case .name(let name): bind(name, value)
        case .attribute(let object, let name):
            let owner = try evaluate(object)
            position = target.offset
            guard case .dict(let dictionary) = owner, dictionary.isConfig else {
                throw Fault(
                    .attribute, "attributes of a '\(owner.typeName)' cannot be set; use ['\(name)']")
            }
            try runtime.store(value, at: .string(name), in: dictionary)
        case .index(let object, let index):
            let (owner, place) = try (evaluate(object), evaluate(index))
            position = target.offset
            try setElement(of: owner, at: place, to: value)
        case .tuple(let targets), .list(let targets):
            position = target.offset
            try unpack(value, to: targets)
        default:
            position = target.offset
            throw Fault(.syntax, "this cannot be assigned to")
        }
    }

    private func unpack(_ value: PyValue, to targets: [Expression]) throws {
        let values = try runtime.elements(value)
        let stars = targets.indices.filter {
            if case .starred = targets[$0].kind { true } else { false }
        }
        guard stars.count <= 1 else { throw Fault(.syntax, "only one starred name can take the rest") }
        guard let star = stars.first else {
            guard values.count == targets.count else {
                throw Fault(.value, "\(targets.count) names cannot take \(values.count) values")
            }
            for (target, value) in Swift.zip(targets, values) { try assign(value, to: target) }
            return
        }
        let tail = targets.count - star - 1
        guard values.count >= star + tail else {
            throw Fault(.value, "\(targets.count) names cannot take \(values.count) values")
        }
        for index in 0..<star { try assign(values[index], to: targets[index]) }
        if case .starred(let inner) = targets[star].kind {
            try assign(runtime.list(Array(values[star..<values.count - tail])), to: inner)
        }
        for index in 0..<tail {
            try assign(values[values.count - tail + index], to: targets[star + 1 + index])
        }
    }

    func setElement(of owner: PyValue, at place: PyValue, to value: PyValue) throws {
        switch owner {
        case .dict(let dictionary): try runtime.store(value, at: runtime.key(place), in: dictionary)
        case .list(let list):
            if case .slice(let lower, let upper, let step) = place {
                let chosen = try positions(lower, upper, step, count: list.items.count)
                let values = try runtime.elements(value)
                try runtime.allocate(values.count)
                if chosen.step == 1 {
                    list.items.replaceSubrange(chosen.start..<max(chosen.start, chosen.stop), with: values)
                } else {
                    guard values.count == chosen.count else {
                        throw Fault(.value, "\(values.count) values do not fit a slice of \(chosen.count)")
                    }
                    for (index, value) in values.enumerated() { list.items[chosen.element(index)] = value }
                }
            } else {
                list.items[try index(place, list.items.count, "list")] = value
            }
        default: throw Fault(.type, "elements of a '\(owner.typeName)' cannot be assigned")
        }
    }

    /// `target op= value`; a list or a set is extended in place.
    func augment(_ target: Expression, _ operation: BinaryOperator, _ value: Expression) throws {
        let read: () throws -> PyValue
        let write: (PyValue) throws -> Void
        switch target.kind {
        case .index(let object, let index):
            let (owner, place) = try (evaluate(object), evaluate(index))
            read = { try self.element(of: owner, at: place) }
            write = { try self.setElement(of: owner, at: place, to: $0) }
        case .attribute(let object, let name):
            let owner = try evaluate(object)
            read = { try self.attribute(name, of: owner) }
            write = { result in
                guard case .dict(let dictionary) = owner else { return }
                try self.runtime.store(result, at: .string(name), in: dictionary)
            }
        default:
            read = { try self.evaluate(target) }
            write = { try self.assign($0, to: target) }
        }
        position = target.offset
        let old = try read()
        let operand = try evaluate(value)
        position = target.offset
        switch (operation, old) {
        case (.add, .list(let list)):
            let added = try runtime.elements(operand)
            try runtime.allocate(added.count)
            list.items += added
            try write(old)
        case (.or, .dict(let dictionary)):
            try update(dictionary, from: operand)
            try write(old)
        case (.or, .set(let set)):
            guard case .set(let other) = operand else { throw Fault(.type, "|= needs a set") }
            try runtime.allocate(other.keys.count)
            set.keys.formUnion(other.keys)
            try write(old)
        default: try write(runtime.binary(operation, old, operand))
        }
    }

    func delete(_ target: Expression) throws {
        position = target.offset
        switch target.kind {
        case .name(let name):
            guard globals.removeValue(forKey: name) != nil else {
                throw Fault(.name, "name '\(name)' is not defined")
            }
        case .attribute(let object, let name):
            guard case .dict(let dictionary) = try evaluate(object), dictionary.isConfig,
                dictionary.items.removeValue(forKey: .string(name)) != nil
            else { throw Fault(.attribute, "there is no attribute '\(name)' to delete") }
        case .index(let object, let index): try deleteElement(evaluate(object), evaluate(index))
        case .tuple(let targets), .list(let targets): for target in targets { try delete(target) }
        default: throw Fault(.syntax, "this cannot be deleted")
        }
    }

    private func deleteElement(_ owner: PyValue, _ place: PyValue) throws {
        switch (owner, place) {
        case (.dict(let dictionary), _):
            let key = try runtime.key(place)
            if dictionary.items.removeValue(forKey: key) == nil { throw keyFault(key, in: dictionary) }
        case (.list(let list), .slice(let lower, let upper, let step)):
            let chosen = try positions(lower, upper, step, count: list.items.count)
            let doomed = Set((0..<chosen.count).map(chosen.element))
            list.items = list.items.indices.filter { !doomed.contains($0) }.map { list.items[$0] }
        case (.list(let list), _): list.items.remove(at: try index(place, list.items.count, "list"))
        default: throw Fault(.type, "elements of a '\(owner.typeName)' cannot be deleted")
        }
    }
}
