//! The skin under the lens: one [`Tissue`] per pixel, and the two ways to paint on it (areas and strokes).

use crate::lens::{Area, Lens};
use crate::noise::Noise;
use crate::outline::{Extent, Outline};
use crate::tissue::{Tissue, step};

/// Skin seen through a lens, before light and camera.
#[derive(Debug, Clone)]
pub struct Canvas {
    /// Where millimetres land.
    pub lens: Lens,
    /// Width and height in pixels.
    pub size: (u32, u32),
    /// The tissue of every pixel, row by row.
    pub tissue: Vec<Tissue>,
}

/// One lesion, or one part of an eruption.
#[derive(Debug, Clone, PartialEq)]
pub struct Blob {
    /// Centre in millimetres from the lesion's centre.
    pub x: f32,
    /// Centre in millimetres from the lesion's centre.
    pub y: f32,
    /// Where it ends. Nothing of it is drawn outside.
    pub outline: Outline,
    /// What it is within the eruption.
    pub part: Part,
    /// The key of its noise.
    pub key: u64,
}

/// What a blob is within an eruption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The lesion itself, or one of several alike.
    Main,
    /// Something small on or beside it: a satellite, a vesicle, a blister.
    Minor,
    /// A small lesion of the same kind beside it.
    Satellite,
    /// A vesicle that the pattern does not bring by itself.
    Vesicle,
}

impl Blob {
    /// Its outline in millimetres from the lesion's centre.
    pub fn points(&self) -> impl Iterator<Item = (f32, f32)> {
        self.outline.points().map(|(x, y)| (x + self.x, y + self.y))
    }

    /// The box around it in millimetres from the lesion's centre.
    #[must_use]
    pub fn extent(&self) -> Extent {
        let Extent { left, top, right, bottom } = self.outline.extent();
        Extent { left: left + self.x, top: top + self.y, right: right + self.x, bottom: bottom + self.y }
    }
}

/// A texture to be sampled within a blob: coarsest cell in millimetres, octaves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grain(pub f32, pub u32);

/// One place within a blob.
#[derive(Debug, Clone, Copy)]
pub struct Spot<const N: usize> {
    /// 0 at the centre, 1 at the outline.
    pub rho: f32,
    /// About the distance to the outline in millimetres.
    pub rim: f32,
    /// Millimetres from the blob's centre.
    pub x: f32,
    /// Millimetres from the blob's centre.
    pub y: f32,
    /// The values of the textures asked for.
    pub grain: [f32; N],
}

impl<const N: usize> Spot<N> {
    /// 0 at the outline, 1 from `width` millimetres inside.
    #[must_use]
    pub fn soft(&self, width: f32) -> f32 {
        step(0.0, width, self.rim)
    }
}

/// Rows painted at a time: their noise fits into the processor's cache.
const BAND: usize = 64;

impl Canvas {
    /// Millimetres per pixel.
    #[must_use]
    pub fn pixel(&self) -> f32 {
        1.0 / self.lens.finest_scale()
    }

    /// Calls `paint` for every pixel within a blob's outline.
    pub fn blob<const N: usize>(
        &mut self,
        blob: &Blob,
        grains: [Grain; N],
        mut paint: impl FnMut(&mut Tissue, &Spot<N>),
    ) {
        let Some(area) = self.lens.area(&blob.extent(), self.size) else { return };
        for top in (0..area.h).step_by(BAND) {
            let band = Area { y: area.y + top as u32, h: BAND.min(area.h - top), ..area };
            self.band(blob, band, grains, &mut paint);
        }
    }

    fn band<const N: usize>(
        &mut self,
        blob: &Blob,
        area: Area,
        grains: [Grain; N],
        paint: &mut impl FnMut(&mut Tissue, &Spot<N>),
    ) {
        let mut salt = 0;
        let textures = grains.map(|Grain(cell, octaves)| {
            salt += 1;
            Noise::new(blob.key.wrapping_add(salt)).field(&self.lens, area, cell, octaves, 0.5)
        });
        let lens = self.lens;
        let width = self.size.0 as usize;
        let farthest = blob.outline.reach() * blob.outline.reach();
        let rows = self.tissue.chunks_exact_mut(width).skip(area.y as usize).take(area.h);
        for (row, line) in rows.enumerate() {
            let y = lens.mm_y(area.y as usize + row) - blob.y;
            for (column, tissue) in line.iter_mut().skip(area.x as usize).take(area.w).enumerate() {
                let x = lens.mm_x(area.x as usize + column) - blob.x;
                let square = x * x + y * y;
                if square >= farthest {
                    continue;
                }
                let edge = blob.outline.radius(x, y);
                if square < edge * edge {
                    let far = square.sqrt();
                    let at = row * area.w + column;
                    let grain = core::array::from_fn(|k| sample(&textures, k, at));
                    paint(tissue, &Spot { rho: far / edge, rim: edge - far, x, y, grain });
                }
            }
        }
    }

    /// Calls `paint` with a strength from 0 to 1 along a line of that width (mm) between two points (mm).
    pub fn stroke(
        &mut self,
        from: (f32, f32),
        to: (f32, f32),
        width: f32,
        within: &Blob,
        mut paint: impl FnMut(&mut Tissue, f32),
    ) {
        let (size, lens) = (self.size, self.lens);
        let half = 0.5 * width.max(self.pixel());
        let strength = (width / self.pixel()).min(1.0);
        let reach = half + self.pixel();
        let extent = Extent {
            left: from.0.min(to.0) - reach,
            top: from.1.min(to.1) - reach,
            right: from.0.max(to.0) + reach,
            bottom: from.1.max(to.1) + reach,
        };
        let Some(Area { x, y, w, h }) = lens.area(&extent, size) else { return };
        for (row, line) in self.tissue.chunks_exact_mut(size.0 as usize).enumerate().skip(y as usize).take(h) {
            for (column, tissue) in line.iter_mut().enumerate().skip(x as usize).take(w) {
                let at = (lens.mm_x(column), lens.mm_y(row));
                let (bx, by) = (at.0 - within.x, at.1 - within.y);
                let edge = within.outline.radius(bx, by);
                let far = distance(at, from, to);
                if far < reach && bx * bx + by * by < edge * edge {
                    paint(tissue, strength * (1.0 - step(0.5 * half, reach, far)));
                }
            }
        }
    }
}

fn sample<const N: usize>(textures: &[Vec<f32>; N], k: usize, at: usize) -> f32 {
    textures.get(k).and_then(|texture| texture.get(at)).copied().unwrap_or(0.0)
}

/// The distance of a point from a line between two points.
fn distance(at: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = (dx * dx + dy * dy).max(1e-9);
    let t = (((at.0 - from.0) * dx + (at.1 - from.1) * dy) / length).clamp(0.0, 1.0);
    let (x, y) = (at.0 - from.0 - t * dx, at.1 - from.1 - t * dy);
    (x * x + y * y).sqrt()
}

#[cfg(test)]
mod tests {
    use super::{Blob, Canvas, Lens, Part, Tissue, distance};
    use crate::outline::{Outline, Shape};
    use bedside_perturbations::Stream;

    fn canvas() -> Canvas {
        let lens = Lens { scale_x: 10.0, scale_y: 10.0, centre_x: 50.0, centre_y: 40.0 };
        Canvas { lens, size: (100, 80), tissue: vec![Tissue::default(); 8000] }
    }

    fn blob() -> Blob {
        let outline = Outline::new(&mut Stream::derive(1, &[]), 2.0, Shape::ROUND);
        Blob { x: 1.0, y: 0.0, outline, part: Part::Main, key: 1 }
    }

    #[test]
    fn a_blob_is_painted_inside_its_box_and_nowhere_else() {
        let (mut canvas, blob) = (canvas(), blob());
        canvas.blob(&blob, [], |tissue, _| tissue.melanin = 1.0);
        let area = canvas.lens.area(&blob.extent(), canvas.size).unwrap();
        let painted: Vec<usize> = (0..8000).filter(|&k| canvas.tissue[k].melanin > 0.0).collect();
        assert!(painted.len() > 1000);
        for k in painted {
            let (x, y) = (k % 100, k / 100);
            assert!(x >= area.x as usize && x < area.x as usize + area.w);
            assert!(y >= area.y as usize && y < area.y as usize + area.h);
        }
    }

    #[test]
    fn a_stroke_stays_within_its_blob() {
        let (mut canvas, blob) = (canvas(), blob());
        canvas.stroke((-4.0, 0.0), (4.0, 0.5), 0.3, &blob, |tissue, strength| tissue.blood += strength);
        let touched = canvas.tissue.iter().filter(|tissue| tissue.blood > 0.0).count();
        assert!((60..400).contains(&touched), "{touched}");
    }

    #[test]
    fn distances_to_a_line_end_at_its_ends() {
        assert!((distance((3.0, 0.0), (0.0, 0.0), (1.0, 0.0)) - 2.0).abs() < 1e-6);
        assert!((distance((0.5, 2.0), (0.0, 0.0), (1.0, 0.0)) - 2.0).abs() < 1e-6);
    }
}
