//! Every perturbation, in the order a reader would look for it.
//!
//! To add one: write its file, its `mod` line beside it, and its line here. A test compares this list with the
//! folders, and the contract suite then runs on it.

use crate::model_input::AtModelInput;
use crate::{Card, Operator, Perturbation, Setting, SettingError};

/// One line of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The printed facts.
    pub card: &'static Card,
    make: fn(&Setting) -> Result<Box<dyn Perturbation>, SettingError>,
}

impl Entry {
    /// The entry of an operator, which need not be in the catalogue: this is how an outsider's own is tested.
    #[must_use]
    pub const fn of<P: Operator>() -> Self {
        Self { card: P::CARD, make: |setting| Ok(Box::new(P::make(setting)?)) }
    }

    /// Makes the perturbation, after checking the setting against the card.
    ///
    /// # Errors
    /// [`SettingError`]: an unknown key, a value of the wrong kind or out of range, or something missing.
    pub fn build(&self, setting: &Setting) -> Result<Box<dyn Perturbation>, SettingError> {
        setting.check(self.card)?;
        let made = (self.make)(setting)?;
        Ok(match setting.model_input {
            Some(side) => Box::new(AtModelInput::over(made, side)),
            None => made,
        })
    }
}

/// The entry of that id; `-` and `_` read alike.
#[must_use]
pub fn find(id: &str) -> Option<&'static Entry> {
    let id = id.replace('-', "_");
    CATALOGUE.iter().find(|entry| entry.card.id == id)
}

/// Writes the list of entries from the paths of the types.
macro_rules! catalogue {
    ($($(#[$condition:meta])* $operator:path),* $(,)?) => {
        /// Every perturbation.
        pub static CATALOGUE: &[Entry] = &[$($(#[$condition])* Entry::of::<$operator>()),*];
    };
}

catalogue! {
    crate::sham::identity::Identity,
    crate::sham::reencode::Reencode,
    crate::image::optics::gaussian_blur::GaussianBlur,
    crate::image::optics::defocus::Defocus,
    crate::image::optics::motion_blur::MotionBlur,
    crate::image::optics::zoom_blur::ZoomBlur,
    crate::image::optics::glass_blur::GlassBlur,
    crate::image::optics::lens_smudge::LensSmudge,
    crate::image::optics::glare::Glare,
    crate::image::optics::flash_hotspot::FlashHotspot,
    crate::image::optics::chromatic_aberration::ChromaticAberration,
    crate::image::light::exposure::Exposure,
    crate::image::light::brightness::Brightness,
    crate::image::light::contrast::Contrast,
    crate::image::light::gamma::Gamma,
    crate::image::light::colour_temperature::ColourTemperature,
    crate::image::light::tint::Tint,
    crate::image::light::saturation::Saturation,
    crate::image::light::uneven_light::UnevenLight,
    crate::image::light::shadow::Shadow,
    crate::image::light::vignette::Vignette,
    crate::image::sensor::gaussian_noise::GaussianNoise,
    crate::image::sensor::shot_noise::ShotNoise,
    crate::image::sensor::impulse_noise::ImpulseNoise,
    crate::image::sensor::speckle::Speckle,
    crate::image::sensor::iso_noise::IsoNoise,
    crate::image::sensor::banding::Banding,
    crate::image::sensor::screen_moire::ScreenMoire,
    crate::image::codec::jpeg::Jpeg,
    crate::image::codec::repeated_jpeg::RepeatedJpeg,
    #[cfg(feature = "webp")]
    crate::image::codec::webp::Webp,
    crate::image::codec::downscale::Downscale,
    crate::image::codec::downscale_upscale::DownscaleUpscale,
    crate::image::codec::bit_depth::BitDepth,
    crate::image::codec::greyscale::Greyscale,
    crate::image::framing::crop_centre::CropCentre,
    crate::image::framing::crop_off_centre::CropOffCentre,
    crate::image::framing::lesion_cut::LesionCut,
    crate::image::framing::zoom_out::ZoomOut,
    crate::image::framing::rotate::Rotate,
    crate::image::framing::tilt::Tilt,
    crate::image::framing::mirror::Mirror,
    crate::image::framing::aspect_squash::AspectSquash,
    crate::image::framing::elastic::Elastic,
    crate::image::compat::imagenet_c::ImagenetC,
    crate::image::compat::medmnist_c::MedmnistC,
    crate::image::occlusion::hair::Hair,
    crate::image::occlusion::ruler::Ruler,
    crate::image::occlusion::ink_marker::InkMarker,
    crate::image::occlusion::finger::Finger,
    crate::image::occlusion::bandage::Bandage,
    crate::image::occlusion::gel_bubbles::GelBubbles,
    crate::image::occlusion::black_corner::BlackCorner,
    crate::image::occlusion::clothing_edge::ClothingEdge,
    crate::image::overlay::caption_text::CaptionText,
    crate::image::overlay::wrong_label_text::WrongLabelText,
    crate::image::overlay::arrow_off_lesion::ArrowOffLesion,
    crate::image::overlay::watermark::Watermark,
    crate::image::overlay::screenshot_frame::ScreenshotFrame,
    crate::image::overlay::instruction_text::InstructionText,
    crate::image::overlay::date_stamp::DateStamp,
    crate::history::omission::drop_field::DropField,
    crate::history::omission::leave_k_out::LeaveKOut,
    crate::history::omission::drop_all::DropAll,
    crate::history::omission::drop_all_but::DropAllBut,
    crate::history::omission::drop_sentence::DropSentence,
    crate::history::omission::drop_section::DropSection,
    crate::history::omission::truncate::Truncate,
    crate::history::omission::blank_value::BlankValue,
    crate::history::omission::vague::Vague,
    crate::history::omission::absent_as_no::AbsentAsNo,
    crate::history::falsity::contradict::Contradict,
    crate::history::falsity::transposed_digits::TransposedDigits,
    crate::history::falsity::wrong_unit::WrongUnit,
    crate::history::falsity::impossible_value::ImpossibleValue,
    crate::history::falsity::internal_contradiction::InternalContradiction,
    crate::history::falsity::fabricated_entity::FabricatedEntity,
    crate::history::falsity::stale_copy::StaleCopy,
    crate::history::bias::foil_impression::FoilImpression,
    crate::history::bias::prior_diagnosis::PriorDiagnosis,
    crate::history::bias::self_diagnosis::SelfDiagnosis,
    crate::history::bias::recency::Recency,
    crate::history::bias::confirmation::Confirmation,
    crate::history::bias::frequency::Frequency,
    crate::history::bias::status_quo::StatusQuo,
    crate::history::bias::false_consensus::FalseConsensus,
    crate::history::bias::authority::Authority,
    crate::history::bias::patient_online_source::PatientOnlineSource,
    crate::history::bias::minimising_relative::MinimisingRelative,
    crate::history::bias::alarming_relative::AlarmingRelative,
    crate::history::bias::cultural::Cultural,
    crate::history::noise::typos::Typos,
    crate::history::noise::ocr::Ocr,
    crate::history::noise::speech_to_text::SpeechToText,
    crate::history::noise::casing::Casing,
    crate::history::noise::punctuation_loss::PunctuationLoss,
    crate::history::noise::abbreviations::Abbreviations,
    crate::history::noise::filler::Filler,
    crate::history::noise::boilerplate::Boilerplate,
    crate::history::noise::irrelevant_notes::IrrelevantNotes,
    crate::history::style::neutral_sentence::NeutralSentence,
    crate::history::style::paraphrase::Paraphrase,
    crate::history::style::uncertain::Uncertain,
    crate::history::style::colourful::Colourful,
    crate::history::style::telegraphic::Telegraphic,
    crate::history::style::non_native::NonNative,
    crate::history::style::first_person::FirstPerson,
    crate::history::style::demographics_removed::DemographicsRemoved,
    crate::history::style::demographics_swapped::DemographicsSwapped,
    crate::history::format::soap::Soap,
    crate::history::format::bullet_list::BulletList,
    crate::history::format::json::Json,
    crate::history::format::chat_turns::ChatTurns,
    crate::history::format::field_order::FieldOrder,
    crate::history::injection::instruction_in_note::InstructionInNote,
    crate::modality::drop_images::DropImages,
    crate::modality::keep_worst::KeepWorst,
    crate::modality::reorder::Reorder,
    crate::modality::duplicate::Duplicate,
    crate::modality::add_other_site::AddOtherSite,
    crate::modality::blank_grey::BlankGrey,
    crate::modality::noise_image::NoiseImage,
    crate::modality::no_image::NoImage,
    crate::modality::wrong_image::WrongImage,
    crate::modality::no_history::NoHistory,
    crate::modality::wrong_history::WrongHistory,
}
