//! Small pictures for the fixture: a drawn lesion on drawn skin, as a PNG without compression.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const SIDE: u32 = 72;

/// A data URL; `spread` widens the lesion's edge, as blur would.
pub(crate) fn lesion(spread: i64, darken: i64) -> String {
    let mut rows = Vec::new();
    for y in 0..SIDE {
        rows.push(0);
        (0..SIDE).for_each(|x| rows.push(shade(i64::from(x), i64::from(y), spread, darken)));
    }
    format!("data:image/png;base64,{}", STANDARD.encode(png(&rows)))
}

/// An index into a palette from skin (0) to lesion (63).
fn shade(x: i64, y: i64, spread: i64, darken: i64) -> u8 {
    let (dx, dy) = (x - 34, y - 38);
    let wobble = ((dx * 3 - dy * 2) % 17) + ((dx * dy) % 13);
    let distance = dx * dx + dy * dy * 3 / 2 + wobble * 4;
    let edge = 40 + spread * 40;
    let depth = ((320 + edge / 2 - distance) * 63 / edge).clamp(0, 58);
    u8::try_from((depth + (x * 7 + y * 11) % 4 + darken).clamp(0, 63)).unwrap_or(0)
}

fn png(rows: &[u8]) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [SIDE.to_be_bytes(), SIDE.to_be_bytes()].concat();
    header.extend([8, 3, 0, 0, 0]);
    let palette: Vec<u8> = (0..64_u8).flat_map(|i| [232 - i * 2, 190 - i * 2, 165 - i * 2]).collect();
    chunk(&mut out, *b"IHDR", &header);
    chunk(&mut out, *b"PLTE", &palette);
    chunk(&mut out, *b"IDAT", &zlib(rows));
    chunk(&mut out, *b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut body = kind.to_vec();
    body.extend(data);
    out.extend(u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
    out.extend(&body);
    out.extend(crc(&body).to_be_bytes());
}

fn zlib(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(0);
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend(length.to_le_bytes());
    out.extend((!length).to_le_bytes());
    out.extend(data);
    out.extend(adler(data).to_be_bytes());
    out
}

fn crc(data: &[u8]) -> u32 {
    let bit = |c: u32| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 };
    !data.iter().fold(!0, |c: u32, byte| (0..8).fold(c ^ u32::from(*byte), |c, _| bit(c)))
}

fn adler(data: &[u8]) -> u32 {
    let (a, b) = data.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}
