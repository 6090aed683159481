//! A Dockerfile's instructions as BuildKit reads them: continued lines joined, heredocs taken out.
//!
//! A line that is taken for text of a heredoc hides the image that it may name. So what begins a heredoc is told as
//! BuildKit tells it (frontend/dockerfile/parser and shell), what cannot be told for certain is an error, and a file that
//! a builder without heredocs would build as well is read both ways.

/// Which heredocs a builder knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heredocs {
    /// `<<EOF` and `<< EOF`: BuildKit.
    Spaced,
    /// `<<EOF`: older ones.
    Adjacent,
    /// None: docker's own builder, and frontends that a `# syntax=` line may ask for.
    None,
}

const INSTRUCTIONS: [&str; 18] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
    "WORKDIR",
];

/// An instruction in its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    /// In capitals.
    pub(super) name: String,
    /// `--name=value`, without quotes.
    pub(super) flags: Vec<String>,
    /// What follows.
    pub(super) rest: String,
    /// Whether it is for where an image is built on the one of this file (`ONBUILD`).
    pub(super) later: bool,
}

impl Instruction {
    fn new(line: &str, escape: char) -> Self {
        let mut parts = Self::split(line, escape);
        if parts.name == "ONBUILD" {
            parts = Self::split(&parts.rest, escape);
            parts.later = true;
        }
        parts
    }

    /// As BuildKit's parser does (extractBuilderFlags), which takes each byte for a character.
    fn split(line: &str, escape: char) -> Self {
        let line = line.trim();
        let (name, line) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let mut rest = line.as_bytes();
        let mut flags = Vec::new();
        let is_space = |byte: u8| char::from(byte).is_whitespace();
        loop {
            while let [byte, tail @ ..] = rest
                && is_space(*byte)
            {
                rest = tail;
            }
            if !rest.starts_with(b"--") {
                break;
            }
            let mut flag = String::new();
            let mut quote = None;
            while let [byte, tail @ ..] = rest {
                rest = tail;
                let c = char::from(*byte);
                match quote {
                    None if is_space(*byte) => break,
                    None if matches!(c, '\'' | '"') => quote = Some(c),
                    Some(open) if c == open => quote = None,
                    _ if c == escape => {
                        if let [byte, tail @ ..] = rest {
                            flag.push(char::from(*byte));
                            rest = tail;
                        }
                    }
                    _ => flag.push(c),
                }
            }
            if flag == "--" {
                break;
            }
            flags.push(flag);
        }
        Self {
            name: name.to_ascii_uppercase(),
            flags,
            rest: String::from_utf8_lossy(rest).into_owned(),
            later: false,
        }
    }
}

/// The ways in which builders may read `text`, BuildKit's first.
pub(super) fn readings(text: &str) -> Result<Vec<Vec<Instruction>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let escape = escape(text)?;
    let mut readings = vec![instructions(text, escape, Heredocs::Spaced)?];
    for heredocs in [Heredocs::Adjacent, Heredocs::None] {
        // A builder refuses the whole file where a line is no instruction, as those of most heredocs are not.
        if let Ok(lines) = instructions(text, escape, heredocs)
            && !readings.contains(&lines)
            && lines.iter().all(|line| is_instruction(line))
        {
            readings.push(lines);
        }
    }
    let parts = |lines: Vec<String>| lines.iter().map(|line| Instruction::new(line, escape)).collect();
    Ok(readings.into_iter().map(parts).collect())
}

fn is_instruction(line: &str) -> bool {
    let word = line.split_whitespace().next().unwrap_or_default();
    INSTRUCTIONS.iter().any(|known| word.eq_ignore_ascii_case(known))
}

fn instructions(text: &str, escape: char, heredocs: Heredocs) -> Result<Vec<String>, String> {
    let mut instructions = Vec::new();
    let mut lines = text.split('\n').map(|line| line.trim_end_matches('\r'));
    while let Some(line) = lines.next() {
        let line = line.trim_start();
        if line.starts_with('#') {
            continue;
        }
        let (start, mut is_open) = continued(line, escape);
        let mut instruction = start.to_owned();
        while is_open && let Some(line) = lines.next() {
            // Neither a comment nor an empty line ends what is continued.
            if line.trim_start().starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let (more, open) = continued(line, escape);
            instruction.push_str(more);
            is_open = open;
        }
        if instruction.trim().is_empty() {
            continue;
        }
        for heredoc in begun(&instruction, escape, heredocs)? {
            if !lines.any(|line| heredoc.is_ended_by(line)) {
                let shown: String = instruction.chars().take(100).collect();
                return Err(format!(
                    "{shown:?} begins a heredoc, which no line {:?} ends",
                    heredoc.end
                ));
            }
        }
        instructions.push(instruction);
    }
    Ok(instructions)
}

/// A line without the character that continues it, and whether there was one.
fn continued(line: &str, escape: char) -> (&str, bool) {
    let continued = line.trim_end_matches([' ', '\t']).strip_suffix(escape);
    match continued.filter(|line| !line.ends_with(escape)) {
        Some(line) => (line, true),
        None => (line, false),
    }
}

/// The character that continues a line: what the directive `# escape=` says, which may stand only before all else.
fn escape(text: &str) -> Result<char, String> {
    for line in text.lines() {
        let directive = line.trim().strip_prefix('#').and_then(|line| line.split_once('='));
        let Some((name, value)) = directive else { break };
        match (name.trim().to_ascii_lowercase().as_str(), value.trim()) {
            ("escape", "`") => return Ok('`'),
            ("escape", "\\") => return Ok('\\'),
            ("escape", other) => return Err(format!("the directive escape={other:?} is neither \\ nor `")),
            ("syntax" | "check", _) => {}
            _ => break,
        }
    }
    Ok('\\')
}

/// A heredoc that is to follow an instruction.
#[derive(Debug, PartialEq, Eq)]
struct Heredoc {
    end: String,
    /// Whether tabs may stand before the end (`<<-`).
    tabs: bool,
}

impl Heredoc {
    fn is_ended_by(&self, line: &str) -> bool {
        match self.tabs {
            true => line.trim_start_matches('\t') == self.end,
            false => line == self.end,
        }
    }
}

/// The heredocs that `instruction` begins, in order.
fn begun(instruction: &str, escape: char, heredocs: Heredocs) -> Result<Vec<Heredoc>, String> {
    if heredocs == Heredocs::None || !may_begin(instruction) {
        return Ok(Vec::new());
    }
    if !matches!(&*Instruction::new(instruction, escape).name, "ADD" | "COPY" | "RUN") {
        return Ok(Vec::new());
    }
    // The words of a JSON array begin with brackets and quotes, and so never a heredoc. Quotes that are not closed leave
    // no word, as with BuildKit.
    let words = match (Words { raw: true, heredocs }).split(instruction) {
        Ok(words) => words,
        Err(Unread::Invalid) => return Ok(Vec::new()),
        Err(Unread::Unclear) => return Err(unclear(instruction)),
    };
    let mut found = Vec::new();
    for word in words {
        let Some(rest) = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<") else {
            continue;
        };
        let (rest, tabs) = rest.strip_prefix('-').map_or((rest, false), |rest| (rest, true));
        if rest.contains('<') {
            continue;
        }
        match (Words { raw: false, heredocs }).split(rest).as_deref() {
            Ok([end]) => found.push(Heredoc { end: end.clone(), tabs }),
            Ok(_) => {}
            Err(_) => return Err(unclear(instruction)),
        }
    }
    Ok(found)
}

/// Whether `<<` stands at the beginning of a word, whatever quotes say: what is no heredoc by this need not be split.
fn may_begin(instruction: &str) -> bool {
    instruction.match_indices("<<").any(|(at, _)| {
        let (before, after) = instruction.split_at(at);
        let before = before.trim_end_matches(|c: char| c.is_ascii_digit());
        before.ends_with(char::is_whitespace) && !after.starts_with("<<<")
    })
}

fn unclear(instruction: &str) -> String {
    let shown: String = instruction.chars().take(100).collect();
    format!("{shown:?}: it is not clear where its heredoc ends; write << and a plain word")
}

/// Why words were not split.
#[derive(Debug, PartialEq, Eq)]
enum Unread {
    /// BuildKit refuses it.
    Invalid,
    /// BuildKit's versions read it differently.
    Unclear,
}

/// How BuildKit's shell lexer splits words; no variable has a value.
#[derive(Clone, Copy)]
struct Words {
    /// Whether quotes and escapes stay.
    raw: bool,
    heredocs: Heredocs,
}

type Characters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

impl Words {
    fn split(self, text: &str) -> Result<Vec<String>, Unread> {
        let mut words = Vec::new();
        let mut word = String::new();
        let mut is_vague = false;
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '\'' => self.single_quoted(&mut rest, &mut word)?,
                '"' => is_vague |= self.double_quoted(&mut rest, &mut word)?,
                '$' => is_vague |= dollar(&mut rest, &mut word)?,
                '<' if self.heredocs == Heredocs::Spaced && rest.peek() == Some(&'<') => {
                    rest.next();
                    word.push_str("<<");
                    while let Some(space) = rest.next_if(|c| matches!(c, '\t' | '\r' | ' ')) {
                        word.push(space);
                    }
                }
                '\\' => {
                    if self.raw {
                        word.push(c);
                    }
                    word.extend(rest.next());
                }
                c if c.is_whitespace() => {
                    words.push((std::mem::take(&mut word), std::mem::take(&mut is_vague)));
                }
                c => word.push(c),
            }
        }
        words.push((word, is_vague));
        if words.iter().any(|(word, is_vague)| *is_vague && word.contains("<<")) {
            return Err(Unread::Unclear);
        }
        let words = words.into_iter().map(|(word, _)| word);
        Ok(words.filter(|word| !word.is_empty()).collect())
    }

    fn quote(self, quote: char, word: &mut String) {
        if self.raw {
            word.push(quote);
        }
    }

    fn single_quoted(self, rest: &mut Characters<'_>, word: &mut String) -> Result<(), Unread> {
        self.quote('\'', word);
        for c in rest.by_ref() {
            if c == '\'' {
                self.quote('\'', word);
                return Ok(());
            }
            word.push(c);
        }
        Err(Unread::Invalid)
    }

    fn double_quoted(self, rest: &mut Characters<'_>, word: &mut String) -> Result<bool, Unread> {
        let mut is_vague = false;
        self.quote('"', word);
        while let Some(c) = rest.next() {
            match c {
                '"' => {
                    self.quote('"', word);
                    return Ok(is_vague);
                }
                '$' => is_vague |= dollar(rest, word)?,
                '\\' => {
                    // Written twice where it escapes nothing: it is read once more without quotes.
                    if self.raw {
                        word.push(c);
                    }
                    word.push(rest.next_if(|c| matches!(c, '"' | '$' | '\\')).unwrap_or(c));
                }
                c => word.push(c),
            }
        }
        Err(Unread::Invalid)
    }
}

/// A variable stays as it is written. Says whether it is one whose value BuildKit's versions work out differently.
fn dollar(rest: &mut Characters<'_>, word: &mut String) -> Result<bool, Unread> {
    word.push('$');
    // `$$` is a variable, whatever follows.
    if let Some(c) = rest.next_if_eq(&'$') {
        word.push(c);
        return Ok(false);
    }
    if rest.next_if_eq(&'{').is_none() {
        return Ok(false);
    }
    let mut inside = String::new();
    loop {
        match rest.next() {
            Some('}') => break,
            Some('\'' | '"' | '$' | '<' | '\\' | '{') => return Err(Unread::Unclear),
            Some(c) => inside.push(c),
            None => return Err(Unread::Unclear),
        }
    }
    word.push_str(&format!("{{{inside}}}"));
    let end = inside
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .unwrap_or(inside.len());
    let (name, modifier) = inside.split_at(end);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    match is_name {
        true if modifier.is_empty() => Ok(false),
        true if modifier.starts_with(":-") || modifier.starts_with(":+") => Ok(true),
        _ => Err(Unread::Unclear),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(instruction: &str) -> Vec<String> {
        let found = begun(instruction, '\\', Heredocs::Spaced).unwrap();
        found.into_iter().map(|heredoc| heredoc.end).collect()
    }

    /// The cases of BuildKit's own tests, and what its lexer makes of others.
    #[test]
    fn what_begins_a_heredoc_is_told_as_buildkit_tells_it() {
        for (instruction, expected) in [
            ("RUN <<EOF", &["EOF"][..]),
            ("run 3<<EOF", &["EOF"]),
            ("RUN <<-EOF", &["EOF"]),
            ("RUN <<'EOF'", &["EOF"]),
            ("RUN <<\"EOF\"", &["EOF"]),
            ("RUN <<EO\"F\"", &["EOF"]),
            ("RUN <<eo\\'f", &["eo'f"]),
            ("RUN <<'e'o\\'f", &["eo'f"]),
            ("RUN <<'one two'", &["one two"]),
            ("RUN <<\"E\\OF\"", &["E\\OF"]),
            ("RUN <<$EOF", &["$EOF"]),
            ("RUN <<${EOF}", &["${EOF}"]),
            ("RUN <<  EOF  > foo", &["EOF"]),
            ("RUN << -EOF", &["-EOF"]),
            ("RUN <<- EOF", &[]),
            ("RUN <<EOF>x", &["EOF>x"]),
            ("RUN <<COMPLEX python3", &["COMPLEX"]),
            ("RUN --mount=type=cache,target=/x <<MOUNT", &["MOUNT"]),
            ("RUN echo ${A:-b c} \"${B:+d}\" <<EOF", &["EOF"]),
            ("COPY <<FILE1 <<FILE2 /x", &["FILE1", "FILE2"]),
            ("ADD <<file.txt /x", &["file.txt"]),
            ("ONBUILD RUN <<EOF", &["EOF"]),
            ("RUN cat<<EOF", &[]),
            ("RUN cat <<<EOF", &[]),
            ("RUN cat <<< ${A%b}", &[]),
            ("RUN echo $((1<<2)) ${A%b}", &[]),
            ("RUN '<<EOF'", &[]),
            ("RUN \"<<EOF\"", &[]),
            ("RUN ' <<EOF '", &[]),
            ("RUN it's <<EOF", &[]),
            ("RUN <<\"\"", &[]),
            ("RUN [\"<<EOF\", \"<<'EOF'\"]", &[]),
            ("ONBUILD --x=\"RUN y\" ADD <<EOF", &["EOF"]),
            ("USER <<EOF", &[]),
            ("FROM <<EOF", &[]),
            ("ONBUILD ONBUILD RUN <<EOF", &[]),
        ] {
            assert_eq!(ends(instruction), expected, "{instruction}");
        }
    }

    #[test]
    fn what_is_not_certain_is_an_error() {
        for instruction in [
            "RUN <<E${A:-OF}",
            "RUN ${A:-x <<EOF} <<EOF",
            "RUN ${} <<EOF",
            "RUN ${A <<EOF",
            "RUN ${A#b} <<EOF",
            "RUN ${1a} <<EOF",
            "RUN \"${A:-'}\" <<EOF",
        ] {
            assert!(begun(instruction, '\\', Heredocs::Spaced).is_err(), "{instruction}");
        }
        let lost = readings("FROM a\nRUN <<EOF\nFROM b\n EOF\nEOF2\n").unwrap_err();
        assert!(lost.contains("\"EOF\""), "{lost}");
    }

    #[test]
    fn lines_are_continued_as_buildkit_continues_them() {
        let of = |text: &str| instructions(text, '\\', Heredocs::Spaced).unwrap();
        assert_eq!(of("FROM al\\\npine\n"), ["FROM alpine"]);
        assert_eq!(of("RUN a \\ \t\r\n# c\n\n  b\n"), ["RUN a   b"]);
        // Only blanks may follow what continues a line.
        assert_eq!(of("RUN a \\\u{c}\nFROM b\n").len(), 2);
        assert_eq!(of("RUN a \\\u{a0}\nFROM b\n").len(), 2);
        assert_eq!(of("RUN a \\"), ["RUN a "]);
    }

    #[test]
    fn flags_are_split_off_as_by_buildkit() {
        let of = |line: &str| Instruction::split(line, '\\');
        for (line, flags, rest) in [
            ("RUN --a=b\t--c  d --e", &["--a=b", "--c"][..], "d --e"),
            ("RUN --a='b c',\"d \\\" e\" x", &["--a=b c,d \" e"], "x"),
            ("COPY --fr\\om=x a b", &["--from=x"], "a b"),
            ("COPY --\"from\"=x a b", &["--from=x"], "a b"),
            ("RUN --a -- --b", &["--a"], "--b"),
            ("RUN --a=\u{e0}--b=c x", &["--a=\u{c3}", "--b=c"], "x"),
            ("RUN - --a", &[], "- --a"),
            ("RUN", &[], ""),
        ] {
            let found = of(line);
            assert_eq!(
                (found.flags, &*found.rest),
                (flags.iter().map(ToString::to_string).collect(), rest),
                "{line}"
            );
        }
        assert!(Instruction::new("onbuild run x", '\\').later);
    }

    proptest::proptest! {
        #[test]
        fn no_text_panics(text in "(RUN|COPY|FROM|EOF|<<|-|[ \"'$\\\\{}:\n\ta-c1<])*") {
            let _ = readings(&text);
        }
    }
}
