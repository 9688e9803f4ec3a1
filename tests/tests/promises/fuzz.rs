//! A fuzzer that reads the OpenAPI document finds no 5xx and no answer that the document does not describe.
//!
//! `KITH_TEST_FUZZ_SECONDS` bounds it (120 by default).

use std::process::Stdio;

use kith_tests::{World, world};
use tokio::process::Command;

/// What would destroy the fuzzer's own footing: its session.
const SPARED: &[&str] = &["/api/auth/logout/"];

fn fuzzer() -> String {
    std::env::var("KITH_SCHEMATHESIS").unwrap_or_else(|_| "schemathesis".to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fuzzer_finds_no_5xx_and_nothing_that_is_not_documented() {
    let world = World::new().await;
    // An operator who works for the tenant reaches every operation.
    let operator = world::user(&world.service, &world.options, "platform", "operator").await;
    let seconds = std::env::var("KITH_TEST_FUZZ_SECONDS").unwrap_or_else(|_| "120".to_owned());
    let mut command = Command::new(fuzzer());
    command.arg("run").arg(format!("{}/openapi.json", world.service.address));
    command.args(["--header", &format!("Authorization: Bearer {}", operator.token())]);
    command.args(["--header", &format!("X-Tenant-ID: {}", world.tenant)]);
    command.args(["--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"]);
    command.args(["--max-time", &seconds, "--max-examples", "30", "--generation-database", "none", "--no-color"]);
    command.args(["--continue-on-failure", "--request-timeout", "30", "--suppress-health-check", "all"]);
    for path in SPARED {
        command.args(["--exclude-path", path]);
    }
    let output = command.current_dir(world.dir()).stdin(Stdio::null()).output().await;
    let output =
        output.unwrap_or_else(|error| panic!("schemathesis is missing ({error}): run `make test`, or set KITH_SCHEMATHESIS"));
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("Tested") || said.contains("passed"), "the fuzzer did nothing: {said}");
    let _ = operator.get("/health/ready").await.expect(200);
}
