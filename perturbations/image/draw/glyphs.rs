//! A plain stroke font for the 95 printable characters of ASCII, drawn for this crate.
//!
//! A glyph is its advance and its strokes. `-` starts a straight stroke, `~` one whose corners are rounded; then come
//! points, two hexadecimal digits each: x from the left, y from 0 (lowest descender) over 4 (baseline) and b (height
//! of an x) to e (height of a capital).

/// The glyphs from the space (32) to the tilde (126).
pub(super) const GLYPHS: [&str; 95] = [
    "6",                                   // space
    "3 -0e07 -0405",                       // !
    "6 -0e0b -3e3b",                       // "
    "b -2e14 -6e54 -0b8b -0777",           // #
    "a ~7c6e0e0979741406 -3f33",           // $
    "b -8e04 ~0e3e3b0b0e ~5787845457",     // %
    "b ~842b2e6e6b0704545488",             // &
    "3 -0e0b",                             // '
    "5 ~3f0c0633",                         // (
    "5 ~0f3c3603",                         // )
    "9 -3d37 -0c68 -086c",                 // *
    "b -4c44 -0888",                       // +
    "4 -1502",                             // ,
    "8 -0858",                             // -
    "3 -0405",                             // .
    "8 -035f",                             // /
    "a ~0e7e74040e",                       // 0
    "a -1c4e44",                           // 1
    "a ~0c0e7e7a04 -0474",                 // 2
    "a ~0c0e7e7939 ~3979740406",           // 3
    "a -545e0777",                         // 4
    "a -6e1e09 ~091a7a740406",             // 5
    "a ~0a7a74040a ~070b2e6e",             // 6
    "a -0e7e24",                           // 7
    "a ~1e6e69191e ~0979740409",           // 8
    "a ~0e7e78080e ~7b775414",             // 9
    "3 -0a0b -0405",                       // :
    "4 -1a1b -1502",                       // ;
    "a -7c0874",                           // <
    "a -0a7a -0676",                       // =
    "a -0c7804",                           // >
    "9 ~0c0e6e6a3937 -3435",               // ?
    "e ~b5a4040ebebeb6868b ~8b4b46868b",   // @
    "b -044e84 -2868",                     // A
    "a -040e ~0e4e7e794909 ~094989844404", // B
    "a ~7c6e0e046476",                     // C
    "a -040e ~0e3e7e743404",               // D
    "9 -6e0e0464 -0959",                   // E
    "9 -6e0e04 -0959",                     // F
    "a ~7c6e0e047479 -7949",               // G
    "a -040e -747e -0979",                 // H
    "7 -0e4e -2e24 -0444",                 // I
    "8 ~5e57540407",                       // J
    "a -040e -7e08 -2a74",                 // K
    "9 -0e0464",                           // L
    "b -040e488e84",                       // M
    "a -040e747e",                         // N
    "b ~0e8e84040e",                       // O
    "a -040e ~0e4e7e784808",               // P
    "b ~0e8e84040e -5783",                 // Q
    "a -040e ~0e4e7e784808 -4874",         // R
    "a ~7c6e0e0979741406",                 // S
    "b -0e8e -4e44",                       // T
    "a ~0e070474777e",                     // U
    "b -0e448e",                           // V
    "f -0e346c94ce",                       // W
    "a -047e -0e74",                       // X
    "b -0e498e -4944",                     // Y
    "a -0e7e0474",                         // Z
    "5 -3f0f0333",                         // [
    "8 -0f53",                             // \
    "5 -0f3f3303",                         // ]
    "9 -0b3e6b",                           // ^
    "a -0373",                             // _
    "5 -0e2c",                             // `
    "9 ~0b6b64040b -6b64",                 // a
    "9 -0e04 ~0b6b64040b",                 // b
    "8 ~6a5b0b045465",                     // c
    "9 -6e64 ~0b6b64040b",                 // d
    "9 -0868 ~686b0b045465",               // e
    "7 ~5e2e2b24 -0b5b",                   // f
    "9 ~0b6b64040b ~6b63600002",           // g
    "9 -0e04 ~080b6b6764",                 // h
    "3 -0b04 -0d0e",                       // i
    "6 ~3b32300001 -3d3e",                 // j
    "8 -0e04 -5b07 -2964",                 // k
    "5 ~0e0424",                           // l
    "d -0b04 ~080b5b5754 ~585baba7a4",     // m
    "9 -0b04 ~080b6b6764",                 // n
    "9 ~0b6b64040b",                       // o
    "9 -0b00 ~0b6b64040b",                 // p
    "9 -6b60 ~0b6b64040b",                 // q
    "7 -0b04 ~080b4b5a",                   // r
    "8 ~5a4b0b0857541405",                 // s
    "7 ~2e272454 -0b5b",                   // t
    "9 ~0b07046468 -6b64",                 // u
    "9 -0b346b",                           // v
    "d -0b245a84ab",                       // w
    "9 -046b -0b64",                       // x
    "9 -0b34 -6b34 ~342000",               // y
    "9 -0b6b0464",                         // z
    "7 ~4f2f2b08 ~08262343",               // {
    "3 -0f02",                             // |
    "7 ~0f2f2b48 ~48262303",               // }
    "a ~072a5679",                         // ~
];

#[cfg(test)]
mod tests {
    use super::GLYPHS;

    #[test]
    fn every_glyph_is_its_advance_and_strokes_of_whole_points() {
        for glyph in GLYPHS {
            let mut parts = glyph.split(' ');
            assert!(u32::from_str_radix(parts.next().unwrap(), 16).unwrap() >= 3, "{glyph}");
            for stroke in parts {
                let (kind, points) = stroke.split_at(1);
                assert!(["-", "~"].contains(&kind) && points.len() % 2 == 0 && points.len() >= 4, "{glyph}");
                assert!(points.chars().all(|digit| digit.is_ascii_hexdigit()), "{glyph}");
            }
        }
    }

    #[test]
    fn no_two_glyphs_are_the_same_and_none_reaches_into_the_next() {
        for (index, glyph) in GLYPHS.iter().enumerate() {
            assert!(!GLYPHS[..index].iter().any(|other| other.trim() == glyph.trim()), "{glyph}");
            let advance = u32::from_str_radix(glyph.split(' ').next().unwrap(), 16).unwrap();
            let strokes = glyph.split(' ').skip(1).flat_map(|stroke| stroke.as_bytes()[1..].chunks(2));
            for point in strokes {
                let x = char::from(point[0]).to_digit(16).unwrap();
                assert!(x + 2 <= advance, "{glyph}");
            }
        }
    }
}
