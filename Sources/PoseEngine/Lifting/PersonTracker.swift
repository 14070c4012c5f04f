import PoseCore

/// Numbers people so that somebody keeps a number from frame to frame: by the overlap of boxes, best pairs first.
///
/// Somebody who was missed for a few frames gets the old number back when the box is still about there.
struct PersonTracker {
    private struct Track {
        let id: Int
        var box: Box
        var lastSeen: Int
    }

    /// Boxes that overlap less show different people.
    private let leastOverlap: Double
    /// For how many frames somebody may be missed.
    private let patience: Int
    private var tracks: [Track] = []
    private var frame = 0
    private var nextID = 0

    init(leastOverlap: Double = 0.3, patience: Int = 10) {
        self.leastOverlap = leastOverlap
        self.patience = patience
    }

    /// The people of the next frame with their numbers.
    mutating func callAsFunction(_ people: [Person]) -> [Person] {
        defer { frame += 1 }
        tracks.removeAll { frame - $0.lastSeen > patience + 1 }
        let pairs = people.indices.flatMap { person in
            tracks.indices.map { (person: person, track: $0, overlap: people[person].box.iou(tracks[$0].box)) }
        }
        var result = people
        var takenPeople: Set<Int> = []
        var takenTracks: Set<Int> = []
        for pair in pairs.filter({ $0.overlap > leastOverlap }).sorted(by: { $0.overlap > $1.overlap })
        where !takenPeople.contains(pair.person) && !takenTracks.contains(pair.track) {
            takenPeople.insert(pair.person)
            takenTracks.insert(pair.track)
            tracks[pair.track].box = people[pair.person].box
            tracks[pair.track].lastSeen = frame
            result[pair.person].trackID = tracks[pair.track].id
        }
        for index in people.indices where !takenPeople.contains(index) {
            tracks.append(Track(id: nextID, box: people[index].box, lastSeen: frame))
            result[index].trackID = nextID
            nextID += 1
        }
        return result
    }
}
