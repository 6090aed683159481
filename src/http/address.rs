//! Which addresses may be connected to: a server must not steer this client to metadata services or to its own host.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of place an address is, as far as it matters for where a connection may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A place like any other, private networks included: registries live there.
    Network,
    /// This host.
    Loopback,
    /// Link-local, metadata services of clouds, unspecified, multicast: no registry is there.
    Forbidden,
}

impl Place {
    /// The place of `address`; addresses embedded in IPv6 ones count as what they embed.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => of_v4(address),
            IpAddr::V6(address) => of_v6(address),
        }
    }
}

fn of_v4(address: Ipv4Addr) -> Place {
    let [a, ..] = address.octets();
    let metadata = [
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(168, 63, 129, 16),
        Ipv4Addr::new(192, 0, 0, 192),
    ];
    if address.is_loopback() {
        Place::Loopback
    } else if a == 0 || a >= 224 || address.is_link_local() || metadata.contains(&address) {
        Place::Forbidden
    } else {
        Place::Network
    }
}

fn of_v6(address: Ipv6Addr) -> Place {
    if address.is_loopback() {
        return Place::Loopback;
    }
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        of_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // IPv4-mapped, IPv4-compatible, NAT64 and 6to4.
        (0, 0, 0, 0, 0, 0xffff | 0) | (0x64, 0xff9b, 0, 0, 0, 0) => v4(g, h),
        (0x2002, ..) => v4(b, c),
        (0xfd00, 0x0ec2, 0, 0, 0, 0) => Place::Forbidden,
        _ if address.is_multicast() || address.is_unicast_link_local() => Place::Forbidden,
        _ => Place::Network,
    }
}

/// The address that `host` is, if it is one: also in the spellings of `inet_aton` (`0xa9fea9fe`, `169.16689662`), which
/// a proxy or a resolver may understand.
pub fn literal(host: &str) -> Option<IpAddr> {
    if let Ok(address) = host.parse() {
        return Some(address);
    }
    let numbers: Vec<u32> = host.split('.').map(number).collect::<Option<_>>()?;
    let (last, leading) = numbers.split_last()?;
    if leading.len() > 3 {
        return None;
    }
    let mut address: u32 = 0;
    for part in leading {
        address = address << 8 | u32::from(u8::try_from(*part).ok()?);
    }
    let bits = 32 - 8 * u32::try_from(leading.len()).ok()?;
    if bits < 32 {
        if *last >= 1 << bits {
            return None;
        }
        address = address << bits | last;
    } else {
        address = *last;
    }
    Some(IpAddr::V4(address.into()))
}

/// A number as C writes them: `0x` is hexadecimal, a leading zero octal.
fn number(text: &str) -> Option<u32> {
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return u32::from_str_radix(hexadecimal, 16).ok();
    }
    let radix = if text.len() > 1 && text.starts_with('0') { 8 } else { 10 };
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| u32::from_str_radix(text, radix).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_seen_in_every_spelling() {
        for host in [
            "169.254.169.254",
            "2852039166",
            "0xa9fea9fe",
            "169.254.43518",
            "169.16689662",
            "0xa9.0376.169.254",
        ] {
            assert_eq!(literal(host), Some(IpAddr::from([169, 254, 169, 254])), "{host}");
        }
        assert_eq!(literal("::1"), Some(Ipv6Addr::LOCALHOST.into()));
        for host in [
            "",
            "a.1",
            "1.2.3.4.5",
            "4294967296",
            "1.2.3.256",
            "256.1",
            "1..2",
            "0x",
            "+1",
            "ghcr.io",
        ] {
            assert_eq!(literal(host), None, "{host}");
        }
    }

    #[test]
    fn addresses_are_classed() {
        for (text, place) in [
            ("8.8.8.8", Place::Network),
            ("10.0.0.1", Place::Network),
            ("192.168.1.1", Place::Network),
            ("2001:db8::1", Place::Network),
            ("fd12::1", Place::Network),
            ("127.0.0.1", Place::Loopback),
            ("127.9.9.9", Place::Loopback),
            ("::1", Place::Loopback),
            ("::ffff:127.0.0.1", Place::Loopback),
            ("0.0.0.0", Place::Forbidden),
            ("::", Place::Forbidden),
            ("169.254.169.254", Place::Forbidden),
            ("::ffff:169.254.169.254", Place::Forbidden),
            ("64:ff9b::a9fe:a9fe", Place::Forbidden),
            ("2002:a9fe:a9fe::", Place::Forbidden),
            ("fe80::1", Place::Forbidden),
            ("fd00:ec2::254", Place::Forbidden),
            ("100.100.100.200", Place::Forbidden),
            ("224.0.0.1", Place::Forbidden),
            ("255.255.255.255", Place::Forbidden),
            ("ff02::1", Place::Forbidden),
        ] {
            assert_eq!(Place::of(text.parse().unwrap()), place, "{text}");
        }
    }
}
