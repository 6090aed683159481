//! Go's regular expressions (RE2 syntax, `go doc regexp/syntax`) for the regex crate, whose syntax is close but not
//! equal: `\Q…\E`, octal escapes and escaped punctuation are Go's only; classes such as `\d` mean ASCII in Go; nested
//! brackets and set operators inside a class are Rust's only.

/// `pattern` in the syntax of the regex crate.
pub(super) fn to_rust(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    let mut class = Class::Outside;
    while let Some(c) = chars.next() {
        match (c, class) {
            ('\\', _) => escape(&mut chars, class, &mut out),
            ('[', Class::Outside) => {
                out.push('[');
                if chars.next_if_eq(&'^').is_some() {
                    out.push('^');
                }
                // A bracket that comes first is a member.
                if chars.next_if_eq(&']').is_some() {
                    out.push_str("\\]");
                }
                class = Class::Inside;
            }
            ('[', Class::Inside) if chars.peek() == Some(&':') => {
                // A POSIX class, `[:alpha:]`, is the same in both; anything else is three plain characters.
                let rest: String = chars.clone().take(16).collect();
                match rest.find(":]") {
                    Some(end)
                        if rest
                            .chars()
                            .skip(1)
                            .take(end.saturating_sub(1))
                            .all(|c| c.is_ascii_alphabetic() || c == '^') =>
                    {
                        out.push('[');
                        for _ in 0..end + 2 {
                            out.extend(chars.next());
                        }
                    }
                    _ => out.push_str("\\["),
                }
            }
            ('[', Class::Inside) => out.push_str("\\["),
            ('&' | '~', Class::Inside) => {
                out.push('\\');
                out.push(c);
            }
            (']', Class::Inside) => {
                out.push(']');
                class = Class::Outside;
            }
            ('{', Class::Outside) if !is_repetition(chars.clone()) => out.push_str("\\{"),
            ('}', Class::Outside) if !ends_repetition(&out) => out.push_str("\\}"),
            _ => out.push(c),
        }
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Outside,
    Inside,
}

type Chars<'a> = std::iter::Peekable<std::str::Chars<'a>>;

fn escape(chars: &mut Chars<'_>, class: Class, out: &mut String) {
    let inside = class == Class::Inside;
    let Some(c) = chars.next() else {
        out.push('\\');
        return;
    };
    match c {
        'Q' => quote(chars, out),
        // An end without a start is nothing.
        'E' => {}
        'd' if inside => out.push_str("0-9"),
        'd' => out.push_str("[0-9]"),
        'D' => out.push_str("[^0-9]"),
        'w' if inside => out.push_str("0-9A-Za-z_"),
        'w' => out.push_str("[0-9A-Za-z_]"),
        'W' => out.push_str("[^0-9A-Za-z_]"),
        's' if inside => out.push_str("\\t\\n\\f\\r "),
        's' => out.push_str("[\\t\\n\\f\\r ]"),
        'S' => out.push_str("[^\\t\\n\\f\\r ]"),
        'b' if !inside => out.push_str("(?-u:\\b)"),
        'B' if !inside => out.push_str("(?-u:\\B)"),
        '0'..='7' => octal(c, chars, out),
        'a' | 'f' | 't' | 'n' | 'r' | 'v' | 'x' | 'p' | 'P' | 'A' | 'z' => {
            out.push('\\');
            out.push(c);
            // What belongs to the escape is copied, so that a brace is not taken for a repetition.
            if matches!(c, 'x' | 'p' | 'P') && chars.peek() == Some(&'{') {
                for c in chars.by_ref() {
                    out.push(c);
                    if c == '}' {
                        break;
                    }
                }
            }
        }
        c if c.is_ascii_punctuation() => literal(c, out),
        // An unknown escape stays one, so that it is an error as in Go.
        c => {
            out.push('\\');
            out.push(c);
        }
    }
}

fn quote(chars: &mut Chars<'_>, out: &mut String) {
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next_if_eq(&'E').is_some() {
            return;
        }
        literal(c, out);
    }
}

fn literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation()
        && !matches!(
            c,
            '<' | '>' | '_' | '"' | '\'' | '/' | ',' | '!' | '%' | ':' | ';' | '=' | '@' | '`'
        )
    {
        out.push('\\');
    }
    out.push(c);
}

fn octal(first: char, chars: &mut Chars<'_>, out: &mut String) {
    let mut value = first.to_digit(8).unwrap_or_default();
    let mut digits = 1;
    while digits < 3 {
        let Some(digit) = chars.peek().and_then(|c| c.to_digit(8)) else {
            break;
        };
        value = value * 8 + digit;
        digits += 1;
        chars.next();
    }
    if first != '0' && digits == 1 {
        // A backreference, which neither syntax has.
        out.push('\\');
        out.push(first);
    } else {
        out.push_str(&format!("\\x{{{value:x}}}"));
    }
}

/// Whether `{` opens a repetition: digits, then `}` or `,` and maybe digits and `}`. Else it is a plain character.
fn is_repetition(rest: Chars<'_>) -> bool {
    let text: String = rest.take_while(|c| *c != '}').take(16).collect();
    let (low, high) = text.split_once(',').unwrap_or((&text, ""));
    !low.is_empty() && low.bytes().chain(high.bytes()).all(|b| b.is_ascii_digit())
}

/// Whether the `}` that follows `out` closes a repetition.
fn ends_repetition(out: &str) -> bool {
    out.rfind('{').is_some_and(|at| {
        let escaped = out.get(..at).is_some_and(|before| before.ends_with('\\'));
        let body = out.get(at + 1..).unwrap_or_default();
        !escaped && !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit() || b == b',')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matches(pattern: &str, text: &str) -> bool {
        regex::Regex::new(&to_rust(pattern)).unwrap().is_match(text)
    }

    #[test]
    fn quoted_text_is_literal() {
        assert!(matches(r"^\Qa.b+[c]\E$", "a.b+[c]"));
        assert!(!matches(r"^\Qa.b+[c]\E$", "axb+[c]"));
        assert!(matches(r"^\Qhttps://x/\E.*", "https://x/y"));
        assert!(matches(r"\Q(unclosed", "(unclosed"));
    }

    #[test]
    fn classes_are_ascii_as_in_go() {
        assert!(matches(r"^\d+$", "123"));
        assert!(!matches(r"^\d+$", "١٢٣"));
        assert!(!matches(r"^\w$", "é"));
        assert!(matches(r"^[\w.-]+$", "a_b.c-d"));
        assert!(!matches(r"^[^\d]$", "1"));
        assert!(matches(r"^[\D]$", "x"));
    }

    #[test]
    fn what_only_rust_gives_a_meaning_is_literal() {
        assert!(matches(r"^[[a]+$", "[a"));
        assert!(matches(r"^[a&&b]+$", "a&b"));
        assert!(matches(r"^[]a]+$", "]a"));
        assert!(matches(r"^a{,2}$", "a{,2}"));
        assert!(matches(r"^a{2}$", "aa"));
        assert!(matches(r"^\<b\>$", "<b>"));
        assert!(matches(r"^[[:alpha:]]+$", "abc"));
        assert!(matches(r"^\x41\101\x{42}$", "AAB"));
        assert!(matches(r"(?i)^ABC$", "abc"));
        assert!(matches(r"^\p{Greek}\pL$", "αb"));
        assert!(matches(r"foo\b.*\Bar", "foo xbar"));
    }

    proptest! {
        #[test]
        fn no_pattern_panics(pattern: String) {
            let _ = regex::Regex::new(&to_rust(&pattern));
        }

        #[test]
        fn quoting_anything_matches_it(text in "[ -~]{0,20}") {
            prop_assume!(!text.contains("\\E"));
            let pattern = format!("^\\Q{text}\\E$");
            let escaped_end = text.ends_with('\\');
            prop_assume!(!escaped_end);
            prop_assert!(matches(&pattern, &text));
        }
    }
}
