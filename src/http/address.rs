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

#[cfg(test)]
mod tests {
    use super::*;

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
