public import Foundation
import PoseCore
public import PyConfig

/// Looks through a dataset for what breaks or spoils training later: files, ids, fields, key point definitions, and how the
/// config uses them.
public struct DatasetDoctor: Sendable {
    public let metainfo: DatasetMetainfo
    public let config: URL
    /// Whether picture files are opened: their existence, readability and size. Slow for large datasets.
    public var checksImages = true
    /// Findings of one kind that are kept in the report.
    public var limit = 1000

    public init(metainfo: DatasetMetainfo, config: URL, checksImages: Bool = true, limit: Int = 1000) {
        self.metainfo = metainfo
        self.config = config
        self.checksImages = checksImages
        self.limit = limit
    }

    /// Examines the dataset that a dictionary describes.
    ///
    /// - Parameters:
    ///   - dataset: the dictionary, as in `train_dataloader.dataset`.
    ///   - path: where it stands in the config, for messages.
    ///   - model: the config's `model`, to compare the number of outputs.
    public func examine(_ dataset: ConfigDict, at path: String, model: ConfigDict? = nil) -> DoctorReport {
        var report = DoctorReport(limit: limit)
        examine(dataset, path, model, converted: nil, &report)
        return report
    }

    private func examine(
        _ dataset: ConfigDict, _ path: String, _ model: ConfigDict?, converted: Int?, _ report: inout DoctorReport
    ) {
        let type = dataset["type"]?.stringValue ?? ""
        switch type.split(separator: ".").last.map(String.init) ?? "" {
        case "RepeatDataset":
            guard let inner = dataset["dataset"]?.dictValue else { break }
            return examine(inner, path + ".dataset", model, converted: converted, &report)
        case "ConcatDataset", "CombinedDataset":
            guard let members = dataset["datasets"]?.arrayValue?.compactMap(\.dictValue) else { break }
            let common = skeleton(of: dataset, path, &report)
            if let common { OutputCheck(model: model, path: path, file: config.path).run(common.count, &report) }
            for (index, member) in members.enumerated() {
                examine(member, "\(path).datasets.\(index)", nil, converted: common?.count, &report)
            }
            return
        default: break
        }
        examineOne(dataset, path, model, converted: converted, &report)
    }

    /// The definition of the key points that a dictionary names; what is wrong with it becomes a finding.
    private func skeleton(of dataset: ConfigDict, _ path: String, _ report: inout DoctorReport) -> Skeleton? {
        do {
            guard let skeleton = try metainfo.skeleton(of: dataset, config: config) else { return nil }
            SkeletonCheck(skeleton: skeleton, path: path + ".metainfo", file: config.path).run(&report)
            return skeleton
        } catch {
            var kind = Finding.Kind.metainfo
            if case SkeletonError.wrongCount? = error as? SkeletonError { kind = .sigmas }
            if case SkeletonError.unknownName(let field, _, _)? = error as? SkeletonError {
                kind = field.hasSuffix("link") ? .links : .flipPairs
            }
            report.add(
                Finding(
                    kind, file: config.path, field: path + ".metainfo", problem: String(describing: error),
                    remedy: "correct the definition of the key points"))
            return nil
        }
    }

    private func examineOne(
        _ dataset: ConfigDict, _ path: String, _ model: ConfigDict?, converted: Int?, _ report: inout DoctorReport
    ) {
        let skeleton = skeleton(of: dataset, path, &report)
        let arguments = Arguments(dataset, at: path)
        if let skeleton {
            let count = Self.convertedCount(dataset) ?? skeleton.count
            OutputCheck(model: model, path: path, file: config.path).run(count, &report)
            if let converted, converted != count {
                report.add(
                    Finding(
                        .keypointCount, file: config.path, field: path + ".pipeline",
                        problem: "gives \(count) key points where the combined dataset has \(converted)",
                        remedy: "add a KeypointConverter with num_keypoints=\(converted)"))
            }
        }
        do {
            let options = try DatasetOptions(arguments)
            if let kind = DatasetClass.named(options.type), case .coco(let format) = kind.reading {
                AnnotationFileCheck(
                    options: options, format: format, skeleton: skeleton, checksImages: checksImages
                ).run(&report)
            }
        } catch {
            add(error, path, &report)
            return
        }
        build(dataset, path, &report)
    }

    /// What only shows when the dataset is built: arguments, other formats, filters that leave nothing.
    private func build(_ dataset: ConfigDict, _ path: String, _ report: inout DoctorReport) {
        do {
            let builder = Datasets(metainfo: metainfo, config: config, buildsPipeline: false)
            let made = try builder.make(Arguments(dataset, at: path))
            report.samples = (report.samples ?? 0) + made.count
            for (reason, count) in made.dropped.counts { report.dropped[reason.rawValue, default: 0] += count }
            if made.count == 0 {
                report.add(
                    Finding(
                        .droppedEverything, file: dataset["ann_file"]?.stringValue ?? config.path, field: path,
                        problem: "no sample is left; left out: \(made.dropped)",
                        remedy: "loosen filter_cfg and indices, or mend the annotations"))
            }
        } catch let error as DatasetError {
            // Faults of single entries have been found and named already.
            if case .field = error, !report.isClean { return }
            if case .file = error, report.count(.unreadableFile) > 0 { return }
            if case .syntax = error, report.count(.unreadableFile) > 0 { return }
            add(error, path, &report)
        } catch {
            if error is SkeletonError { return }
            add(error, path, &report)
        }
    }

    private func add(_ error: any Error, _ path: String, _ report: inout DoctorReport) {
        if let error = error as? DatasetError {
            var finding = Finding(error, file: config.path)
            if finding.kind == .emptyDataset { finding.kind = .droppedEverything }
            return report.add(finding)
        }
        report.add(
            Finding(
                .configuration, file: config.path, field: path, problem: String(describing: error),
                remedy: "correct the config"))
    }

    /// How many key points a dataset's own pipeline leaves, when it converts them.
    static func convertedCount(_ dataset: ConfigDict) -> Int? {
        let steps = dataset["pipeline"]?.arrayValue?.compactMap(\.dictValue) ?? []
        return steps.last { $0["type"]?.stringValue?.hasSuffix("KeypointConverter") == true }?["num_keypoints"]?
            .intValue
    }
}
