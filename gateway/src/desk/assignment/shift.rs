//! One partition: its queues first, and then what its log tells.

use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use commands::Tenant;
use events::conversation::UnassignmentCause;
use events::subject::Partition;
use events::tenant::AssignmentRule;
use events::{
    Commit, ConversationEvent, ConversationId, Event, Position, StreamKind, StreamRef, TenantEvent, TenantId, UserEvent, UserId,
};
use futures_util::{FutureExt, StreamExt};
use query_api::directory;

use super::AssignmentError;
use super::give::serve;
use crate::app::AppState;

/// The streams whose commits may bring an agent and a waiting customer together.
const TOLD_BY: [StreamKind; 3] = [StreamKind::Tenant, StreamKind::User, StreamKind::Conversation];

/// What is known of a partition's tenants.
pub(super) struct Shift<'a> {
    app: &'a AppState,
    partition: Partition,
    /// Those whose rule is that Kith gives customers to agents.
    served: HashSet<TenantId>,
    /// Agents who gave a customer back who still waits: the next one is to be somebody else.
    declined: HashMap<ConversationId, UserId>,
}

impl<'a> Shift<'a> {
    /// Works until something goes wrong.
    pub async fn work(app: &'a AppState, partition: Partition) -> Result<Infallible, AssignmentError> {
        let head = app.log.head(partition).await?;
        let mut tail = std::pin::pin!(app.log.tail_of(partition, &TOLD_BY, head));
        let mut shift = Self { app, partition, served: HashSet::new(), declined: HashMap::new() };
        shift.catch_up(head).await?;
        shift.look_around().await?;
        loop {
            let mut item = tail.next().await.ok_or(AssignmentError::Ended)??;
            let mut waiting = HashSet::new();
            // What is there already is looked at together: one look at a queue serves all who joined it.
            loop {
                waiting.extend(item.commit.as_ref().and_then(|commit| shift.note(commit)));
                match tail.next().now_or_never() {
                    Some(next) => item = next.ok_or(AssignmentError::Ended)??,
                    None => break,
                }
            }
            if waiting.is_empty() {
                continue;
            }
            shift.catch_up(item.position).await?;
            for tenant in waiting {
                serve(app, &tenant, &shift.declined).await?;
            }
        }
    }

    /// Waits until the read models show what was there at a position.
    async fn catch_up(&self, position: Position) -> Result<(), AssignmentError> {
        let in_time = self.app.progress.wait_for(self.partition, position, super::PATIENCE).await;
        if in_time { Ok(()) } else { Err(AssignmentError::Behind) }
    }

    /// Finds the tenants that are to be served, and serves them.
    async fn look_around(&mut self) -> Result<(), AssignmentError> {
        for row in directory::tenants(&self.app.models).await? {
            if self.app.log.partition_of(&row.id) != self.partition {
                continue;
            }
            let tenant = self.app.executor.load::<Tenant>(&StreamRef::tenant(&row.id)).await?;
            if tenant.state.assignment_rule == AssignmentRule::LeastBusy {
                serve(self.app, &row.id, &self.declined).await?;
                self.served.insert(row.id);
            }
        }
        Ok(())
    }

    /// Notes what a commit tells; the tenant whose queue is to be looked at, where it is.
    fn note(&mut self, commit: &Commit) -> Option<TenantId> {
        let stream = &commit.envelope.stream;
        let mut may_move = false;
        for new in &commit.events {
            may_move |= match &new.event {
                Event::Tenant(TenantEvent::AssignmentRuleSet(set)) => self.follow_rule(&stream.tenant, set.rule),
                Event::User(UserEvent::AvailabilitySet(set)) => set.available,
                Event::User(UserEvent::Activated(_) | UserEvent::RoleChanged(_)) => true,
                Event::Conversation(event) => self.note_of(stream, event),
                _ => false,
            };
        }
        (may_move && self.served.contains(&stream.tenant)).then(|| stream.tenant.clone())
    }

    fn follow_rule(&mut self, tenant: &TenantId, rule: AssignmentRule) -> bool {
        match rule {
            AssignmentRule::LeastBusy => self.served.insert(tenant.clone()),
            AssignmentRule::Manual => {
                self.served.remove(tenant);
                false
            }
        }
    }

    /// Whether a customer may be waiting after an event.
    fn note_of(&mut self, stream: &StreamRef, event: &ConversationEvent) -> bool {
        let Ok(id) = stream.id().parse::<ConversationId>() else { return false };
        match event {
            ConversationEvent::AgentRequested(_) => true,
            ConversationEvent::AgentUnassigned(it) => match it.cause {
                UnassignmentCause::GivenUp => {
                    self.declined.insert(id, it.agent.id.clone());
                    true
                }
                UnassignmentCause::Released | UnassignmentCause::Reassigned | UnassignmentCause::Closed => false,
            },
            ConversationEvent::AgentAssigned(_) | ConversationEvent::StopCleared(_) | ConversationEvent::Forgotten(_) => {
                self.declined.remove(&id);
                false
            }
            ConversationEvent::Started(_)
            | ConversationEvent::MessageReceived(_)
            | ConversationEvent::AgentReplied(_)
            | ConversationEvent::BotReplied(_)
            | ConversationEvent::MessageDelivered(_)
            | ConversationEvent::MessageFailed(_)
            | ConversationEvent::Read(_)
            | ConversationEvent::StatusChanged(_)
            | ConversationEvent::Retitled(_)
            | ConversationEvent::PrioritySet(_)
            | ConversationEvent::Rated(_) => false,
        }
    }
}
