//! Go's regular expressions (RE2 syntax, `go doc regexp/syntax`) for the regex crate, whose syntax is close but not
//! equal: `\Q…\E`, octal escapes and escaped punctuation are Go's only; classes such as `\d` mean ASCII in Go; nested
//! brackets and set operators inside a class are Rust's only.

/// `pattern` in the syntax of the regex crate.
pub(super) fn to_rust(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 16);
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => escape(&mut chars, Class::Outside, &mut out),
            '[' => class(&mut chars, &mut out),
            '{' if !is_repetition(chars.clone()) => out.push_str("\\{"),
            '}' if !ends_repetition(&out) => out.push_str("\\}"),
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

/// A class after its `[`: members and ranges as Go reads them, with everything escaped that Rust would read as a set
/// operation.
fn class(chars: &mut Chars<'_>, out: &mut String) {
    out.push('[');
    if chars.next_if_eq(&'^').is_some() {
        out.push('^');
    }
    let mut first = true;
    while let Some(c) = chars.next() {
        match c {
            // A bracket that comes first is a member.
            ']' if !first => {
                out.push(']');
                return;
            }
            '[' if posix(chars, out) => {}
            '\\' if is_set(chars) => escape(chars, Class::Inside, out),
            _ => {
                member(c, chars, out);
                let mut ahead = chars.clone();
                if ahead.next() == Some('-') && ahead.next().is_some_and(|end| end != ']') {
                    chars.next();
                    out.push('-');
                    match chars.next() {
                        // No range ends in a set: it stays what it is, an error.
                        Some('\\') if is_set(chars) => out.push('\\'),
                        Some(end) => member(end, chars, out),
                        None => {}
                    }
                }
            }
        }
        first = false;
    }
}

/// Whether the escape whose backslash was read stands for several characters.
fn is_set(chars: &mut Chars<'_>) -> bool {
    matches!(chars.peek(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'p' | 'P'))
}

/// One character of a class.
fn member(c: char, chars: &mut Chars<'_>, out: &mut String) {
    match c {
        '\\' if matches!(chars.peek(), Some('Q' | 'E')) => out.push('\\'),
        '\\' => escape(chars, Class::Inside, out),
        _ => literal(c, out),
    }
}

/// A POSIX class, `[:alpha:]`, whose `[` was read: the same in both. Anything else is plain characters.
fn posix(chars: &mut Chars<'_>, out: &mut String) -> bool {
    let rest: String = chars.clone().take(16).collect();
    let name = rest.strip_prefix(':').and_then(|rest| rest.split_once(":]"));
    let Some((name, _)) = name.filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphabetic() || c == '^')) else {
        return false;
    };
    out.push_str("[:");
    out.push_str(name);
    out.push_str(":]");
    chars.nth(name.len() + 2);
    true
}

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

    #[test]
    fn dashes_in_a_class_are_members_and_ranges_as_in_go() {
        // From `-` to `m`, where Rust would take `m` off the letters.
        for inside in ["a", "m", "-", "A", "5"] {
            assert!(matches("^[a-z--m]$", inside), "{inside}");
            assert!(!matches("^[^a-z--m]$", inside), "{inside}");
        }
        assert!(matches("^[+--]$", ","));
        assert!(!matches("^[^+--]$", ","));
        assert!(matches("^[a-]$", "-") && matches("^[-a]$", "-") && matches(r"^[\d-z]$", "-"));
        assert!(!matches(r"^[\d-z]$", "x"));
        assert!(matches("^[a~~b&&c]$", "~") && matches("^[a^]$", "^"));
        for refused in [r"[+-\d]", r"[a-\pL]", r"[\Qa\E]"] {
            assert!(regex::Regex::new(&to_rust(refused)).is_err(), "{refused}");
        }
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
