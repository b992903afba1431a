//! Where a message begins and ends: a length of four bytes, big-endian, then that many bytes of JSON.
//!
//! Pure and incremental: bytes go in as they come, messages come out. The same messages come out however the bytes
//! were cut.

use serde::{Serialize, de::DeserializeOwned};

/// Longest message, in bytes. A window of a thousand tickets is a tenth of it.
pub const MAX: usize = 4 << 20;
/// Longest introduction, in bytes: whoever is not known yet gets no more of our memory than this.
pub const MAX_HELLO: usize = 16 << 10;
/// Bytes of the length.
const HEAD: usize = 4;
/// A buffer that grew beyond this for one message is given back after it.
const KEEP: usize = 64 << 10;

/// Why bytes are not messages. The connection cannot go on: nobody knows where the next message begins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// The length says more than is taken.
    #[error("a message of {length} bytes is too long; the longest taken here is {longest}")]
    TooLong {
        /// What it says.
        length: usize,
        /// What is taken.
        longest: usize,
    },
    /// A message without content.
    #[error("an empty message")]
    Empty,
}

/// Cuts bytes into messages.
#[derive(Debug)]
pub struct Decoder {
    buffer: Vec<u8>,
    /// Bytes at the front that were handed out already.
    used: usize,
    /// Longest message taken, in bytes.
    longest: usize,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::up_to(MAX)
    }
}

impl Decoder {
    /// A decoder for messages of at most so many bytes.
    pub const fn up_to(longest: usize) -> Self {
        Self {
            buffer: Vec::new(),
            used: 0,
            longest,
        }
    }

    /// From the next message on, at most so many bytes.
    pub const fn allow(&mut self, longest: usize) {
        self.longest = longest;
    }

    /// Takes bytes in.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.used > 0 {
            self.buffer.drain(..self.used);
            self.used = 0;
            if self.buffer.len() < KEEP {
                self.buffer.shrink_to(KEEP);
            }
        }
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole message, if it is there. A length that cannot be is refused before its bytes are waited for, so
    /// the buffer never grows past one message and one read.
    pub fn message(&mut self) -> Result<Option<&[u8]>, FrameError> {
        let rest = self.buffer.get(self.used..).unwrap_or_default();
        let Some((head, rest)) = rest.split_first_chunk::<HEAD>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*head) as usize;
        if length == 0 {
            return Err(FrameError::Empty);
        }
        if length > self.longest {
            return Err(FrameError::TooLong {
                length,
                longest: self.longest,
            });
        }
        if rest.len() < length {
            return Ok(None);
        }
        let from = self.used + HEAD;
        self.used = from + length;
        Ok(self.buffer.get(from..self.used))
    }

    /// True when no part of a message is waiting.
    pub fn is_empty(&self) -> bool {
        self.used >= self.buffer.len()
    }
}

/// One message with its length in front. `Err` = it is longer than [`MAX`].
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, FrameError> {
    let mut bytes = vec![0; HEAD];
    // Only maps with keys that are no text fail, and the API has none; a failure would show as an empty message.
    if serde_json::to_writer(&mut bytes, message).is_err() {
        return Err(FrameError::Empty);
    }
    let length = bytes.len().saturating_sub(HEAD);
    let head = u32::try_from(length).ok().filter(|n| *n as usize <= MAX);
    let too_long = FrameError::TooLong { length, longest: MAX };
    let head = head.ok_or(too_long)?.to_be_bytes();
    for (place, byte) in bytes.iter_mut().zip(head) {
        *place = byte;
    }
    Ok(bytes)
}

/// Reads one message.
pub fn decode<T: DeserializeOwned>(message: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(decoder: &mut Decoder) -> Result<Vec<Vec<u8>>, FrameError> {
        let mut messages = Vec::new();
        while let Some(message) = decoder.message()? {
            messages.push(message.to_vec());
        }
        Ok(messages)
    }

    proptest! {
        #[test]
        fn any_cut_gives_the_same_messages(
            texts in prop::collection::vec("[ -~]{0,300}", 1..8),
            cuts in prop::collection::vec(1usize..64, 1..40),
        ) {
            let mut bytes = Vec::new();
            for text in &texts {
                bytes.extend(encode(text).unwrap());
            }
            let (mut decoder, mut got, mut at) = (Decoder::default(), Vec::new(), 0);
            for cut in cuts.iter().cycle() {
                if at >= bytes.len() {
                    break;
                }
                let end = (at + cut).min(bytes.len());
                decoder.push(&bytes[at..end]);
                got.extend(all(&mut decoder).unwrap());
                at = end;
            }
            let got: Vec<String> = got.iter().map(|m| decode(m).unwrap()).collect();
            prop_assert_eq!(got, texts);
            prop_assert!(decoder.is_empty());
        }

        #[test]
        fn rubbish_is_refused_or_waited_for_within_bounds(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let mut decoder = Decoder::default();
            for part in bytes.chunks(97) {
                decoder.push(part);
                if all(&mut decoder).is_err() {
                    return Ok(());
                }
            }
        }
    }

    #[test]
    fn impossible_lengths_are_refused_at_once() {
        let mut decoder = Decoder::default();
        decoder.push(&[0x7F, 0xFF, 0xFF, 0xFF]);
        let why = decoder.message().unwrap_err();
        assert!(matches!(
            why,
            FrameError::TooLong {
                length: 0x7FFF_FFFF,
                longest: MAX
            }
        ));
        let mut decoder = Decoder::default();
        decoder.push(&[0, 0, 0, 0]);
        assert_eq!(decoder.message(), Err(FrameError::Empty));
        assert!(matches!(encode(&"x".repeat(MAX)), Err(FrameError::TooLong { .. })));
    }

    #[test]
    fn a_buffer_that_grew_is_given_back() {
        let mut decoder = Decoder::default();
        decoder.push(&encode(&"x".repeat(MAX - 2)).unwrap());
        assert!(decoder.message().unwrap().is_some());
        decoder.push(&[0, 0]);
        assert!(decoder.buffer.capacity() <= KEEP, "{}", decoder.buffer.capacity());
    }

    #[test]
    fn a_longer_message_is_taken_once_it_is_allowed() {
        let bytes = encode(&"x".repeat(MAX_HELLO)).unwrap();
        let mut decoder = Decoder::up_to(MAX_HELLO);
        decoder.push(&bytes);
        assert!(matches!(
            decoder.message(),
            Err(FrameError::TooLong { longest: MAX_HELLO, .. })
        ));
        decoder.allow(MAX);
        assert!(decoder.message().unwrap().is_some());
    }
}
