/// One step of a data pipeline. A step that draws random numbers does so from the generator it is given and from nothing
/// else.
public protocol Transform: Sendable {
    /// Changes the sample. Sets `rejection` when nothing in it is left to learn from.
    ///
    /// - Throws: `PoseSampleError` when the sample lacks what the step needs, `ImageError` from reading or changing
    ///   pixels.
    func callAsFunction(_ sample: inout PoseSample, using generator: inout some RandomNumberGenerator) throws
}
