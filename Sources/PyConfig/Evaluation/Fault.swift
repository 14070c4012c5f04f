/// A mistake found while evaluating, before it is known where in the file it stands. The evaluator adds the place.
struct Fault: Error {
    let kind: ConfigError.Kind
    let message: String

    init(_ kind: ConfigError.Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    static func overflow() -> Fault {
        Fault(.overflow, "the result does not fit in a 64-bit integer")
    }
}
