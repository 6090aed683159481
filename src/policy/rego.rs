//! Policies in rego, over the [regorus] interpreter.
//!
//! As in policy-controller a policy is a package `sigstore` whose rule `isCompliant` is `true`, or an object
//! `{"result": true|false, "error": "…", "warning": "…"}` (or a set of them, of which one true result suffices). Both
//! classic rego and `import rego.v1` are read. There is no network and no file access, and an evaluation is bounded in
//! time; `time.now_ns()` is the time given by the caller.

use std::num::NonZeroU32;
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};

use super::{builtins, rego_shape};

/// Longest policy, in bytes.
pub const MAX_POLICY: usize = 256 << 10;
/// Largest input, in bytes: an attestation with an SBOM.
pub const MAX_INPUT: usize = 32 << 20;
/// How long one evaluation may take.
const TIME_LIMIT: Duration = Duration::from_secs(2);
/// The stack of an evaluation, in bytes, of which only what is used takes memory.
const STACK: usize = 128 << 20;
const RULE: &str = "data.sigstore.isCompliant";
const FILE: &str = "policy.rego";

/// Why a rego policy can't be used, or what it says no with.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum RegoError {
    /// Longer than [`MAX_POLICY`].
    #[error("the policy has {0} bytes, more than the {MAX_POLICY} that are read")]
    TooLarge(usize),
    /// Not rego.
    #[error("not valid rego: {0}")]
    Syntax(String),
    /// Another package, or without the rule.
    #[error("the policy must be in package sigstore and have a rule isCompliant")]
    NoRule,
    /// The input has more than [`MAX_INPUT`] bytes.
    #[error("the policy's input has {0} bytes, more than the {MAX_INPUT} that are given to a policy")]
    InputTooLarge(usize),
    /// It failed while running.
    #[error("the policy can't be evaluated: {0}")]
    Evaluation(String),
    /// It says no.
    #[error("{}", denial(.0))]
    NotCompliant(Option<String>),
}

fn denial(message: &Option<String>) -> String {
    match message {
        Some(message) => shown_long(message),
        None => "policy is not compliant for query 'isCompliant = data.sigstore.isCompliant'".to_owned(),
    }
}

fn shown_long(message: &str) -> String {
    message
        .chars()
        .take(500)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

/// An error of regorus on one line, without its drawing of the source.
fn line(error: &dyn std::fmt::Display) -> String {
    let text = error.to_string();
    let parts = text
        .lines()
        .map(|l| {
            l.trim()
                .trim_start_matches(|c: char| c == '|' || c == '^' || c.is_whitespace())
        })
        .filter(|l| !l.is_empty());
    shown_long(&parts.collect::<Vec<_>>().join(" "))
}

/// An engine with one policy of package `sigstore`, whose clock stands at `now`.
fn engine(text: &str, now: i64) -> Result<Engine, RegoError> {
    let engine = any_engine(text, now)?;
    let packages = engine.get_packages().map_err(|e| RegoError::Evaluation(line(&e)))?;
    if packages != ["data.sigstore"] {
        return Err(RegoError::NoRule);
    }
    Ok(engine)
}

/// An engine with one policy of any package, whose clock stands at `now`.
fn any_engine(text: &str, now: i64) -> Result<Engine, RegoError> {
    if text.len() > MAX_POLICY {
        return Err(RegoError::TooLarge(text.len()));
    }
    rego_shape::check(text).map_err(RegoError::Syntax)?;
    let mut engine = Engine::new();
    // Classic rego, as policy-controller's OPA reads it; `import rego.v1` in a policy selects the new one.
    engine.set_rego_v0(true);
    engine.set_execution_timer_config(ExecutionTimerConfig {
        limit: TIME_LIMIT,
        check_interval: NonZeroU32::MIN.saturating_add(255),
    });
    builtins::add(&mut engine, now).map_err(|e| RegoError::Evaluation(line(&e)))?;
    engine
        .add_policy(FILE.to_owned(), text.to_owned())
        .map_err(|e| RegoError::Syntax(line(&e)))?;
    Ok(engine)
}

/// Runs `work` on a thread whose stack suffices for [`rego_shape::MAX_RULES`] rules, each of which needs the next.
fn on_a_large_stack<T: Send>(work: impl FnOnce() -> Result<T, RegoError> + Send) -> Result<T, RegoError> {
    let failed = |reason: &str| RegoError::Evaluation(reason.to_owned());
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, work)
            .map_err(|error| failed(&format!("no thread for it: {error}")))?;
        thread
            .join()
            .unwrap_or_else(|_| Err(failed("it did not come to an end")))
    })
}

/// Checks that a text is a policy.
///
/// # Errors
/// [`RegoError::TooLarge`], [`RegoError::Syntax`], [`RegoError::NoRule`], or [`RegoError::Evaluation`] for a function that
/// does not exist.
pub fn check(text: &str) -> Result<(), RegoError> {
    on_a_large_stack(|| check_here(text))
}

fn check_here(text: &str) -> Result<(), RegoError> {
    let mut engine = engine(text, 0)?;
    // The interpreter tells that a rule or a function is missing only when it is asked for. What else goes wrong without
    // an input says nothing about the policy.
    engine.set_input(Value::new_object());
    match engine.eval_rule(RULE.to_owned()) {
        Err(error) if error.to_string().contains("not a valid rule path") => Err(RegoError::NoRule),
        Err(error) if error.to_string().contains("could not find function") => Err(RegoError::Evaluation(line(&error))),
        _ => Ok(()),
    }
}

/// Evaluates a policy on `input` at `now` (seconds since 1970); a compliant one may still have a warning to show.
///
/// # Errors
/// [`RegoError::NotCompliant`] when it says no, any other when it can't be evaluated.
pub fn evaluate(text: &str, input: &serde_json::Value, now: i64) -> Result<Option<String>, RegoError> {
    on_a_large_stack(|| evaluate_here(text, input, now))
}

fn evaluate_here(text: &str, input: &serde_json::Value, now: i64) -> Result<Option<String>, RegoError> {
    let mut engine = engine(text, now)?;
    let json = serde_json::to_string(input).map_err(|e| RegoError::Evaluation(e.to_string()))?;
    engine.set_input(read(&json)?);
    let value = engine
        .eval_rule(RULE.to_owned())
        .map_err(|e| RegoError::Evaluation(line(&e)))?;
    verdict(&value)
}

/// The input that is in a JSON text.
fn read(json: &str) -> Result<Value, RegoError> {
    if json.len() > MAX_INPUT {
        return Err(RegoError::InputTooLarge(json.len()));
    }
    // The interpreter panics when it divides this number by -1.
    let least = i64::MIN.to_string();
    if json.contains(&least) {
        return Err(RegoError::Evaluation(format!("its input has the number {least}")));
    }
    Value::from_json_str(json).map_err(|e| RegoError::Evaluation(line(&e)))
}

/// Whether a text is of another package than `signature`: a library for policies, which decides nothing.
///
/// # Errors
/// [`RegoError::TooLarge`] or [`RegoError::Syntax`].
pub fn is_library(text: &str) -> Result<bool, RegoError> {
    let packages = any_engine(text, 0)?.get_packages();
    Ok(packages.map_err(|e| RegoError::Evaluation(line(&e)))? != ["data.signature"])
}

/// Whether the rule `allow` of package `signature`, which `verify-attestation --policy` asks as cosign does, is true for
/// the JSON text `input`. The packages of `libraries` may be imported.
///
/// # Errors
/// [`RegoError::NotCompliant`] when it is not, any other when it can't be evaluated.
pub fn allows(text: &str, libraries: &[&str], input: &str, now: i64) -> Result<(), RegoError> {
    on_a_large_stack(|| allows_here(text, libraries, input, now))
}

fn allows_here(text: &str, libraries: &[&str], input: &str, now: i64) -> Result<(), RegoError> {
    let mut engine = any_engine(text, now)?;
    for (number, library) in libraries.iter().enumerate() {
        rego_shape::check(library).map_err(RegoError::Syntax)?;
        engine
            .add_policy(format!("library-{number}.rego"), (*library).to_owned())
            .map_err(|e| RegoError::Syntax(line(&e)))?;
    }
    engine.set_input(read(input)?);
    match engine.eval_rule("data.signature.allow".to_owned()) {
        Ok(Value::Bool(true)) => Ok(()),
        Ok(_) => Err(RegoError::NotCompliant(Some(
            "policy is not compliant for query 'data.signature.allow'".to_owned(),
        ))),
        Err(error) => Err(RegoError::Evaluation(line(&error))),
    }
}

fn verdict(value: &Value) -> Result<Option<String>, RegoError> {
    match value {
        Value::Bool(true) => Ok(None),
        Value::Set(results) => any(results.iter()),
        Value::Array(results) => any(results.iter()),
        Value::Object(_) => any(std::iter::once(value)),
        _ => Err(RegoError::NotCompliant(None)),
    }
}

fn any<'a>(results: impl Iterator<Item = &'a Value>) -> Result<Option<String>, RegoError> {
    let text = |result: &Value, key: &str| match &result[key] {
        Value::String(text) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    };
    let mut reason = None;
    for result in results {
        match result {
            Value::Bool(true) => return Ok(None),
            Value::Object(_) if result["result"] == Value::Bool(true) => return Ok(text(result, "warning")),
            Value::Object(_) => {
                reason = reason
                    .or_else(|| text(result, "error"))
                    .or_else(|| text(result, "warning"))
            }
            _ => {}
        }
    }
    Err(RegoError::NotCompliant(reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_boolean_rule_decides() {
        let policy = "package sigstore\ndefault isCompliant = false\nisCompliant { input.predicate.x == 1 }";
        assert_eq!(evaluate(policy, &json!({"predicate":{"x":1}}), 0), Ok(None));
        let error = evaluate(policy, &json!({"predicate":{"x":2}}), 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "policy is not compliant for query 'isCompliant = data.sigstore.isCompliant'"
        );
        let modern = "package sigstore\nimport rego.v1\nisCompliant if input.x == 1";
        assert_eq!(evaluate(modern, &json!({"x":1}), 0), Ok(None));
        assert_eq!(evaluate(modern, &json!({}), 0), Err(RegoError::NotCompliant(None)));
    }

    #[test]
    fn rules_that_need_each_other_have_the_stack_for_it() {
        let chain: String = (0..900).map(|i| format!("r{i} {{ r{} }}\n", i + 1)).collect();
        let policy = format!("package sigstore\n{chain}r900 {{ true }}\nisCompliant {{ r0 }}");
        assert_eq!(check(&policy), Ok(()));
        assert_eq!(evaluate(&policy, &json!({}), 0), Ok(None));
        let endless = "package sigstore\nf(x) = y { y := f(x + 1) }\nisCompliant { f(1) == 2 }";
        assert!(matches!(check(endless), Err(RegoError::Syntax(_))));
        assert!(matches!(evaluate(endless, &json!({}), 0), Err(RegoError::Syntax(_))));
    }

    #[test]
    fn no_number_of_the_input_is_a_panic() {
        let policy = "package sigstore\nisCompliant { to_number(input.a) / input.b == 1 }";
        for (a, b) in [
            ("-9223372036854775808", -1),
            ("1e400", -1),
            ("1", 0),
            ("9223372036854775807", -1),
        ] {
            assert!(evaluate(policy, &json!({"a": a, "b": b}), 0).is_err(), "{a} {b}");
        }
        let signed = "package signature\nallow { input.a / input.b == 1 }";
        assert!(allows(signed, &[], r#"{"a":-9223372036854775808,"b":-1}"#, 0).is_err());
        assert_eq!(
            allows(signed, &[], r#"{"a":-9223372036854775807,"b":-9223372036854775807}"#, 0),
            Ok(())
        );
    }

    #[test]
    fn an_object_rule_gives_reasons_and_warnings() {
        let policy = "package sigstore\nisCompliant[response] {\n  result = input.n < 3\n  response := {\"result\": result, \
                      \"error\": \"too many\", \"warning\": \"\"}\n}";
        assert_eq!(evaluate(policy, &json!({"n":1}), 0), Ok(None));
        assert_eq!(
            evaluate(policy, &json!({"n":5}), 0).unwrap_err().to_string(),
            "too many"
        );
        let warning = "package sigstore\nisCompliant = {\"result\": true, \"warning\": \"old\"} { true }";
        assert_eq!(evaluate(warning, &json!({}), 0), Ok(Some("old".to_owned())));
    }

    #[test]
    fn anything_but_true_is_a_no() {
        for rule in [
            "isCompliant = 1",
            "isCompliant = \"true\"",
            "isCompliant = null",
            "isCompliant = {}",
            "isCompliant = []",
        ] {
            let policy = format!("package sigstore\n{rule}");
            assert_eq!(
                evaluate(&policy, &json!({}), 0),
                Err(RegoError::NotCompliant(None)),
                "{rule}"
            );
        }
    }

    #[test]
    fn what_is_no_policy_is_refused_at_once() {
        assert!(matches!(
            check("package sigstore\nisCompliant {"),
            Err(RegoError::Syntax(_))
        ));
        assert_eq!(check("package other\nisCompliant = true"), Err(RegoError::NoRule));
        assert_eq!(check("package sigstore\nallow = true"), Err(RegoError::NoRule));
        let unknown = check("package sigstore\nisCompliant { strings.no_such(\"a\") }").unwrap_err();
        assert!(unknown.to_string().contains("could not find function"), "{unknown}");
        assert!(matches!(
            check(&" ".repeat(MAX_POLICY + 1)),
            Err(RegoError::TooLarge(_))
        ));
    }

    #[test]
    fn a_policy_reads_the_clock_it_is_given_and_no_network() {
        let policy = "package sigstore\nisCompliant { time.now_ns() == 5000000000 }";
        assert_eq!(evaluate(policy, &json!({}), 5), Ok(None));
        let parse = "package sigstore\nisCompliant { time.parse_rfc3339_ns(input.t) < time.now_ns() }";
        assert_eq!(evaluate(parse, &json!({"t":"1970-01-01T00:00:01Z"}), 5), Ok(None));
        let network = "package sigstore\nisCompliant { http.send({\"method\":\"get\",\"url\":\"http://127.0.0.1\"}) }";
        assert!(check(network).is_err() || evaluate(network, &json!({}), 0).is_err());
    }

    #[test]
    fn a_policy_that_does_not_end_is_stopped() {
        let policy = "package sigstore\nisCompliant { count([1 | numbers.range(1, 100000)[_]; numbers.range(1, 100000)[_]]) == 0 }";
        assert!(evaluate(policy, &json!({}), 0).is_err());
    }
}
