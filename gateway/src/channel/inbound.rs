//! A customer's message becomes events: who wrote, what, and whether a person is asked for, each message once.

use chrono::{DateTime, Utc};
use commands::conversation::{Acknowledgement, Receive, RequestAgent, Start, limits};
use commands::{
    CommandError, Conversation, ConversationCommand, ConversationRejection, ConversationState, CustomerRejection, Executed,
    Idempotency, Meta, Page, PageRejection, Precondition,
};
use events::conversation::RequestCause;
use events::{
    Actor, ActorKind, ConversationEvent, ConversationId, CorrelationId, CustomerId, MessageId, PageId, Position, Source,
    StreamRef, TenantId,
};

use super::arrive::{Person, arrive, come_back, whose};
use crate::app::AppState;
use crate::desk::detector::Finding;
use crate::problem::{Kind, Problem, reject};

/// What the bot says to a customer who asks for a person (spec 001, "Scenario 1").
pub const ACKNOWLEDGEMENT: &str = "I've notified our team. Someone will assist you shortly.";
/// How often others may be faster.
const ATTEMPTS: usize = 16;

/// A message as a channel tells it.
#[derive(Debug, Clone)]
pub struct Inbound {
    /// Who wrote; the channel is the page's.
    pub person: Person,
    /// The channel's own id of the message; empty where it gives none, and then every delivery counts.
    pub external_id: String,
    /// What was written.
    pub text: String,
    /// When, by the channel's clock; now where it does not tell.
    pub at: Option<DateTime<Utc>>,
}

/// On whose behalf messages are taken in.
#[derive(Debug, Clone)]
pub enum Bearer {
    /// The channel's own call: the customer acts.
    Channel(CorrelationId),
    /// A program or a person of the tenant that hands a message on.
    Caller(Meta),
}

impl Bearer {
    /// What goes with the commands. A customer is named by their id alone, so that no name stands where erasure does not reach.
    fn meta(&self, customer: &CustomerId) -> Meta {
        match self {
            Self::Caller(meta) => meta.clone(),
            Self::Channel(correlation_id) => {
                let actor = Actor { id: customer.to_string(), kind: ActorKind::Customer, name: "Customer".to_owned() };
                Meta::new(actor, correlation_id.clone())
            }
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// Who wrote.
    pub customer: CustomerId,
    /// Whether they were not known before.
    pub is_new_customer: bool,
    /// Where it stands.
    pub conversation: ConversationId,
    /// Up to where the log has it.
    pub position: Position,
    /// Whether it had been taken in before.
    pub is_repeated: bool,
    /// Whether it asked for a person, who is wanted from now on.
    pub agent_requested: bool,
    /// Whether the bot keeps still.
    pub is_stopped: bool,
}

/// Takes a message to a page of a tenant in. Once it is answered, all of it is in the log: the customer, the message, and that a
/// person is wanted, which is one commit with the message. A customer who was deleted is back in lists then, so that nobody who wants
/// something is overlooked. A repeat by its key is answered as the first was, one by its message id with how the conversation is now;
/// neither changes anything: nobody is back for it, and nobody is entered.
///
/// # Errors
/// The problem: the page is none of the tenant's or disconnected, what the channel tells breaks a rule, or the log does not take it.
pub async fn take_in(
    app: &AppState,
    tenant: &TenantId,
    page: &PageId,
    inbound: Inbound,
    bearer: &Bearer,
    idempotency: Option<&Idempotency>,
) -> Result<TakenIn, Problem> {
    if let Some(idempotency) = idempotency
        && let Some(before) = app.executor.answered::<Conversation>(tenant, idempotency).await?
    {
        return Ok(taken_in_before(before)?);
    }
    let source = the_page_takes_messages(app, tenant, page).await?;
    let Inbound { mut person, external_id, text, at } = inbound;
    person.contact.source = source;
    for _ in 0..ATTEMPTS {
        let known = whose(&app.executor, tenant, &person.contact).await.map_err(CommandError::<CustomerRejection>::from)?;
        if let Some(before) = delivered_before(app, tenant, page, known.as_ref(), &external_id).await? {
            return Ok(before);
        }
        let found = arrive(&app.executor, tenant, &person, known, |customer| bearer.meta(customer)).await?;
        let start = Start { customer: found.id.clone(), page: page.clone(), source, title: found.name.clone() };
        let receive = Receive {
            start,
            message_id: MessageId::generate(),
            external_id: external_id.clone(),
            text: text.clone(),
            at: at.unwrap_or_else(Utc::now),
        };
        let stream = StreamRef::conversation(tenant, &ConversationId::of(&found.id, page));
        let meta = bearer.meta(&found.id);
        if found.is_deleted {
            match come_back(&app.executor, tenant, &found.id, source, &meta).await {
                Err(CommandError::Rejected(CustomerRejection::Forgotten)) => continue,
                back => back?,
            }
        }
        match hear(app, &stream, receive, &meta, idempotency).await {
            Ok(heard) => return Ok(heard.of(found.id, found.is_new, page)),
            // They are being forgotten: whoever writes next is somebody new.
            Err(CommandError::Rejected(ConversationRejection::Forgotten)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Problem::new(Kind::Conflict, "The customer is being forgotten at this moment; try again."))
}

/// What became of a message whose key was used for it before.
fn taken_in_before(done: Executed<Conversation>) -> Result<TakenIn, CommandError<ConversationRejection>> {
    match (&done.state.customer, &done.state.page) {
        (Some(customer), Some(page)) => Ok(Heard::done(&done).of(customer.clone(), false, page)),
        (_, _) => Err(CommandError::Erased),
    }
}

/// The page must be the tenant's, and connected. Gives its channel.
async fn the_page_takes_messages(app: &AppState, tenant: &TenantId, page: &PageId) -> Result<Source, Problem> {
    let page = app.executor.load::<Page>(&StreamRef::page(tenant, page)).await.map_err(CommandError::<PageRejection>::from)?;
    match (page.state.exists(), page.state.is_connected) {
        (false, _) => Err(reject(&PageRejection::AccessDenied)),
        (true, false) => Err(reject(&PageRejection::Disconnected)),
        (true, true) => Ok(page.state.source),
    }
}

/// What became of a message that the channel delivered before. It brings nobody back, and what it tells of who wrote is old.
async fn delivered_before(
    app: &AppState,
    tenant: &TenantId,
    page: &PageId,
    customer: Option<&CustomerId>,
    external_id: &str,
) -> Result<Option<TakenIn>, CommandError<ConversationRejection>> {
    let Some(customer) = customer.filter(|_| !external_id.is_empty()) else { return Ok(None) };
    let stream = StreamRef::conversation(tenant, &ConversationId::of(customer, page));
    let known = app.executor.load::<Conversation>(&stream).await?;
    let is_heard = known.state.has_heard(external_id);
    Ok(is_heard.then(|| Heard::again(&known.state, known.position).of(customer.clone(), false, page)))
}

/// What the conversation is once it has the message.
struct Heard {
    position: Position,
    is_repeated: bool,
    agent_requested: bool,
    is_stopped: bool,
}

impl Heard {
    fn of(self, customer: CustomerId, is_new_customer: bool, page: &PageId) -> TakenIn {
        let Self { position, is_repeated, agent_requested, is_stopped } = self;
        let conversation = ConversationId::of(&customer, page);
        TakenIn { customer, is_new_customer, conversation, position, is_repeated, agent_requested, is_stopped }
    }

    fn again(state: &ConversationState, position: Position) -> Self {
        Self { position, is_repeated: true, agent_requested: false, is_stopped: state.is_stopped() }
    }

    fn done(done: &Executed<Conversation>) -> Self {
        Self {
            position: done.position,
            is_repeated: done.replayed || done.events.is_empty(),
            agent_requested: done.events.iter().any(|event| matches!(event, ConversationEvent::AgentRequested(_))),
            is_stopped: done.state.is_stopped(),
        }
    }
}

/// Records a message, and in the same commit that it asks for a person, so that no crash comes between the two.
async fn hear(
    app: &AppState,
    stream: &StreamRef,
    receive: Receive,
    meta: &Meta,
    idempotency: Option<&Idempotency>,
) -> Result<Heard, CommandError<ConversationRejection>> {
    let mut finding: Option<Finding> = None;
    for _ in 0..ATTEMPTS {
        let known = app.executor.load::<Conversation>(stream).await?;
        if known.state.has_heard(&receive.external_id) {
            return Ok(Heard::again(&known.state, known.position));
        }
        if finding.is_none() && !known.state.is_stopped() {
            finding = Some(app.channel.detector.examine(&receive.text).await);
        }
        let request = finding.filter(|finding| finding.asks && !known.state.is_stopped()).map(|it| request(it, &known.state));
        // A request goes with this very message: should anything have come between, it is looked at again.
        let precondition = if request.is_some() { Precondition::version(known.version) } else { Precondition::default() };
        let commands: Vec<_> = [ConversationCommand::Receive(receive.clone())].into_iter().chain(request).collect();
        match app.executor.execute_all::<Conversation>(stream, &commands, meta, idempotency, precondition).await {
            Err(CommandError::VersionMismatch { .. }) => {}
            done => return done.map(|done| Heard::done(&done)),
        }
    }
    Err(CommandError::Conflict { winner: None })
}

/// That a person is wanted, with a word to the customer where the outbox has room for it.
fn request(finding: Finding, state: &ConversationState) -> ConversationCommand {
    let word = || Acknowledgement { message_id: MessageId::generate(), text: ACKNOWLEDGEMENT.to_owned() };
    ConversationCommand::RequestAgent(RequestAgent {
        cause: RequestCause::Detector,
        detector: Some(finding.by.name().to_owned()),
        acknowledgement: (state.pending.len() < limits::PENDING).then(word),
    })
}
