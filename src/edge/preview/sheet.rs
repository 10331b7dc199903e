//! A contact sheet: labelled pictures in rows and columns.

use bedside_perturbations::{Image, Region, fitted};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, Rgb, RgbImage, imageops};
use imageproc::drawing::{draw_filled_rect_mut, draw_hollow_rect_mut};
use imageproc::rect::Rect;

/// The height of a line of labels.
const LABEL: u32 = 18;
/// The gap between cells, and between the photographs of one.
const GAP: u32 = 6;
const SEAM: u32 = 2;
/// Where nothing is shown.
const EMPTY: Rgb<u8> = Rgb([225, 225, 222]);
const PAPER: Rgb<u8> = Rgb([250, 250, 248]);
const INK: Rgb<u8> = Rgb([30, 34, 38]);
/// The most bytes of a small sheet, which takes the best JPEG quality that they allow.
const SMALL_BYTES: usize = 25_000;
const QUALITIES: [u8; 8] = [80, 72, 64, 56, 48, 40, 32, 24];

/// How large a sheet is, and in what kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Size {
    /// For looking at it: PNG, a label over every picture, the lesion framed.
    #[default]
    Full,
    /// For a page of many: a JPEG of at most 25 kB and some 640 pixels across, labels over the columns only.
    Small,
}

impl Size {
    /// The ending of the file's name.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Full => "png",
            Self::Small => "jpg",
        }
    }

    /// The width of a cell, in pixels, on a sheet of so many columns, with room for so many photographs.
    const fn width(self, columns: usize, photographs: u32) -> u32 {
        match (self, columns, photographs) {
            (Self::Full, _, 0..=1) => 220,
            (Self::Full, ..) => 330,
            (Self::Small, 0..=3, _) => 206,
            (Self::Small, ..) => 100,
        }
    }
}

/// What stands in one place of a sheet.
#[derive(Debug)]
pub(super) enum Cell<'a> {
    /// Photographs.
    Pictures(Vec<Tile<'a>>),
    /// Words in place of a photograph; few enough for one line.
    Says(&'static str),
}

/// A photograph in a cell.
#[derive(Debug)]
pub(super) struct Tile<'a> {
    /// The photograph.
    pub image: &'a Image,
    /// A sign in its corner, e.g. its number; none if empty.
    pub sign: String,
    /// The part of it that is shown; all of it if none.
    pub detail: Option<Window>,
}

/// A part of a photograph, in shares of its sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window {
    left: f64,
    top: f64,
    across: f64,
    down: f64,
}

impl<'a> Cell<'a> {
    /// One photograph, all of it; an empty place without one.
    pub(super) fn one(image: Option<&'a Image>) -> Self {
        let tile = |image| Self::Pictures(vec![Tile { image, sign: String::new(), detail: None }]);
        image.map_or(Self::Says(""), tile)
    }
}

/// A sheet that is being filled.
#[derive(Debug)]
pub(super) struct Sheet {
    pixels: RgbImage,
    size: Size,
    cell: (u32, u32),
    /// A photograph in a cell, and how many stand side by side.
    tile: (u32, u32),
    across: u32,
}

impl Sheet {
    /// An empty sheet of that many cells, each with room for that many photographs of four by three.
    pub(super) fn new(size: Size, columns: usize, rows: usize, photographs: usize) -> Self {
        let many = |count: usize| u32::try_from(count).unwrap_or(0);
        let photographs = many(photographs.max(1));
        let across = (1..=photographs).find(|across| across * across >= photographs).unwrap_or(1);
        let width = size.width(columns, photographs);
        let tile = (width + SEAM) / across - SEAM;
        let tile = (tile, tile * 3 / 4);
        let height = photographs.div_ceil(across) * (tile.1 + SEAM) - SEAM;
        let mut sheet = Self { pixels: RgbImage::new(0, 0), size, cell: (width, height), tile, across };
        let (right, bottom) = (sheet.left(columns), sheet.top(rows) - sheet.label());
        sheet.pixels = RgbImage::from_pixel(right, bottom.max(1), PAPER);
        sheet
    }

    /// The sheet as a file.
    pub(super) fn file(&self) -> Vec<u8> {
        match self.size {
            Size::Full => crate::edge::wire::picture(&self.pixels, None).bytes.to_vec(),
            Size::Small => {
                let pixels = coarse_colour(&self.pixels);
                let mut files = QUALITIES.iter().map(|quality| jpeg(&pixels, *quality));
                let fits = files.find(|file| file.len() <= SMALL_BYTES);
                fits.unwrap_or_else(|| jpeg(&pixels, QUALITIES[QUALITIES.len() - 1]))
            }
        }
    }

    /// The part of a photograph around its lesion, or else around its middle, that fills a place pixel for pixel.
    pub(super) fn window(&self, image: &Image) -> Window {
        let (width, height) = (f64::from(image.pixels.width()), f64::from(image.pixels.height()));
        let middle = image.lesion.map_or((0.5 * width, 0.5 * height), |lesion| {
            (f64::from(lesion.x) + 0.5 * f64::from(lesion.w), f64::from(lesion.y) + 0.5 * f64::from(lesion.h))
        });
        let (across, down) = ((f64::from(self.tile.0) / width).min(1.0), (f64::from(self.tile.1) / height).min(1.0));
        let begin = |middle: f64, part: f64| (middle - 0.5 * part).clamp(0.0, 1.0 - part);
        Window { left: begin(middle.0 / width, across), top: begin(middle.1 / height, down), across, down }
    }

    fn left(&self, column: usize) -> u32 {
        GAP + u32::try_from(column).unwrap_or(0) * (self.cell.0 + GAP)
    }

    /// The upper edge of the pictures of a row.
    fn top(&self, row: usize) -> u32 {
        let above = GAP + LABEL - self.label();
        above + u32::try_from(row).unwrap_or(0) * (self.cell.1 + GAP + self.label()) + self.label()
    }

    /// The height that labels take in every row.
    const fn label(&self) -> u32 {
        match self.size {
            Size::Full => LABEL,
            Size::Small => 0,
        }
    }

    /// Fills one place.
    pub(super) fn put(&mut self, column: usize, row: usize, label: &str, cell: &Cell<'_>) {
        let (left, top) = (self.left(column), self.top(row));
        if self.size == Size::Full || row == 0 {
            self.write(left, top - LABEL + 4, label);
        }
        match cell {
            Cell::Pictures(tiles) if !tiles.is_empty() => {
                for (place, tile) in (0_u32..).zip(tiles) {
                    let (column, row) = (place % self.across, place / self.across);
                    self.show(left + column * (self.tile.0 + SEAM), top + row * (self.tile.1 + SEAM), tile);
                }
            }
            Cell::Pictures(_) => self.say(left, top, "no photograph"),
            Cell::Says(words) => self.say(left, top, words),
        }
    }

    fn say(&mut self, left: u32, top: u32, words: &str) {
        let empty = Rect::at(place(left), place(top)).of_size(self.cell.0, self.cell.1);
        draw_filled_rect_mut(&mut self.pixels, empty, EMPTY);
        self.write(left + 6, top + self.cell.1 / 2 - 4, words);
    }

    fn show(&mut self, left: u32, top: u32, tile: &Tile<'_>) {
        let (small, frame) = match tile.detail {
            Some(window) => (detail(&tile.image.pixels, window, self.tile), None),
            None => shrunk(tile.image, self.tile),
        };
        let x = left + self.tile.0.saturating_sub(small.width()) / 2;
        imageops::overlay(&mut self.pixels, &small, i64::from(x), i64::from(top));
        if let Some(lesion) = frame.filter(|_| self.size == Size::Full) {
            let frame = Rect::at(place(x + lesion.x), place(top + lesion.y)).of_size(lesion.w, lesion.h);
            draw_hollow_rect_mut(&mut self.pixels, frame, Rgb([20, 110, 200]));
        }
        if !tile.sign.is_empty() {
            let width = 8 * u32::try_from(tile.sign.len()).unwrap_or(1) + 4;
            let patch = Rect::at(place(x), place(top)).of_size(width, 12);
            draw_filled_rect_mut(&mut self.pixels, patch, PAPER);
            self.write(x + 2, top + 2, &tile.sign);
        }
    }

    /// Writes words in an 8-pixel bitmap font, as many as a cell is wide; what it has no letter for becomes a space.
    fn write(&mut self, left: u32, top: u32, words: &str) {
        use font8x8::UnicodeFonts;
        let plain = words.replace('\u{2212}', "-").replace('\u{b0}', " deg").replace('\u{2013}', "-");
        for (place, letter) in (0_u32..).zip(plain.chars().take((self.cell.0 / 8) as usize)) {
            let Some(glyph) = font8x8::BASIC_FONTS.get(letter) else { continue };
            for (y, bits) in (0_u32..).zip(glyph) {
                for x in (0..8).filter(|x| bits >> x & 1 == 1) {
                    if let Some(pixel) = self.pixels.get_pixel_mut_checked(left + place * 8 + x, top + y) {
                        *pixel = INK;
                    }
                }
            }
        }
    }
}

/// A photograph made as small as its place, and where its lesion is then.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sides of a thumbnail")]
fn shrunk(image: &Image, (across, down): (u32, u32)) -> (RgbImage, Option<Region>) {
    let (width, height) = image.pixels.dimensions();
    let scale = (f64::from(across) / f64::from(width)).min(f64::from(down) / f64::from(height)).min(1.0);
    let side = |length: u32| (f64::from(length) * scale).max(1.0) as u32;
    let small = fitted(&image.pixels, side(width.max(height))).unwrap_or_else(|| image.pixels.clone());
    let scaled = |lesion: Region| Region {
        x: (f64::from(lesion.x) * scale) as u32,
        y: (f64::from(lesion.y) * scale) as u32,
        w: side(lesion.w),
        h: side(lesion.h),
    };
    (small, image.lesion.map(scaled))
}

/// A part of a photograph as large as its place; the pixels of one with fewer of them are seen as squares.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places within a picture")]
fn detail(pixels: &RgbImage, window: Window, (across, down): (u32, u32)) -> RgbImage {
    let of = |share: f64, side: u32| libm::round(share * f64::from(side)) as u32;
    let (width, height) = pixels.dimensions();
    let (x, y) = (of(window.left, width), of(window.top, height));
    let part = imageops::crop_imm(pixels, x, y, of(window.across, width).max(1), of(window.down, height).max(1));
    let part = part.to_image();
    if part.dimensions() == (across, down) {
        return part;
    }
    let scale = (f64::from(across) / f64::from(part.width())).min(f64::from(down) / f64::from(part.height()));
    let side = |length: u32| (f64::from(length) * scale).max(1.0) as u32;
    imageops::resize(&part, side(part.width()), side(part.height()), imageops::FilterType::Nearest)
}

/// The same with one colour for every square of four pixels and the light of each as it is, as most JPEG files have it:
/// the encoder at hand keeps all colour, which takes a third of its bytes.
fn coarse_colour(pixels: &RgbImage) -> RgbImage {
    let light = |Rgb([r, g, b]): Rgb<u8>| (299 * i32::from(r) + 587 * i32::from(g) + 114 * i32::from(b)) / 1000;
    let mut coarse = pixels.clone();
    for (y, x) in (0..pixels.height()).step_by(2).flat_map(|y| (0..pixels.width()).step_by(2).map(move |x| (y, x))) {
        let places = [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)];
        let four: Vec<Rgb<u8>> = places.iter().filter_map(|(x, y)| pixels.get_pixel_checked(*x, *y).copied()).collect();
        let count = i32::try_from(four.len()).unwrap_or(4).max(1);
        let colour = [0, 1, 2].map(|channel: usize| {
            four.iter().map(|pixel| i32::from(pixel.0[channel]) - light(*pixel)).sum::<i32>() / count
        });
        for ((x, y), pixel) in places.iter().zip(&four) {
            let shade = colour.map(|away| u8::try_from((light(*pixel) + away).clamp(0, 255)).unwrap_or(u8::MAX));
            if let Some(place) = coarse.get_pixel_mut_checked(*x, *y) {
                *place = Rgb(shade);
            }
        }
    }
    coarse
}

fn jpeg(pixels: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    // Into memory, and of a size that JPEG allows: this cannot fail.
    let written = encoder.write_image(pixels.as_raw(), pixels.width(), pixels.height(), ExtendedColorType::Rgb8);
    debug_assert!(written.is_ok());
    bytes
}

fn place(pixels: u32) -> i32 {
    i32::try_from(pixels).unwrap_or(i32::MAX)
}
