//! Taking every trace of a forgotten customer out of the tables, as if there had never been one.

use super::fold::{Forgotten, Step, Version};
use super::traces::Traces;
use super::{chapter_store, counts, heights, store, table};
use crate::db::{DbError, Existing, TextIndex, Tx};

/// Leaves nothing of a customer but that there was one. What the customer's versions once left is found by taking the same steps
/// again.
pub async fn erase(tx: &mut Tx, forgotten: &Forgotten) -> Result<(), DbError> {
    tx.insert(table::FORGOTTEN, Existing::Replace, vec![table::forgotten(forgotten)]).await?;
    let Some(no) = forgotten.no else { return Ok(()) };
    let (tenant, _) = &forgotten.key;
    let versions = store::versions(tx, no).await?;
    let traces = Traces::of(&steps(&versions));
    erase_texts(tx, &traces).await?;
    let finds = traces.finds.iter().map(|find| vec![find.text_at.0.into(), find.at.0.into()]);
    tx.delete(table::FINDS.table, table::FINDS.key, "0 = 0", finds.collect()).await?;
    counts::erase(tx, tenant, &traces.changes).await?;
    // Peaks that the customer made are found among the stays of the others.
    chapter_store::erase(tx, tenant, &traces).await?;
    heights::erase(tx, tenant, &traces).await?;
    let profiles = versions.iter().filter(|version| version.has_new_profile()).map(|version| vec![version.at.0.into()]);
    tx.delete(table::PROFILES.table, table::PROFILES.key, "0 = 0", profiles.collect()).await?;
    tx.delete(table::VERSIONS.table, &["no"], "0 = 0", vec![vec![no.into()]]).await
}

fn steps(versions: &[Version]) -> Vec<Step> {
    let before = std::iter::once(None).chain(versions.iter().cloned().map(Some));
    before.zip(versions).map(|(before, after)| Step { before, after: after.clone() }).collect()
}

async fn erase_texts(tx: &mut Tx, traces: &Traces) -> Result<(), DbError> {
    tx.remove_grams(TextIndex::Search, store::grams(&traces.begins)).await?;
    if tx.backend().matching_is_exact() {
        tx.remove_grams(TextIndex::Ended, store::grams(&traces.ends)).await?;
    }
    Ok(())
}
