//! Suggestions for mistyped names.

/// The known name that was probably meant. A name that differs only in case, `-` and `_` is preferred to one that
/// differs in a letter.
pub fn nearest<'a>(
    known: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
    typed: &str,
) -> Option<&'a str> {
    let known = known.into_iter();
    let same = known.clone().find(|name| normalized(name) == normalized(typed));
    same.or_else(|| known.into_iter().find(|name| is_similar(name, typed)))
}

/// A hint for an unknown name: the name that was probably meant, otherwise the known names, at most 20.
pub fn hint<'a>(known: impl IntoIterator<Item = &'a str, IntoIter: Clone>, typed: &str) -> Option<String> {
    const SHOWN: usize = 20;
    let known = known.into_iter();
    if let Some(name) = nearest(known.clone(), typed) {
        return Some(format!("did you mean `{name}`?"));
    }
    let mut names: Vec<&str> = known.clone().take(SHOWN).collect();
    if known.count() > SHOWN {
        names.push("…");
    }
    (!names.is_empty()).then(|| format!("there are {}", names.join(", ")))
}

/// Whether two names differ by at most one character added, removed, replaced or swapped with its neighbour, apart from
/// case, `-` and `_`.
fn is_similar(known: &str, typed: &str) -> bool {
    let (a, b) = (normalized(known), normalized(typed));
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let same_end =
        a[same_start..].iter().rev().zip(b[same_start..].iter().rev()).take_while(|(x, y)| x == y).count();
    let longest = a.len().max(b.len());
    let swapped = || match (a.get(same_start..same_start + 2), b.get(same_start..same_start + 2)) {
        (Some([x, y]), Some([v, w])) => x == w && y == v && a.len() == b.len(),
        _ => false,
    };
    let same = same_start + same_end;
    longest > 1 && (longest <= same + 1 || (longest == same + 2 && swapped()))
}

fn normalized(name: &str) -> Vec<char> {
    name.to_lowercase().replace('_', "-").chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_near_and_two_are_not() {
        for (known, typed, near) in [
            ("allow-weak", "allow_weak", true),
            ("customer", "costomer", true),
            ("customer", "custmer", true),
            ("customer", "customers", true),
            ("customer", "cusotmer", true),
            ("customer", "CUSTOMER", true),
            ("customer", "costomers", false),
            ("customer", "sutcomer", false),
            ("ab", "ba", true),
            ("abab", "ab", false),
            ("a", "b", false),
            ("", "", false),
        ] {
            assert_eq!(is_similar(known, typed), near, "{known} {typed}");
        }
    }

    #[test]
    fn the_nearest_comes_first_and_else_all_are_named() {
        assert_eq!(nearest(["PBX#25", "PBX#15"], "pbx#15"), Some("PBX#15"));
        assert_eq!(hint(["fax", "mail"], "fxa").as_deref(), Some("did you mean `fax`?"));
        assert_eq!(hint(["fax", "mail"], "video").as_deref(), Some("there are fax, mail"));
        assert_eq!(hint([], "video"), None);
        assert!(hint(["x"; 21], "video").unwrap().ends_with("x, …"));
    }
}
