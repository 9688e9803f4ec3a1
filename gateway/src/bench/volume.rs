//! Many customers in one tenant: import, reads, bulk updates, memory, rebuild.

use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use projections::customer_list;

use super::report::{Figure, Report};
use super::service::{Service, Settings};
use super::{BenchError, Plan, probe, reads, writes};
use crate::demo::people::person;

/// Seconds that the import of the default number of customers may take.
const IMPORT_SECONDS: f64 = 60.0;
/// Milliseconds that a bulk update of a thousand customers may take.
const BULK_MILLIS: f64 = 150.0;
/// Customers of a bulk update.
const BULK: u64 = 1_000;
/// How many bulk updates are measured, each way.
const BULKS: u32 = 11;
/// MiB that the service may have resident.
const RESIDENT_MIB: f64 = 300.0;
/// The share of the database's own insert rate that a rebuild reaches.
const REBUILD_SHARE: f64 = 0.5;
const IMPORT: &str = "import";
const REST: &str = "bulk, memory, rebuild";

/// Measures everything that needs many customers.
pub async fn measure(plan: &Plan, report: &mut Report) -> Result<(), BenchError> {
    let dir = tempfile::tempdir()?;
    let file = dir.path().join("customers.csv");
    plan.tell("writing the file to import");
    write_file(&file, plan.customers)?;
    let data_dir = dir.path().join("data");
    let service = Service::start(Settings { data_dir, durability: "always", nats_server: plan.nats_server.clone() }).await?;
    import(plan, &service, &file, report).await?;
    reads::measure(plan, &service, report).await?;
    bulk(plan, &service, report).await?;
    let figure = Figure::new(REST, "service, resident", service.resident_mib()?, "MiB");
    report.add(figure.at_most(RESIDENT_MIB, "at most 300 MiB"));
    rebuild(plan, service, report).await
}

async fn import(plan: &Plan, service: &Service, file: &Path, report: &mut Report) -> Result<(), BenchError> {
    plan.tell("import");
    let begin = Instant::now();
    let file = file.to_string_lossy();
    service.settings().run(&["import", &file, "--tenant", &service.tenant]).await?;
    let imported = begin.elapsed().as_secs_f64();
    service.catch_up().await?;
    let shown = begin.elapsed().as_secs_f64();
    let what = format!("import of {} customers", plan.customers);
    report.add(Figure::new(IMPORT, what, imported, "s").at_most(IMPORT_SECONDS, "at most 60 s"));
    report.add(Figure::new(IMPORT, "import, until every list shows it", shown, "s"));
    Ok(())
}

async fn bulk(plan: &Plan, service: &Service, report: &mut Report) -> Result<(), BenchError> {
    plan.tell("bulk update");
    let ids = reads::some_ids(service, BULK).await?;
    let mut alone = Vec::new();
    for number in 0..BULKS {
        alone.push(writes::bulk(service, &ids, number).await?);
        service.catch_up().await?;
    }
    let mut together = Vec::new();
    for number in BULKS..2 * BULKS {
        together.push(writes::bulk(service, &ids, number).await?);
    }
    let what = |how| format!("bulk update of {} customers, {how}, median", ids.len());
    report.add(Figure::new(REST, what("alone"), median(alone), "ms").at_most(BULK_MILLIS, "at most 150 ms"));
    report.add(Figure::new(REST, what("back to back"), median(together), "ms"));
    Ok(())
}

/// The one in the middle, in milliseconds.
fn median(mut took: Vec<Duration>) -> f64 {
    took.sort();
    took.get(took.len() / 2).map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
}

/// Fills the customer list anew beside the one that is read, then all read models from nothing, and measures the database's own
/// insert rate for the rows of the list when the service is gone.
async fn rebuild(plan: &Plan, service: Service, report: &mut Report) -> Result<(), BenchError> {
    plan.tell("rebuild");
    let messages = probe::log_length(service.data_dir()).await?;
    let read = probe::read_rate(service.data_dir()).await?;
    let begin = Instant::now();
    service.settings().run(&["rebuild", customer_list::NAME]).await?;
    let list = begin.elapsed().as_secs_f64();
    plan.tell("all read models from nothing");
    let (service, took) = service.rebuild().await?;
    let resident = service.resident_mib()?;
    let (data_dir, tenant) = (service.data_dir().to_owned(), service.tenant.clone());
    service.stop().await?;
    plan.tell("the database's own insert rate");
    let insert = probe::insert_rate(&data_dir, &tenant).await?;
    let seconds = took.as_secs_f64();
    let figure = Figure::new(REST, "rebuild of the customer list, customers", plan.customers as f64 / list, "/s").beside(insert);
    report.add(figure.at_least(insert * REBUILD_SHARE, "half of the insert rate"));
    report.add(Figure::new(REST, "all read models from nothing, customers", plan.customers as f64 / seconds, "/s"));
    let what = "all read models from nothing, messages of the log";
    report.add(Figure::new(REST, what, messages as f64 / seconds, "/s").beside(read));
    report.add(Figure::new(REST, "service after rebuild, resident", resident, "MiB"));
    Ok(())
}

/// A CSV file with so many believable customers.
pub(super) fn write_file(path: &Path, customers: u64) -> Result<(), BenchError> {
    let now = Utc::now();
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(
        file,
        "name,email,phone,address,city,province,postal_code,loyalty_points,total_orders,total_spent,notes,is_active,created_at,last_order_date"
    )?;
    for number in 0..customers {
        let past = person(number, now).past;
        let profile = past.profile;
        let last_order = past.last_order_at.as_ref().map(DateTime::to_rfc3339).unwrap_or_default();
        let who =
            [profile.name, profile.email, profile.phone, profile.address, profile.city, profile.province, profile.postal_code];
        writeln!(
            file,
            "{},{},{},{},\"{}\",{},{},{last_order}",
            who.map(|text| format!("\"{text}\"")).join(","),
            past.loyalty_points,
            past.total_orders,
            past.total_spent,
            profile.notes,
            past.is_active,
            past.created_at.to_rfc3339()
        )?;
    }
    Ok(file.flush()?)
}
