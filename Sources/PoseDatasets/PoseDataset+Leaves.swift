public import Foundation
import PoseTransforms

extension PoseDataset {
    /// The datasets that this one is made of; itself if it reads annotations.
    public var leaves: [any PoseDataset] {
        switch self {
        case let combined as CombinedDataset: combined.datasets.flatMap(\.leaves)
        case let joined as ConcatDataset: joined.datasets.flatMap(\.leaves)
        case let repeated as RepeatDataset: repeated.dataset.leaves
        default: [self]
        }
    }

    /// Whether making a sample reads its picture.
    public var readsImages: Bool {
        if pipeline.contains(where: { $0 is LoadImage }) { return true }
        switch self {
        case let combined as CombinedDataset: return combined.datasets.contains(where: \.readsImages)
        case let joined as ConcatDataset: return joined.datasets.contains(where: \.readsImages)
        case let repeated as RepeatDataset: return repeated.dataset.readsImages
        default: return false
        }
    }

    /// Pictures that samples need and that are not there, in order, each once.
    public func missingImages() -> [String] {
        guard readsImages else { return [] }
        var seen: Set<String> = []
        return (0..<count).compactMap { index in
            let file = origin(at: index).file
            guard seen.insert(file).inserted else { return nil }
            return FileManager.default.fileExists(atPath: file) ? nil : file
        }
    }
}

extension AnnotatedDataset {
    /// The annotation file, if it is COCO-style.
    public var cocoFile: URL? {
        source is CocoSource || source is DetectionSource ? URL(fileURLWithPath: options.annotationFile) : nil
    }
}
