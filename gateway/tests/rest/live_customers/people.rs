//! Customers who write, with tags.

use commands::conversation::{MarkRead, Receive, Start};
use commands::customer::{Arrive, PutTag, TakeTag};
use commands::tag::{Create, Rename};
use commands::{Conversation, ConversationCommand, Customer, CustomerCommand, Meta, Tag, TagCommand};
use events::{Contact, ConversationId, CustomerId, MessageId, PageId, Position, Source, StreamRef, TagId, TenantId};

use crate::house::House;

/// What happens to a tenant's customers.
pub struct People<'a> {
    pub house: &'a House,
    pub tenant: TenantId,
    page: PageId,
}

impl<'a> People<'a> {
    pub fn of(house: &'a House, tenant: &TenantId) -> Self {
        Self { house, tenant: tenant.clone(), page: PageId::generate() }
    }

    pub async fn customer(&self, id: &CustomerId, command: CustomerCommand) -> Position {
        let stream = StreamRef::customer(&self.tenant, id);
        let done = self.house.state.executor.execute::<Customer>(&stream, command, &Meta::system("test"), None).await;
        self.shown(done.expect("done").position).await
    }

    pub async fn talk(&self, customer: &CustomerId, command: ConversationCommand) -> Position {
        let stream = StreamRef::conversation(&self.tenant, &ConversationId::of(customer, &self.page));
        let done = self.house.state.executor.execute::<Conversation>(&stream, command, &Meta::system("test"), None).await;
        self.shown(done.expect("done").position).await
    }

    async fn tag_command(&self, id: &TagId, command: TagCommand) {
        let stream = StreamRef::tag(&self.tenant, id);
        let done = self.house.state.executor.execute::<Tag>(&stream, command, &Meta::system("test"), None).await;
        self.shown(done.expect("done").position).await;
    }

    /// Waits as a door does after a write.
    async fn shown(&self, position: Position) -> Position {
        assert!(self.house.state.wait_for(&self.tenant, position).await, "the read models are behind");
        position
    }

    /// Somebody arrives over a channel.
    pub async fn arrive(&self, source: Source, first_name: &str, last_name: &str, email: &str) -> CustomerId {
        let id = CustomerId::generate();
        let [first_name, last_name] = [first_name, last_name].map(str::to_owned);
        let username = first_name.to_lowercase();
        let contact = Contact { source, source_id: id.to_string(), username, first_name, last_name, ..Contact::default() };
        let arrive = Arrive { contact, email: email.to_owned(), phone: String::new() };
        self.customer(&id, CustomerCommand::Arrive(arrive)).await;
        id
    }

    /// They write.
    pub async fn write(&self, customer: &CustomerId, source: Source, text: &str) {
        let start = Start { customer: customer.clone(), page: self.page.clone(), source, title: "Support Chat".to_owned() };
        let receive = Receive {
            start,
            message_id: MessageId::generate(),
            external_id: String::new(),
            text: text.to_owned(),
            at: chrono::Utc::now(),
        };
        self.talk(customer, ConversationCommand::Receive(receive)).await;
    }

    /// Somebody reads what they wrote.
    pub async fn read(&self, customer: &CustomerId) {
        self.talk(customer, ConversationCommand::MarkRead(MarkRead { up_to: None })).await;
    }

    /// A new tag.
    pub async fn tag(&self, name: &str) -> TagId {
        let id = TagId::generate();
        self.tag_command(&id, TagCommand::Create(Create { name: name.to_owned() })).await;
        id
    }

    pub async fn rename_tag(&self, tag: &TagId, name: &str) {
        self.tag_command(tag, TagCommand::Rename(Rename { name: name.to_owned() })).await;
    }

    pub async fn delete_tag(&self, tag: &TagId) {
        self.tag_command(tag, TagCommand::Delete).await;
    }

    pub async fn put(&self, customer: &CustomerId, tag: &TagId) -> Position {
        let put = PutTag { tag: tag.clone(), name: "a tag".to_owned() };
        self.customer(customer, CustomerCommand::PutTag(put)).await
    }

    pub async fn take(&self, customer: &CustomerId, tag: &TagId) -> Position {
        self.customer(customer, CustomerCommand::TakeTag(TakeTag { tag: tag.clone() })).await
    }
}
