//! One conversation at a door: which one is meant, what is asked of it, and how it looks then.

use chrono::Utc;
use commands::conversation::{Authority, ConversationState};
use commands::{Conversation, ConversationCommand, ConversationRejection, Executed, PageRejection};
use events::conversation::Agent;
use events::{ConversationId, CustomerId, PageId, Role, StreamRef};
use poem::http::StatusCode;
use query_api::customers::as_of::AsOf;
use query_api::desk::{self, Assignment, ConversationRow, Rating};

use super::objects::DeskCustomer;
use crate::problem::{Kind, Problem, reject};
use crate::rest::answer::Written;
use crate::rest::call::Call;
use crate::rest::params::{Free, Text};
use crate::rest::unreadable;

/// A conversation that is meant. Whether there is one, its stream tells.
pub struct Talk {
    /// The conversation.
    pub id: ConversationId,
    /// The customer.
    pub customer: CustomerId,
    /// The page.
    pub page: PageId,
    /// The conversation's stream.
    pub stream: StreamRef,
}

/// The 404 problem of spec 001: there is no such customer, or another tenant has them, or they never wrote to the page.
#[must_use]
pub fn customer_not_found() -> Problem {
    reject(&ConversationRejection::NotFound)
}

/// The 403 problem of spec 001: there is no such page, or another tenant has it.
#[must_use]
pub fn page_denied() -> Problem {
    reject(&PageRejection::AccessDenied)
}

/// The page that an operation on one customer is about: the one that the body names, or the URL.
#[must_use]
pub fn page_meant<'a>(body: Option<&'a str>, url: &'a Text<Free>) -> Option<&'a str> {
    body.filter(|page| !page.is_empty()).or(url.as_deref())
}

impl<O> Call<O> {
    /// Who asks, as an agent.
    #[must_use]
    pub fn agent(&self) -> Agent {
        let session = &self.session;
        Agent { id: session.user.clone(), name: session.name.clone(), email: session.email.clone() }
    }

    /// On whose word a person's help ends: those who manage the tenant end anybody's, agents their own.
    #[must_use]
    pub fn authority(&self) -> Authority {
        match self.session.role {
            Role::Operator | Role::Owner | Role::Admin => Authority::Manager,
            Role::Agent | Role::Provider | Role::Viewer => Authority::Agent(self.session.user.clone()),
        }
    }

    /// Whether who asks manages the tenant.
    #[must_use]
    pub fn is_manager(&self) -> bool {
        self.authority() == Authority::Manager
    }

    /// A page of the tenant.
    ///
    /// # Errors
    /// The 403 problem when it has no such page, and when the read models do not answer.
    pub async fn page(&self, page: &str) -> Result<PageId, Problem> {
        let page: PageId = page.parse().map_err(|_| page_denied())?;
        let row = desk::page(&self.app.models, &self.scope(), &page).await.map_err(unreadable)?;
        row.map(|row| row.id).ok_or_else(page_denied)
    }

    /// The page that a list is kept to, where one is named.
    ///
    /// # Errors
    /// As of [`Call::page`].
    pub async fn page_if_named(&self, page: &Text<Free>) -> Result<Option<PageId>, Problem> {
        match page.as_deref() {
            Some(page) => self.page(page).await.map(Some),
            None => Ok(None),
        }
    }

    /// The conversation of a customer and a page; without a page the one in which something was written last.
    ///
    /// # Errors
    /// The problem when there is no such page, or no page is named and there is no conversation, or the customer was forgotten.
    pub async fn talk(&self, customer: &str, page: Option<&str>) -> Result<Talk, Problem> {
        let customer: CustomerId = customer.parse().map_err(|_| customer_not_found())?;
        let page = match page {
            Some(page) => self.page(page).await?,
            None => match self.look_up(None, &customer, None).await? {
                Some(row) => row.page,
                None => return Err(self.why_unseen(&customer).await?),
            },
        };
        let id = ConversationId::of(&customer, &page);
        let stream = StreamRef::conversation(&self.tenant.id, &id);
        Ok(Talk { id, customer, page, stream })
    }

    /// The same conversation as it was at a moment, or is, to be shown.
    ///
    /// # Errors
    /// The problem when there is no such page or no such conversation, or the customer was forgotten.
    pub async fn seen(&self, moment: Option<AsOf>, customer: &str, page: Option<&str>) -> Result<ConversationRow, Problem> {
        let customer: CustomerId = customer.parse().map_err(|_| customer_not_found())?;
        match self.look_up(moment, &customer, page).await? {
            Some(row) => Ok(row),
            None => Err(self.why_unseen(&customer).await?),
        }
    }

    async fn look_up(
        &self,
        moment: Option<AsOf>,
        customer: &CustomerId,
        page: Option<&str>,
    ) -> Result<Option<ConversationRow>, Problem> {
        let (models, scope) = (&self.app.models, self.scope());
        let Some(page) = page else {
            let rows = desk::conversations_of(models, &scope, moment, customer).await.map_err(unreadable)?;
            return Ok(rows.into_iter().next());
        };
        let id = ConversationId::of(customer, &self.page(page).await?);
        desk::conversation(models, &scope, moment, &id).await.map_err(unreadable)
    }

    /// Why there is nothing to see of a customer: they were forgotten, or were never there.
    async fn why_unseen(&self, customer: &CustomerId) -> Result<Problem, Problem> {
        let stream = StreamRef::customer(&self.tenant.id, customer);
        let why = self.why_absent(&stream).await?;
        Ok(if why.kind() == Kind::NotFound { customer_not_found() } else { why })
    }

    /// Asks something of a conversation.
    ///
    /// # Errors
    /// The rule that it breaks, or why it could not be carried out.
    pub async fn ask(&self, talk: &Talk, command: ConversationCommand, digest: &[u8]) -> Result<Executed<Conversation>, Problem> {
        match self.execute::<Conversation>(&talk.stream, command, digest).await {
            Err(problem) if problem.kind() == Kind::NotFound || problem.kind().status() == StatusCode::GONE => {
                Err(self.why_unseen(&talk.customer).await?)
            }
            done => done,
        }
    }

    /// Asks something of a customer's conversation, and answers how it looks then.
    ///
    /// # Errors
    /// As [`Call::talk`] and [`Call::ask`].
    pub async fn asked(
        &self,
        customer: &str,
        page: Option<&str>,
        command: ConversationCommand,
        digest: &[u8],
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let talk = self.talk(customer, page).await?;
        self.asked_of(&talk, command, digest).await
    }

    /// Asks something of a conversation, and answers how it looks then.
    ///
    /// # Errors
    /// As [`Call::ask`].
    pub async fn asked_of(
        &self,
        talk: &Talk,
        command: ConversationCommand,
        digest: &[u8],
    ) -> Result<Written<DeskCustomer, 200>, Problem> {
        let done = self.ask(talk, command, digest).await?;
        let customer = self.shown(talk, &done).await?;
        Ok(Written::settle(self, customer, done.position).await.version(done.version))
    }

    /// A conversation as a command left it; `None` where the client does not want to wait for it.
    ///
    /// # Errors
    /// When the read models do not answer.
    pub async fn shown(&self, talk: &Talk, done: &Executed<Conversation>) -> Result<Option<DeskCustomer>, Problem> {
        if self.respond_async {
            return Ok(None);
        }
        // What is not shown in time is told from the state alone.
        let _in_time = self.app.wait_for(&self.tenant.id, done.position).await;
        let row = desk::conversation(&self.app.models, &self.scope(), None, &talk.id).await.map_err(unreadable)?;
        let row = as_left(row, talk, done);
        Ok(Some(DeskCustomer::of(row, &self.tenant, &self.session.user, Utc::now())))
    }
}

/// The row of a conversation as a command left it: the state after it is the truth, whether the read models are behind it or have
/// gone on since.
fn as_left(row: Option<ConversationRow>, talk: &Talk, done: &Executed<Conversation>) -> ConversationRow {
    let state = &done.state;
    let row = row.unwrap_or_else(|| unnamed(talk, state));
    if row.version == done.version {
        return row;
    }
    let updated_at = state.updated_at.unwrap_or(row.updated_at);
    let assignment = state.assignment.clone();
    let rating = state.rating.clone();
    ConversationRow {
        version: done.version,
        title: state.title.clone(),
        status: state.status,
        stopped_at: state.stopped_at,
        assignment: assignment.map(|it| Assignment { agent: it.agent, assigned_at: it.assigned_at }),
        priority: state.priority,
        unread: state.unread.into(),
        message_count: state.messages(),
        rating: rating.map(|rated| Rating { score: rated.score, comment: rated.comment, rated_at: updated_at }),
        last_message_at: state.last_message_at,
        updated_at,
        ..row
    }
}

/// A conversation that the read models do not show yet: without the names that others gave.
fn unnamed(talk: &Talk, state: &ConversationState) -> ConversationRow {
    let started_at = state.created_at.unwrap_or_default();
    ConversationRow {
        id: talk.id.clone(),
        version: 0,
        customer: talk.customer.clone(),
        customer_name: String::new(),
        first_name: String::new(),
        last_name: String::new(),
        source: state.source,
        source_id: String::new(),
        page: talk.page.clone(),
        page_name: String::new(),
        title: String::new(),
        status: state.status,
        stopped_at: None,
        assignment: None,
        priority: state.priority,
        unread: 0,
        message_count: 0,
        last_message: None,
        rating: None,
        first_seen: started_at,
        last_seen: started_at,
        last_message_at: None,
        created_at: started_at,
        updated_at: started_at,
    }
}
