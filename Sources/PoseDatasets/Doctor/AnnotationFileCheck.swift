import Foundation
import PoseCore

/// Looks through a COCO-style file: ids, images, categories, then every annotation.
struct AnnotationFileCheck {
    let options: DatasetOptions
    let format: AnnotationFormat
    let skeleton: Skeleton?
    let checksImages: Bool

    private var path: String { options.annotationFile }

    func run(_ report: inout DoctorReport) {
        let index: CocoIndex
        do {
            var found: [Finding] = []
            index = try CocoIndex(URL(fileURLWithPath: path)) { found.append(Finding($0, file: path)) }
            for finding in found { report.add(finding) }
        } catch {
            let problem = error as? DatasetError ?? .file(path: path, reason: String(describing: error))
            report.add(Finding(problem, file: path))
            return
        }
        report.images += index.images.count
        report.annotations += index.annotations.count
        let sizes = checkImages(index, &report)
        let categories = checkCategories(index, &report)
        checkIDs(index, &report)
        checkDetections(index, &report)
        var check = AnnotationCheck(path: path, format: format, categories: categories, keypointCount: skeleton?.count)
        for position in 0..<index.annotations.count {
            let image = index.images.positions[index.annotations.imageIDs[position]]
            if image == nil {
                report.add(
                    Finding(
                        .unknownImage, file: path, annotation: index.annotations.ids[position], field: "image_id",
                        problem: "the file has no image \(index.annotations.imageIDs[position])",
                        remedy: "add the image or remove the annotation"))
            }
            do {
                check.run(
                    try index.annotation(position), imageID: index.annotations.imageIDs[position],
                    size: image.flatMap { sizes[$0] }, &report)
            } catch {
                let problem = error as? DatasetError ?? .file(path: path, reason: String(describing: error))
                report.add(Finding(problem, file: path))
            }
        }
        check.finish(&report)
    }

    // MARK: images

    private func checkImages(_ index: CocoIndex, _ report: inout DoctorReport) -> [Int32: ImageSize] {
        var sizes: [Int32: ImageSize] = [:]
        var names: [String: Int] = [:]
        for position in 0..<index.images.count {
            let id = index.images.ids[position]
            if index.images.positions[id] != Int32(position) {
                report.add(
                    Finding(
                        .duplicateImageID, file: path, image: id, field: "images[\(position)].id",
                        problem: "\(id) is also the id of a later image, which hides this one",
                        remedy: "give every image an id of its own"))
            }
            do {
                let entry = try ImageEntry(try index.image(position), id: id, prefix: options.imagePrefix)
                if let other = names.updateValue(id, forKey: entry.path), other != id {
                    report.add(
                        Finding(
                            .duplicateFileName, .warning, file: path, image: id, field: "file_name",
                            problem: "'\(PythonPath.name(entry.path))' is the file of image \(other) too",
                            remedy: "keep one entry and move the annotations to it"))
                }
                let size = try entry.size()
                sizes[Int32(position)] = size
                if checksImages { checkPicture(entry, size, &report) }
            } catch {
                let problem = error as? DatasetError ?? .file(path: path, reason: String(describing: error))
                report.add(Finding(problem, file: path))
            }
        }
        return sizes
    }

    private func checkPicture(_ entry: ImageEntry, _ size: ImageSize, _ report: inout DoctorReport) {
        do {
            let found = try Image.decode(contentsOf: URL(fileURLWithPath: entry.path)).size
            guard found != size else { return }
            let isTurned = found.width == size.height && found.height == size.width
            report.add(
                Finding(
                    .imageSize, file: entry.path, image: entry.id, field: "width, height",
                    problem:
                        "the picture is \(found.width)×\(found.height), the annotations say \(size.width)×\(size.height)",
                    remedy: isTurned
                        ? "its EXIF data turn it: annotate the turned picture, or save it upright"
                        : "annotate at the picture's own size, or correct width and height"))
        } catch {
            let isMissing = (error as? ImageError)?.reason == .missing
            report.add(
                Finding(
                    isMissing ? .missingImage : .unreadableImage, file: entry.path, image: entry.id, field: "file_name",
                    problem: String(describing: error),
                    remedy: isMissing
                        ? "bring the file, or correct data_root and data_prefix" : "replace or remove the picture"))
        }
    }

    // MARK: categories and ids

    private func checkCategories(_ index: CocoIndex, _ report: inout DoctorReport) -> Set<Int>? {
        guard !index.categories.isEmpty else { return nil }
        var ids = Set<Int>()
        for (position, category) in index.categories.enumerated() {
            guard let id = category["id"]?.integer else {
                report.add(
                    Finding(
                        .missingField, file: path, field: "categories[\(position)].id", problem: "is missing",
                        remedy: "give the category an id"))
                continue
            }
            ids.insert(id)
            // Whole bodies and cropped parts keep their key points elsewhere.
            guard let names = category["keypoints"]?.elements, !names.isEmpty, let skeleton,
                format.keypoints.count == 1,
                format.validity == nil, names.count != skeleton.count
            else { continue }
            report.add(
                Finding(
                    .categoryKeypoints, .warning, file: path, field: "categories[\(position)].keypoints",
                    problem: "names \(names.count) key points; the metainfo '\(skeleton.name)' has \(skeleton.count)",
                    remedy: "use a metainfo with these key points"))
        }
        return ids
    }

    private func checkIDs(_ index: CocoIndex, _ report: inout DoctorReport) {
        var seen = Set<Int>(minimumCapacity: index.annotations.count)
        for (position, id) in index.annotations.ids.enumerated() where !seen.insert(id).inserted {
            report.add(
                Finding(
                    .duplicateAnnotationID, file: path, annotation: id, field: "annotations[\(position)].id",
                    problem: "\(id) is the id of an earlier annotation too",
                    remedy: "give every annotation an id of its own"))
        }
    }

    private func checkDetections(_ index: CocoIndex, _ report: inout DoctorReport) {
        guard let file = options.boxFile else { return }
        do {
            let source = try DetectionSource(
                URL(fileURLWithPath: file), index: index, options: options, keypointCount: skeleton?.count ?? 1,
                isVideo: false)
            guard let unknown = source.dropped.counts[.unknownImage] else { return }
            report.add(
                Finding(
                    .detections, .warning, file: file, field: "image_id",
                    problem: "\(unknown) detections are of images that \(path) does not have",
                    remedy: "use detections made for the same images"))
        } catch {
            // The same error comes up when the dataset is built.
        }
    }
}
