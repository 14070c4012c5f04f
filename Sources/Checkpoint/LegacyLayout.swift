/// The layout `torch.save` had before PyTorch 1.6.
enum LegacyLayout {
    static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool { false }

    static func read(_ file: MappedFile) throws -> PickleValue {
        throw CheckpointError.Reason.unsupported("the older layout")
    }
}
