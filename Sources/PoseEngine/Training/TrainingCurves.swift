public import Foundation
import PoseCore
import PoseVisual

/// The numbers a run, or several that continue one another, wrote to `vis_data/scalars.json`; MMEngine's files are read
/// as well.
public struct TrainingCurves {
    /// For every name its values, by iteration; those of evaluations by epoch, or by iteration in runs that count those.
    private var values: [String: [Int: Double]] = [:]
    private var order: [String] = []

    /// - Parameter folder: the working folder.
    /// - Throws: `TrainingError.cannotTrain` when there is no run in it, what reading a file throws.
    public init(_ folder: URL) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let files = names.map { folder.appendingPathComponent($0).appendingPathComponent("vis_data/scalars.json") }
            .filter { FileManager.default.fileExists(atPath: $0.path) }
        guard !files.isEmpty else {
            throw TrainingError.cannotTrain("\(folder.path): no run has written its vis_data/scalars.json there")
        }
        // Their names are times, so that a resumed run's values take the place of those it continues.
        for file in files { try read(String(contentsOf: file, encoding: .utf8)) }
        guard !order.isEmpty else {
            throw TrainingError.cannotTrain("\(folder.path): no numbers are written there yet")
        }
    }

    /// The last line of a run that was killed may be torn; what is no JSON is left out.
    private mutating func read(_ text: String) {
        for line in text.split(separator: "\n") {
            // Python writes NaN and Infinity, which JSON lacks; they are gaps of the curve.
            var line = String(line)
            for word in ["-Infinity", "Infinity", "NaN"] {
                line = line.replacingOccurrences(of: ": \(word)", with: ": null")
            }
            guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let step = (object["step"] as? NSNumber)?.intValue
            else { continue }
            let ignored: Set = ["step", "iter", "epoch", "time", "data_time", "memory"]
            for (name, value) in object.sorted(by: { $0.key < $1.key }) where !ignored.contains(name) {
                guard let number = value as? NSNumber else { continue }
                if values[name] == nil { order.append(name) }
                values[name, default: [:]][step] = number.doubleValue
            }
        }
    }

    /// Writes them as a picture of the kind the file's name says.
    public func draw(to url: URL) throws { try plot().image().write(to: url) }

    /// One picture of all: losses, measures, learning rate, gradients, and what evaluations found.
    func plot() -> CurvePlot {
        func panel(_ title: String, _ axis: String, _ isIn: (String) -> Bool) -> CurvePlot.Panel? {
            let curves = order.filter(isIn).compactMap { name in
                values[name].map { values in
                    CurvePlot.Curve(
                        name: name, points: values.sorted { $0.key < $1.key }.map { SIMD2(Double($0.key), $0.value) })
                }
            }
            return curves.isEmpty ? nil : CurvePlot.Panel(title: title, axis: axis, curves: curves)
        }
        func isMetric(_ name: String) -> Bool { name.contains("/") }
        func isLoss(_ name: String) -> Bool { !isMetric(name) && name.contains("loss") }
        let rates: Set = ["lr", "base_lr"]
        let groups = [
            panel("losses", "iteration", isLoss), panel("evaluation", "epoch or iteration", isMetric),
            panel("learning rate", "iteration", rates.contains), panel("gradients", "iteration") { $0 == "grad_norm" },
            panel("measures", "iteration") { name in
                !isMetric(name) && !isLoss(name) && !rates.contains(name) && name != "grad_norm"
            },
        ]
        return CurvePlot(panels: groups.compactMap(\.self))
    }
}
