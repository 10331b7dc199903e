//! Sums of a picture's bytes, channel by channel.

use multiversion::multiversion;

use super::CHANNELS;

/// Bytes that are summed side by side: a whole number of pixels and of registers.
const SIDE_BY_SIDE: usize = 96;

/// Blocks whose sums fit 16 bits.
const FIT: usize = 256;

/// The sums of red, green and blue of interleaved bytes.
pub(crate) fn channel_sums(bytes: &[u8]) -> [u64; CHANNELS] {
    let mut sums = [0; CHANNELS];
    for part in bytes.chunks(FIT * SIDE_BY_SIDE) {
        let (blocks, last) = part.as_chunks::<SIDE_BY_SIDE>();
        let last = last.iter().map(|byte| u16::from(*byte));
        add_lanes(&mut sums, add_blocks(blocks).into_iter().chain(last));
    }
    sums
}

fn add_lanes(sums: &mut [u64; CHANNELS], lanes: impl Iterator<Item = u16>) {
    for (lane, channel) in lanes.zip((0..CHANNELS).cycle()) {
        sums.iter_mut().skip(channel).take(1).for_each(|sum| *sum += u64::from(lane));
    }
}

#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl", "x86_64+avx2"))]
fn add_blocks(blocks: &[[u8; SIDE_BY_SIDE]]) -> [u16; SIDE_BY_SIDE] {
    let mut lanes = [0_u16; SIDE_BY_SIDE];
    for block in blocks {
        lanes.iter_mut().zip(block).for_each(|(lane, byte)| *lane = lane.wrapping_add(u16::from(*byte)));
    }
    lanes
}

#[cfg(test)]
mod tests {
    use super::channel_sums;

    #[test]
    fn sums_are_those_of_the_channels_at_any_length() {
        for pixels in [0, 1, 31, 32, 33, 8192, 8193, 30_000] {
            let bytes: Vec<u8> = (0..3 * pixels).map(|i: u32| ((i * 7919) >> 3) as u8).collect();
            let one = |channel: usize| bytes.iter().skip(channel).step_by(3).map(|byte| u64::from(*byte)).sum::<u64>();
            assert_eq!(channel_sums(&bytes), [one(0), one(1), one(2)], "{pixels}");
        }
    }

    #[test]
    fn white_does_not_overflow() {
        assert_eq!(channel_sums(&vec![255; 3 * 100_000]), [25_500_000; 3]);
    }
}
