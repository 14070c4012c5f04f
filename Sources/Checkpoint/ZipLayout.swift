/// The zip layout of `torch.save`.
enum ZipLayout {
    static func read(_ file: MappedFile) throws -> PickleValue {
        throw CheckpointError.Reason.unsupported("the zip layout")
    }
}
