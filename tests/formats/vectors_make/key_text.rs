//! Key files that other programs wrote, as they wrote them; all of them are for tests only.

/// The vendor's private key, as `openssl pkey` writes it.
pub(crate) const PLAIN: &str = "\
-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIBERERERERERERERERERERERERERERERERERERERERER
-----END PRIVATE KEY-----
";

/// The same behind a passphrase: `openssl pkcs8 -topk8 -scrypt`, N = 16384, r = 8, p = 1.
pub(crate) const SCRYPT: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAivn4g6d5W30gICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBCvvqFQpolbfG942wixMjTIBEAm9VB4m8Vna2p/
BmulsRptddctHvMQ6Y8f+VZOg/EI6jds2HoHAysBaEBiemqBYJ9CoW82MFHj+x5o
PGrrq/Y3
-----END ENCRYPTED PRIVATE KEY-----
";

/// The same with 2048 rounds of PBKDF2 and HMAC-SHA-256.
pub(crate) const PBKDF2: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAic+M2OI7tq0QICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEM/Uc2jw+dJoHtNUU8VtnEQEQB5r
EP0uxrRPdVQ0RE8SeZeYHdsci1bBqTk4gu+UN1lZASII3ozH/dBu5co+ZfPmrOHa
tfkypxkAFmUN2280M9Q=
-----END ENCRYPTED PRIVATE KEY-----
";

/// The same with HMAC-SHA-1.
pub(crate) const PBKDF2_SHA1: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGNMEkGCSqGSIb3DQEFDTA8MBsGCSqGSIb3DQEFDDAOBAhtBufzBBJxPQICCAAw
HQYJYIZIAWUDBAEqBBDUQWAiLc+hy6I7pETJrLG7BECQrNtxlVQ/sdPiMTE94McA
TFyosQCJ+IvJYIBvVtGbl0k6fWvYdnJBdZtwBUs4/0oRDTMqHYtpOzWZq5DyPPB3
-----END ENCRYPTED PRIVATE KEY-----
";

/// The same with triple DES.
pub(crate) const TRIPLE_DES: &str = "\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGKME4GCSqGSIb3DQEFDTBBMCkGCSqGSIb3DQEFDDAcBAi3YUhb2u7dwwICCAAw
DAYIKoZIhvcNAgkFADAUBggqhkiG9w0DBwQIKf2tXqVDL5sEOA/j5ga5TwDcbuc6
p7c3hrOy1288IRSwm1f00e5zUmZoJ5fgmrXR0+zqpn76aSD1Q0lySTreUJDO
-----END ENCRYPTED PRIVATE KEY-----
";

/// An RSA public key of 1024 bits.
pub(crate) const RSA: &str = "\
-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC68Ds50RW4AWMXg5GWBzK/LZDh
TUYGMYYCg1IjwhkGJsVfBsNHRBBev+fBmqnrgUxcwPVk0al7hr7k0v5wiXdBqN1V
BMTYfc4V2mjhAKPh6VqOb6+6SpIlHOrJCpsJZzWwqlil6M0Y51263fLXS1XrEf0I
yWTRWvfve0mlYz17BwIDAQAB
-----END PUBLIC KEY-----
";

/// A public key on P-256.
pub(crate) const EC: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEpOCGlzetTAgj5NJBs6CnMXSb88y2
50LxQchaWY9qnAZCBb/AtjEtOU1DsUy8aYDGOjzu/Bvd4KW6QfnmcTJxCg==
-----END PUBLIC KEY-----
";

/// Its private key in PKCS#8.
pub(crate) const EC_PRIVATE: &str = "\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgmz7A+ALcf6VMY6Yh
2rgnB1EayOe09JdUvh/D50nd6LehRANCAASk4IaXN61MCCPk0kGzoKcxdJvzzLbn
QvFByFpZj2qcBkIFv8C2MS05TUOxTLxpgMY6PO78G93gpbpB+eZxMnEK
-----END PRIVATE KEY-----
";

/// The same in the older form of SEC 1.
pub(crate) const EC_SEC1: &str = "\
-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIJs+wPgC3H+lTGOmIdq4JwdRGsjntPSXVL4fw+dJ3ei3oAoGCCqGSM49
AwEHoUQDQgAEpOCGlzetTAgj5NJBs6CnMXSb88y250LxQchaWY9qnAZCBb/AtjEt
OU1DsUy8aYDGOjzu/Bvd4KW6QfnmcTJxCg==
-----END EC PRIVATE KEY-----
";

/// A public key for X25519.
pub(crate) const X25519: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VuAyEAwBXBA7GU67Ku98ZA1UUfzNCVH6Jxs6kPxdkifbZuPx4=
-----END PUBLIC KEY-----
";

/// A public key for Ed448.
pub(crate) const ED448: &str = "\
-----BEGIN PUBLIC KEY-----
MEMwBQYDK2VxAzoAMKkqELwQoAOKws2tojbu5be4mVdNOwMIneJSVOLkjJOoTNAM
Z15DRlVe83PBwYBS7Tdo1a9UfW6A
-----END PUBLIC KEY-----
";

/// An Ed25519 private key of OpenSSH.
pub(crate) const OPENSSH: &str = "\
-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACBuxGnVkPc9/9jbstGFG0cZng9fRlu6Pb9OOt++lpdeMAAAAJD1rWJJ9a1i
SQAAAAtzc2gtZWQyNTUxOQAAACBuxGnVkPc9/9jbstGFG0cZng9fRlu6Pb9OOt++lpdeMA
AAAEC1JXGDrRBSTOK4VnlVo2J2EK25e0CEoa0LXBntwUK1lG7EadWQ9z3/2Nuy0YUbRxme
D19GW7o9v046376Wl14wAAAAB2V4YW1wbGUBAgMEBQY=
-----END OPENSSH PRIVATE KEY-----
";

/// Its public key.
pub(crate) const OPENSSH_PUBLIC: &str = "\
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG7EadWQ9z3/2Nuy0YUbRxmeD19GW7o9v046376Wl14w example
";

/// A self-signed X.509 certificate of an Ed25519 key.
pub(crate) const CERTIFICATE: &str = "\
-----BEGIN CERTIFICATE-----
MIIBODCB66ADAgECAhRluobnF/uzEVzqYg9fkAXWx9qMgjAFBgMrZXAwEjEQMA4G
A1UEAwwHZXhhbXBsZTAeFw0yNjExMjExOTEyMTRaFw0yNzExMjExOTEyMTRaMBIx
EDAOBgNVBAMMB2V4YW1wbGUwKjAFBgMrZXADIQCRZKJ3uexmtx2+rgqhbiZ9QSTv
ReseLuDcYgZCmBaGkKNTMFEwHQYDVR0OBBYEFL8usAumsMvB5SbEU79MPv+FSS81
MB8GA1UdIwQYMBaAFL8usAumsMvB5SbEU79MPv+FSS81MA8GA1UdEwEB/wQFMAMB
Af8wBQYDK2VwA0EA0AlNFKjZtfrWS1dFFVyYiv+d4i5n9HXYHfvXWZ5wI676si2P
iw0xsROpuF3W0vcjnfa57rhagCxnZ8rz1n/hAw==
-----END CERTIFICATE-----
";

/// A public key in the form of minisign.
pub(crate) const MINISIGN: &str = "\
untrusted comment: minisign public key 1122334455667788
RWQRIjNEVWZ3iAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f
";

/// A secret key in the form of age.
pub(crate) const AGE: &str = "\
# created: 2026-11-21T12:00:00Z
# public key: age1example
AGE-SECRET-KEY-1EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEX
";

/// A public key in the form of age.
pub(crate) const AGE_PUBLIC: &str = "\
age1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0sexample
";
