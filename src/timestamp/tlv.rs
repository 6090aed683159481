//! DER as nested elements, for structures that are walked rather than mapped: CMS bags whose order nobody keeps.

/// One DER element (X.690 section 8.1) with a one-byte tag and a definite length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tlv<'a> {
    pub tag: u8,
    pub value: &'a [u8],
    /// Tag, length and value.
    pub whole: &'a [u8],
}

pub(super) const INTEGER: u8 = 0x02;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// The elements of a constructed value, one after the other.
#[derive(Clone, Copy)]
pub(super) struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    /// The next element; `None` when there is none or it is malformed.
    pub(super) fn next(&mut self) -> Option<Tlv<'a>> {
        let (tlv, rest) = split(self.0)?;
        self.0 = rest;
        Some(tlv)
    }

    /// The next element, which has to have `tag`.
    pub(super) fn expect(&mut self, tag: u8) -> Option<Tlv<'a>> {
        self.next().filter(|tlv| tlv.tag == tag)
    }

    /// The next element if it has `tag`; nothing is consumed otherwise.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Tlv<'a>> {
        let (tlv, rest) = split(self.0).filter(|(tlv, _)| tlv.tag == tag)?;
        self.0 = rest;
        Some(tlv)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All elements; `None` when one is malformed or there are more than `most`.
    pub(super) fn collect(mut self, most: usize) -> Option<Vec<Tlv<'a>>> {
        let mut out = Vec::new();
        while !self.is_empty() {
            if out.len() == most {
                return None;
            }
            out.push(self.next()?);
        }
        Some(out)
    }
}

impl<'a> Tlv<'a> {
    /// The whole of `der` as one element.
    pub(super) fn whole(der: &'a [u8]) -> Option<Self> {
        split(der).filter(|(_, rest)| rest.is_empty()).map(|(tlv, _)| tlv)
    }

    pub(super) fn elements(&self) -> Elements<'a> {
        Elements(self.value)
    }
}

fn split(bytes: &[u8]) -> Option<(Tlv<'_>, &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    // Tags of several bytes occur in nothing that is read here.
    if tag & 0x1f == 0x1f {
        return None;
    }
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = digits
                .iter()
                .fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
            let is_minimal = digits.first() != Some(&0) && length > 0x7f;
            (is_minimal.then_some(length)?, rest)
        }
        // Indefinite lengths are BER.
        _ => return None,
    };
    let (value, rest) = rest.split_at_checked(length)?;
    let whole = bytes.split_at_checked(bytes.len().checked_sub(rest.len())?)?.0;
    Some((
        Tlv {
            tag: *tag,
            value,
            whole,
        },
        rest,
    ))
}

/// `value` as one element.
pub(super) fn encode(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let digits = length
        .iter()
        .position(|b| *b != 0)
        .map_or(&[][..], |at| length.get(at..).unwrap_or_default());
    let mut out = Vec::with_capacity(value.len() + 10);
    out.push(tag);
    match digits {
        [] => out.push(0),
        [short] if *short <= 0x7f => out.push(*short),
        long => {
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(value);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_definite_minimal_lengths_are_read() {
        assert!(Tlv::whole(&[0x04, 0x01, 0xff]).is_some());
        for bad in [
            &[0x04][..],
            &[0x04, 0x02, 1],
            &[0x04, 0x80, 0, 0],
            &[0x04, 0x81, 1, 1],
            &[0x1f, 1, 1],
            &[4, 0, 0],
        ] {
            assert!(Tlv::whole(bad).is_none(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn elements_round_trip(value in proptest::collection::vec(any::<u8>(), 0..600)) {
            let der = encode(OCTET_STRING, &value);
            prop_assert_eq!(Tlv::whole(&der).unwrap().value, &value[..]);
        }
    }
}
