//! The house is built as the README says: who may use whom, what may stand where, and how big a file may be.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};
use events::StreamKind;

/// Whom each crate of the workspace may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("events", &[]),
    ("event-log", &["events"]),
    ("commands", &["events", "event-log"]),
    ("projections", &["events", "event-log"]),
    ("query-api", &["events", "projections"]),
    ("gateway", &["events", "event-log", "commands", "projections", "query-api"]),
    ("kith-tests", &["events", "event-log", "commands", "projections", "query-api"]),
];

/// Who alone may name a library.
const ALONE: &[(&str, &[&str])] = &[
    ("async-nats", &["event-log"]),
    ("sqlx", &["projections", "query-api"]),
    ("sea-query", &["projections", "query-api"]),
    ("poem", &["gateway"]),
    ("poem-openapi", &["gateway"]),
];

/// What is noted and not decided: it has events and no aggregate.
const NOTED: StreamKind = StreamKind::Access;

/// The most lines of a file before its tests.
const MOST_LINES: usize = 300;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

fn metadata() -> Metadata {
    MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().expect("cargo metadata")
}

/// Every file with this ending below a folder, except what is built.
fn files(dir: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())).flatten();
    let visible = entries.map(|entry| entry.path()).filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('.') && name != "target" && name != "data" && name != "node_modules"
    });
    let nested = visible.flat_map(|path| if path.is_dir() { files(&path, ending) } else { vec![path] });
    nested.filter(|path| path.extension().is_some_and(|extension| extension == ending)).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The part of a file before its tests.
fn before_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

fn folders(dir: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(dir).expect("a folder").flatten().filter(|entry| entry.path().is_dir());
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn aggregates() -> impl Iterator<Item = StreamKind> {
    StreamKind::ALL.into_iter().filter(|kind| *kind != NOTED)
}

#[test]
fn dependencies_point_one_way() {
    for package in metadata().packages {
        let (_, allowed) = MAY_USE.iter().find(|(name, _)| *name == package.name.as_str()).unwrap_or_else(|| {
            panic!("{} is new: say in MAY_USE whom it may use", package.name);
        });
        let ours = package.dependencies.iter().filter(|d| MAY_USE.iter().any(|(name, _)| *name == d.name));
        for dependency in ours.filter(|d| d.kind != DependencyKind::Development) {
            assert!(allowed.contains(&dependency.name.as_str()), "{} must not use {}", package.name, dependency.name);
        }
    }
}

#[test]
fn a_library_is_named_where_it_belongs_and_nowhere_else() {
    for package in metadata().packages {
        for dependency in &package.dependencies {
            if let Some((library, crates)) = ALONE.iter().find(|(library, _)| *library == dependency.name) {
                assert!(crates.contains(&package.name.as_str()), "{} must not name {library}", package.name);
            }
        }
    }
}

#[test]
fn what_decides_is_pure() {
    const IMPURE: &[&str] =
        &["async ", ".await", "Utc::now", "generate()", "tracing", "tokio", "sqlx", "event_log", "std::fs", "rand::", "println!"];
    for kind in aggregates() {
        for file in files(&root().join("commands/src").join(kind.name()), "rs") {
            let text = read(&file);
            for word in IMPURE {
                assert!(!before_tests(&text).contains(word), "{} has {word:?}", file.display());
            }
        }
    }
}

#[test]
fn every_aggregate_is_a_folder_with_the_same_table_of_contents() {
    let commands = root().join("commands/src");
    let kinds: BTreeSet<_> = aggregates().map(|kind| kind.name().to_owned()).collect();
    let mut found = folders(&commands);
    found.remove("executor");
    assert_eq!(found, kinds, "folders of commands/src and StreamKind::ALL");
    for kind in kinds {
        assert!(root().join(format!("events/src/{kind}.rs")).is_file(), "events/src/{kind}.rs");
        for part in ["mod.rs", "state.rs", "rules.rs", "error.rs"] {
            assert!(commands.join(&kind).join(part).is_file(), "commands/src/{kind}/{part}");
        }
    }
}

#[test]
fn every_projection_is_in_the_registry() {
    let projections = root().join("projections/src");
    let registry = read(&projections.join("registry.rs"));
    let registry = before_tests(&registry);
    let found: Vec<_> =
        folders(&projections).into_iter().filter(|name| projections.join(name).join("fold.rs").is_file()).collect();
    assert!(found.len() >= 4, "{found:?}");
    for name in found {
        assert!(registry.contains(&format!("{name}::")), "projections/src/registry.rs does not list {name}");
        assert!(projections.join(&name).join("store.rs").is_file(), "projections/src/{name}/store.rs");
    }
}

#[test]
fn every_group_of_the_door_is_in_the_tuple() {
    let rest = root().join("gateway/src/rest");
    let mut groups = 0;
    for file in files(&rest, "rs") {
        let text = read(&file);
        let Some(group) = text.split("#[OpenApi").nth(1).and_then(|rest| rest.split("impl ").nth(1)?.split_whitespace().next())
        else {
            continue;
        };
        // A folder of groups has a list of its own; one group in a folder is listed above it.
        let above = if file.ends_with("mod.rs") { 2 } else { 1 };
        let list = file.ancestors().nth(above).expect("a folder").join("mod.rs");
        let listed = read(&list).contains(&format!("::{group}"));
        assert!(listed, "{} does not list {group} of {}", list.display(), file.display());
        groups += 1;
    }
    assert!(groups >= 5, "{groups} groups with #[OpenApi]");
}

#[test]
fn every_file_says_what_it_is_for_and_stays_small() {
    let mut found = Vec::new();
    for file in files(&root(), "rs") {
        let text = read(&file);
        let lines = before_tests(&text).lines().count();
        let faults = [
            (!text.starts_with("//!"), "does not say what it is for".to_owned()),
            (lines >= MOST_LINES, format!("has {lines} lines before its tests")),
            (text.contains(concat!("#[", "allow(")), "allows what it should expect with a reason".to_owned()),
        ];
        found.extend(faults.into_iter().filter(|(is, _)| *is).map(|(_, fault)| format!("{} {fault}", file.display())));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_path_in_the_readme_exists() {
    let readme = read(&root().join("README.md"));
    let top: Vec<_> = std::fs::read_dir(root()).expect("the workspace").flatten().map(|entry| entry.file_name()).collect();
    let top: BTreeSet<_> = top.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    let words = readme.split(|c: char| c.is_whitespace() || "`()[],;|\"'".contains(c));
    let paths =
        words.filter(|word| word.split_once('/').is_some_and(|(first, _)| top.contains(first) && !first.starts_with('.')));
    let mut checked = 0;
    for path in paths.filter(|path| !path.starts_with("target/") && !path.starts_with("data/")) {
        // `<name>`, `*` and `{a,b}` stand for many files: what is before them must exist.
        let fixed = path.split(['<', '*', '{', '…']).next().unwrap_or(path).trim_end_matches([':', '.', '/']);
        let fixed = if fixed.len() < path.trim_end_matches([':', '.', '/']).len() {
            fixed.rsplit_once('/').map_or(fixed, |(dir, _)| dir)
        } else {
            fixed
        };
        assert!(root().join(fixed).exists(), "README.md names {path}, which does not exist");
        checked += 1;
    }
    assert!(checked > 10, "the README maps the code ({checked} paths found)");
    for package in metadata().packages {
        let dir = package
            .manifest_path
            .parent()
            .expect("a folder")
            .strip_prefix(root().to_str().expect("text"))
            .expect("in the workspace");
        assert!(readme.contains(&format!("{dir}/")), "the README does not name {dir}/");
    }
}
