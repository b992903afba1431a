//! A file a ticket sends along: an image or a video, named by what is in it.
//!
//! A payload never holds a path alone: a path says nothing about what is sent. It holds the [`Asset`]: hash, size, type
//! and dimensions, so that QA and the payload's own hash cover the content, and the store knows what to send.
//!
//! Invariants
//! - The type is read from the content's first bytes, never from the name.
//! - Two assets with the same SHA-256 are the same file, whatever they are called.

use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::Sha256;

use super::{json::Sha, sanitise::excerpt};

/// The file kinds known by their first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum MediaType {
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// GIF.
    #[serde(rename = "image/gif")]
    Gif,
    /// MPEG-4.
    #[serde(rename = "video/mp4")]
    Mp4,
    /// QuickTime.
    #[serde(rename = "video/quicktime")]
    Quicktime,
    /// MPEG program stream.
    #[serde(rename = "video/mpeg")]
    Mpeg,
    /// AVI.
    #[serde(rename = "video/x-msvideo")]
    Avi,
}

impl MediaType {
    /// As it stands in a request's `Content-Type`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Mp4 => "video/mp4",
            Self::Quicktime => "video/quicktime",
            Self::Mpeg => "video/mpeg",
            Self::Avi => "video/x-msvideo",
        }
    }

    /// What people call it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Gif => "GIF",
            Self::Mp4 => "MP4",
            Self::Quicktime => "MOV",
            Self::Mpeg => "MPEG",
            Self::Avi => "AVI",
        }
    }

    /// The usual end of such a file's name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Mp4 => "mp4",
            Self::Quicktime => "mov",
            Self::Mpeg => "mpeg",
            Self::Avi => "avi",
        }
    }

    /// True for pictures.
    pub const fn is_image(self) -> bool {
        matches!(self, Self::Jpeg | Self::Png | Self::Gif)
    }

    /// The type by the first bytes of a file; `None` for anything no platform takes.
    pub fn of(head: &[u8]) -> Option<Self> {
        let at = |from: usize, what: &[u8]| head.get(from..).is_some_and(|h| h.starts_with(what));
        if at(0, &[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if at(0, b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if at(0, b"GIF87a") || at(0, b"GIF89a") {
            Some(Self::Gif)
        } else if at(0, b"RIFF") && at(8, b"AVI ") {
            Some(Self::Avi)
        } else if at(0, &[0x00, 0x00, 0x01, 0xBA]) || at(0, &[0x00, 0x00, 0x01, 0xB3]) {
            Some(Self::Mpeg)
        } else if at(4, b"ftypqt  ") || at(4, b"moov") || at(4, b"wide") {
            Some(Self::Quicktime)
        } else if at(4, b"ftyp") && !at(8, b"avif") && !at(8, b"heic") && !at(8, b"mif1") {
            Some(Self::Mp4)
        } else {
            None
        }
    }
}

/// What a payload holds of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Of the content: what the store keeps it by.
    pub sha256: Sha,
    /// MD5 of the content, 32 lower-case hex digits: the signature TikTok asks for.
    pub md5: String,
    /// The file's own name, without folders.
    pub name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// By its first bytes.
    #[serde(rename = "type")]
    pub media: MediaType,
    /// Pixels from left to right; images only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels from top to bottom; images only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
}

impl Asset {
    /// The asset a payload's value is; `None` when it is something else.
    pub fn of_value(value: &Value) -> Option<Self> {
        Self::deserialize(value).ok()
    }

    /// As a payload holds it.
    pub fn to_value(&self) -> Value {
        serde_json::json!(self)
    }

    /// The name it is uploaded under: the file's own, then its hash. The same content has the same name on a platform
    /// every time, and other content never has, which is how an upload is found again.
    /// At most 100 characters, which is what Meta and TikTok take.
    pub fn upload_name(&self) -> String {
        let stem = self.name.rsplit_once('.').map_or(self.name.as_str(), |(stem, _)| stem);
        let plain: String = stem
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .take(60)
            .collect();
        let hash: String = self.sha256.to_string().chars().take(16).collect();
        format!("{}-{hash}.{}", plain.trim_matches('-'), self.media.extension())
    }

    /// For people: `hero.jpg sha256:<64 hex digits>`. [`named`] reads it back.
    pub fn label(&self) -> String {
        format!("{} sha256:{}", self.name, self.sha256)
    }

    /// For people: `JPEG, 1200 x 628, 183 KB`.
    pub fn facts(&self) -> String {
        let size = self
            .width
            .zip(self.height)
            .map_or_else(String::new, |(w, h)| format!("{w} x {h}, "));
        format!("{}, {size}{}", self.media.word(), size_words(self.bytes))
    }

    /// Pixels in all; `None` where dimensions are not known.
    pub fn pixels(&self) -> Option<u64> {
        Some(u64::from(self.width?) * u64::from(self.height?))
    }
}

/// A stored file as people name it, `hero.jpg sha256:<64 hex digits>` or without the name.
pub fn named(text: &str) -> Option<(Option<&str>, Sha)> {
    let (name, hash) = text.trim().rsplit_once("sha256:")?;
    let name = Some(name.trim()).filter(|n| !n.is_empty());
    Some((name, hash.parse().ok()?))
}

/// A size for people: `183 KB`, `29.5 MB`.
pub fn size_words(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// True for the last part of a payload path that holds a file. Catalogues keep to it, so that files are found in a
/// payload without asking which platform it is for.
pub fn is_file_key(key: &str) -> bool {
    key.ends_with("_file")
}

/// Every file a payload refers to.
pub fn assets_in(payload: &Value) -> Vec<Asset> {
    let mut found = Vec::new();
    collect(payload, &mut found);
    found
}

/// The file of a payload that is uploaded under a name: what an upload step sends.
pub fn uploaded_as(payload: &Value, name: &str) -> Option<Asset> {
    assets_in(payload).into_iter().find(|a| a.upload_name() == name)
}

fn collect(value: &Value, found: &mut Vec<Asset>) {
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                match Asset::of_value(inner).filter(|_| is_file_key(key)) {
                    Some(asset) => found.push(asset),
                    None => collect(inner, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|i| collect(i, found)),
        _ => {}
    }
}

/// What a platform takes in a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLimits {
    /// Which kinds.
    pub types: Vec<MediaType>,
    /// Largest size in bytes.
    pub max_bytes: u64,
    /// Most pixels in all; images only.
    #[serde(default)]
    pub max_pixels: Option<u64>,
}

impl FileLimits {
    /// Everything about a file the platform does not take, each with what to do.
    pub fn unfit(&self, asset: &Asset) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        let words: Vec<&str> = self.types.iter().map(|t| t.word()).collect();
        let name = excerpt(&asset.name, 60);
        if !self.types.contains(&asset.media) {
            wrong.push((
                format!("{name} is a {} file by its content", asset.media.word()),
                format!("give a {} file", words.join(" or ")),
            ));
            return wrong;
        }
        if asset.bytes > self.max_bytes {
            let (has, most) = (size_words(asset.bytes), size_words(self.max_bytes));
            wrong.push((
                format!("{name} has {has}, at most {most} are taken"),
                "save it smaller".to_owned(),
            ));
        }
        match (self.max_pixels, asset.pixels()) {
            (Some(most), Some(pixels)) if pixels > most => wrong.push((
                format!("{name} has {pixels} pixels, at most {most} are taken"),
                "scale it down".to_owned(),
            )),
            _ if asset.media.is_image() && asset.pixels().is_none_or(|p| p == 0) => wrong.push((
                format!("the size of the picture in {name} cannot be read"),
                "save it again with another program".to_owned(),
            )),
            _ => {}
        }
        wrong
    }
}

/// Bytes kept of a file's beginning: enough for the dimensions of a picture behind its metadata.
const HEAD: usize = 4 * 1024 * 1024;

/// Reads a file once, piece by piece, and says what it is.
#[derive(Clone, Debug, Default)]
pub struct Inspection {
    sha: Sha256,
    md5: Md5,
    bytes: u64,
    head: Vec<u8>,
}

impl Inspection {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.sha.update(piece);
        self.md5.update(piece);
        self.bytes += piece.len() as u64;
        let room = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(piece.get(..room).unwrap_or_default());
    }

    /// The hash of what was taken so far.
    pub fn sha256(&self) -> Sha {
        Sha(self.sha.clone().finalize().into())
    }

    /// The whole file, once every piece was taken. `None` = no kind of file any platform takes.
    pub fn finish(self, name: &str) -> Option<Asset> {
        let media = MediaType::of(&self.head)?;
        let size = media
            .is_image()
            .then(|| imagesize::blob_size(&self.head).ok())
            .flatten();
        let side = |n: usize| u32::try_from(n).ok();
        let md5: [u8; 16] = self.md5.finalize().into();
        Some(Asset {
            sha256: Sha(self.sha.finalize().into()),
            md5: format!("{:032x}", u128::from_be_bytes(md5)),
            name: excerpt(name, 100),
            bytes: self.bytes,
            media,
            width: size.and_then(|s| side(s.width)),
            height: size.and_then(|s| side(s.height)),
        })
    }
}

/// Says what some bytes are as a file.
pub fn inspect(name: &str, bytes: &[u8]) -> Option<Asset> {
    let mut inspection = Inspection::default();
    inspection.update(bytes);
    inspection.finish(name)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    /// The smallest picture a reader of dimensions takes: a PNG's signature and header.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 6, 0, 0, 0]);
        bytes
    }

    #[rstest]
    #[case::jpeg(&[0xFF, 0xD8, 0xFF, 0xE0, 0], Some(MediaType::Jpeg))]
    #[case::png(b"\x89PNG\r\n\x1a\nxxxx", Some(MediaType::Png))]
    #[case::gif(b"GIF89a..", Some(MediaType::Gif))]
    #[case::mp4(b"\0\0\0\x20ftypisom", Some(MediaType::Mp4))]
    #[case::mov(b"\0\0\0\x14ftypqt  ", Some(MediaType::Quicktime))]
    #[case::avi(b"RIFF\x01\x02\x03\x04AVI LIST", Some(MediaType::Avi))]
    #[case::mpeg(&[0, 0, 1, 0xBA, 0x44], Some(MediaType::Mpeg))]
    #[case::heic(b"\0\0\0\x18ftypheic", None)]
    #[case::wav(b"RIFF\x01\x02\x03\x04WAVEfmt ", None)]
    #[case::script(b"#!/bin/sh", None)]
    #[case::page(b"<html>", None)]
    #[case::empty(b"", None)]
    fn the_first_bytes_tell_the_type(#[case] head: &[u8], #[case] want: Option<MediaType>) {
        assert_eq!(MediaType::of(head), want);
    }

    #[test]
    fn an_inspection_says_what_it_read_however_it_was_cut() {
        let bytes = png(1200, 628);
        let whole = inspect("hero.png", &bytes).unwrap();
        let mut cut = Inspection::default();
        bytes.chunks(3).for_each(|c| cut.update(c));
        assert_eq!(cut.finish("hero.png"), Some(whole.clone()));
        assert_eq!(whole.sha256, Sha::of(&bytes));
        assert_eq!((whole.width, whole.height, whole.bytes), (Some(1200), Some(628), 29));
        assert_eq!(inspect("x", b"abc"), None);
        assert_eq!(
            inspect("x.gif", b"GIF89a").unwrap().md5,
            "1ac2109d47dbc72551f71df89d01ed18"
        );
    }

    #[test]
    fn a_payload_gives_its_files_back_and_a_label_its_hash() {
        let asset = inspect("Hero shot (1).PNG", &png(2, 3)).unwrap();
        let payload = serde_json::json!({"creative": {"image_file": asset.to_value(), "x": [{"other_file": "path"}]}});
        assert_eq!(assets_in(&payload), std::slice::from_ref(&asset));
        assert_eq!(named(&asset.label()), Some((Some("Hero shot (1).PNG"), asset.sha256)));
        let bare = format!("sha256:{}", asset.sha256);
        assert_eq!(named(&bare), Some((None, asset.sha256)));
        assert_eq!(named("/home/me/sha256:short"), None);
        let name = asset.upload_name();
        assert!(
            name.starts_with("Hero-shot--1-") && name.to_ascii_lowercase().ends_with(".png"),
            "{name}"
        );
        assert!(name.len() <= 100);
    }

    #[rstest]
    #[case::fits(MediaType::Png, 100, 1_000, None)]
    #[case::type_differs(MediaType::Gif, 100, 1_000, Some("GIF file by its content"))]
    #[case::too_big(MediaType::Png, 2_000_001, 1_000, Some("2.0 MB, at most 2.0 MB"))]
    #[case::too_many_pixels(MediaType::Png, 100, 2_000, Some("4000000 pixels"))]
    #[case::no_size(MediaType::Jpeg, 100, 0, Some("cannot be read"))]
    fn limits_are_held(#[case] media: MediaType, #[case] bytes: u64, #[case] side: u32, #[case] want: Option<&str>) {
        let mut asset = inspect("hero.png", &png(side, side)).unwrap();
        asset.media = media;
        asset.bytes = bytes;
        let limits = FileLimits {
            types: vec![MediaType::Jpeg, MediaType::Png],
            max_bytes: 2_000_000,
            max_pixels: Some(1_000_000),
        };
        let wrong = limits.unfit(&asset);
        match want {
            None => assert_eq!(wrong, []),
            Some(words) => assert!(wrong.iter().any(|(w, _)| w.contains(words)), "{wrong:?}"),
        }
    }
}
