//! Lists the files of the dashboard, if it was built, for the binary to carry.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let dashboard = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dashboard");
    let dist = dashboard.join("dist");
    // Cargo takes a path that is missing for one that has changed, each time: so the nearest that is
    // there is watched, in which the missing one would appear.
    let watched = [dist.as_path(), &dashboard, Path::new("build.rs")];
    let watched = watched.into_iter().find(|path| path.exists()).unwrap_or(Path::new("build.rs"));
    println!("cargo:rerun-if-changed={}", watched.display());
    let mut paths = Vec::new();
    if dist.join("index.html").exists() {
        collect(&dist.canonicalize()?, &mut paths)?;
    }
    paths.sort();
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets no OUT_DIR"))?;
    fs::write(PathBuf::from(out).join("dashboard.rs"), list(&paths, &dist.canonicalize().ok()))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_none_or(|kind| kind != "br" && kind != "map") {
            paths.push(path);
        }
    }
    Ok(())
}

/// A slice of `File`, as Rust.
fn list(paths: &[PathBuf], dist: &Option<PathBuf>) -> String {
    let mut text = "&[\n".to_owned();
    for path in paths {
        let name = dist.as_ref().and_then(|dist| path.strip_prefix(dist).ok()).unwrap_or(path);
        let name = name.to_string_lossy().replace('\\', "/");
        let brotli = PathBuf::from(format!("{}.br", path.display()));
        let brotli = match brotli.exists() {
            true => format!("Some(include_bytes!({:?}))", brotli.display().to_string()),
            false => "None".to_owned(),
        };
        let plain = format!("include_bytes!({:?})", path.display().to_string());
        text += &format!("    File {{ path: {name:?}, plain: {plain}, brotli: {brotli} }},\n");
    }
    text + "]\n"
}
