//! The order sheet: its exact text, escaping in the HTML page, and a QR code that scanners can read.

use std::path::{Path, PathBuf};
use std::process::Command;

use airlatch_core::model::OrderCode;
use airlatch_desk::catalog::{GrantEnd, GrantTerm};
use airlatch_desk::orders::Order;
use airlatch_desk::sheets::{Sheet, code_svg, sheet_page, sheet_text};
use qrcode::{Color, EcLevel, QrCode};

fn code() -> OrderCode {
    OrderCode::from_digest(&[0x5a; 32])
}

fn sheet() -> Sheet {
    let lines = [("sessions", 40), ("PBX#30@15", 1), ("voicemail", 1_000_000)];
    let order = Order {
        number: "AO-2026-117".into(),
        reference: Some("PO 4711".into()),
        customer: Some(
            "Example Hospital, Department of Clinical Engineering and Communication Services".into(),
        ),
        product: "call-services".into(),
        version: Some("3.6".into()),
        term: GrantTerm { from: None, end: GrantEnd::For("1 year".into()) },
        lines: lines.map(|(name, quantity)| (name.parse().unwrap(), quantity)).into(),
        overdraft: 10,
    };
    let next =
        vec!["airlatch order add CODE --account hospital".into(), "airlatch issue host.request".into()];
    let number = Some(order.number.clone());
    Sheet {
        vendor: Some("Example Vendor".into()),
        code: code(),
        number,
        date: "1 Dec 2026 (UTC)".into(),
        term: "1 year from each unit's first activation".into(),
        order,
        next,
    }
}

/// A sheet in which every text is this one.
fn hostile(text: &str) -> Sheet {
    let mut sheet = sheet();
    let some = || Some(text.to_owned());
    (sheet.vendor, sheet.next) = (some(), vec![text.into()]);
    (sheet.number, sheet.date, sheet.term) = (some(), text.into(), text.into());
    let order = &mut sheet.order;
    (order.reference, order.customer, order.version) = (some(), some(), some());
    (order.number, order.product) = (text.into(), text.into());
    sheet
}

const GOLDEN: &str = "\
Example Vendor
Order sheet
================================================================================

          B 9 D 5 5 - M P J T Q - B 9 D 5 V - M P J T N - B 9 D 5 S

================================================================================

Authorization code  CODE
Order number        AO-2026-117
Date                1 Dec 2026 (UTC)
Your reference      PO 4711
Customer            Example Hospital, Department of Clinical Engineering and
                    Communication Services
Product             call-services 3.6
Term                1 year from each unit's first activation

        Quantity    Article
               1    PBX#30@15
              40    sessions
         1000000    voicemail

What to do next
    airlatch order add CODE --account hospital
    airlatch issue host.request
";

#[test]
fn the_text_is_the_golden_one() {
    let text = sheet_text(&sheet());
    assert_eq!(text.replace(&code().to_string(), "CODE"), GOLDEN);
    let large = text.lines().nth(4).unwrap().trim();
    assert_eq!(
        large.parse::<OrderCode>().unwrap(),
        code(),
        "a person who copies the large code gets the code"
    );
}

#[test]
fn no_line_is_wider_than_the_paper() {
    let long = ["x".repeat(500), "wörd ".repeat(99), "漢字".repeat(200), "\u{1b}\u{202e}".repeat(60)];
    for text in &long {
        let printed = sheet_text(&hostile(text));
        for line in printed.lines() {
            let columns: usize = line.chars().map(|c| if c < '\u{1100}' { 1 } else { 2 }).sum();
            assert!(columns <= 80, "{columns}: {line}");
            assert_eq!(line, line.trim_end());
        }
        assert!(printed.chars().all(|c| c == '\n' || !c.is_control()));
        let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        assert!(squeezed(&printed).contains(&squeezed(&airlatch_core::format::visible(text))), "{printed}");
    }
}

#[test]
fn nothing_unknown_is_printed() {
    let mut sheet = sheet();
    (sheet.vendor, sheet.next) = (None, Vec::new());
    (sheet.order.reference, sheet.order.customer, sheet.order.version) = (None, None, None);
    let text = sheet_text(&sheet);
    assert!(text.starts_with("Order sheet\n") && text.ends_with("voicemail\n"), "{text}");
    for label in ["reference", "Customer", "next"] {
        assert!(!text.contains(label), "{text}");
        assert!(!sheet_page(&sheet, "").contains(label));
    }
}

/// The tags of a page in order, each up to its first blank.
fn tags(page: &str) -> Vec<&str> {
    let ends = |c: char| c == ' ' || c == '>';
    page.split('<').skip(1).map(|rest| &rest[..rest.find(ends).unwrap_or(rest.len())]).collect()
}

#[test]
fn nothing_breaks_out_of_the_page() {
    let svg = code_svg(&code().to_string()).unwrap();
    let plain = sheet_page(&sheet(), &svg);
    for text in [
        "<script>alert(1)</script>",
        "</td></table></title><img src=x onerror=alert(1)>",
        "\"><a href='https://example.com'>",
        "</style><!-- --><![CDATA[ &lt;b&gt; &amp;",
        "\u{202e}gnp.exe\u{2066}\u{200b}\u{1b}[31m\0\u{feff}",
        "שלום & 日本 <🙂>",
    ] {
        let sheet = Sheet { next: vec![text.into(); 2], ..hostile(text) };
        let page = sheet_page(&sheet, &svg);
        assert_eq!(tags(&page), tags(&plain), "{text}");
        assert!(
            page.chars().all(|c| c == '\n' || (!c.is_control() && !('\u{200b}'..='\u{206f}').contains(&c)))
        );
        let escaped = airlatch_core::format::visible(text).replace('&', "&amp;").replace('<', "&lt;");
        let escaped = escaped.replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;");
        assert_eq!(page.matches(&escaped).count(), 11, "{text}\n{page}");
    }
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let page = sheet_page(&sheet(), &code_svg(&code().to_string()).unwrap());
    for text in
        ["AO-2026-117", "PO 4711", "call-services 3.6", "PBX#30@15", "1 year", "airlatch issue host.request"]
    {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches(&code().to_string()).count(), 1);
    let lower = page.to_lowercase().replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "");
    for foreign in
        ["http", "src=", "href", "url(", "@import", "<script", "<link", "javascript", " onload", "file:"]
    {
        assert!(!lower.contains(foreign), "{foreign}");
    }
    let open = |tag: &str| tags(&page).into_iter().filter(|found| *found == tag).count();
    for tag in
        ["html", "head", "body", "title", "style", "table", "tr", "td", "th", "bdi", "svg", "div", "header"]
    {
        assert_eq!(open(tag), open(&format!("/{tag}")), "{tag}");
    }
}

/// A phone takes its own width, the code shrinks with it, and the column of articles is as wide as the rest.
#[test]
fn the_page_fits_a_phone() {
    let page = sheet_page(&sheet(), "");
    for rule in [
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
        "font-size: min(20pt, 4.6vw); text-align: center; overflow-wrap: anywhere;",
        ".lines th { font-weight: bold; border-bottom: 0.3mm solid #000; width: auto }",
    ] {
        assert!(page.contains(rule), "{rule}");
    }
}

/// The dark modules of an SVG, from its path, in modules from the corner of the quiet zone.
fn drawn(svg: &str) -> Vec<(usize, usize)> {
    let path = svg.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
    let numbers = |part: &str| -> Vec<usize> {
        part.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
    };
    let parts: Vec<_> = path.split('M').skip(1).map(numbers).collect();
    let side = parts.iter().map(|part| part[2].min(part[3])).min().unwrap();
    let mut dark = Vec::new();
    for part in parts {
        let (left, top, width, height) = (part[0] / side, part[1] / side, part[2] / side, part[3] / side);
        dark.extend((0..width * height).map(|at| (left + at % width, top + at / width)));
    }
    dark.sort_unstable();
    dark
}

#[test]
fn the_picture_is_the_code_in_its_densest_form() {
    let text = code().to_string();
    let svg = code_svg(&text).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
    let matrix = QrCode::with_error_correction_level(&text, EcLevel::M).unwrap();
    // 29 characters fit into version 2 with 25 modules per side only in alphanumeric mode; as bytes it holds 26.
    assert_eq!(matrix.width(), 25);
    let mut dark: Vec<(usize, usize)> = (0..25 * 25)
        .map(|at| (at % 25, at / 25))
        .filter(|at| matrix[*at] == Color::Dark)
        .map(|(x, y)| (x + 4, y + 4))
        .collect();
    dark.sort_unstable();
    assert_eq!(drawn(&svg), dark);
    // Four modules of quiet zone on each side.
    let side = svg.split("width=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(svg.contains(&format!("viewBox=\"0 0 {side} {side}\"")));
    assert_eq!(side.parse::<usize>().unwrap() % 33, 0);
    assert_eq!(code_svg(&"x".repeat(3000)).unwrap_err().reason(), airlatch_core::model::Reason::TooLarge);
}

/// Whether a tool is installed; fails if it is missing but tools are required.
fn has(tool: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {tool} >/dev/null")]).status();
    if found.is_ok_and(|status| status.success()) {
        return true;
    }
    assert!(std::env::var_os("AIRLATCH_REQUIRE_TOOLS").is_none(), "{tool} is not installed");
    println!("skipped: {tool} is not installed");
    false
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(folder: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_scanner_reads_the_code_back() {
    if !has("rsvg-convert") || !has("zbarimg") {
        return;
    }
    let folder = Folder(std::env::temp_dir().join(format!("airlatch-sheet-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).unwrap();
    std::fs::write(folder.0.join("code.svg"), code_svg(&code().to_string()).unwrap()).unwrap();
    for width in ["99", "250", "600"] {
        run(&folder.0, "rsvg-convert", &["-w", width, "code.svg", "-o", "code.png"]);
        let read = run(&folder.0, "zbarimg", &["-q", "--raw", "code.png"]);
        assert_eq!(read.trim_end().parse::<OrderCode>().unwrap(), code());
        assert_eq!(read.trim_end(), code().to_string());
    }
}
