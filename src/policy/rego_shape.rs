//! What a rego policy must look like before the interpreter reads it: nothing that takes it endless time or more stack
//! than there is. Its parser tries each bracket in several ways, each within the next, and it calls itself for each rule
//! that needs another and for each call of a function, without an end where a function calls itself (an error in OPA).

use std::collections::{BTreeMap, BTreeSet};

/// Deepest nesting of brackets and braces.
const MAX_NESTING: usize = 12;
/// Deepest nesting of parentheses, and longest run of signs.
const MAX_DEPTH: usize = 64;
/// Most rules.
pub const MAX_RULES: usize = 1000;

/// Checks the shape of a policy.
///
/// # Errors
/// What is wrong with it.
pub fn check(text: &str) -> Result<(), String> {
    let mut calls: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut rule = "";
    let mut rules = 0;
    let (mut brackets, mut parentheses, mut signs) = (0_usize, 0_usize, 0_usize);
    // Whether the name at hand is one of `data`, the last byte that is no space, and whether a line begins.
    let (mut of_data, mut before, mut begins) = (false, b'\n', true);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' => quoted(rest),
            '`' => rest
                .get(1..)
                .and_then(|inner| inner.find('`'))
                .map_or(rest.len(), |end| end + 2),
            _ if c.is_ascii_alphabetic() || c == '_' => {
                let inside = |c: char| c.is_ascii_alphanumeric() || c == '_';
                rest.find(|c: char| !inside(c)).unwrap_or(rest.len())
            }
            _ => c.len_utf8(),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        rest = after;
        match c {
            '[' | '{' => brackets += 1,
            ']' | '}' => brackets = brackets.saturating_sub(1),
            '(' => parentheses += 1,
            ')' => parentheses = parentheses.saturating_sub(1),
            _ => {}
        }
        signs = match c {
            '-' => signs + 1,
            _ if c.is_whitespace() => signs,
            _ => 0,
        };
        if brackets > MAX_NESTING || parentheses > MAX_DEPTH || signs > MAX_DEPTH {
            return Err(format!(
                "it is nested deeper than {MAX_NESTING} brackets or {MAX_DEPTH} parentheses"
            ));
        }
        if c.is_ascii_alphabetic() || c == '_' {
            let continues = b".,=+-*/%&|<>!:".contains(&before);
            let heads = begins && brackets == 0 && parentheses == 0 && !continues;
            if before != b'.' {
                of_data = token == "data";
            }
            if heads && token != "else" {
                (rule, rules) = (token, rules + 1);
            } else if after.trim_start().starts_with('(') && (before != b'.' || of_data) {
                calls.entry(rule).or_default().insert(token);
            }
        }
        if c == '\n' {
            begins = true;
        } else if !c.is_whitespace() && c != '#' {
            begins = false;
            before = token.as_bytes().last().copied().unwrap_or_default();
        }
    }
    if rules > MAX_RULES {
        return Err(format!("it has {rules} rules, more than the {MAX_RULES} that are read"));
    }
    // What calls nothing that is left can't call itself.
    loop {
        let left: BTreeSet<&str> = calls.keys().copied().collect();
        calls.retain(|_, called| called.iter().any(|name| left.contains(name)));
        if calls.len() == left.len() {
            break;
        }
    }
    match calls.keys().next() {
        None => Ok(()),
        Some(_) => {
            let names: Vec<_> = calls.into_keys().collect();
            Err(format!(
                "a function calls itself, or others that call it: {}",
                names.join(", ")
            ))
        }
    }
}

/// The length of the text in quotes that `rest` begins with.
fn quoted(rest: &str) -> usize {
    let mut escaped = false;
    let end = rest.bytes().skip(1).position(|b| {
        let ends = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        ends
    });
    end.map_or(rest.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn functions_that_call_themselves_are_refused() {
        for policy in [
            "f(x) = y { y := f(x + 1) }",
            "f(x) = y { y := g(x) }\ng(x) = y { y := data.sigstore.f(x) }\nisCompliant { f(1) }",
            "f(x) :=\n  g(x)\n  g(x) := f(x)",
            "f(x) = 1 { false }\nelse = y { y := f (x) }",
        ] {
            assert!(check(policy).unwrap_err().contains("calls itself"), "{policy}");
        }
        for policy in [
            "isCompliant { count(input.x) == 1 }",
            "f(x) = y { y := g(x) }\ng(x) = y { y := x }\nisCompliant { f(g(1)) == f(2) }",
            "f(x) = 1 { x == \"f(\\\"\" } # f(x)\nf(x) = 2 { x == `f(` }\n  isCompliant { f(1) }",
            "count_all(x) := strings.count(x, \"a\")\ncount(x) := 1\nisCompliant if count_all(1)",
            "default f(x) = 1\nf(x) = 2 { x }\nisCompliant { f(1) }",
            "isCompliant if {\n  f(1)\n}\nf(x) if x == 1",
        ] {
            assert_eq!(check(policy), Ok(()), "{policy}");
        }
    }

    #[test]
    fn what_takes_too_long_or_too_deep_is_refused() {
        for (open, close) in [("[", "]"), ("{", "}"), ("(", ")"), ("{\"a\":[", "]}")] {
            let nested = |n: usize| format!("a {{ x := {}1{} }}", open.repeat(n), close.repeat(n));
            assert!(check(&nested(65)).is_err() && check(&nested(5)).is_ok(), "{open}");
        }
        assert!(check(&"-\n".repeat(100)).is_err() && check("a { x := 1 - -1 - -1 }").is_ok());
        let chain = |n: usize| (0..n).map(|i| format!("r{i} {{ r{} }}\n", i + 1)).collect::<String>();
        assert!(check(&chain(MAX_RULES + 1)).is_err() && check(&chain(MAX_RULES)).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-f(){}\\[\\]\"`#\\\\.:= \n\u{e4}-]{0,40}") {
            let _ = check(&text);
        }
    }
}
