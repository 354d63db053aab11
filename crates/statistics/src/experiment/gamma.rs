//! The logarithm of the gamma function, of which the mixtures are made.

/// Above this Stirling's series is exact to the last bits of a double.
const LARGE: f64 = 15.0;

/// ln Γ(x) of a positive number, by Stirling's series (Abramowitz and Stegun, 6.1.41).
pub(super) fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < LARGE {
        below += x.ln();
        x += 1.0;
    }
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1_260.0 - square / 1_680.0)));
    (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + series - below
}

/// ln of the beta function.
pub(super) fn ln_beta(a: f64, b: f64) -> f64 {
    ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
    }

    #[test]
    fn values_are_those_of_the_tables() {
        check(ln_gamma(1.0), 0.0);
        check(ln_gamma(2.0), 0.0);
        check(ln_gamma(0.5), std::f64::consts::PI.sqrt().ln());
        check(ln_gamma(10.0), 362_880_f64.ln());
        check(ln_gamma(1e6), 12_815_504.569_147_77);
        check(ln_beta(2.0, 3.0), (1.0_f64 / 12.0).ln());
    }

    #[test]
    fn each_is_the_one_before_times_its_place() {
        for n in 1..2_000 {
            let x = f64::from(n) * 0.37;
            check(ln_gamma(x + 1.0), ln_gamma(x) + x.ln());
        }
    }
}
