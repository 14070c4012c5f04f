import Checkpoint
import Foundation
import OrderedCollections
import Testing

@Suite("pose train") struct TrainCommandTests {
    /// The small model on drawn figures, with everything random that MMPose's pipelines have.
    private func config(in folder: TemporaryFolder, epochs: Int, hooks: String = "") throws -> URL {
        try folder.write(
            SmallModel.text + """

                dataset = dict(
                    type='CocoDataset', data_root='\(folder.url.path)/data', data_mode='topdown',
                    ann_file='annotations.json', data_prefix=dict(img='images/'))
                train_dataloader = dict(
                    batch_size=4, num_workers=2, sampler=dict(type='DefaultSampler', shuffle=True),
                    dataset=dict(**dataset, pipeline=[
                        dict(type='LoadImage'), dict(type='GetBBoxCenterScale'),
                        dict(type='RandomFlip', direction='horizontal'), dict(type='RandomHalfBody'),
                        dict(type='RandomBBoxTransform'),
                        dict(type='TopdownAffine', input_size=codec['input_size']),
                        dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')]))
                val_dataloader = dict(batch_size=4, dataset=dict(
                    **dataset, test_mode=True, pipeline=test_dataloader['dataset']['pipeline']))
                val_evaluator = dict(type='CocoMetric', ann_file='\(folder.url.path)/data/annotations.json')
                val_cfg = dict()
                train_cfg = dict(by_epoch=True, max_epochs=\(epochs), val_interval=2)
                optim_wrapper = dict(
                    optimizer=dict(type='AdamW', lr=1e-3), clip_grad=dict(max_norm=5),
                    paramwise_cfg=dict(norm_decay_mult=0))
                param_scheduler = [
                    dict(type='LinearLR', begin=0, end=3, start_factor=0.1, by_epoch=False),
                    dict(type='MultiStepLR', milestones=[2], gamma=0.1, by_epoch=True)]
                default_hooks = dict(
                    logger=dict(type='LoggerHook', interval=1),
                    checkpoint=dict(type='CheckpointHook', interval=1, save_best='coco/AP', max_keep_ckpts=2))
                custom_hooks = [
                    dict(type='EMAHook', ema_type='ExpMomentumEMA', momentum=0.01),
                    dict(type='mmdet.PipelineSwitchHook', switch_epoch=2, switch_pipeline=[
                        dict(type='LoadImage'), dict(type='GetBBoxCenterScale'),
                        dict(type='TopdownAffine', input_size=codec['input_size']),
                        dict(type='GenerateTarget', encoder=codec), dict(type='PackPoseInputs')])]
                \(hooks)
                """, to: "train.py")
    }

    private func data(_ folder: TemporaryFolder) throws {
        let result = try pose(
            "dataset", "synthesize", "--out", folder.file("data").path, "--images", "5", "--people", "2", "--width",
            "96",
            "--height", "96")
        #expect(result.status == 0, "\(result.errors)")
    }

    /// All tensors of a checkpoint as bytes: model, average and optimizer.
    private func tensors(_ url: URL) throws -> [String: [UInt8]] {
        var result: [String: [UInt8]] = [:]
        func collect(_ value: PickleValue, _ path: String) {
            switch value {
            case .tensor(let entry): result[path] = entry.contiguousBytes()
            case .dict(let dict): for (key, value) in dict.entries { collect(value, "\(path)/\(key)") }
            case .list(let values):
                for (index, value) in values.enumerated() { collect(value, "\(path)/\(index)") }
            case .float(let number): result[path] = withUnsafeBytes(of: number) { Array($0) }
            default: break
            }
        }
        collect(try CheckpointFile.open(url).root, "")
        return result
    }

    @Test("a run that is killed and resumed gives the bits of one that is not")
    func resume() throws {
        let folder = try TemporaryFolder()
        try data(folder)
        let config = try config(in: folder, epochs: 3)
        let whole = try pose(
            "train", config.path, "--work-dir", folder.file("whole").path, "--seed", "7", "--cfg-options",
            "train_dataloader.num_workers=1")
        #expect(whole.status == 0, "\(whole.errors)")
        let killed = try Killed("train", config.path, "--work-dir", folder.file("killed").path, "--seed", "7")
        try killed.kill(once: folder.file("killed/epoch_1.pth"))
        let rest = try pose(
            "train", config.path, "--work-dir", folder.file("killed").path, "--seed", "7", "--resume", "auto")
        #expect(rest.status == 0 && rest.errors.contains("goes on from"), "\(rest.errors)")
        let expected = try tensors(folder.file("whole/epoch_3.pth"))
        let found = try tensors(folder.file("killed/epoch_3.pth"))
        #expect(expected.count > 200 && found == expected)
        // Both runs of the second folder make one picture.
        let plot = try pose("log", "plot", folder.file("killed").path)
        #expect(plot.status == 0 && folder.contents.contains("killed/curves.png"), "\(plot.errors)")
        #expect(folder.contents.contains { $0.hasPrefix("whole/") && $0.contains("vis_data/events.out.tfevents.") })
        // The two newest, and the best.
        let names = folder.contents.filter { $0.hasPrefix("whole/") && $0.hasSuffix(".pth") }
        #expect(names.count == 3 && names.contains("whole/epoch_2.pth") && names[0].contains("best_coco_AP"))
        #expect(!folder.contents.contains { $0.contains(".partial") || $0.contains("tmp") })
    }

    @Test("two processes learn what one with the double batch learns, and evaluate together")
    func severalProcesses() throws {
        let folder = try TemporaryFolder()
        try data(folder)
        let config = try config(in: folder, epochs: 2)
        func numbers(_ before: [String], _ name: String, batch: Int) throws -> [String: [Float]] {
            let result = try pose(
                before + [
                    "train", config.path, "--work-dir", folder.file(name).path, "--seed", "3", "--cfg-options",
                    "train_dataloader.batch_size=\(batch)", "model.use_syncbn=True",
                    // The last batches would hold other samples.
                    "train_dataloader.drop_last=True",
                    // Adam makes steps of the last bits of gradients that are nearly zero.
                    "optim_wrapper.optimizer.type=SGD", "optim_wrapper.optimizer.lr=0.05",
                    "optim_wrapper.optimizer.momentum=0.9",
                ])
            #expect(result.status == 0, "\(result.errors)")
            // One writes, as one does alone.
            #expect(folder.contents.filter { $0.hasPrefix(name) && $0.hasSuffix(".log") }.count == 1)
            let state = try CheckpointFile.open(folder.file("\(name)/epoch_2.pth")).stateDict()
            return Dictionary(
                uniqueKeysWithValues: state.filter { $0.dtype == .float32 }.map { entry in
                    (entry.name, entry.contiguousBytes().withUnsafeBytes { Array($0.bindMemory(to: Float.self)) })
                })
        }
        let alone = try numbers([], "alone", batch: 4)
        let together = try numbers(["launch", "-n", "2", "--"], "together", batch: 2)
        #expect(alone.count > 50 && alone.keys == together.keys)
        for (name, values) in alone {
            let others = try #require(together[name])
            #expect(values.count == others.count)
            let worst = zip(values, others).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 0
            #expect(worst <= 1e-5, "\(name): \(worst)")
        }
    }

    @Test("the log has MMEngine's names, step by step")
    func scalars() throws {
        let folder = try TemporaryFolder()
        try data(folder)
        let result = try pose(
            "train", config(in: folder, epochs: 2).path, "--work-dir", folder.file("run").path, "--seed", "1")
        #expect(result.status == 0, "\(result.errors)")
        let file = try #require(folder.contents.first { $0.hasSuffix("vis_data/scalars.json") })
        let lines = try String(contentsOf: folder.file(file), encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Double])
        }
        let steps = lines.filter { $0["loss"] != nil }
        #expect(steps.count >= 4 && steps.map { $0["step"] } == steps.indices.map { Double($0 + 1) })
        #expect(steps.allSatisfy { $0["loss_kpt"] == $0["loss"] && $0["acc_pose"] != nil && $0["grad_norm"] != nil })
        // Warming up: a tenth of the rate at first.
        let rates = steps.compactMap { $0["lr"] }
        #expect(abs(rates[0] - 1e-4) < 1e-12 && rates[0] < rates[1])
        #expect(lines.contains { $0["coco/AP"] != nil && $0["step"] == 2 })
    }

    @Test(
        "what cannot be trained is said in one line before the first iteration",
        arguments: [
            ("train_dataloader.dataset.ann_file=none.json", "none.json"),
            ("train_dataloader.dataset.data_prefix.img=elsewhere/", "elsewhere"),
            ("load_from=none.pth", "none.pth"),
            (
                "model.backbone.init_cfg={'type':'Pretrained','checkpoint':'torchvision://resnet18'}",
                "model.backbone.init_cfg"
            ),
            ("model.head.out_channels=4", "keypoints"),
            ("train_cfg.max_epochs=0", "train_cfg.max_epochs"),
            ("optim_wrapper.optimizer.type=Adamm", "optim_wrapper.optimizer"),
        ])
    func badInput(override: String, expected: String) throws {
        let folder = try TemporaryFolder()
        try data(folder)
        let result = try pose(
            "train", config(in: folder, epochs: 1).path, "--work-dir", folder.file("run").path, "--cfg-options",
            override)
        let errors = result.errors.split(separator: "\n").filter { $0.hasPrefix("pose: error") }
        #expect(result.status == 1 && errors.count == 1 && errors[0].contains(expected), "\(result.errors)")
        #expect(!folder.contents.contains { $0.hasPrefix("run/") && $0.hasSuffix(".pth") })
    }
}

/// `pose`, to be ended from outside while it works.
private struct Killed {
    private let process = Process()

    init(_ arguments: String...) throws {
        process.executableURL = Place.products.appendingPathComponent("pose")
        process.arguments = arguments
        process.currentDirectoryURL = Place.root
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    /// Kills the process as soon as a file is there, without a chance to tidy up.
    func kill(once file: URL) throws {
        while !FileManager.default.fileExists(atPath: file.path), process.isRunning {
            Thread.sleep(forTimeInterval: 0.002)
        }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
