//! The settings of a host: the file `host.toml` in its home.

use serde::Serialize;

use crate::model::{HostIdentity, HostSetting, NetSetting, OrderCode, Reason, Result, SiteSerial};

use super::fields::Fields;
use super::wire;

/// The content of `host.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostSettings {
    /// The site the host stands at.
    pub site: Option<SiteSerial>,
    /// The authorization codes to put into requests.
    pub codes: Vec<OrderCode>,
    /// What identifies the host.
    pub identity: HostIdentity,
}

/// Reads the settings; an empty file has the defaults.
///
/// # Errors
/// `bad-payload` or `bad-field`.
pub fn read_settings(bytes: &[u8]) -> Result<HostSettings> {
    let mut fields = Fields::parse(bytes, Reason::BadField)?;
    let (site, codes) = (fields.parsed("site")?, fields.list("codes")?);
    let mut identity = HostIdentity {
        profile: fields.parsed("profile")?,
        instance: fields.text("instance")?,
        any_user: fields.flag("any-user")?,
        ..HostIdentity::default()
    };
    if let Some(instance) = &identity.instance {
        HostIdentity::check_instance(instance).map_err(|error| fields.bad("instance", error.message()))?;
    }
    if let Some(mut table) = fields.table("virtual")? {
        if let Some(host) = table.list_if_there::<HostSetting>("host")? {
            identity.host = sorted(host);
        }
        if let Some(net) = table.list_if_there::<NetSetting>("net")? {
            identity.net = sorted(net);
        }
        table.nothing_else(&["host", "net"])?;
    }
    fields.nothing_else(&["site", "codes", "profile", "instance", "any-user", "virtual"])?;
    Ok(HostSettings { site, codes, identity })
}

/// Sorted and without duplicates: the value of a component must not depend on the order in the file.
fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}

/// Writes the settings.
///
/// # Errors
/// `internal` if they can't be written as TOML, which is a defect.
pub fn write_settings(settings: &HostSettings) -> Result<Vec<u8>> {
    let (identity, default) = (&settings.identity, HostIdentity::default());
    let differs = (&identity.host, &identity.net) != (&default.host, &default.net);
    wire::to_toml(&Wire {
        site: settings.site.map(|site| site.to_string()),
        codes: settings.codes.iter().map(ToString::to_string).collect(),
        profile: identity.profile.map(|profile| profile.word()),
        instance: identity.instance.as_deref(),
        any_user: identity.any_user.then_some(true),
        parts: differs.then(|| Parts {
            host: identity.host.iter().map(|setting| setting.word()).collect(),
            net: identity.net.iter().map(|setting| setting.word()).collect(),
        }),
    })
}

#[derive(Serialize)]
struct Wire<'a> {
    site: Option<String>,
    codes: Vec<String>,
    profile: Option<&'static str>,
    instance: Option<&'a str>,
    #[serde(rename = "any-user")]
    any_user: Option<bool>,
    #[serde(rename = "virtual")]
    parts: Option<Parts>,
}

#[derive(Serialize)]
struct Parts {
    host: Vec<&'static str>,
    net: Vec<&'static str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Profile;

    #[test]
    fn settings_are_read_back() {
        let text = "profile = 'virtual'\ninstance = 'node 3'\nany-user = true\n[virtual]\nnet = ['resolver', 'mac', 'mac']\n";
        let settings = read_settings(text.as_bytes()).unwrap();
        assert_eq!(settings.identity.profile, Some(Profile::Virtual));
        assert_eq!(settings.identity.host, [HostSetting::HostName]);
        assert_eq!(settings.identity.net, [NetSetting::Mac, NetSetting::Resolver]);
        let written = write_settings(&settings).unwrap();
        assert_eq!(read_settings(&written).unwrap(), settings);
        assert_eq!(read_settings(b"").unwrap(), HostSettings::default());
        assert_eq!(write_settings(&HostSettings::default()).unwrap(), b"codes = []\n");
        let none = read_settings(b"[virtual]\nhost = []\n").unwrap();
        assert_eq!(read_settings(&write_settings(&none).unwrap()).unwrap().identity.host, []);
    }

    #[test]
    fn an_unknown_setting_is_named() {
        for (text, place, words) in [
            ("profile = 'hard'", "field `profile`", "there are hardware, virtual"),
            ("instance = ' a'", "field `instance`", "printable"),
            ("[virtual]\nhost = ['hostname']", "field `virtual.host`", "there are host-name, time-zone"),
            ("[virtual]\nnet = ['ip']", "field `virtual.net`", "there are mac, gateway, resolver"),
            ("[virtual]\nhosts = []", "field `virtual.hosts`", "did you mean `host`?"),
            ("instanc = 'a'", "field `instanc`", "did you mean `instance`?"),
        ] {
            let error = read_settings(text.as_bytes()).unwrap_err();
            assert_eq!((error.reason(), error.place()), (Reason::BadField, Some(place)), "{error}");
            assert!(error.message().contains(words), "{error}");
        }
    }
}
