//! One table on many machines.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::{batch, folder, report};
use crate::support::{names, program, stderr, stdout};

const TABLE: &str = "rate = 8000\nroutine = \"calf.toml\"\nformats = [\"wav\", \"mp3\"]\n\
                     total = [\"50s\", \"70s\", \"55s\", \"60s\"]\nbed = [\"off\", \"pad\"]\n";

/// Every file of `out` with its bytes.
fn all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let out = folder.join("out");
    names(&out).into_iter().map(|name| (name.clone(), fs::read(out.join(name)).unwrap())).collect()
}

#[test]
fn shares_together_are_the_whole_to_the_byte() {
    let one = folder("tracks.toml", TABLE);
    assert!(batch(one.path(), &["tracks.toml"]).status.success());
    let many = folder("tracks.toml", TABLE);
    let many = many.path();
    let joined = || batch(many, &["tracks.toml", "--join"]);
    let mut files = 0;
    for share in ["1/3", "2/3", "3/3"] {
        let told = joined();
        assert_eq!(told.status.code(), Some(1), "{share}");
        assert!(stderr(&told).contains("is missing; run its share again"), "{}", stderr(&told));
        let told = batch(many, &["tracks.toml", "--shard", share]);
        assert!(told.status.success(), "{}", stderr(&told));
        files += report(many, &format!("report-{}-of-3.jsonl", &share[..1])).len();
    }
    assert_eq!(files, 16, "no file is in two shares");
    assert!(!many.join("out/report.jsonl").exists());
    let told = joined();
    assert_eq!(told.status.code(), Some(0), "{}", stderr(&told));
    assert_eq!(stdout(&told).lines().count(), 17);
    assert_eq!(all(many), all(one.path()));
    // Again is no harm, and a file that was cut is told.
    assert!(joined().status.success());
    let name = "calf-70s-en-pad.mp3";
    let whole = fs::read(many.join("out").join(name)).unwrap();
    fs::write(many.join("out").join(name), &whole[..9_999]).unwrap();
    let told = joined();
    assert_eq!(told.status.code(), Some(1));
    assert_eq!(stderr(&told).matches("error: ").count(), 1, "{}", stderr(&told));
    assert!(stderr(&told).contains(&format!("{name} is not whole")), "{}", stderr(&told));
}

#[test]
fn a_task_finds_its_share_by_itself() {
    let folder = folder("tracks.toml", TABLE);
    let folder = folder.path();
    let task = |variables: &[(&str, &str)], arguments: &[&str]| {
        let mut command = program(folder);
        command.args(["batch", "tracks.toml", "-o", "out", "--dry-run"]).args(arguments);
        command.envs(variables.iter().copied());
        command.output().unwrap()
    };
    let files = |variables: &[(&str, &str)], arguments: &[&str]| -> Vec<String> {
        let told = stdout(&task(variables, arguments));
        let names = told.lines().filter_map(|line| line.split_whitespace().next());
        names.filter(|name| name.starts_with("calf-")).map(str::to_owned).collect()
    };
    let by_hand = files(&[], &["--shard", "2/2"]);
    assert_eq!(by_hand.len(), 8);
    let slurm = [
        ("SLURM_ARRAY_TASK_ID", "6"),
        ("SLURM_ARRAY_TASK_MIN", "5"),
        ("SLURM_ARRAY_TASK_COUNT", "2"),
    ];
    assert_eq!(files(&slurm, &[]), by_hand);
    let pod = [("JOB_COMPLETION_INDEX", "1")];
    assert_eq!(files(&pod, &["--shards", "2"]), by_hand);
    let told = task(&pod, &[]);
    assert_eq!(told.status.code(), Some(2));
    assert!(stderr(&told).contains("--shards N"), "{}", stderr(&told));
}
