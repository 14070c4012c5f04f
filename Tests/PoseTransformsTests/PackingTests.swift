import PoseCore
import Testing

@testable import PoseTransforms

/// What is packed about a sample besides its arrays.
@Suite struct PackingTests {
    @Test func anImageWithEveryoneInItListsIdsAlsoOfOnePerson() {
        var sample = PoseSample()
        sample.ids = [7]
        sample.categories = [1]
        #expect(sample.metainfo("id")["id"]?.shape == [])
        #expect(sample.metainfo("category_id")["category_id"]?.shape == [])
        sample.listsInstances = true
        #expect(sample.metainfo("id")["id"]?.shape == [1])
        #expect(sample.metainfo("category_id")["category_id"]?.shape == [1])
    }
}
