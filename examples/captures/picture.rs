//! A frame as text and as an SVG image.

use std::fmt::Write as _;

use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use unicode_width::UnicodeWidthStr as _;

/// Width and height of a cell in the image.
const CELL: (u16, u16) = (8, 17);
/// The terminal's own colours, in the image.
const GROUND: (u8, u8, u8) = (0x12, 0x12, 0x12);
const TEXT: (u8, u8, u8) = (0xd0, 0xd0, 0xd0);

/// The frame as text, without blanks at the ends of lines.
pub fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let row: String = cells(buffer, y).map(|(_, cell)| cell.symbol()).collect();
        out.push_str(row.trim_end());
        out.push('\n');
    }
    out
}

/// The cells of a row that are drawn: those behind a wide one are not.
fn cells(buffer: &Buffer, y: u16) -> impl Iterator<Item = (u16, &Cell)> {
    let mut free = 0;
    (0..buffer.area.width).filter_map(move |x| {
        let cell = buffer.cell((x, y))?;
        if x < free {
            return None;
        }
        free = x + u16::try_from(cell.symbol().width().max(1)).unwrap_or(1);
        Some((x, cell))
    })
}

type Rgb = (u8, u8, u8);

/// The usual sixteen, as most terminals show them.
const SIXTEEN: [Rgb; 16] = [
    (0x00, 0x00, 0x00),
    (0xcd, 0x00, 0x00),
    (0x00, 0xcd, 0x00),
    (0xcd, 0xcd, 0x00),
    (0x00, 0x00, 0xee),
    (0xcd, 0x00, 0xcd),
    (0x00, 0xcd, 0xcd),
    (0xe5, 0xe5, 0xe5),
    (0x7f, 0x7f, 0x7f),
    (0xff, 0x00, 0x00),
    (0x00, 0xff, 0x00),
    (0xff, 0xff, 0x00),
    (0x5c, 0x5c, 0xff),
    (0xff, 0x00, 0xff),
    (0x00, 0xff, 0xff),
    (0xff, 0xff, 0xff),
];

/// An indexed colour: the sixteen, a cube of six steps a side, a ramp of greys.
fn indexed(n: u8) -> Rgb {
    let step = |n: u8| if n == 0 { 0 } else { 55 + n * 40 };
    match n {
        0..16 => SIXTEEN[usize::from(n)],
        16..232 => {
            let n = n - 16;
            (step(n / 36), step(n / 6 % 6), step(n % 6))
        }
        232.. => {
            let grey = 8 + (n - 232) * 10;
            (grey, grey, grey)
        }
    }
}

fn rgb(color: Color, usual: Rgb) -> Rgb {
    match color {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n) => indexed(n),
        _ => usual,
    }
}

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    text: Rgb,
    ground: Rgb,
    bold: bool,
    line: bool,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (mut text, mut ground) = (rgb(cell.fg, TEXT), rgb(cell.bg, GROUND));
        if cell.modifier.contains(Modifier::REVERSED) {
            std::mem::swap(&mut text, &mut ground);
        }
        Self {
            text,
            ground,
            bold: cell.modifier.contains(Modifier::BOLD),
            line: cell.modifier.contains(Modifier::UNDERLINED),
        }
    }
}

fn hex((r, g, b): Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The frame as an image.
pub fn svg(buffer: &Buffer, title: &str) -> String {
    let (width, height) = (buffer.area.width * CELL.0, buffer.area.height * CELL.1);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <title>{}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"{}\"/>\n\
         <g font-family=\"'DejaVu Sans Mono','Menlo','Consolas',monospace\" font-size=\"13\" xml:space=\"preserve\">\n",
        escaped(title),
        hex(GROUND)
    );
    for y in 0..buffer.area.height {
        let mut run: Option<(u16, u16, Look, String)> = None;
        for (x, cell) in cells(buffer, y) {
            let look = Look::of(cell);
            let symbol = cell.symbol();
            let end = x + u16::try_from(symbol.width().max(1)).unwrap_or(1);
            match &mut run {
                Some((_, until, same, text)) if *same == look => {
                    text.push_str(symbol);
                    *until = end;
                }
                _ => {
                    flush(&mut out, y, run.take());
                    run = Some((x, end, look, symbol.to_owned()));
                }
            }
        }
        flush(&mut out, y, run);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn flush(out: &mut String, y: u16, run: Option<(u16, u16, Look, String)>) {
    let Some((from, until, look, text)) = run else { return };
    let (x, top, width) = (from * CELL.0, y * CELL.1, (until - from) * CELL.0);
    if look.ground != GROUND {
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{}\" fill=\"{}\"/>",
            CELL.1,
            hex(look.ground)
        );
    }
    // Blanks at the ends need no glyphs.
    let shown = text.trim_end();
    if shown.is_empty() {
        return;
    }
    let lead = shown.len() - shown.trim_start().len();
    let x = x + u16::try_from(lead).unwrap_or(0) * CELL.0;
    let shown = shown.trim_start();
    let length = shown.width() * usize::from(CELL.0);
    let weight = if look.bold { " font-weight=\"bold\"" } else { "" };
    let line = if look.line {
        " text-decoration=\"underline\""
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{}\" textLength=\"{length}\" fill=\"{}\"{weight}{line}>{}</text>",
        top + 13,
        hex(look.text),
        escaped(shown)
    );
}
