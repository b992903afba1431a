//! Files beside the rows on a disk that fails: whatever goes wrong and whenever, a file that was acknowledged is there,
//! and one that is there has the content of its name.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code"
)]

mod store_support;

use std::{io::Read as _, sync::Arc};

use omnitraffick::engine::{
    model::{json::Sha, time::Timestamp},
    store::assets::{AssetError, Assets as _, Content, DirAssets},
};
use rstest::rstest;
use store_support::fault_disk::{Fault, FaultDisk};

fn picture() -> Vec<u8> {
    [b"\xFF\xD8\xFF\xE0".as_slice(), &vec![9_u8; 20_000]].concat()
}

fn content(store: &DirAssets, sha256: &Sha) -> Result<Vec<u8>, AssetError> {
    store.open(sha256).map(|held| match held.content {
        Content::Memory(bytes) => bytes.to_vec(),
        Content::File(mut file) => {
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            bytes
        }
    })
}

#[rstest]
fn what_was_acknowledged_survives(
    #[values(
        Fault::Eio,
        Fault::Enospc,
        Fault::Short,
        Fault::Eintr,
        Fault::PowerOff,
        Fault::SyncEio
    )]
    fault: Fault,
    #[values(1, 2, 3, 4, 5, 6)] seed: u64,
) {
    let picture = picture();
    let sha256 = Sha::of(&picture);
    let mut acknowledged = 0;
    for at in 0..40 {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("assets");
        let disk = FaultDisk::new(at, fault);
        let store = DirAssets::on(dir.clone(), Arc::new(disk.clone()));
        let put = store.put("hero.jpg", &mut picture.as_slice(), Timestamp::default());
        let reached = disk.calls() > at;
        disk.power_off();
        disk.cut(seed);
        let after = DirAssets::new(dir);
        match (put, content(&after, &sha256)) {
            (_, Ok(read)) => assert_eq!(read, picture),
            (Ok(_), Err(error)) => panic!("call {at}: acknowledged and gone: {error}"),
            // Not acknowledged: whatever is there under its name is found out.
            (Err(_), Err(AssetError::Missing(_) | AssetError::Damaged { .. })) => {}
            (Err(_), Err(error)) => panic!("call {at}: {error}"),
        }
        // Given again it is there, whatever was left behind.
        after
            .put("hero.jpg", &mut picture.as_slice(), Timestamp::default())
            .unwrap();
        assert_eq!(content(&after, &sha256).unwrap(), picture);
        acknowledged += u32::from(!reached);
    }
    assert!(acknowledged > 0, "no run got through");
}
