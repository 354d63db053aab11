//! A logo in the middle of a QR code.

use std::io::Cursor;

use base64::{Engine, engine::general_purpose::STANDARD};
use model::{Error, Result};

/// A picture, decoded and as it was given.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    width: usize,
    height: usize,
    /// Red, green, blue and alpha of each pixel, row by row.
    pixels: Vec<u8>,
    file: Vec<u8>,
}

/// Where a logo stands in a code, in modules from the corner of the margin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

const PREFIX: &str = "data:image/png;base64,";
/// Bytes of the file.
const LARGEST: usize = 64 * 1024;
/// Pixels of a side: a small file may hold a large picture.
const LONGEST: u32 = 1_024;
/// Modules between the logo and the code.
const GAP: f64 = 0.5;

impl Logo {
    /// Reads `data:image/png;base64,…`. Nothing is ever fetched.
    pub fn parse(at: &str, url: &str) -> Result<Logo> {
        let wrong = |why: String| Error::invalid(at, why);
        let text = url.strip_prefix(PREFIX);
        let file = text.and_then(|text| STANDARD.decode(text).ok());
        let file = file.ok_or_else(|| wrong(format!("must be a PNG that begins {PREFIX}")))?;
        if LARGEST < file.len() {
            return Err(wrong(format!("must not be larger than {LARGEST} bytes")));
        }
        let broken = |error: png::DecodingError| wrong(format!("is no PNG: {error}"));
        let mut decoder = png::Decoder::new(Cursor::new(&file));
        decoder.set_transformations(png::Transformations::ALPHA | png::Transformations::STRIP_16);
        let (width, height) = decoder.read_header_info().map_err(broken)?.size();
        if LONGEST < width.max(height) {
            return Err(wrong(format!("must not be larger than {LONGEST} pixels")));
        }
        let mut reader = decoder.read_info().map_err(broken)?;
        let size = reader.output_buffer_size().ok_or_else(|| wrong("is too large".to_owned()))?;
        let mut pixels = vec![0; size];
        let frame = reader.next_frame(&mut pixels).map_err(broken)?;
        pixels.truncate(frame.buffer_size());
        if frame.color_type == png::ColorType::GrayscaleAlpha {
            let grey = |pixel: &[u8]| [pixel[0], pixel[0], pixel[0], pixel[1]];
            pixels = pixels.chunks_exact(2).flat_map(grey).collect();
        }
        Ok(Logo { width: width as usize, height: height as usize, pixels, file })
    }

    /// Its place in a box of so many modules a side, in the middle of a code of `modules`.
    pub(super) fn place(&self, modules: usize, cleared: usize) -> Place {
        let (most, middle) = (cleared as f64 - 2.0 * GAP, modules as f64 / 2.0);
        let scale = most / self.width.max(self.height) as f64;
        let (width, height) = (self.width as f64 * scale, self.height as f64 * scale);
        Place { x: middle - width / 2.0, y: middle - height / 2.0, width, height }
    }

    /// The mean colour of a part, which is given as fractions of width and height; transparent where
    /// the part is outside.
    pub(super) fn mean(&self, (left, top): (f64, f64), (right, bottom): (f64, f64)) -> [u8; 4] {
        let columns = pixels(left, right, self.width);
        let rows = pixels(top, bottom, self.height);
        let (mut sum, mut count) = ([0_u64; 4], 0);
        for y in rows {
            for x in columns.clone() {
                let at = 4 * (y * self.width + x);
                let pixel = &self.pixels[at..at + 4];
                // What is transparent has no say in the colour.
                for (sum, part) in sum.iter_mut().zip(&pixel[..3]) {
                    *sum += u64::from(*part) * u64::from(pixel[3]);
                }
                sum[3] += u64::from(pixel[3]);
                count += 1;
            }
        }
        let [r, g, b, alpha] = sum;
        if alpha == 0 {
            return [0; 4];
        }
        [r / alpha, g / alpha, b / alpha, alpha / count].map(|part| part as u8)
    }

    pub(super) fn data_url(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.file))
    }
}

/// The pixels of a part, one at least; none where the part is outside.
fn pixels(from: f64, to: f64, length: usize) -> std::ops::Range<usize> {
    if !(0.0..1.0).contains(&from) {
        return 0..0;
    }
    let first = (from * length as f64) as usize;
    let end = (to * length as f64).ceil() as usize;
    first..end.clamp(first + 1, length.max(first + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(file: &[u8]) -> String {
        format!("{PREFIX}{}", STANDARD.encode(file))
    }

    fn picture(width: u32, height: u32, color: png::ColorType, pixels: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width, height);
        encoder.set_color(color);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(pixels).unwrap();
        writer.finish().unwrap();
        file
    }

    #[test]
    fn every_kind_of_png_is_read() {
        for (color, pixels) in [
            (png::ColorType::Rgba, [9, 9, 9, 255].repeat(2)),
            (png::ColorType::Rgb, [9, 9, 9].repeat(2)),
            (png::ColorType::GrayscaleAlpha, [9, 255].repeat(2)),
            (png::ColorType::Grayscale, [9].repeat(2)),
        ] {
            let logo = Logo::parse("logo", &url(&picture(2, 1, color, &pixels))).unwrap();
            assert_eq!(logo.pixels, [9, 9, 9, 255].repeat(2), "{color:?}");
            assert_eq!(logo.mean((0.0, 0.0), (1.0, 1.0)), [9, 9, 9, 255], "{color:?}");
        }
    }

    #[test]
    fn what_is_no_small_png_is_refused() {
        #[track_caller]
        fn check(url: &str, expected: &str) {
            let told = Logo::parse("logo", url).unwrap_err().to_string();
            assert!(told.starts_with(expected), "{told}");
        }
        check("https://example.com/logo.png", "logo: must be a PNG that begins data:image/png");
        check("data:image/png;base64,!", "logo: must be a PNG that begins data:image/png");
        check(&url(b"GIF89a"), "logo: is no PNG: ");
        check(&url(&vec![0; LARGEST + 1]), "logo: must not be larger than 65536 bytes");
        let wide = picture(2_000, 1, png::ColorType::Grayscale, &[0; 2_000]);
        check(&url(&wide), "logo: must not be larger than 1024 pixels");
    }

    #[test]
    fn what_is_transparent_has_no_colour() {
        let pixels = [200, 0, 0, 255, 0, 99, 0, 0];
        let logo = Logo::parse("", &url(&picture(2, 1, png::ColorType::Rgba, &pixels))).unwrap();
        assert_eq!(logo.mean((0.0, 0.0), (1.0, 1.0)), [200, 0, 0, 127]);
        assert_eq!(logo.mean((0.5, 0.0), (1.0, 1.0)), [0; 4]);
        assert_eq!(logo.mean((-0.1, 0.0), (0.0, 1.0)), [0; 4]);
    }
}
