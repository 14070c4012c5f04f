import Foundation

/// The natural logarithm as NumPy computes it for float32 arrays on processors with fused multiply-add: a quotient of two
/// polynomials, up to four units in the last place off.
///
/// Refinement takes differences of logarithms and divides by differences of those, which turns such units into
/// hundredths of a thousandth of a pixel on noisy maps. Using the same approximation makes the decoded points the same.
func float32Log(_ value: Float) -> Float {
    guard value.isFinite, value > 0 else { return log(value) }
    var mantissa = value.significand
    var exponent = Float(value.exponent)
    if mantissa > Float(2).squareRoot() {
        mantissa /= 2
        exponent += 1
    }
    let distance = mantissa - 1
    var numerator: Float = 2.589979117907922693523e-02
    for coefficient: Float in [
        3.808837741388407920751e-01, 1.480000633576506585156e+00, 2.112677543073053063722e+00,
        9.999999999999998702752e-01, 0,
    ] { numerator = coefficient.addingProduct(numerator, distance) }
    var denominator: Float = 5.875095403124574342950e-03
    for coefficient: Float in [
        1.546476374983906719538e-01, 9.864942958519418960339e-01, 2.453006071784736363091e+00,
        2.612677543073109236779e+00, 1,
    ] { denominator = coefficient.addingProduct(denominator, distance) }
    return (numerator / denominator).addingProduct(exponent, 0.6931471805599453)
}
