//! Whether a colour can be read on another: the contrast of WCAG 2, from 1 (none) to 21.

/// From here on text can be read by most people.
pub const READABLE: f64 = 4.5;

/// Red, green, blue.
pub(super) type Rgb = (u8, u8, u8);

/// The contrast of two colours.
pub(super) fn ratio(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance((r, g, b): Rgb) -> f64 {
    let channel = |v: u8| {
        let v = f64::from(v) / 255.0;
        if v <= 0.040_45 {
            v / 12.92
        } else {
            ((v + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
}
