import Foundation

/// Values as raw bytes of the precision: processes exchange arrays in this form.
extension RealArray: Codable {
    private enum CodingKeys: String, CodingKey {
        case shape, precision, values
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let shape = try container.decode([Int].self, forKey: .shape)
        let precision: RealPrecision = try container.decode(Bool.self, forKey: .precision) ? .double : .single
        let bytes = try container.decode(Data.self, forKey: .values)
        let values: [Double] = bytes.withUnsafeBytes { bytes in
            precision == .double
                ? (0..<bytes.count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
                : (0..<bytes.count / 4).map { Double(bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
        }
        do {
            self = try RealArray(values, shape: shape, precision: precision)
        } catch {
            throw DecodingError.dataCorruptedError(forKey: .values, in: container, debugDescription: "\(error)")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(shape, forKey: .shape)
        try container.encode(precision == .double, forKey: .precision)
        let bytes =
            precision == .double
            ? elements.withUnsafeBytes { Data($0) } : elements.map { Float($0) }.withUnsafeBytes { Data($0) }
        try container.encode(bytes, forKey: .values)
    }
}
