import Foundation
import PoseCore
import Testing

/// The JSON that other programs read.
struct PredictionTests {
    private func person(_ keypoints: Keypoints) -> Person {
        Person(box: Box(x: 1, y: 2, width: 3, height: 4), boxScore: 0.5, keypoints: keypoints)
    }

    @Test func writesTheDocumentedFields() throws {
        let keypoints = Keypoints(points: [SIMD2(1.5, 2), SIMD2(3, 4)], scores: [0.25, 7])
        let prediction = Prediction(
            image: "a/b c.jpg", size: ImageSize(width: 640, height: 480), model: "m", keypointNames: ["nose", "eye"],
            people: [person(keypoints)])
        let text = String(decoding: try prediction.json(pretty: false), as: UTF8.self)
        #expect(
            text == """
                {"height":480,"image":"a/b c.jpg","keypoint_names":["nose","eye"],"model":"m","people":[{"bbox":[1,2,4,6],\
                "bbox_score":0.5,"keypoint_confidence":[0.25,1],"keypoint_scores":[0.25,7],"keypoints":[[1.5,2],[3,4]],\
                "track_id":null}],"version":1,"width":640}

                """)
        #expect(try JSONDecoder().decode(Prediction.self, from: prediction.json()) == prediction)
    }

    @Test func survivesNumbersThatJSONCannotHold() throws {
        let keypoints = Keypoints(points: [SIMD2(.nan, 2)], scores: [.infinity])
        let prediction = Prediction(
            image: "a", size: ImageSize(width: 1, height: 1), model: "m", keypointNames: ["nose"],
            people: [person(keypoints)])
        let again = try JSONDecoder().decode(Prediction.self, from: prediction.json())
        #expect(again.people[0].keypoints.points[0].x.isNaN)
        #expect(again.people[0].keypoints.points[0].y == 2)
    }

    @Test(arguments: [
        #"{"bbox":[1,2,3],"bbox_score":1,"track_id":null,"keypoints":[],"keypoint_scores":[],"keypoint_confidence":[]}"#,
        #"{"bbox":[1,2,3,4],"bbox_score":1,"keypoints":[[1]],"keypoint_scores":[1],"keypoint_confidence":[1]}"#,
        #"{"bbox":[1,2,3,4],"bbox_score":1,"keypoints":[[1,2]],"keypoint_scores":[],"keypoint_confidence":[1]}"#,
        #"{"bbox":[1,2,3,4],"bbox_score":1,"keypoints":[[1,2]],"keypoint_scores":[1],"keypoint_confidence":[]}"#,
    ])
    func refusesPeopleThatDoNotFit(json: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Person.self, from: Data(json.utf8)) }
    }
}
