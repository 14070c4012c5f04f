import CTorch

/// Sees every operator call of a thread, in order: the basis of tracing a model.
public protocol OperatorObserver: AnyObject {
    /// Called after each successful call. An error thrown here surfaces from the operator call.
    func didCall(_ op: Operator, arguments: [IValue], results: [IValue]) throws
}

/// Lets `observer` see all operator calls that `body` makes on this thread. An observer that was active before is
/// suspended meanwhile.
public func observingOperators<Result>(
    with observer: any OperatorObserver, _ body: () throws -> Result
) rethrows -> Result {
    let box = ObserverBox(observer)
    let previous = ct_thread_observer()
    ct_set_thread_observer(Unmanaged.passUnretained(box).toOpaque())
    defer {
        ct_set_thread_observer(previous)
        withExtendedLifetime(box) {}
    }
    return try body()
}

/// Gives the existential an address that fits in the thread's slot.
final class ObserverBox {
    let observer: any OperatorObserver

    init(_ observer: any OperatorObserver) { self.observer = observer }
}
