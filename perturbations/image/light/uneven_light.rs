//! Uneven light: a lamp or window on one side, so that light falls off across the photograph.

use super::{LIT_ENOUGH, LightTables, Place, relight};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "uneven_light",
    family: "image/light",
    title: "Light from one side",
    imitates: "A window or a bedside lamp on one side: the near side is bright, the far side dim, the middle as exposed.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The eye takes a slope of light for what it is, and the lesion's outline stays. Where the far side \
                    sinks into the dark redness goes first: then confidence may fall and urgency must not.",
    gradable_to: LIT_ENOUGH,
    grading: Grading::Graded {
        dose: "fall",
        unit: Unit::Stops,
        levels: [0.5, 1.0, 2.0, 3.0, 4.5],
        range: Range { mildest: 0.1, severest: 7.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[Parameter {
        name: "angle",
        doc: "The direction in which the light falls off, from the right towards the bottom; drawn when left out.",
        takes: Takes::Number { unit: Unit::Degrees, min: 0.0, max: 360.0 },
        required: false,
    }],
    references: &[
        "Inverse-square law: a lamp as far before the near edge as makes the far edge that many stops darker; light at \
         the middle stays",
        "IEC 61966-2-1 (sRGB): light is multiplied in linear light, clipped at white, rounded once",
    ],
};

/// A fall of light from edge to edge, in stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UnevenLight {
    fall: f64,
    angle: Option<f64>,
}

impl Perturbation for UnevenLight {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    #[expect(clippy::cast_possible_truncation, reason = "directions and distances need no more than an f32")]
    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        // The lamp's distance from the middle, in lengths of the photograph along the fall.
        let away = 0.5 + 1.0 / (libm::exp2(self.fall / 2.0) - 1.0);
        let square = |value: f64| value * value;
        let tables = LightTables::multiplying(square(away / (away + 0.5)), square(away / (away - 0.5)));
        each_image(stimulus, cx, |image, mut rng| {
            let drawn = rng.between(0.0, 360.0);
            let angle = self.angle.unwrap_or(drawn);
            let turn = angle * core::f64::consts::PI / 180.0;
            let (sine, cosine) = (libm::sin(turn), libm::cos(turn));
            let (width, height) = (f64::from(image.pixels.width()), f64::from(image.pixels.height()));
            let place = Place::middle(&image.pixels, width * cosine.abs() + height * sine.abs());
            let (across, down, away) = (cosine as f32, sine as f32, away as f32);
            let pixels = relight(&image.pixels, &tables, place, |dx, dy| {
                let share = away / (away + across * dx + down * dy);
                share * share
            });
            Ok(Edited::in_place(image, pixels, [("angle_degrees", angle), ("fall_stops", self.fall)]))
        })
    }
}

impl Operator for UnevenLight {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let light = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { angle: setting.number("angle"), ..light })
    }
}

impl Graded for UnevenLight {
    fn at_dose(dose: f64) -> Self {
        Self { fall: Self::range().nearest(dose), angle: None }
    }
}

#[cfg(test)]
mod tests {
    use super::UnevenLight;
    use crate::image::light::to_light;
    use crate::image::tests::photo;
    use crate::{Argument, Context, Operator, Perturbation, Setting, Stimulus, Stream};

    #[test]
    fn light_falls_by_that_many_stops_and_the_middle_stays() {
        let mut setting = Setting { dose: Some(2.0), ..Setting::default() };
        setting.arguments.insert("angle".into(), Argument::Number(0.0));
        let mut stimulus = Stimulus { images: vec![photo(201, 9, |_, _| [120; 3])], ..Stimulus::default() };
        let operator = UnevenLight::make(&setting).unwrap();
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let light = |x: u32| to_light(f64::from(stimulus.images[0].pixels.get_pixel(x, 4).0[0]) / 255.0);
        assert!((light(0) / light(200) / 4.0 - 1.0).abs() < 0.05, "{}", light(0) / light(200));
        assert_eq!(stimulus.images[0].pixels.get_pixel(100, 4).0, [120; 3]);
        assert!((1..201).all(|x| light(x) <= light(x - 1)));
    }
}
