//! A desk to work at: a tenant with a page, agents, and customers who write.

use commands::conversation::{Receive, RequestAgent, Start};
use commands::customer::Arrive;
use commands::page::Connect;
use commands::{Conversation, ConversationCommand, Customer, CustomerCommand, Meta, Page, PageCommand};
use events::conversation::RequestCause;
use events::{Contact, ConversationId, CustomerId, MessageId, PageId, Position, Role, Source, StreamRef, TenantId};
use serde_json::{Value, json};

use crate::house::{House, Somebody};
use crate::socket::{Port, Socket};

/// A tenant's desk.
pub struct Desk {
    pub tenant: TenantId,
    pub page: PageId,
}

/// A customer and their conversation with the desk's page.
pub struct Talker {
    pub customer: CustomerId,
    pub conversation: StreamRef,
    start: Start,
}

impl Desk {
    /// The desk of a new tenant.
    pub async fn open(house: &House) -> Self {
        let tenant = house.tenant("My Restaurant").await;
        let page = Self::page(house, &tenant, "Front Page").await;
        Self { tenant, page }
    }

    /// A new page of a tenant.
    pub async fn page(house: &House, tenant: &TenantId, name: &str) -> PageId {
        let page = PageId::generate();
        let connect = Connect { source: Source::Messenger, external_id: page.to_string(), name: name.to_owned() };
        let stream = StreamRef::page(tenant, &page);
        let done =
            house.state.executor.execute::<Page>(&stream, PageCommand::Connect(connect), &Meta::system("test"), None).await;
        settle(house, tenant, done.expect("a page").position).await;
        page
    }

    /// Somebody who works at it, by name.
    pub async fn agent(&self, house: &House, name: &str) -> Somebody {
        house.somebody_named(&self.tenant, Role::Agent, name).await
    }

    /// A customer who has written nothing yet.
    pub async fn customer(&self, house: &House, name: &str) -> Talker {
        let customer = CustomerId::generate();
        let (first, last) = name.split_once(' ').unwrap_or((name, ""));
        let contact = Contact {
            source: Source::Messenger,
            source_id: customer.to_string(),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            ..Contact::default()
        };
        let arrive = CustomerCommand::Arrive(Arrive::new(contact));
        let stream = StreamRef::customer(&self.tenant, &customer);
        let done = house.state.executor.execute::<Customer>(&stream, arrive, &Meta::system("test"), None).await;
        settle(house, &self.tenant, done.expect("a customer").position).await;
        let conversation = StreamRef::conversation(&self.tenant, &ConversationId::of(&customer, &self.page));
        let (source, title) = (Source::Messenger, name.to_owned());
        let start = Start { customer: customer.clone(), page: self.page.clone(), source, title };
        Talker { customer, conversation, start }
    }

    /// A customer who wants a person.
    pub async fn stopped(&self, house: &House, name: &str) -> Talker {
        let talker = self.customer(house, name).await;
        talker.writes(house, "I want to speak to a human").await;
        talker.asks(house).await;
        talker
    }

    /// An agent's socket.
    pub async fn socket(&self, port: &Port, who: &Somebody, query: &str) -> Socket {
        let bearer = [("authorization", format!("Bearer {}", who.access))];
        port.ask_at("/ws/desk/", query, &bearer).await.expect("a socket")
    }

    /// A message about a customer.
    pub fn about(&self, name: &str, talker: &Talker) -> Value {
        json!({ "type": name, "data": { "customer_id": talker.customer, "page_id": self.page } })
    }
}

impl Talker {
    /// The path of a document's endpoint about the customer.
    pub fn path(&self, rest: &str) -> String {
        format!("/api/dashboard/customers/{}{rest}", self.customer)
    }

    /// The path of another endpoint about the customer.
    pub fn desk(&self, rest: &str) -> String {
        format!("/api/desk/customers/{}{rest}", self.customer)
    }

    /// The same customer at another page.
    pub fn at(&self, tenant: &TenantId, page: &PageId) -> Self {
        let conversation = StreamRef::conversation(tenant, &ConversationId::of(&self.customer, page));
        Self { customer: self.customer.clone(), conversation, start: Start { page: page.clone(), ..self.start.clone() } }
    }

    /// The customer writes; gives the message.
    pub async fn writes(&self, house: &House, text: &str) -> MessageId {
        let message_id = MessageId::generate();
        let external_id = message_id.to_string();
        let (start, at) = (self.start.clone(), chrono::Utc::now());
        let text = text.to_owned();
        let receive = Receive { start, message_id: message_id.clone(), external_id, text, at };
        self.happens(house, ConversationCommand::Receive(receive)).await;
        message_id
    }

    /// The customer asks for a person.
    pub async fn asks(&self, house: &House) {
        self.happens(house, ConversationCommand::RequestAgent(RequestAgent::by(RequestCause::Customer))).await;
    }

    async fn happens(&self, house: &House, command: ConversationCommand) {
        let done = house.state.executor.execute::<Conversation>(&self.conversation, command, &Meta::system("test"), None).await;
        settle(house, &self.conversation.tenant, done.expect("taken in").position).await;
    }
}

async fn settle(house: &House, tenant: &TenantId, position: Position) {
    assert!(house.state.wait_for(tenant, position).await, "the read models are behind");
}
