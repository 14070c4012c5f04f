import Foundation
import PyConfig
import Testing

/// Six hundred generated expressions against what Python makes of them (Tools/oracle/pyconfig_expressions.py).
@Suite struct ExpressionTests {
    @Test func agreeWithPython() throws {
        let lines = String(decoding: try Files.data("expressions.tsv"), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 600)
        for line in lines {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            try #require(columns.count == 2)
            let found: String
            do { found = try value(columns[0])?.python ?? "nothing" } catch is ConfigError { found = "error" }
            #expect(found == columns[1], "\(columns[0])")
        }
    }
}
