/// Text from a file, made fit to show: whatever it holds, it must not play with a terminal or fill a screen.
enum Text {
    /// `text` without control characters, cut after `limit` characters.
    static func printable(_ text: String, limit: Int = 120) -> String {
        let isHarmless: (Unicode.Scalar) -> Bool = { scalar in
            scalar.value >= 0x20 && scalar.value != 0x7F && !(0x80..<0xA0).contains(scalar.value)
                && scalar.properties.generalCategory != .format
        }
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) { view.append(isHarmless(scalar) ? scalar : "\u{FFFD}") }
        return text.unicodeScalars.count > limit ? String(view) + "…" : String(view)
    }
}
