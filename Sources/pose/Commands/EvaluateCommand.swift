import ArgumentParser
import Foundation
import PoseDatasets
import PoseEngine
import PoseMetrics

/// `pose evaluate`
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Score a COCO-style result file against annotations.",
        discussion: """
            Prints the numbers of COCO's keypoint evaluation under MMPose's names (coco/AP, coco/AP .5, …), equal to those \
            of xtcocotools. A number that cannot be measured is -1, and the table says why.

            --metric is coco, crowdpose, wholebody, aic, or the name of a dataset definition of MMPose's zoo (ap10k, \
            animalpose, halpe26, …) for COCO's numbers with that dataset's sigmas.

            Example: pose evaluate --metric coco --annotations person_keypoints_val2017.json --predictions results.json
            """)

    @Option(help: "coco, crowdpose, wholebody, aic, or a dataset of the zoo.")
    var metric: String

    @Option(help: "The annotations, a COCO-style file.")
    var annotations: String

    @Option(help: "The results: a list of objects with image_id, category_id, keypoints, score.")
    var predictions: String

    @Option(help: "Write the numbers to this file as JSON.")
    var json: String?

    @Option(
        help: """
            Spread of annotations for each keypoint: numbers with commas between, a JSON file with a list of numbers, a \
            dataset of the zoo, or a metainfo file.
            """)
    var sigmas: String?

    @Flag(help: "Take 0.53 of the box for the area of an annotation, as crowdpose and aic do anyway.")
    var noArea = false

    func run() throws {
        var evaluation = try evaluation()
        if let sigmas {
            evaluation.sigmas = try SigmaSource(locations: ConfigLocations()).sigmas(sigmas)
            evaluation.sigmaSource = "from --sigmas"
        }
        if noArea { evaluation.useArea = false }
        let report = try evaluation(
            annotations: URL(fileURLWithPath: annotations), predictions: URL(fileURLWithPath: predictions))
        print([report].table)
        if let json { try [report].json().write(to: URL(fileURLWithPath: json)) }
    }

    private func evaluation() throws -> ResultFileEvaluation {
        if let known = ResultFileEvaluation.named(metric) { return known }
        let names = ResultFileEvaluation.table.keys.sorted().joined(separator: ", ")
        do {
            let sigmas = try SigmaSource(locations: ConfigLocations()).sigmas(dataset: metric)
            return ResultFileEvaluation(kind: .coco, prefix: "coco", sigmas: sigmas, sigmaSource: metric)
        } catch {
            throw Failure(message: "--metric \(metric): neither \(names) nor a dataset with sigmas in MMPose's zoo")
        }
    }
}
