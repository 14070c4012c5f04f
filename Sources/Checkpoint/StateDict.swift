public import OrderedCollections

/// The tensors of a model by key, in file order, as `torch.nn.Module.state_dict()` gives them.
public struct StateDict: Sendable, RandomAccessCollection {
    /// Key → tensor, in file order. Each entry's `name` equals its key.
    public private(set) var entries: OrderedDictionary<String, TensorEntry>

    /// Version of each module that wrote a part of this state dict, by module path (`""` is the model itself), from the
    /// `_metadata` that PyTorch attaches. Empty when the file has none, as `.safetensors` always. The paths are as
    /// stored: a leading `module.` is not removed here, because MMEngine looks them up unrevised.
    public var versions: OrderedDictionary<String, Int>

    /// Keys found among the tensors whose value is not a tensor (`_extra_state`, counters); they are left out.
    public var ignoredKeys: [String]

    /// A state dict of `tensors` by their names; of two with the same name the later stays.
    public init(
        _ tensors: some Sequence<TensorEntry> = [], versions: OrderedDictionary<String, Int> = [:],
        ignoredKeys: [String] = []
    ) {
        entries = [:]
        self.versions = versions
        self.ignoredKeys = ignoredKeys
        for tensor in tensors { entries[tensor.name] = tensor }
    }

    /// The tensor stored under `key`. Setting stores it renamed to `key`.
    public subscript(key: String) -> TensorEntry? {
        get { entries[key] }
        set { entries[key] = newValue?.renamed(key) }
    }

    /// The keys in order.
    public var keys: [String] { Array(entries.keys) }

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of tensors.
    public var endIndex: Int { entries.count }
    /// The tensor at a position in file order.
    public subscript(position: Int) -> TensorEntry { entries.elements[position].value }
}
