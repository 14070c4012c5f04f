/// What 1.x computes differently even under a perfect translation.
extension BehaviourChange {
    static let refinement = BehaviourChange(
        name: "quarter-offset",
        what:
            "the quarter pixel towards the higher neighbour is added for each axis by itself; 0.29 added both or none",
        expect: "differences of up to 0.25 heatmap pixels for maxima on the first two or last two rows or columns",
        keep: "codec.refinement='both_axes' (swift-pose only)")
    static let noRefinement = BehaviourChange(
        name: "no-refinement",
        what: "MSRAHeatmap always refines the maximum; post_process=None took it as it is",
        expect: "keypoints move by up to 0.25 heatmap pixels in x and y",
        keep: "codec.refinement='none' (swift-pose only)")
    static let udpDecode = BehaviourChange(
        name: "udp-decode",
        what:
            "before the Taylor step 1.x blurs with a border of zeros and scales back to the old maximum; 0.29 mirrored "
            + "the border and did not scale",
        expect: "differences below a tenth of a heatmap pixel, larger for keypoints at the border",
        keep: "codec.blur_border='reflect' (swift-pose only)")
    static let combinedTarget = BehaviourChange(
        name: "combined-target",
        what: "1.x blurs only the class map (0.29 the offsets too, with another kernel), measures the radius in the "
            + "longer side (0.29 in the height) and writes offsets everywhere (0.29 inside the disc only)",
        expect: "differences of a fraction of a pixel; training targets differ",
        keep: "codec.blur_border='reflect' keeps the decoding (swift-pose only); the targets cannot be kept")
    static let randomDistributions = BehaviourChange(
        name: "random-boxes",
        what: "RandomBBoxTransform draws shift, scale and rotation from truncated normal distributions; 0.29 drew the "
            + "shift uniformly and clipped normal scale and rotation",
        expect: "other random numbers, the same ranges; accuracy after training is comparable",
        keep: "nothing: the draws come from another generator in any case")
    static let halfBody = BehaviourChange(
        name: "half-body",
        what:
            "RandomHalfBody picks the upper body with probability 0.7 and needs two upper or three lower keypoints; 0.29 "
            + "picked it with probability one half and needed three of either",
        expect: "other random crops in training",
        keep: "min_upper_keypoints=3, upper_prioritized_prob=0.5 come near it")
    static let flipShift = BehaviourChange(
        name: "regression-flip-shift",
        what: "1.x moves the coordinates of the mirror image by one pixel unless told otherwise; 0.29 did not",
        expect: "no difference: the migrated config says shift_coords=False",
        keep: "kept already (test_cfg.shift_coords)")
    static let mpii = BehaviourChange(
        name: "mpii",
        what:
            "1.x leaves MPII's keypoints at their 1-based positions while boxes move by one, and PCKh counts a distance "
            + "below the limit (0.29: not above)",
        expect: "half a pixel of offset in training data; PCKh differs in the second decimal",
        keep: "nothing: it is in the data set's and the metric's code")
    static let boxes = BehaviourChange(
        name: "box-clipping",
        what: "1.x clips boxes to [0, w]; 0.29 to [0, w−1]",
        expect: "crops of people at the right or lower border differ by up to a pixel",
        keep: "nothing: it is in the data set's code; boxes given to `pose infer` are not clipped")
    static let grouping = BehaviourChange(
        name: "associative-embedding",
        what: "grouping is the same; the push loss of 1.x includes the diagonal and sums over the batch",
        expect: "equal results at inference; other loss values in training",
        keep: "nothing for the loss")
    static let bottomupCrop = BehaviourChange(
        name: "bottomup-affine",
        what: "BottomupRandomAffine moves the image by a fraction of its size; 0.29 by a number of pixels",
        expect: "other random crops in training",
        keep: "nothing exact: 0.2, 1.x's value for its own models, stands for the 40 pixels of 0.29's")
    static let multiscaleDEKR = BehaviourChange(
        name: "dekr-multi-scale",
        what: "1.x raises NotImplementedError for DEKR at several scales",
        expect: "the single-scale result, about 1 AP lower",
        keep: "nothing")
    static let targetWeights = BehaviourChange(
        name: "target-weights",
        what: "KeypointMSELoss of MMPose applies weights whenever a target has them and ignores use_target_weight",
        expect: "invisible keypoints are masked in MMPose 1.x; swift-pose obeys use_target_weight",
        keep: "nothing in MMPose")
    static let centerShift = BehaviourChange(
        name: "cid-decode",
        what:
            "1.x refines and places CID's keypoints in the codec; the quarter offset is added for each axis by itself",
        expect: "differences of a fraction of a pixel at borders of the map",
        keep: "nothing needed")
    static let handPresence = BehaviourChange(
        name: "hand-presence",
        what:
            "InternetHead gives which hands are there as logits, and a flip test averages those; 0.29 gave probabilities",
        expect: "another answer only where a picture and its mirror image disagree",
        keep: "model.head.hand_type_head_cfg.use_sigmoid=True (swift-pose only)")
}
