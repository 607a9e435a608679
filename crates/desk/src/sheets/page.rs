//! The order sheet as an HTML page to print, and its QR code.

use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

use airlatch_core::model::{Error, Reason, Result};

use airlatch_core::format::visible;

use super::Sheet;

/// Fits both A4 and Letter: it sets no paper size, and the text is narrower than either.
const STYLE: &str = "
  @page { margin: 15mm }
  body { margin: 0 auto; max-width: 180mm; color: #000; background: #fff; font: 11pt/1.4 sans-serif }
  h1 { font-size: 18pt; margin: 0 }
  h2 { font-size: 12pt; margin: 8mm 0 2mm }
  header, section, table { break-inside: avoid }
  @media screen { body { padding: 4mm } }
  .code { font: bold 20pt/1.6 monospace; font-size: min(20pt, 4.6vw); text-align: center; overflow-wrap: anywhere;
          margin: 6mm 0; padding: 3mm 1mm; border: 0.5mm solid #000 }
  .scan { text-align: center }
  .scan svg { width: 45mm; height: 45mm }
  table { border-collapse: collapse; width: 100% }
  th, td { text-align: left; vertical-align: top; padding: 1mm 4mm 1mm 0; overflow-wrap: anywhere }
  th { font-weight: normal; white-space: nowrap; width: 1% }
  .lines th { font-weight: bold; border-bottom: 0.3mm solid #000; width: auto }
  .lines .number { text-align: right; width: 25mm; white-space: nowrap }
  pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 1mm }
";

/// The sheet as one HTML file, without scripts or external resources, to print on A4 or Letter.
///
/// All text of the sheet is escaped, and control characters are made visible. `qr_svg` is inserted unescaped: pass the result
/// of [`code_svg`].
pub fn sheet_page(sheet: &Sheet, qr_svg: &str) -> String {
    let vendor =
        sheet.vendor.as_deref().map(|name| format!("<p>{}</p>\n", isolated(name))).unwrap_or_default();
    let named = sheet.number.as_ref().or(sheet.order.reference.as_ref());
    let number = named.map_or_else(|| sheet.code.to_string(), |number| escaped(number));
    let code = sheet.code;
    let row =
        |(label, value): &(&str, String)| format!("<tr><th>{label}</th><td>{}</td></tr>\n", isolated(value));
    // The code is printed above the table in large letters.
    let facts: String = sheet.facts().iter().skip(1).map(row).collect();
    let line = |(article, quantity): (&airlatch_core::model::FeatureName, &u64)| {
        format!("<tr><td class=\"number\">{quantity}</td><td>{}</td></tr>\n", isolated(article.as_str()))
    };
    let lines: String = sheet.order.lines.iter().map(line).collect();
    let steps: String = sheet.next.iter().map(|step| format!("<pre>{}</pre>\n", isolated(step))).collect();
    let next = match sheet.next.is_empty() {
        true => String::new(),
        false => format!("<section>\n<h2>What to do next</h2>\n{steps}</section>\n"),
    };
    format!(
        "<!DOCTYPE html>
<html lang=\"en\">
<head>
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">
<title>Order sheet {number}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
{vendor}<h1>Order sheet</h1>
<p class=\"code\">{code}</p>
<div class=\"scan\">{qr_svg}</div>
</header>
<table>
{facts}</table>
<h2>What was bought</h2>
<table class=\"lines\">
<tr><th class=\"number\">Quantity</th><th>Article</th></tr>
{lines}</table>
{next}</body>
</html>
"
    )
}

/// A QR code of `text` as SVG with a quiet zone; error correction level M, so that a stamp or fold doesn't spoil it.
///
/// Pass the bare authorization code: its upper-case letters, digits and dashes fit the compact alphanumeric mode, and a scanner
/// types exactly the code.
///
/// # Errors
/// `too-large` if the text doesn't fit a QR code.
pub fn code_svg(text: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|error| Error::new(Reason::TooLarge, format!("the text does not fit a QR code: {error}")))?;
    let svg = code.render::<svg::Color<'_>>().quiet_zone(true).build();
    // An XML declaration isn't allowed inside HTML, and an SVG file doesn't need one.
    Ok(svg.find("<svg").map_or_else(String::new, |start| svg[start..].to_owned()))
}

/// The escaped text, isolated from the writing direction of its surroundings.
fn isolated(text: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
