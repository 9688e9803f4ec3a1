//! One tenant's queue: who waits is given to who is least busy.

use std::collections::HashMap;

use commands::conversation::Assign;
use commands::{CommandError, Conversation, ConversationCommand, Meta, Precondition};
use events::conversation::{Agent, AssignmentCause};
use events::{ConversationId, Position, StreamRef, TenantId, UserId};
use query_api::Scope;
use query_api::desk::{self, AgentRow, Assigned, ConversationFilter, ConversationOrder, Window};

use super::AssignmentError;
use crate::app::AppState;

/// How many customers are looked at together.
const AT_ONCE: u64 = 200;

/// Gives the customers of a tenant who wait to agents, as long as there are agents to take them.
pub(super) async fn serve(
    app: &AppState,
    tenant: &TenantId,
    declined: &HashMap<ConversationId, UserId>,
) -> Result<(), AssignmentError> {
    let scope = Scope::tenant(tenant.clone());
    let filter = ConversationFilter {
        stopped: Some(true),
        assigned: Assigned::Nobody,
        order: ConversationOrder::LongestWaiting,
        ..ConversationFilter::default()
    };
    let mut agents = desk::agents(&app.models, &scope).await?;
    let mut left = 0;
    while agents.iter().any(|agent| agent.available) {
        let page = desk::conversations(&app.models, &scope, None, &filter, Window { skip: left, limit: AT_ONCE }).await?;
        let (mut settled, is_last) = (Position::START, (page.rows.len() as u64) < AT_ONCE);
        for row in page.rows {
            let stream = StreamRef::conversation(tenant, &row.id);
            match give(app, &stream, &mut agents, declined.get(&row.id)).await? {
                Some(position) => settled = settled.max(position),
                None => left += 1,
            }
        }
        if is_last {
            return Ok(());
        }
        // Whoever does not wait any more must be gone from the queue before the next look at it.
        if !app.wait_for(tenant, settled).await {
            return Err(AssignmentError::Behind);
        }
    }
    Ok(())
}

/// Gives one customer to the least busy agent. Gives the position since which the customer does not wait any more, whoever saw to
/// it; `None`: nobody can take them now.
async fn give(
    app: &AppState,
    stream: &StreamRef,
    agents: &mut [AgentRow],
    declined: Option<&UserId>,
) -> Result<Option<Position>, AssignmentError> {
    let Some(chosen) = choose(agents, declined) else { return Ok(None) };
    let agent = Agent { id: chosen.id.clone(), name: chosen.name.clone(), email: chosen.email.clone() };
    loop {
        let present = app.executor.load::<Conversation>(stream).await?;
        if !present.state.is_stopped() || present.state.agent().is_some() {
            return Ok(Some(present.position));
        }
        let command = ConversationCommand::Assign(Assign { agent: agent.clone(), cause: AssignmentCause::Rule });
        let (meta, precondition) = (Meta::system("assignment"), Precondition::version(present.version));
        match app.executor.execute_when::<Conversation>(stream, command, &meta, None, precondition).await {
            Ok(done) => {
                chosen.conversations += 1;
                let correlation_id = meta.correlation_id.as_str();
                tracing::info!(correlation_id, position = done.position.0, "a customer was given to an agent");
                return Ok(Some(done.position));
            }
            // The customer wrote in between, or somebody took them: another look tells.
            Err(CommandError::VersionMismatch { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The available agent who handles the fewest, but for the one who gave the customer back.
fn choose<'a>(agents: &'a mut [AgentRow], declined: Option<&UserId>) -> Option<&'a mut AgentRow> {
    let candidates = agents.iter().filter(|agent| Some(&agent.id) != declined).cloned().collect::<Vec<_>>();
    let id = desk::least_busy(&candidates)?.id.clone();
    agents.iter_mut().find(|agent| agent.id == id)
}
