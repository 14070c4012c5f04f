extension BlazePose {
    /// How thoroughly people are looked for.
    public enum Search: String, Sendable, Hashable, CaseIterable {
        /// One look at the whole picture: people who fill at least a third of it. The fastest; for video.
        case whole
        /// Seven looks or so: people of a sixth of the picture.
        case near
        /// Thirty looks or so: people of a twelfth of the picture.
        case far

        /// Tiles beside the whole picture: their share of its longer side, and of each other.
        var levels: [(share: Double, overlap: Double)] {
            switch self {
            case .whole: []
            case .near: [(0.5, 0.5)]
            case .far: [(0.5, 0.5), (0.25, 1.0 / 3)]
            }
        }
    }

    /// What `BlazePose` does and how.
    public struct Options: Sendable, Hashable {
        /// Where people are looked for.
        public var search: Search
        /// Least detector score of a person. MediaPipe's value.
        public var detectionThreshold: Double
        /// Least detector score in the smallest tiles: many looks are many chances to be wrong.
        public var farThreshold: Double
        /// Least presence of a person in the region, after the landmark model has looked.
        public var presenceThreshold: Double
        /// How often the region is aligned anew by the landmarks found in it. Once makes up for a detection that is
        /// somewhat off; each time costs one more run of the landmark model.
        public var refinements: Int
        /// At most so many people, the best ones; nil for all.
        public var maximumPeople: Int?
        /// How both networks are compiled.
        public var inference: InferenceOptions

        /// The defaults suit photos; `search: .whole` suits video.
        public init(
            search: Search = .far, detectionThreshold: Double = 0.5, farThreshold: Double = 0.6,
            presenceThreshold: Double = 0.7, refinements: Int = 1, maximumPeople: Int? = nil,
            inference: InferenceOptions = InferenceOptions()
        ) {
            self.search = search
            self.detectionThreshold = detectionThreshold
            self.farThreshold = farThreshold
            self.presenceThreshold = presenceThreshold
            self.refinements = refinements
            self.maximumPeople = maximumPeople
            self.inference = inference
        }
    }
}
