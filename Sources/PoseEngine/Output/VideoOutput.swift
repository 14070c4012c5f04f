import Foundation
import PoseCore
import PoseVisual

/// Predictions and picture of one video while it is read. Everything is written to a hidden folder and moved to its place
/// at the end, so that a video that fails half-way leaves nothing.
public final class VideoOutput {
    private let root, partial: URL
    private let input: InferenceInput
    private let framesPerSecond: Double
    private let drawing: Drawing?
    let predictions: any VideoPredictions
    private var picture: VideoWriter?
    private var pictureURL: URL { partial.appendingPathComponent("picture.mp4") }
    /// Frames written.
    public private(set) var frames = 0

    /// - Parameters:
    ///   - root: the output folder; it exists.
    ///   - makePredictions: given the hidden folder, which exists.
    init(
        _ video: VideoDescription, in root: URL, drawing: Drawing?,
        makePredictions: (URL) throws -> any VideoPredictions
    ) throws {
        self.root = root
        self.drawing = drawing
        input = video.input
        // Players and encoders need a rate; 25 is what most assume.
        framesPerSecond = video.framesPerSecond > 0 ? video.framesPerSecond : 25
        partial = root.appendingPathComponent(".partial-\(UUID().uuidString)")
        try OutputFolder.makeFolder(partial)
        predictions = try makePredictions(partial)
    }

    deinit { try? FileManager.default.removeItem(at: partial) }

    /// Adds a frame.
    public func write(_ frame: VideoFrameResult) throws {
        try predictions.add(frame)
        frames += 1
        guard let drawing else { return }
        let image = frame.result.image
        let picture = try self.picture ?? VideoWriter(pictureURL, size: image.size, framesPerSecond: framesPerSecond)
        self.picture = picture
        try picture.write(drawing.picture(of: frame.result))
    }

    /// Puts everything in its place.
    func finish() throws {
        for (file, place) in try predictions.finish() {
            try move(file, to: root.appendingPathComponent("predictions/" + place))
        }
        guard let picture else { return }
        picture.finish()
        try move(pictureURL, to: root.appendingPathComponent("visualizations/" + input.name + ".mp4"))
    }

    private func move(_ file: URL, to place: URL) throws {
        try OutputFolder.makeFolder(place.deletingLastPathComponent())
        // Replaces what is there in one step.
        guard rename(file.path, place.path) == 0 else {
            throw OutputError(description: "\(place.path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }
}
