//! What must hold of any bytes that come over the socket. Shared by the fuzz target and the replay of its corpus.

use omnitraffick::engine::host::socket::{
    frame::{Decoder, FrameError, decode, encode},
    message::{ToClient, ToEngine, refuse_generation},
};

/// Everything a decoder makes of bytes that come in pieces of this length.
fn messages(bytes: &[u8], piece: usize) -> (Vec<Vec<u8>>, Option<FrameError>) {
    let (mut decoder, mut messages) = (Decoder::default(), Vec::new());
    for part in bytes.chunks(piece) {
        decoder.push(part);
        loop {
            match decoder.message() {
                Ok(Some(message)) => messages.push(message.to_vec()),
                Ok(None) => break,
                Err(error) => return (messages, Some(error)),
            }
        }
    }
    (messages, None)
}

/// The first byte says how the others are cut.
pub fn take(data: &[u8]) {
    let Some((cut, bytes)) = data.split_first() else { return };
    let whole = messages(bytes, bytes.len().max(1));
    let cut = messages(bytes, usize::from(*cut).max(1));
    assert_eq!(whole, cut, "the messages depend on how the bytes came");
    for message in &whole.0 {
        if let Ok(said) = decode::<ToEngine>(message) {
            if let ToEngine::Hello(hello) = &said {
                let _ = refuse_generation(hello, "test");
            }
            again(&said, |bytes| decode::<ToEngine>(bytes).ok());
        }
        if let Ok(said) = decode::<ToClient>(message) {
            again(&said, |bytes| decode::<ToClient>(bytes).ok());
        }
    }
}

/// What was understood is written and understood as the same.
fn again<T: serde::Serialize + PartialEq + std::fmt::Debug>(said: &T, read: impl Fn(&[u8]) -> Option<T>) {
    // Escapes may make it longer than a message can be.
    let Ok(bytes) = encode(said) else { return };
    let mut decoder = Decoder::default();
    decoder.push(&bytes);
    let back = decoder.message().ok().flatten().and_then(read);
    assert_eq!(back.as_ref(), Some(said), "it reads back as something else");
}
