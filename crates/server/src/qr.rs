//! QR codes as pictures.

mod logo;

use std::fmt::Write as _;

use fast_qr::{ECL, QRBuilder, QRCode};
use model::{Error, Result};

pub use self::logo::Logo;

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
    /// In the middle, instead of some modules.
    pub logo: Option<Logo>,
}

/// Red, green, blue, and how opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color([u8; 4]);

/// A logo takes away a square of at most this part of a code's side: 4 % of its modules, where a
/// code of the highest level can lose 30 %.
const CLEARED: usize = 5;

/// Modules around the code that scanners need to find it.
const MARGIN: usize = 4;

impl Default for Style {
    fn default() -> Style {
        Style { dark: Color([0, 0, 0, 255]), light: Color([255; 4]), size: 8, logo: None }
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
    let level = if style.logo.is_some() { ECL::H } else { ECL::M };
    let code = QRBuilder::new(text)
        .ecl(level)
        .build()
        .map_err(|error| Error::internal(format!("{text:?} fits into no QR code: {error:?}")))?;
    match (picture, &style.logo) {
        (Picture::Png, None) => png(&code, style),
        (Picture::Png, Some(logo)) => png_with(&code, style, logo),
        (Picture::Svg, _) => Ok(svg(&code, style).into_bytes()),
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

/// Four bytes a pixel, as a logo has any colours.
fn png_with(code: &QRCode, style: &Style, logo: &Logo) -> Result<Vec<u8>> {
    let modules = code.size + 2 * MARGIN;
    let (scale, place) = (f64::from(style.size), logo.place(modules, cleared(code)));
    let side = modules * style.size as usize;
    // How far a pixel is into the logo: 0 at its beginning, 1 at its end.
    let into = |pixel: usize, start: f64, length: f64| (pixel as f64 / scale - start) / length;
    let mut pixels = Vec::with_capacity(4 * side * side);
    for y in 0..side {
        let (top, bottom) = (into(y, place.y, place.height), into(y + 1, place.y, place.height));
        for x in 0..side {
            let (left, right) = (into(x, place.x, place.width), into(x + 1, place.x, place.width));
            let (column, row) = (x / style.size as usize, y / style.size as usize);
            let dark = is_dark(code, column, row) && !is_cleared(code, column, row);
            let below = if dark { style.dark } else { style.light };
            pixels.extend(over(logo.mean((left, top), (right, bottom)), below.0));
        }
    }
    let length = u32::try_from(side).map_err(Error::internal)?;
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, length, length);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().map_err(Error::internal)?;
    writer.write_image_data(&pixels).map_err(Error::internal)?;
    writer.finish().map_err(Error::internal)?;
    Ok(out)
}

/// A colour over another.
fn over(above: [u8; 4], below: [u8; 4]) -> [u8; 4] {
    let [a, b] = [above[3], below[3]].map(u32::from);
    let rest = b * (255 - a) / 255;
    let alpha = a + rest;
    if alpha == 0 {
        return below;
    }
    let mix = |i: usize| (u32::from(above[i]) * a + u32::from(below[i]) * rest) / alpha;
    [mix(0), mix(1), mix(2), alpha].map(|part| part as u8)
}

/// One path of squares.
fn svg(code: &QRCode, style: &Style) -> String {
    let modules = code.size + 2 * MARGIN;
    let side = modules * style.size as usize;
    let mut path = String::new();
    for y in 0..modules {
        let is_drawn =
            |x: usize| is_dark(code, x, y) && (style.logo.is_none() || !is_cleared(code, x, y));
        for x in (0..modules).filter(|&x| is_drawn(x)) {
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
         <path {} d=\"M0 0h{modules}v{modules}h-{modules}z\"/><path {} d=\"{path}\"/>{}</svg>",
        fill(style.light),
        fill(style.dark),
        style.logo.as_ref().map(|logo| image(logo, code)).unwrap_or_default()
    )
}

fn image(logo: &Logo, code: &QRCode) -> String {
    let place = logo.place(code.size + 2 * MARGIN, cleared(code));
    format!(
        "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" image-rendering=\"auto\" href=\"{}\"/>",
        place.x,
        place.y,
        place.width,
        place.height,
        logo.data_url()
    )
}

/// How many modules a side make room for a logo; odd, as a code's side is.
fn cleared(code: &QRCode) -> usize {
    (code.size / CLEARED) | 1
}

/// Whether a module makes room for a logo, counted from the margin's corner.
fn is_cleared(code: &QRCode, x: usize, y: usize) -> bool {
    let first = MARGIN + (code.size - cleared(code)) / 2;
    let inside = first..first + cleared(code);
    inside.contains(&x) && inside.contains(&y)
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
        let style = Style { dark: color("0b6b74"), light: color("ffffff80"), size: 3, logo: None };
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

    /// What a scanner reads of a picture.
    fn scanned(picture: &[u8]) -> String {
        let mut decoder = png::Decoder::new(Cursor::new(picture));
        decoder.set_transformations(png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut pixels).unwrap();
        let side = frame.width as usize;
        let grey = |x, y| {
            let at = 4 * (y * side + x);
            let sum: u32 = pixels[at..at + 3].iter().map(|part| u32::from(*part)).sum();
            (sum / 3) as u8
        };
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, grey);
        let grids = image.detect_grids();
        assert_eq!(grids.len(), 1);
        grids[0].decode().unwrap().1
    }

    /// Black and white stripes: nothing is worse for a scanner.
    fn stripes(width: u32, height: u32) -> Logo {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(png::ColorType::Grayscale);
        let mut writer = encoder.write_header().unwrap();
        let pixels: Vec<u8> =
            (0..width * height).map(|i| if i / 3 % 2 == 0 { 0 } else { 255 }).collect();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        let text = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, file);
        Logo::parse("", &format!("data:image/png;base64,{text}")).unwrap()
    }

    #[test]
    fn codes_say_their_text_in_every_style_with_and_without_a_logo() {
        let color = |text| Color::parse(text).unwrap();
        let long = format!("https://go.example/{}?qr", "x".repeat(150));
        for text in ["https://a.co/1", TEXT, &long] {
            for size in [1, 3, 8] {
                let plain = Style { size, ..Style::default() };
                let dyed = Style { dark: color("0b6b74"), light: color("fff3d6"), ..plain.clone() };
                for style in [plain, dyed] {
                    let picture = draw(text, Picture::Png, &style).unwrap();
                    assert_eq!(scanned(&picture), text, "{size}");
                    for (width, height) in [(64, 64), (200, 40), (1, 1)] {
                        let logo = Some(stripes(width, height));
                        let style = Style { logo, size: size.max(3), ..style.clone() };
                        let picture = draw(text, Picture::Png, &style).unwrap();
                        assert_eq!(scanned(&picture), text, "{size}, logo {width}x{height}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_svg_has_its_logo_in_a_clear_square() {
        let style = Style { logo: Some(stripes(40, 20)), ..Style::default() };
        let svg = String::from_utf8(draw(TEXT, Picture::Svg, &style).unwrap()).unwrap();
        let code = QRBuilder::new(TEXT).ecl(ECL::H).build().unwrap();
        let (modules, wide) = (code.size + 2 * MARGIN, cleared(&code) as f64 - 1.0);
        let (x, y) = ((modules as f64 - wide) / 2.0, (modules as f64 - wide / 2.0) / 2.0);
        assert!(
            svg.contains(&format!("<image x=\"{x}\" y=\"{y}\" width=\"{wide}\"")),
            "{svg:.300}"
        );
        let drawn = (0..modules * modules)
            .map(|i| (i % modules, i / modules))
            .filter(|&(x, y)| is_dark(&code, x, y) && !is_cleared(&code, x, y));
        assert_eq!(svg.matches("h1v1h-1z").count(), drawn.count());
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
