/// An expression of a config and where it stands.
struct Expression: Sendable {
    indirect enum Kind: Sendable {
        case constant(ConfigValue)
        case ellipsis
        case name(String)
        case list([Expression])
        case tuple([Expression])
        case set([Expression])
        case dict([DictItem])
        case formatted([FormatPart])
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case not(Expression)
        case compare(Expression, [Comparison])
        case conditional(test: Expression, then: Expression, otherwise: Expression)
        case attribute(Expression, String)
        case index(Expression, Expression)
        case slice(Expression?, Expression?, Expression?)
        case call(Expression, [CallArgument])
        case starred(Expression)
        case assignment(String, Expression)
        case comprehension(
            ComprehensionKind, element: Expression, value: Expression?, [ComprehensionClause])
    }

    let kind: Kind
    /// Byte offset that messages point at.
    let offset: Int
    /// Height of the tree, bounded by the depth budget so that walking it cannot exhaust the stack.
    let height: Int
}

/// `key: value`, or `**value` when there is no key.
struct DictItem: Sendable {
    let key: Expression?
    let value: Expression
}

/// An argument of a call.
struct CallArgument: Sendable {
    enum Form: Sendable {
        case positional
        case keyword(String)
        case star, doubleStar
    }
    let form: Form
    let value: Expression
}

/// A piece of an f-string.
enum FormatPart: Sendable {
    case text(String)
    /// `{value!conversion:spec}`; `conversion` is `r`, `s` or `a`.
    case field(Expression, conversion: UInt8?, spec: [FormatPart])
}

/// `== other`, one link of a comparison chain.
struct Comparison: Sendable {
    enum Operator: Sendable {
        case equal, notEqual, less, lessEqual, greater, greaterEqual, `in`, notIn, `is`, isNot
    }
    let operation: Operator
    let other: Expression
}

enum ComprehensionKind: Sendable { case list, set, dict, generator }

/// `for target in iterable if condition if …`.
struct ComprehensionClause: Sendable {
    let target: Expression
    let iterable: Expression
    let conditions: [Expression]
}

enum UnaryOperator: String, Sendable {
    case minus = "-"
    case plus = "+"
    case invert = "~"
}

enum BinaryOperator: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case power = "**"
    case leftShift = "<<"
    case rightShift = ">>"
    case and = "&"
    case or = "|"
    case xor = "^"
}

/// A statement of a config and where it stands.
struct Statement: Sendable {
    indirect enum Kind: Sendable {
        case expression(Expression)
        case assign([Expression], Expression)
        case augment(Expression, BinaryOperator, Expression)
        case delete([Expression])
        case conditional(test: Expression, then: [Statement], otherwise: [Statement])
        case forLoop(
            target: Expression, iterable: Expression, body: [Statement], otherwise: [Statement])
        case whileLoop(test: Expression, body: [Statement], otherwise: [Statement])
        case importModule([ImportedName])
        case importFrom(module: String, level: Int, names: [ImportedName])
        case readBase([Statement])
        case pass, breakLoop, continueLoop
    }

    let kind: Kind
    let offset: Int
}

/// `name as alias` of an import; the name is `*` for everything.
struct ImportedName: Sendable {
    let name: String
    let alias: String?
    let offset: Int
}
