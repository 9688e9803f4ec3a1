//! One partition: leads or follows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use events::Position;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::apply::Member;
use super::lane::MainLane;
use super::lease::Lease;
use super::rhythm::Rhythm;
use super::yard::{Yard, chain};
use crate::db::DbError;
use crate::projection::Pace;

/// How often a follower looks where the leader is.
const FOLLOW: Duration = Duration::from_millis(20);
/// How often a follower tries to lead, in looks.
const TRY_EVERY: u32 = 25;
/// How often a leader makes sure that it still leads.
const CHECK: Duration = Duration::from_secs(1);

/// How long the leader waits between two times that it tells other processes where it is.
const TELL: Duration = Duration::from_millis(10);

/// Runs the projections of a partition until stopped, whenever no other process does.
pub async fn run(yard: Yard) {
    while !yard.stop.is_cancelled() {
        let turn = async {
            match Lease::take(yard.models.catalogue().db(), yard.partition).await? {
                Some(lease) => lead(&yard, lease).await,
                None => follow(&yard).await,
            }
        };
        if let Err(error) = turn.await {
            let why = chain(&error);
            tracing::error!(partition = yard.partition.0, why, "projections cannot run");
            for projection in yard.models.projections() {
                yard.board.failed(yard.partition, projection.name(), &why);
            }
            tokio::select! {
                () = yard.stop.cancelled() => return,
                () = tokio::time::sleep(yard.backoff.0) => {}
            }
        }
    }
}

async fn lead(yard: &Yard, mut lease: Lease) -> Result<(), DbError> {
    tracing::info!(partition = yard.partition.0, "runs the projections");
    let mut members = load(yard).await?;
    let term = Yard { stop: CancellationToken::new(), tasks: TaskTracker::new(), ..yard.clone() };
    for pace in Pace::ALL {
        let lane: Vec<Member> = members.extract_if(.., |member| member.projection.pace() == pace).collect();
        if !lane.is_empty() {
            term.spawn(MainLane::new(term.clone(), Rhythm::of(pace, term.most), lane).run());
        }
    }
    term.spawn(tell(term.clone()));
    let mut check = tokio::time::interval(CHECK);
    loop {
        tokio::select! {
            () = yard.stop.cancelled() => break,
            _ = check.tick() => if !lease.holds().await {
                tracing::warn!(partition = yard.partition.0, "lost the right to run the projections");
                break;
            }
        }
    }
    // What is being applied is finished first; its checkpoint keeps it from being applied twice.
    term.stop.cancel();
    term.tasks.close();
    term.tasks.wait().await;
    lease.give_back().await;
    Ok(())
}

/// Tells other processes where the projections are, for as long as this one leads.
async fn tell(yard: Yard) {
    loop {
        tokio::select! {
            () = yard.stop.cancelled() => return,
            () = yard.board.moved() => {}
        }
        if let Err(error) = publish(&yard).await {
            tracing::warn!(partition = yard.partition.0, why = chain(&error), "other processes cannot be told how far it is");
        }
        tokio::select! {
            () = yard.stop.cancelled() => return,
            () = tokio::time::sleep(TELL) => {}
        }
    }
}

async fn publish(yard: &Yard) -> Result<(), DbError> {
    let mut places = Vec::new();
    for (name, position) in yard.board.positions(yard.partition) {
        places.push((name, yard.models.serving(name)?.generation, position));
    }
    yard.models.catalogue().publish(yard.partition, &places).await
}

/// Looks where the leader is until it is time to try to lead.
async fn follow(yard: &Yard) -> Result<(), DbError> {
    for _ in 0..TRY_EVERY {
        let places: BTreeMap<String, Position> = yard.models.catalogue().progress(yard.partition).await?.into_iter().collect();
        for projection in yard.models.projections() {
            let position = places.get(projection.name()).copied().unwrap_or_default();
            yard.board.at(yard.partition, projection.name(), position, false);
            yard.board.recovered(yard.partition, projection.name());
        }
        tokio::select! {
            () = yard.stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(FOLLOW) => {}
        }
    }
    if let Ok(head) = yard.log.head(yard.partition).await {
        yard.board.head(yard.partition, head);
    }
    Ok(())
}

async fn load(yard: &Yard) -> Result<Vec<Member>, DbError> {
    let mut members = Vec::new();
    for projection in yard.models.projections() {
        let store = yard.models.serving(projection.name())?;
        let member = Member::load(Arc::clone(projection), store, yard.partition).await?;
        yard.board.at(yard.partition, projection.name(), member.position, false);
        yard.board.recovered(yard.partition, projection.name());
        members.push(member);
    }
    Ok(members)
}
