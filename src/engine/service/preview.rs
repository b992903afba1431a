//! The calls a ticket's deploy would make, exactly as they would leave.
//!
//! Invariant: the same `plan` and the same assembly as the executor's; only ids that do not exist yet and secrets are
//! stood in for.

use super::{Engine, ask::not_found, snapshot::known_ids};
use crate::{
    engine::{
        api::{ApiError, PlannedCall, PlannedHeader, PlannedPart},
        model::{
            deploy::StepAction,
            ids::TicketId,
            platform::{AccountId, ExternalId, PlatformId},
            refusal::{Problem, Refusal},
        },
    },
    platforms::{
        Body, KnownIds, Method, Part, WireRequest,
        transport::{Assembled, HeaderText, assemble_at_home},
    },
};

impl Engine {
    /// The calls a ticket's deploy would make, with placeholders for ids not known yet.
    pub(super) async fn plan(&self, id: TicketId) -> Result<Vec<PlannedCall>, ApiError> {
        let ticket = self.ticket(id).await?.value;
        let platform = self
            .platforms
            .get(&ticket.platform)
            .ok_or_else(|| not_found(format!("this build cannot speak to {}", ticket.platform)))?;
        let job = self.job(&ticket)?;
        let mut steps = platform.steps(&job).map_err(|p| ApiError::from(Refusal::invalid(p)))?;
        let mut calls = Vec::new();
        for at in 0..steps.len() {
            let ids = known_ids(&steps);
            let Some(step) = steps.get_mut(at) else { continue };
            let request = platform
                .plan(&job, step, &ids)
                .map_err(|p| ApiError::from(Refusal::invalid(vec![p])))?;
            let assembled = self.assemble(ticket.platform, &ticket.account, &request)?;
            calls.push(planned(&step.key, &request, assembled, &ids));
            // A check may tell the id a later step needs, as a create does.
            if step.action != StepAction::Set && step.external_id.is_none() {
                step.external_id = Some(ExternalId::placeholder(&step.key));
            }
        }
        Ok(calls)
    }

    fn assemble(
        &self,
        platform: PlatformId,
        account: &AccountId,
        request: &WireRequest,
    ) -> Result<Assembled, ApiError> {
        let assembled = match &self.wire {
            Some(wire) => wire.assemble(platform, account, request),
            None => assemble_at_home(platform, request),
        };
        assembled.map_err(|why| {
            let problem = Problem::whole(
                format!("the request cannot be put together: {why}"),
                "check the platform's section of the configuration",
            );
            ApiError::from(Refusal::invalid(vec![problem]))
        })
    }
}

fn planned(step: &str, request: &WireRequest, assembled: Assembled, ids: &KnownIds) -> PlannedCall {
    let method = match assembled.method {
        Method::Get => "GET",
        Method::Post => "POST",
        Method::Delete => "DELETE",
    };
    let mut fields = request.query.clone();
    let mut form = Vec::new();
    match &request.body {
        Body::Empty => {}
        Body::Form(form) => fields.extend(form.iter().cloned()),
        Body::Json(json) => fields.push(("body".to_owned(), json.as_str().to_owned())),
        Body::Multipart(parts) => {
            fields.extend(parts.iter().map(|part| match part {
                Part::Text { name, value } => (name.clone(), value.clone()),
                Part::File { name, file_name, asset } => {
                    let file = format!("@{file_name} ({}, sha256 {})", asset.facts(), asset.sha256);
                    (name.clone(), file)
                }
            }));
            form.extend(parts.iter().map(|part| match part {
                Part::Text { name, value } => PlannedPart {
                    name: name.clone(),
                    value: value.clone(),
                    media: None,
                },
                Part::File { name, file_name, asset } => PlannedPart {
                    name: name.clone(),
                    value: file_name.clone(),
                    media: Some(asset.media.as_str().to_owned()),
                },
            }));
        }
    }
    let header = |(name, text)| match text {
        HeaderText::Open(value) => PlannedHeader {
            name,
            value,
            variable: None,
        },
        HeaderText::Secret { before, variable } => PlannedHeader {
            name,
            value: before.to_owned(),
            variable: Some(variable),
        },
    };
    PlannedCall {
        step: step.to_owned(),
        line: format!("{method} {}", request.path),
        fields,
        method: method.to_owned(),
        url: readable(&assembled.url, ids),
        headers: assembled.headers.into_iter().map(header).collect(),
        body: assembled.body.map(|body| readable(&body, ids)),
        form,
    }
}

/// The placeholders of ids, not percent-encoded, so that they can be found and filled in. An id needs no encoding.
fn readable(text: &str, ids: &KnownIds) -> String {
    let stand_ins = ids.values().filter(|id| id.is_placeholder());
    stand_ins.fold(text.to_owned(), |text, ExternalId(id)| {
        let form: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
        text.replace(&form, id).replace(&form.replace('+', "%20"), id)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stand_ins_are_readable_wherever_they_stand() {
        let ids: KnownIds = [("ad_set".to_owned(), ExternalId::placeholder("ad_set"))].into();
        let read = |text: &str| readable(text, &ids);
        assert_eq!(
            read("https://h/v1/%3Cad_set%20id%3E?x=%3Cad_set+id%3E"),
            "https://h/v1/<ad_set id>?x=<ad_set id>"
        );
        assert_eq!(read(r#"{"id":"<ad_set id>"}"#), r#"{"id":"<ad_set id>"}"#);
        assert_eq!(read("name=%3Cother+id%3E"), "name=%3Cother+id%3E");
    }
}
