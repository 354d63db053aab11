//! QR codes as pictures.

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder, QRCode};
use model::{Error, Result};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    Png,
    Svg,
}

/// How a code looks.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    pub dark: Color,
    pub light: Color,
    /// Pixels of one module's side.
    pub size: u32,
}

/// Red, green, blue, and how opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 4]);

/// Modules around the code that scanners need to find it.
const MARGIN: usize = 4;

impl Default for Style {
    fn default() -> Style {
        Style { dark: Color([0, 0, 0, 255]), light: Color([255; 4]), size: 8 }
    }
}

impl Color {
    /// Six or eight hexadecimal digits, such as `0b6b74`; the last two say how opaque.
    pub fn parse(text: &str) -> Option<Color> {
        if !matches!(text.len(), 6 | 8) || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let mut color = [255; 4];
        for (i, byte) in color.iter_mut().enumerate().take(text.len() / 2) {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(Color(color))
    }

    fn rgb(self) -> [u8; 3] {
        let [r, g, b, _] = self.0;
        [r, g, b]
    }

    fn alpha(self) -> u8 {
        self.0[3]
    }
}

/// Draws the code of a text.
pub fn draw(text: &str, picture: Picture, style: &Style) -> Result<Vec<u8>> {
    let code = QRBuilder::new(text)
        .ecl(ECL::M)
        .build()
        .map_err(|error| Error::internal(format!("{text:?} fits into no QR code: {error:?}")))?;
    match picture {
        Picture::Png => png(&code, style),
        Picture::Svg => Ok(svg(&code, style).into_bytes()),
    }
}

/// One bit a pixel: the code is drawn from two colours.
fn png(code: &QRCode, style: &Style) -> Result<Vec<u8>> {
    let modules = code.size + 2 * MARGIN;
    let scale = style.size as usize;
    let side = modules * scale;
    let mut rows = Vec::with_capacity(side * side.div_ceil(8));
    for y in 0..modules {
        let mut row = vec![0_u8; side.div_ceil(8)];
        for x in (0..side).filter(|x| is_dark(code, x / scale, y)) {
            row[x / 8] |= 0x80 >> (x % 8);
        }
        (0..scale).for_each(|_| rows.extend_from_slice(&row));
    }
    let length = u32::try_from(side).map_err(Error::internal)?;
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, length, length);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_palette([style.light.rgb(), style.dark.rgb()].concat());
    encoder.set_trns(vec![style.light.alpha(), style.dark.alpha()]);
    let mut writer = encoder.write_header().map_err(Error::internal)?;
    writer.write_image_data(&rows).map_err(Error::internal)?;
    writer.finish().map_err(Error::internal)?;
    Ok(out)
}

/// One path of squares.
fn svg(code: &QRCode, style: &Style) -> String {
    let modules = code.size + 2 * MARGIN;
    let side = modules * style.size as usize;
    let mut path = String::new();
    for y in 0..modules {
        for x in (0..modules).filter(|&x| is_dark(code, x, y)) {
            // Writing to a text cannot fail.
            let _ = write!(path, "M{x} {y}h1v1h-1z");
        }
    }
    let fill = |color: Color| {
        let [r, g, b] = color.rgb();
        format!(
            "fill=\"#{r:02x}{g:02x}{b:02x}\" fill-opacity=\"{}\"",
            f32::from(color.alpha()) / 255.0
        )
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\" \
         viewBox=\"0 0 {modules} {modules}\" shape-rendering=\"crispEdges\">\
         <path {} d=\"M0 0h{modules}v{modules}h-{modules}z\"/><path {} d=\"{path}\"/></svg>",
        fill(style.light),
        fill(style.dark)
    )
}

/// Whether a module is dark, counted from the margin's corner.
fn is_dark(code: &QRCode, x: usize, y: usize) -> bool {
    let inside = |at: usize| at.checked_sub(MARGIN).filter(|&at| at < code.size);
    inside(x).zip(inside(y)).is_some_and(|(x, y)| code[y][x].value())
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    const TEXT: &str = "https://go.example/spring?qr";

    fn code() -> QRCode {
        QRBuilder::new(TEXT).ecl(ECL::M).build().unwrap()
    }

    #[test]
    fn a_png_shows_every_module_in_its_colour() {
        let color = |text| Color::parse(text).unwrap();
        let style = Style { dark: color("0b6b74"), light: color("ffffff80"), size: 3 };
        let picture = draw(TEXT, Picture::Png, &style).unwrap();
        let mut decoder = png::Decoder::new(Cursor::new(picture));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let code = code();
        let side = (code.size + 2 * MARGIN) * 3;
        assert_eq!(pixels.len(), side * side * 4);
        for (i, pixel) in pixels.chunks(4).enumerate() {
            let (x, y) = (i % side / 3, i / side / 3);
            let expected = if is_dark(&code, x, y) { style.dark } else { style.light };
            assert_eq!(pixel, expected.0, "{x}, {y}");
        }
    }

    #[test]
    fn an_svg_has_a_square_for_each_dark_module() {
        let svg = String::from_utf8(draw(TEXT, Picture::Svg, &Style::default()).unwrap()).unwrap();
        let code = code();
        let dark = (0..code.size * code.size)
            .filter(|i| is_dark(&code, i % code.size + MARGIN, i / code.size + MARGIN));
        assert_eq!(svg.matches("h1v1h-1z").count(), dark.count());
    }

    #[test]
    fn a_colour_is_six_or_eight_digits() {
        assert_eq!(Color::parse("0B6b74"), Some(Color([0x0b, 0x6b, 0x74, 255])));
        assert_eq!(Color::parse("00000000"), Some(Color([0; 4])));
        for text in ["", "fff", "#ffffff", "gggggg", "fffffff", "äää"] {
            assert_eq!(Color::parse(text), None, "{text}");
        }
    }
}
