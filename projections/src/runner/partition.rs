//! One partition: leads or follows.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::apply::Member;
use super::lane::MainLane;
use super::lease::Lease;
use super::side_lane::SideLane;
use super::yard::{Yard, chain};
use crate::db::DbError;
use crate::projection::Pace;

/// How often a follower looks where the leader is.
const FOLLOW: Duration = Duration::from_millis(20);
/// How often a follower tries to lead, in looks.
const TRY_EVERY: u32 = 25;
/// How often a leader looks for stores to fill.
const ATTACH: Duration = Duration::from_millis(100);
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
            for (projection, slot) in yard.models.each() {
                yard.board.failed((yard.partition, projection.name()), slot.serving.generation, &why);
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
    let mut ways = BTreeMap::new();
    for pace in Pace::ALL {
        let lane: Vec<Member> = members.extract_if(.., |member| member.projection.pace() == pace).collect();
        let (lane, way) = MainLane::new(term.clone(), pace, lane);
        term.spawn(lane.run());
        ways.insert(pace, way);
    }
    term.spawn(tell(term.clone()));
    let led = stay(&term, yard, &ways, &mut lease).await;
    // What is being applied is finished first; its checkpoint keeps it from being applied twice.
    term.stop.cancel();
    term.tasks.close();
    term.tasks.wait().await;
    if led.is_ok() {
        publish(yard).await?;
    }
    lease.give_back().await;
    led
}

/// Leads as long as it may, and sees to stores that are to be filled beside those that are read.
async fn stay(term: &Yard, yard: &Yard, ways: &BTreeMap<Pace, mpsc::Sender<Member>>, lease: &mut Lease) -> Result<(), DbError> {
    let (mut check, mut attach) = (tokio::time::interval(CHECK), tokio::time::interval(ATTACH));
    let mut attached = BTreeSet::new();
    loop {
        tokio::select! {
            () = yard.stop.cancelled() => return Ok(()),
            _ = attach.tick() => attach_new(term, ways, &mut attached).await?,
            _ = check.tick() => if !lease.holds().await {
                tracing::warn!(partition = yard.partition.0, "lost the right to run the projections");
                return Ok(());
            }
        }
    }
}

/// Starts a lane for every store that is to take the place of one that is read.
async fn attach_new(
    term: &Yard,
    ways: &BTreeMap<Pace, mpsc::Sender<Member>>,
    attached: &mut BTreeSet<(&'static str, i64)>,
) -> Result<(), DbError> {
    for (projection, slot) in term.models.each() {
        let name = projection.name();
        let (Some(coming), Some(back)) = (slot.coming, ways.get(&projection.pace())) else { continue };
        if !attached.insert((name, coming.generation)) {
            continue;
        }
        tracing::info!(projection = name, generation = coming.generation, partition = term.partition.0, "fills a new store");
        let member = Member::load(projection, coming, term.partition).await?;
        term.board.out_of_step(term.key(&member), member.store.generation);
        term.spawn(SideLane { yard: term.clone(), member, most: term.most, back: back.clone() }.run(None));
    }
    Ok(())
}

/// Tells other processes where the projections are, for as long as this one leads.
async fn tell(yard: Yard) {
    let mut moved = yard.board.watch();
    loop {
        if let Err(error) = publish(&yard).await {
            tracing::warn!(partition = yard.partition.0, why = chain(&error), "other processes cannot be told how far it is");
        }
        tokio::select! {
            () = yard.stop.cancelled() => return,
            () = tokio::time::sleep(TELL) => {}
        }
        tokio::select! {
            () = yard.stop.cancelled() => return,
            _ = moved.changed() => {}
        }
    }
}

async fn publish(yard: &Yard) -> Result<(), DbError> {
    yard.models.catalogue().publish(yard.partition, &yard.board.places(yard.partition)).await
}

/// Looks where the leader is until it is time to try to lead.
async fn follow(yard: &Yard) -> Result<(), DbError> {
    // Where it cannot be looked up, it is the next time.
    let _ = yard.head().await;
    for _ in 0..TRY_EVERY {
        let places = yard.models.catalogue().places(yard.partition).await?;
        for (projection, slot) in yard.models.each() {
            let name = projection.name();
            for store in std::iter::once(&slot.serving).chain(&slot.coming) {
                let here = places.iter().find(|place| place.projection == name && place.generation == store.generation);
                if let Some(place) = here {
                    yard.board.at((yard.partition, name), store.generation, place.position, false);
                }
            }
            yard.board.recovered((yard.partition, name), slot.serving.generation);
        }
        tokio::select! {
            () = yard.stop.cancelled() => return Ok(()),
            () = tokio::time::sleep(FOLLOW) => {}
        }
    }
    Ok(())
}

/// The stores that are read, where their checkpoints say; those that are fenced are left out.
async fn load(yard: &Yard) -> Result<Vec<Member>, DbError> {
    let mut members = Vec::new();
    for (projection, slot) in yard.models.each() {
        let generation = slot.serving.generation;
        let member = Member::load(projection, slot.serving, yard.partition).await?;
        yard.board.at(yard.key(&member), generation, member.position, false);
        yard.board.recovered(yard.key(&member), generation);
        if !yard.is_of_another_log(&member).await {
            members.push(member);
        }
    }
    Ok(members)
}
