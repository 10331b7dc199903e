//! The main job on real photographs and histories, asked over real HTTP on loopback.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bedside::edge::store::Store;
use bedside_reports::record::{Record, Verdict};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::server::{Reply, Seen, Server};
use crate::support::{Run, bedside, claim, data};

/// Imports the real photographs into a cohort folder.
fn import(data: &Path, out: &Path) {
    let output = bedside()
        .args(["import", "pad-ufes-20"])
        .arg(data.join("derm-real/metadata.csv"))
        .arg("--images")
        .arg(data.join("derm-real/images"))
        .arg("--out")
        .arg(out)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The pictures of a request, decoded from their data URLs.
fn pictures(body: &Value) -> Vec<Vec<u8>> {
    let parts = body["messages"].as_array().and_then(|list| list.last()).map(|last| last["content"].clone());
    let parts = parts.unwrap_or_default();
    let urls = parts.as_array().into_iter().flatten().filter_map(|part| part["image_url"]["url"].as_str());
    urls.map(|url| STANDARD.decode(url.strip_prefix("data:image/png;base64,").expect("a PNG data URL")).unwrap())
        .collect()
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A reader of skin that is moved by what it is shown: by the colour in the middle of the picture, and by whether the
/// history says that the lesion bleeds.
fn answer(seen: &Seen) -> Reply {
    const NAMES: [&str; 5] =
        ["Basal cell carcinoma", "Actinic keratosis", "Melanocytic naevus", "Seborrhoeic keratosis", "Melanoma"];
    let pictures = pictures(&seen.json());
    let tint = pictures.first().map_or(0, |bytes| {
        let picture = image::load_from_memory(bytes).expect("a PNG").into_rgb8();
        let (w, h) = picture.dimensions();
        let middle = image::imageops::crop_imm(&picture, w / 4, h / 4, (w / 2).max(1), (h / 2).max(1)).to_image();
        let sum = |channel: usize| middle.pixels().map(|pixel| u64::from(pixel[channel])).sum::<u64>();
        (sum(0) * 40 / (sum(2) + 1)) as usize
    });
    let prompt = seen.prompt().to_lowercase();
    let bleeds = usize::from(prompt.contains("bleeding: yes"));
    let told = usize::from(prompt.contains("age"));
    let leading = NAMES[(tint + 2 * bleeds + told) % NAMES.len()];
    let triage = if leading == "Melanoma" { "urgent" } else { "soon" };
    let text = json!({"differential": [{"diagnosis": leading, "probability": 0.6}], "triage": triage});
    Reply::says(&text.to_string())
}

/// What a request is: the words and the digests of the pictures.
type Sent = (String, Vec<String>);

fn sent(seen: &Seen) -> Sent {
    (seen.prompt(), pictures(&seen.json()).iter().map(|bytes| sha256(bytes)).collect())
}

/// What the store says was sent.
fn stored(run: &Run) -> BTreeSet<Sent> {
    let plan = String::from_utf8(run.bytes("plan.sha256").unwrap()).unwrap();
    let store = Store::open(&run.path().join("run.sqlite"), plan.trim()).unwrap();
    let mut digests = BTreeSet::new();
    store.read(|settled| digests.extend(settled.request)).unwrap();
    let sent = |digest: &String| {
        let canonical: Value = serde_json::from_str(&store.request(digest).unwrap().unwrap()).unwrap();
        let images = canonical["images"].as_array().unwrap().iter().map(|image| image.as_str().unwrap().to_owned());
        (canonical["prompt"].as_str().unwrap().to_owned(), images.collect())
    };
    digests.iter().map(sent).collect()
}

/// What differs between what a server received and what the store says was sent.
fn differences(received: &BTreeSet<Sent>, stored: &BTreeSet<Sent>) -> usize {
    received.symmetric_difference(stored).count()
}

async fn run_on_real_cases(data: PathBuf) -> (Run, Record, Vec<Seen>) {
    let server = Server::start(|seen, _| answer(seen)).await;
    let url = server.url.clone();
    let (run, record) = tokio::task::spawn_blocking(move || {
        let cohort = tempfile::tempdir().unwrap();
        let folder = cohort.path().join("cohort");
        import(&data, &folder);
        let cases = folder.to_string_lossy().into_owned();
        let run = Run::new();
        let scenarios = ["phone-defocus", "wrong-impression", "thin-referral"];
        let rest = ["--cases", cases.as_str(), "--model", "openai:test", "--url", url.as_str()];
        let record = run.record(&scenarios.into_iter().chain(rest).collect::<Vec<_>>());
        (run, record)
    })
    .await
    .unwrap();
    (run, record, server.seen())
}

#[tokio::test(flavor = "multi_thread")]
async fn real_data_go_the_whole_way_over_http_and_every_picture_is_the_one_in_the_store() {
    let Some(data) = data() else { return };
    let (run, record, seen) = run_on_real_cases(data).await;
    assert_eq!((record.flow.cases, record.flow.patients), (24, 24));
    assert_eq!(record.flow.failed, 0);
    assert!(!record.head.synthetic && record.examples.is_empty(), "no picture or word of a real case in the report");

    let received: BTreeSet<Sent> = seen.iter().map(sent).collect();
    let stored = stored(&run);
    assert!(stored.iter().any(|(_, pictures)| !pictures.is_empty()));
    assert_eq!(differences(&received, &stored), 0);

    // The check can fail: one picture taken out of one request is seen.
    let mut stripped: Vec<Sent> = received.into_iter().collect();
    let with_picture = stripped.iter().position(|(_, pictures)| !pictures.is_empty()).unwrap();
    stripped[with_picture].1.pop();
    assert!(differences(&stripped.into_iter().collect(), &stored) > 0);

    // Twenty-four patients cannot show that a 10 % bound holds, and the report says so.
    let claim = claim(&record, "phone-defocus");
    assert_eq!(claim.verdict, Verdict::Undecided, "{}", claim.why);
    assert!(claim.why.contains("patients"), "{}", claim.why);
    assert!(record.flow.warnings.iter().any(|warning| warning.contains("istory")), "{:?}", record.flow.warnings);
}

#[test]
fn real_data_histories_of_the_full_table_become_a_cohort_without_images() {
    let Some(data) = data() else { return };
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("cohort");
    let output = bedside()
        .args(["import", "pad-ufes-20", "--no-images"])
        .arg(data.join("pad-ufes-20/metadata.csv"))
        .arg("--out")
        .arg(&folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let cases = std::fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    // 2,298 rows are 1,891 pairs of patient and lesion.
    assert_eq!(cases.lines().count(), 1891);
    let run = Run::new();
    let cohort = folder.to_string_lossy().into_owned();
    let record = run.record(&["thin-referral", "--cases", &cohort, "--limit", "60", "--model", "planted:balanced"]);
    assert_eq!(record.flow.cases, 60);
    assert_eq!(record.flow.failed, 0);
}
