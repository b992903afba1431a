//! A request body that is written in two parts with a crash point between them: a request half sent.

use std::{
    collections::VecDeque,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::failpoint;

/// Long enough for the first half to leave.
const BETWEEN: Duration = Duration::from_millis(20);

struct Halves {
    parts: VecDeque<Bytes>,
    pause: Pin<Box<Sleep>>,
    first: bool,
}

impl Body for Halves {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.first {
            self.first = false;
            self.pause = Box::pin(sleep(BETWEEN));
        } else if !self.parts.is_empty() {
            ready!(self.pause.as_mut().poll(cx));
            failpoint::reach("cp06_half_sent");
        }
        Poll::Ready(self.parts.pop_front().map(|part| Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.parts.iter().map(|p| p.len() as u64).sum())
    }
}

/// The same request, its body in two parts.
pub(super) fn in_two_halves(mut request: reqwest::Request) -> reqwest::Request {
    if let Some(whole) = request.body().and_then(reqwest::Body::as_bytes).filter(|b| b.len() > 1) {
        let mut head = Bytes::copy_from_slice(whole);
        let tail = head.split_off(head.len() / 2);
        *request.body_mut() = Some(reqwest::Body::wrap(Halves {
            parts: VecDeque::from([head, tail]),
            pause: Box::pin(sleep(BETWEEN)),
            first: true,
        }));
    }
    request
}
