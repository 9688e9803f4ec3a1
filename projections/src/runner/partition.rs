//! One partition: leads or follows.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::apply::Member;
use super::lane::MainLane;
use super::lease::Lease;
use super::yard::{Yard, chain};
use crate::db::DbError;
use crate::projection::Projection;

/// How often a follower looks where the leader is.
const FOLLOW: Duration = Duration::from_millis(20);
/// How often a follower tries to lead, in looks.
const TRY_EVERY: u32 = 25;
/// How often a leader makes sure that it still leads.
const CHECK: Duration = Duration::from_secs(1);

/// Runs the projections of a partition until stopped, whenever no other process does.
pub async fn run(yard: Yard, projections: Vec<Arc<dyn Projection>>) {
    while !yard.stop.is_cancelled() {
        let turn = async {
            match Lease::take(&yard.db, yard.partition).await? {
                Some(lease) => lead(&yard, &projections, lease).await,
                None => follow(&yard, &projections).await,
            }
        };
        if let Err(error) = turn.await {
            let why = chain(&error);
            tracing::error!(partition = yard.partition.0, why, "projections cannot run");
            for projection in &projections {
                yard.board.failed(yard.partition, projection.name(), &why);
            }
            tokio::select! {
                () = yard.stop.cancelled() => return,
                () = tokio::time::sleep(yard.backoff.0) => {}
            }
        }
    }
}

async fn lead(yard: &Yard, projections: &[Arc<dyn Projection>], mut lease: Lease) -> Result<(), DbError> {
    tracing::info!(partition = yard.partition.0, "runs the projections");
    let members = load(yard, projections).await?;
    let term = Yard { stop: CancellationToken::new(), tasks: TaskTracker::new(), ..yard.clone() };
    term.spawn(MainLane::new(term.clone(), members).run());
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

/// Looks where the leader is until it is time to try to lead.
async fn follow(yard: &Yard, projections: &[Arc<dyn Projection>]) -> Result<(), DbError> {
    for _ in 0..TRY_EVERY {
        load(yard, projections).await?;
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

async fn load(yard: &Yard, projections: &[Arc<dyn Projection>]) -> Result<Vec<Member>, DbError> {
    let mut members = Vec::with_capacity(projections.len());
    for projection in projections {
        let member = Member::load(&yard.db, Arc::clone(projection), yard.partition).await?;
        yard.board.at(yard.partition, projection.name(), member.position, false);
        yard.board.recovered(yard.partition, projection.name());
        members.push(member);
    }
    Ok(members)
}
