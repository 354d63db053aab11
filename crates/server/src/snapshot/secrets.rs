//! What a redirect needs of the database that nobody else may know.

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::{Identity, Unusable};
use crate::visits::Salt;

#[derive(PartialEq)]
pub(super) struct Secrets {
    pub database: Identity,
    /// Signs cookies.
    pub key: Vec<u8>,
    pub salts: Vec<Salt>,
}

const MAGIC: &[u8; 8] = b"wpsecr1\n";
/// Bytes of a day and its salt.
const SALT: usize = 8 + 16;

impl Secrets {
    /// Overwrites what is there: a file that is renamed leaves its bytes somewhere on the disk.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let bytes = self.bytes();
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)?;
        file.write_all(&bytes)?;
        file.set_len(bytes.len() as u64)?;
        file.sync_all()
    }

    pub fn read(path: &Path, database: &Identity) -> Result<Secrets, Unusable> {
        let bytes = std::fs::read(path)?;
        let secrets = Secrets::of_bytes(&bytes).ok_or(Unusable::Damaged("its secrets"))?;
        if secrets.database == *database { Ok(secrets) } else { Err(Unusable::OtherDatabase) }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.database);
        bytes.extend((self.key.len() as u32).to_le_bytes());
        bytes.extend(&self.key);
        for salt in &self.salts {
            bytes.extend(salt.day.to_le_bytes());
            bytes.extend(salt.value);
        }
        let sum = crc32c::crc32c(&bytes);
        bytes.extend(sum.to_le_bytes());
        bytes
    }

    fn of_bytes(bytes: &[u8]) -> Option<Secrets> {
        let (bytes, sum) = bytes.split_last_chunk()?;
        if crc32c::crc32c(bytes) != u32::from_le_bytes(*sum) {
            return None;
        }
        let (database, rest) = bytes.strip_prefix(MAGIC)?.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (key, salts) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (salts, []) = salts.as_chunks::<SALT>() else { return None };
        let salt = |bytes: &[u8; SALT]| {
            let (day, value) = bytes.split_first_chunk()?;
            Some(Salt { day: i64::from_le_bytes(*day), value: value.try_into().ok()? })
        };
        let salts = salts.iter().map(salt).collect::<Option<_>>()?;
        Some(Secrets { database: *database, key: key.to_vec(), salts })
    }
}

/// The folder knows of a new file for sure only when it is synced itself.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_read_back_and_nothing_that_was_cut_or_changed_does() {
        let salts =
            vec![Salt { day: 20_000, value: [3; 16] }, Salt { day: 20_001, value: [4; 16] }];
        let secrets = Secrets { database: [7; 16], key: vec![1; 32], salts };
        let bytes = secrets.bytes();
        assert!(Secrets::of_bytes(&bytes).is_some_and(|read| read == secrets));
        for cut in 0..bytes.len() {
            assert!(Secrets::of_bytes(&bytes[..cut]).is_none(), "{cut}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut bytes = bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            assert!(Secrets::of_bytes(&bytes).is_none(), "{bit}");
        }
    }

    #[test]
    fn what_was_there_before_is_overwritten() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secrets");
        let of = |day: i64, count: i64| Secrets {
            database: [7; 16],
            key: vec![1; 32],
            salts: (day..day + count).map(|day| Salt { day, value: [day as u8; 16] }).collect(),
        };
        of(70, 3).write(&path).unwrap();
        let before = std::fs::metadata(&path).unwrap();
        assert_eq!(before.permissions().mode() & 0o777, 0o600);
        of(72, 2).write(&path).unwrap();
        let after = std::fs::metadata(&path).unwrap();
        assert_eq!((after.ino(), before.ino()), (before.ino(), after.ino()));
        assert!(Secrets::read(&path, &[7; 16]).is_ok_and(|read| read == of(72, 2)));
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(16).any(|part| part == [70; 16]), "an old salt lies there");
        assert!(matches!(Secrets::read(&path, &[8; 16]), Err(Unusable::OtherDatabase)));
    }
}
