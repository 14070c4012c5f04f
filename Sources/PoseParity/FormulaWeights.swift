/// Weights and inputs that depend on a tensor's name and shape only, so that any implementation can repeat them.
///
/// Every number is the top 24 bits of a SplitMix64 stream (Steele et al. 2014) seeded with the FNV-1a hash of the name,
/// as a fraction `u` in [0, 1). `Tools/oracle/formula.py` is the same in Python.
public enum FormulaWeights {
    /// Entries that keep the values the model gives them: tables computed from its geometry.
    public static func keepsOwnValue(_ name: String) -> Bool {
        ["relative_coords", "anchors", "sigmas"].contains(where: name.contains)
    }

    /// The values of a state-dict entry, row-major, in a range that keeps activations of deep networks in bounds.
    public static func values(name: String, shape: [Int]) -> [Float] {
        let count = shape.reduce(1, *)
        if name.hasSuffix("running_var") { return map(name, count) { 0.5 + $0 } }
        if name.hasSuffix("running_mean") { return map(name, count) { ($0 - 0.5) * 0.2 } }
        if shape.count >= 2 {
            let scale = (3 / Double(shape.dropFirst().reduce(1, *))).squareRoot()
            return map(name, count) { (2 * $0 - 1) * scale }
        }
        if name.hasSuffix("bias") { return map(name, count) { ($0 - 0.5) * 0.2 } }
        return map(name, count) { 0.8 + 0.4 * $0 }
    }

    /// A network-ready image: values in [-2, 2).
    public static func image(shape: [Int]) -> [Float] {
        map("input", shape.reduce(1, *)) { 4 * $0 - 2 }
    }

    /// A lifter's input: values in [-1, 1).
    public static func keypoints(shape: [Int]) -> [Float] {
        map("input", shape.reduce(1, *)) { 2 * $0 - 1 }
    }

    /// Numbers in [0, 1) that depend on the name only.
    public static func uniform(_ name: String, _ count: Int) -> [Double] {
        let seed = fnv(name)
        return (0..<count).map { fraction($0, seed: seed) }
    }

    private static func map(_ name: String, _ count: Int, _ transform: (Double) -> Double) -> [Float] {
        let seed = fnv(name)
        return [Float](unsafeUninitializedCapacity: count) { buffer, filled in
            for index in 0..<count { buffer[index] = Float(transform(fraction(index, seed: seed))) }
            filled = count
        }
    }

    private static func fraction(_ index: Int, seed: UInt64) -> Double {
        var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Double(z >> 40) / Double(1 << 24)
    }

    /// FNV-1a hash of a text, as 16 hexadecimal digits.
    public static func hash(_ text: String) -> String {
        let digits = String(fnv(text), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func fnv(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
