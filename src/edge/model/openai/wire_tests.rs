use super::*;
use crate::edge::model::spec::Endpoint;
use crate::request::Decoding;

fn request() -> Request {
    Request {
        system: "Be brief.".to_owned(),
        prompt: "What is it?".to_owned(),
        images: vec![Picture::png(vec![1, 2, 3])],
        schema: Some(json!({"type": "object", "properties": {"a": {"type": "string"}}})),
        decoding: Decoding { temperature: Some(0.0), max_tokens: 300, seed: Some(u64::MAX) },
        repeat: 0,
    }
}

fn answer(reply: Value) -> Answer {
    read(&reply).unwrap()
}

fn choice(message: Value, reason: Value) -> Value {
    json!({"choices": [{"message": message, "finish_reason": reason}]})
}

#[test]
fn everything_asked_for_is_written() {
    let body = write(&request(), &Endpoint::named("m", "http://localhost"));
    assert_eq!(body["model"], "m");
    assert_eq!(body["stream"], false);
    assert_eq!(body["temperature"], 0.0);
    assert_eq!(body["max_completion_tokens"], 300);
    assert_eq!(body["messages"][0], json!({"role": "system", "content": "Be brief."}));
    assert_eq!(body["messages"][1]["content"][1]["image_url"]["url"], "data:image/png;base64,AQID");
    assert_eq!(body["response_format"]["json_schema"]["strict"], false);
    assert!(body["seed"].as_u64().unwrap() < 1 << 31);
}

#[test]
fn switches_for_servers_that_know_less() {
    let mut endpoint = Endpoint::named("m", "http://localhost");
    endpoint.token_limit = TokenLimit::MaxTokens;
    endpoint.structured = Structured::JsonObject;
    endpoint.send_seed = false;
    endpoint.send_temperature = false;
    endpoint.extra.insert("top_k".to_owned(), json!(1));
    endpoint.extra.insert("model".to_owned(), json!("another"));
    let body = write(&request(), &endpoint);
    assert_eq!(body["max_tokens"], 300);
    assert_eq!(body["response_format"], json!({"type": "json_object"}));
    assert_eq!((&body["top_k"], &body["model"]), (&json!(1), &json!("m")));
    for absent in ["seed", "temperature", "max_completion_tokens"] {
        assert!(body.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn words_alone_are_a_plain_string() {
    let mut request = request();
    request.images.clear();
    request.system.clear();
    let body = write(&request, &Endpoint::named("m", "http://localhost"));
    assert_eq!(body["messages"], json!([{"role": "user", "content": "What is it?"}]));
}

#[test]
fn strict_only_where_every_object_is_closed() {
    let closed = json!({"type": "object", "properties": {"a": {}}, "required": ["a"], "additionalProperties": false});
    assert!(is_strict(&closed));
    let optional = json!({"type": "object", "properties": {"a": {}}, "required": [], "additionalProperties": false});
    assert!(!is_strict(&optional));
    assert!(!is_strict(&json!({"type": "array", "items": {"properties": {"a": {}}, "required": ["a"]}})));
}

#[test]
fn different_seeds_stay_different() {
    let seeds: std::collections::BTreeSet<u64> = (0..1000_u64).map(|index| fold(index << 40 | index)).collect();
    assert_eq!(seeds.len(), 1000);
}

#[test]
fn content_as_string_parts_or_legacy_text() {
    assert_eq!(answer(choice(json!({"content": "a"}), json!("stop"))).text, "a");
    let parts = json!([{"type": "text", "text": "a"}, {"type": "thinking", "text": "no"}, {"type": "output_text", "text": {"value": "b"}}, "c"]);
    assert_eq!(answer(choice(json!({"content": parts}), json!(null))).text, "abc");
    assert_eq!(answer(json!({"choices": [{"text": "a"}]})).text, "a");
}

#[test]
fn every_way_to_end() {
    for (reason, finish) in [
        (json!("stop"), Finish::Complete),
        (json!(""), Finish::Complete),
        (json!(null), Finish::Complete),
        (json!(7), Finish::Complete),
        (json!("eos_token"), Finish::Complete),
        (json!("length"), Finish::Truncated),
        (json!("MAX_TOKENS"), Finish::Truncated),
        (json!("content_filter"), Finish::Refused),
        (json!("SAFETY"), Finish::Refused),
    ] {
        assert_eq!(answer(choice(json!({"content": "a"}), reason.clone())).finish, finish, "{reason}");
    }
}

#[test]
fn a_refusal_is_read_from_its_own_field_or_part() {
    let refused = answer(choice(json!({"content": null, "refusal": "No."}), json!("stop")));
    assert_eq!((refused.finish, refused.text.as_str()), (Finish::Refused, "No."));
    let part = answer(choice(json!({"content": [{"type": "refusal", "refusal": "No."}]}), json!("stop")));
    assert_eq!(part.finish, Finish::Refused);
    let kept = answer(choice(json!({"content": "a", "refusal": null}), json!("stop")));
    assert_eq!((kept.finish, kept.text.as_str()), (Finish::Complete, "a"));
}

#[test]
fn an_empty_text_is_an_answer_and_no_message_is_none() {
    assert_eq!(answer(choice(json!({"content": ""}), json!("stop"))).text, "");
    assert_eq!(answer(choice(json!({"content": null}), json!("length"))).finish, Finish::Truncated);
    for reply in [
        json!(null),
        json!({}),
        json!({"choices": null}),
        json!({"choices": []}),
        json!({"choices": [null]}),
        json!({"choices": [{"message": null}]}),
        json!({"choices": [{"message": {"role": "assistant"}}]}),
    ] {
        assert_eq!(read(&reply).unwrap_err().error.kind, Failure::Garbled, "{reply}");
    }
}

#[test]
fn usage_and_model_name_are_read_where_they_make_sense() {
    let mut reply = choice(json!({"content": "a"}), json!("stop"));
    reply["usage"] = json!({"prompt_tokens": 10.0, "completion_tokens": 2});
    reply["model"] = json!("m-2026");
    let read = answer(reply.clone());
    assert_eq!(read.usage, Some(Usage { prompt: 10, completion: 2 }));
    assert_eq!(read.served.as_deref(), Some("m-2026"));
    for odd in
        [json!(null), json!({"prompt_tokens": -1, "completion_tokens": 2}), json!({"prompt_tokens": 1}), json!("x")]
    {
        reply["usage"] = odd;
        assert_eq!(answer(reply.clone()).usage, None);
    }
}
