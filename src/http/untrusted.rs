/// Text from outside made fit for a one-line message: control characters and direction marks escaped, cut after
/// `limit` characters.
pub fn shown(text: &str, limit: usize) -> String {
    let text = text.trim();
    if text.len() <= limit && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == limit {
            out.push('…');
            break;
        }
        let invisible = matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        );
        if c.is_control() || invisible {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn terminals_see_no_control_characters() {
        assert_eq!(shown("a\x1b[31mb\r\n\u{202e}c", 99), "a\\u{1b}[31mb\\r\\n\\u{202e}c");
        assert_eq!(shown("\u{9b}31m", 99), "\\u{9b}31m");
    }

    #[test]
    fn long_text_is_cut() {
        assert_eq!(shown("abcdef", 3), "abc…");
        assert_eq!(shown("abc", 3), "abc");
    }
}
