import PyConfig

extension ResNet.Design {
    /// ResNet-D (He et al. 2019).
    static var v1d: Self { Self(name: "ResNetV1d", isV1d: true) }

    /// ResNeXt (Xie et al. 2017): bottlenecks of many narrow groups.
    static func resNeXt(_ arguments: Arguments) throws -> Self {
        Self(name: "ResNeXt", depths: bottlenecks, grouping: try arguments.grouping(groups: 32))
    }

    /// SE-ResNet (Hu et al. 2018): bottlenecks that weigh their channels.
    static func seResNet(_ arguments: Arguments) throws -> Self {
        Self(name: "SEResNet", depths: bottlenecks, squeezeRatio: try arguments.squeezeRatio())
    }

    /// SE-ResNet with the groups of ResNeXt.
    static func seResNeXt(_ arguments: Arguments) throws -> Self {
        Self(
            name: "SEResNeXt", depths: bottlenecks, grouping: try arguments.grouping(groups: 32),
            squeezeRatio: try arguments.squeezeRatio())
    }
}

extension Arguments {
    /// `groups` and `width_per_group`.
    func grouping(groups: Int) throws -> ResidualStyle.Grouping {
        ResidualStyle.Grouping(
            groups: try int("groups", default: groups, in: 1...4096),
            widthPerGroup: try int("width_per_group", default: 4, in: 1...4096))
    }

    fileprivate func squeezeRatio() throws -> Int { try int("se_ratio", default: 16, in: 1...4096) }
}
