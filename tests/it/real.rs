//! The main job on real photographs and histories, asked over real HTTP on loopback.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

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

/// Takes the last picture out of a request.
fn stripped(seen: &Seen) -> Seen {
    let mut body = seen.json();
    let content = body["messages"].as_array_mut().and_then(|list| list.last_mut()).map(|last| &mut last["content"]);
    if let Some(parts) = content.and_then(Value::as_array_mut) {
        let place = parts.iter().rposition(|part| part["image_url"].is_object());
        place.map(|place| parts.remove(place));
    }
    Seen { body: serde_json::to_vec(&body).unwrap(), ..seen.clone() }
}

/// Runs scenarios on the real photographs over HTTP. What comes back is what reached the model: a thief between the
/// two takes the pictures out of the first request that has any.
async fn run_on_real_cases(data: PathBuf, scenarios: &[&'static str], thief: bool) -> (Run, Record, Vec<Seen>) {
    let log: Arc<Mutex<(bool, Vec<Seen>)>> = Arc::new(Mutex::new((thief, Vec::new())));
    let kept = Arc::clone(&log);
    let server = Server::start(move |seen, _| {
        let mut log = kept.lock().unwrap();
        let steals = log.0 && !pictures(&seen.json()).is_empty();
        let arrived = if steals { stripped(seen) } else { seen.clone() };
        log.0 &= !steals;
        log.1.push(arrived.clone());
        drop(log);
        answer(&arrived)
    })
    .await;
    let url = server.url.clone();
    let scenarios = scenarios.to_vec();
    let (run, record) = tokio::task::spawn_blocking(move || {
        let cohort = tempfile::tempdir().unwrap();
        let folder = cohort.path().join("cohort");
        import(&data, &folder);
        let cases = folder.to_string_lossy().into_owned();
        let run = Run::new();
        let rest = ["--cases", cases.as_str(), "--model", "openai:test", "--url", url.as_str()];
        let record = run.record(&scenarios.into_iter().chain(rest).collect::<Vec<_>>());
        (run, record)
    })
    .await
    .unwrap();
    let seen = log.lock().unwrap().1.clone();
    (run, record, seen)
}

#[tokio::test(flavor = "multi_thread")]
async fn real_data_go_the_whole_way_over_http_and_every_picture_is_the_one_in_the_store() {
    let Some(data) = data() else { return };
    let (run, record, seen) = run_on_real_cases(data, &["quickstart"], false).await;
    assert_eq!((record.flow.cases, record.flow.patients), (24, 24));
    assert_eq!(record.flow.failed, 0);
    assert_eq!(record.claims.len(), 14, "every scenario of the suite");
    assert!(!record.head.synthetic && record.examples.is_empty(), "no picture or word of a real case in the report");

    let received: BTreeSet<Sent> = seen.iter().map(sent).collect();
    let stored = stored(&run);
    assert!(stored.iter().filter(|(_, pictures)| !pictures.is_empty()).count() > 24 * 10, "many corrupted pictures");
    assert_eq!(differences(&received, &stored), 0);

    // Twenty-four patients cannot show that a 10 % bound holds, and the report says so.
    for id in ["phone-defocus", "messenger-jpeg", "wrong-impression"] {
        let claim = claim(&record, id);
        assert_ne!(claim.verdict, Verdict::Holds, "{id}: {}", claim.why);
    }
    let undecided: Vec<_> = record.claims.iter().filter(|claim| claim.verdict == Verdict::Undecided).collect();
    assert!(!undecided.is_empty() && undecided.iter().all(|claim| !claim.why.is_empty()));
    assert!(undecided.iter().any(|claim| claim.why.contains("patients")), "{undecided:#?}");
    assert!(record.flow.warnings.iter().any(|warning| warning.contains("istory")), "{:?}", record.flow.warnings);
}

#[tokio::test(flavor = "multi_thread")]
async fn real_data_a_picture_that_is_lost_on_the_way_is_noticed() {
    let Some(data) = data() else { return };
    let (run, _, seen) = run_on_real_cases(data, &["messenger-jpeg"], true).await;
    let received: BTreeSet<Sent> = seen.iter().map(sent).collect();
    // One request arrived that was not sent; another did not arrive, unless a repeat of it did.
    assert!((1..=2).contains(&differences(&received, &stored(&run))));
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
