//! Multipart bodies, read while they come: parameters as they are, files as what they are.

use http_body_util::{BodyDataStream, Limited};
use hyper::body::Incoming;
use multer::Multipart;

use crate::{engine::model::asset::Inspection, platforms::Part};

/// Longest parameter, in bytes.
const MAX_TEXT: usize = 64 * 1024;

/// Reads a body. The outer `Err` = the connection broke; the inner says why it cannot be given to the world, `None` =
/// it is too large.
pub(super) async fn read(
    body: Incoming,
    boundary: String,
    max: usize,
) -> std::io::Result<Result<Vec<Part>, Option<String>>> {
    let mut multipart = Multipart::new(BodyDataStream::new(Limited::new(body, max)), boundary);
    let mut parts = Vec::new();
    loop {
        let part = match multipart.next_field().await {
            Ok(None) => return Ok(Ok(parts)),
            Ok(Some(field)) => one(field).await,
            Err(e) => Err(e),
        };
        match part {
            Ok(Ok(part)) => parts.push(part),
            Ok(Err(why)) => return Ok(Err(Some(why))),
            Err(e) => return fault(e),
        }
    }
}

/// One part, or why it cannot be taken.
async fn one(mut field: multer::Field<'_>) -> Result<Result<Part, String>, multer::Error> {
    let name = field.name().unwrap_or_default().to_owned();
    let Some(file_name) = field.file_name().map(str::to_owned) else {
        let mut text = Vec::new();
        while let Some(piece) = field.chunk().await? {
            if text.len() + piece.len() > MAX_TEXT {
                return Ok(Err(format!("The parameter {name} is too long.")));
            }
            text.extend_from_slice(&piece);
        }
        let value = String::from_utf8_lossy(&text).into_owned();
        return Ok(Ok(Part::Text { name, value }));
    };
    let mut inspection = Inspection::default();
    while let Some(piece) = field.chunk().await? {
        inspection.update(&piece);
    }
    Ok(match inspection.finish(&file_name) {
        Some(asset) => Ok(Part::File { name, file_name, asset }),
        None => Err(format!("The file {file_name} is no image or video.")),
    })
}

fn fault(error: multer::Error) -> std::io::Result<Result<Vec<Part>, Option<String>>> {
    match error {
        multer::Error::StreamReadFailed(e) if e.is::<http_body_util::LengthLimitError>() => Ok(Err(None)),
        multer::Error::StreamReadFailed(e) => Err(std::io::Error::other(e)),
        other => Ok(Err(Some(format!("The multipart body cannot be read: {other}.")))),
    }
}
