//! Files of this machine on their way into a ticket: from the path a person gave to the [`Asset`] a payload keeps.
//!
//! Why on the client's side: the path means something where the person is, and is opened with their rights. The engine
//! gets an open file, never a path.
//!
//! Invariants
//! - A file is refused before it is copied when its field does not take its type, size or dimensions.
//! - What a payload keeps has the hash of what was kept, even if the file changes meanwhile.
//! - Trying without doing looks at the file and keeps nothing.

use std::{
    fs::File,
    io::{Read as _, Seek as _},
    path::PathBuf,
};

use serde_json::{Map, Value};

use super::{ApiError, Command, CommandKind, EngineClient, Reply, Request, TicketView};
use crate::engine::model::{
    asset::{self, Asset, FileLimits, Inspection, MediaType, assets_in, size_words},
    catalogue::{Catalogue, FieldType, get_path, set_path},
    ids::TicketId,
    json::{CanonicalJson, Sha},
    path::FieldPath,
    platform::PlatformId,
    refusal::{Problem, Refusal},
    sanitise::excerpt,
};

/// Bytes read at once.
const PIECE: usize = 256 * 1024;

/// Replaces every path in a command's payload by the file it leads to. `keep` = take the files in; otherwise they are
/// only looked at.
pub async fn take_in(client: &dyn EngineClient, mut command: Command, keep: bool) -> Result<Command, ApiError> {
    let Some(payload) = payload_of(&mut command.kind) else {
        return Ok(command);
    };
    let Value::Object(mut root) = payload.value() else {
        return Ok(command);
    };
    // Nearly every payload ends here, without a question asked.
    if !root.values().any(names_a_file) {
        return Ok(command);
    }
    let (platform, known) = facts(client, &command.kind).await?;
    let Reply::Catalogue(catalogue) = client.request(Request::Catalogue(platform)).await? else {
        return Err(ApiError::Internal("no catalogue was answered".to_owned()));
    };
    let mut problems = Vec::new();
    for (path, text, limits) in file_fields(&catalogue, &root) {
        let at = FieldPath::new("payload").field(&path);
        let taken = if let Some((name, sha256)) = asset::named(&text) {
            again(&known, name, sha256).ok_or_else(|| {
                Problem::at(
                    at,
                    format!("this ticket has no file with sha256 {}...", sha256.short()),
                    "give the path of the file",
                )
            })
        } else {
            match looked_at(text, limits, at).await? {
                Ok((asset, _)) if !keep => Ok(asset),
                Ok((asset, file)) => Ok(client.keep_file(asset.name, file).await?),
                Err(problem) => Err(problem),
            }
        };
        match taken {
            Ok(asset) => set_path(&mut root, &path, asset.to_value()),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(ApiError::from(Refusal::invalid(problems)));
    }
    if let Some(payload) = payload_of(&mut command.kind) {
        *payload = CanonicalJson::new(&Value::Object(root));
    }
    Ok(command)
}

fn payload_of(kind: &mut CommandKind) -> Option<&mut CanonicalJson> {
    match kind {
        CommandKind::TicketCreate(ticket) => Some(&mut ticket.payload),
        CommandKind::TicketEdit { patch, .. } => patch.payload.as_mut(),
        _ => None,
    }
}

/// True when a value below holds text where a file belongs.
fn names_a_file(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields
            .iter()
            .any(|(key, inner)| asset::is_file_key(key) && is_path(inner) || names_a_file(inner)),
        _ => false,
    }
}

fn is_path(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

/// Every file field of the catalogue that holds text: its path, the text, what it takes.
fn file_fields(catalogue: &Catalogue, root: &Map<String, Value>) -> Vec<(String, String, Option<FileLimits>)> {
    let mut found = Vec::new();
    for object in &catalogue.objects {
        for field in object.fields.iter().filter(|f| f.ty == FieldType::File) {
            let value = root.get(&object.section).and_then(|s| get_path(s, &field.path));
            if let Some(text) = value.filter(|v| is_path(v)).and_then(Value::as_str) {
                let path = format!("{}.{}", object.section, field.path);
                found.push((path, text.trim().to_owned(), field.file.clone()));
            }
        }
    }
    found
}

/// The platform of a command's ticket, and the files the ticket has already.
async fn facts(client: &dyn EngineClient, kind: &CommandKind) -> Result<(PlatformId, Vec<Asset>), ApiError> {
    match kind {
        CommandKind::TicketEdit { id, .. } => {
            let ticket = ticket(client, *id).await?.ticket.value;
            Ok((ticket.platform, assets_in(&ticket.payload.value())))
        }
        CommandKind::TicketCreate(new) => {
            let Reply::Governance(governance) = client.request(Request::Governance).await? else {
                return Err(ApiError::Internal("no governance was answered".to_owned()));
            };
            let channel = governance.channels.iter().find(|c| c.value.id == new.channel);
            let platform = channel.map(|c| c.value.platform).ok_or_else(|| {
                ApiError::from(Refusal::invalid(vec![Problem::at(
                    "channel",
                    "there is no such channel",
                    "choose another",
                )]))
            })?;
            Ok((platform, Vec::new()))
        }
        _ => Err(ApiError::Internal("this command has no payload".to_owned())),
    }
}

async fn ticket(client: &dyn EngineClient, id: TicketId) -> Result<TicketView, ApiError> {
    match client.request(Request::Ticket(id)).await? {
        Reply::Ticket(view) => Ok(*view),
        _ => Err(ApiError::Internal("no ticket was answered".to_owned())),
    }
}

/// A file the ticket has already, as a form shows it; perhaps under another name.
fn again(known: &[Asset], name: Option<&str>, sha256: Sha) -> Option<Asset> {
    let asset = known.iter().find(|a| a.sha256 == sha256)?;
    Some(Asset {
        name: name.map_or_else(|| asset.name.clone(), |n| excerpt(n, 100)),
        ..asset.clone()
    })
}

/// What a file is, if its field takes it, and the file itself, open at its start.
async fn looked_at(
    path: String,
    limits: Option<FileLimits>,
    at: FieldPath,
) -> Result<Result<(Asset, File), Problem>, ApiError> {
    let look = move || look(&path, limits.as_ref(), &at);
    tokio::task::spawn_blocking(look)
        .await
        .map_err(|e| ApiError::Internal(e.to_string()))
}

fn look(path: &str, limits: Option<&FileLimits>, at: &FieldPath) -> Result<(Asset, File), Problem> {
    let shown = excerpt(path, 200);
    let problem = |reason: String, remedy: &str| Problem::at(at.clone(), reason, remedy);
    let unreadable = |e: std::io::Error| {
        problem(
            format!("{shown} cannot be read: {e}"),
            "give the path of a file you may read",
        )
    };
    let file_path = PathBuf::from(path);
    // Asked before opening: opening a pipe would wait for its writer.
    let meta = std::fs::metadata(&file_path).map_err(unreadable)?;
    if !meta.is_file() {
        return Err(problem(
            format!("{shown} is not a file"),
            "give the path of an image or video",
        ));
    }
    if let Some(limits) = limits.filter(|l| meta.len() > l.max_bytes) {
        let (has, most) = (size_words(meta.len()), size_words(limits.max_bytes));
        let reason = format!("{shown} has {has}, at most {most} are taken");
        return Err(problem(reason, "save it smaller"));
    }
    let mut file = File::open(&file_path).map_err(unreadable)?;
    let mut inspection = Inspection::default();
    let mut buffer = vec![0_u8; PIECE];
    let mut first = true;
    loop {
        let n = file.read(&mut buffer).map_err(unreadable)?;
        let piece = buffer.get(..n).unwrap_or_default();
        if std::mem::take(&mut first) && MediaType::of(piece).is_none() {
            return Err(problem(
                format!("{shown} is no image or video by its content"),
                "give a file of a type the platform takes",
            ));
        }
        if n == 0 {
            break;
        }
        inspection.update(piece);
    }
    let name = file_path.file_name().map(|n| n.to_string_lossy().into_owned());
    let asset = inspection.finish(&name.unwrap_or_default()).ok_or_else(|| {
        problem(
            format!("{shown} is no image or video by its content"),
            "give a file of a type the platform takes",
        )
    })?;
    if let Some((reason, remedy)) = limits.and_then(|l| l.unfit(&asset).into_iter().next()) {
        return Err(problem(reason, &remedy));
    }
    file.rewind().map_err(unreadable)?;
    Ok((asset, file))
}
