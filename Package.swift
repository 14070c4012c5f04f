// swift-tools-version: 6.1
import Foundation
import PackageDescription

/// Where `scripts/bootstrap` puts LibTorch, OpenVINO and the generated pkg-config files.
let dependencies = Context.packageDirectory + "/.deps"

let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Executables and tests find the shared libraries without LD_LIBRARY_PATH. Libraries carry no unsafe flag, so that
/// other packages can depend on this one by version; those set their own run-path.
let runPath: [LinkerSetting] = [
    .unsafeFlags([
        "-Xlinker", "-rpath", "-Xlinker", dependencies + "/libtorch/lib",
        "-Xlinker", "-rpath", "-Xlinker", dependencies + "/openvino/lib",
    ])
]

extension Target {
    static func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
        .target(name: name, dependencies: dependencies, swiftSettings: swift)
    }

    static func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target
    {
        // Tests find their fixtures next to the source; SwiftPM need not copy or complain about them.
        .testTarget(
            name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
            exclude: ["Fixtures"].filter {
                FileManager.default.fileExists(atPath: Context.packageDirectory + "/Tests/\(name)Tests/" + $0)
            },
            resources: resources, swiftSettings: swift, linkerSettings: runPath)
    }
}

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let log = Target.Dependency.product(name: "Logging", package: "swift-log")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// Each room is a product of its own, so that a package which only runs deployed models compiles neither LibTorch's
/// bindings nor the trainer; `SwiftPose` is all of them.
let rooms = [
    "PyConfig", "Checkpoint", "PoseMigration", "Torch", "PoseCore", "PoseCodecs", "PoseTransforms", "PoseDatasets",
    "PoseMetrics", "PoseModels", "PoseVisual", "PoseRuntime", "PoseExport", "PoseEngine",
]
let products: [Product] =
    rooms.map { .library(name: $0, targets: [$0]) } + [
        .library(name: "SwiftPose", targets: rooms),
        .executable(name: "pose", targets: ["pose"]),
    ]

let package = Package(
    name: "swift-pose",
    platforms: [.macOS(.v14)],
    products: products,
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // Libraries of others, found through the pkg-config files that scripts/bootstrap writes.
        .systemLibrary(name: "LibTorch", pkgConfig: "swift-pose-libtorch"),
        .systemLibrary(name: "LibOpenCV", pkgConfig: "swift-pose-opencv"),
        .systemLibrary(name: "COpenVINO", pkgConfig: "swift-pose-openvino"),
        .target(
            name: "CTorch", dependencies: ["LibTorch"], exclude: ["gloo-declarations"],
            // LibTorch has Gloo inside, but the package does not say so.
            cxxSettings: [.headerSearchPath("gloo-declarations"), .define("USE_C10D_GLOO")]),
        .target(name: "COpenCV", dependencies: ["LibOpenCV"]),

        .library("PyConfig", [collections]),
        .library("Checkpoint", [collections]),
        .library("PoseMigration", ["PyConfig", "Checkpoint", collections]),
        .library("Torch", ["CTorch", collections]),
        .library("PoseCore", ["COpenCV", "PyConfig"]),
        .library("PoseCodecs", ["PoseCore", "PyConfig"]),
        .library("PoseTransforms", ["PoseCore", "PoseCodecs", "PyConfig"]),
        .library("PoseDatasets", ["Checkpoint", "PoseCore", "PoseTransforms", "PyConfig", collections]),
        .library("PoseMetrics", ["PoseCore", "PyConfig"]),
        .library("PoseModels", ["Torch", "Checkpoint", "PoseCore", "PoseCodecs", "PyConfig", collections]),
        .library("PoseVisual", ["PoseCore"]),
        .library("PoseExport", ["Torch", "Checkpoint", "PoseModels"]),
        .library("PoseRuntime", ["PoseCore", "PoseCodecs", "PoseTransforms", "COpenVINO"]),
        .library(
            "PoseEngine",
            [
                "PyConfig", "Checkpoint", "PoseMigration", "Torch", "PoseCore", "PoseCodecs", "PoseTransforms",
                "PoseModels", "PoseVisual", "PoseRuntime", "PoseExport", "PoseDatasets", "PoseMetrics", "COpenCV",
                collections, log,
                .product(name: "Yams", package: "Yams"),
            ]),
        .executableTarget(
            name: "pose", dependencies: ["PoseEngine", "PoseMigration", argumentParser, log], swiftSettings: swift,
            linkerSettings: runPath),

        // The check of the whole zoo against MMPose's numbers, and what tests share with it.
        .library(
            "PoseParity", ["PoseEngine", "PoseCore", "PoseDatasets", "PoseModels", "PoseRuntime", "PyConfig", "Torch"]),
        .executableTarget(
            name: "pose-parity", dependencies: ["PoseParity", "PoseEngine", "PoseCore", argumentParser],
            swiftSettings: swift, linkerSettings: runPath),

        .tests("PyConfig"),
        .tests("Checkpoint", [collections]),
        .tests("PoseMigration", ["Checkpoint", "PyConfig", collections]),
        .tests("Torch"),
        .tests("PoseCore", ["PyConfig"]),
        .tests("PoseCodecs"),
        .tests("PoseTransforms"),
        .tests("PoseDatasets", ["PoseCore", "PoseTransforms", "PyConfig"]),
        .tests("PoseMetrics", ["PoseCore", "PyConfig"]),
        .tests("PoseModels", ["Checkpoint", "PoseCodecs", "PoseCore", "PoseParity", "PyConfig", "Torch", collections]),
        .tests("PoseVisual", ["PoseCore"]),
        .tests("PoseExport", ["PoseCore", "PoseRuntime", "Torch"]),
        .tests("PoseRuntime"),
        .tests("PoseEngine", ["PoseCore", "PoseParity", "PoseRuntime", "PyConfig", "Torch"]),
        .tests("pose", ["Checkpoint", "PoseCore", "PoseEngine", "PoseModels", "PoseParity", "PyConfig", "Torch"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx20
)

// Only `make docs` needs the documentation plugin; packages that depend on this one should not fetch it.
if Context.environment["SWIFT_POSE_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}
