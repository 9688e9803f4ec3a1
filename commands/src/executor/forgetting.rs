//! Forgetting a customer with everything that is theirs.

use events::{ConversationId, CustomerId, PageId, StreamRef, TenantId};

use super::Executor;
use super::error::CommandError;
use super::outcome::{BulkMode, Executed};
use super::request::{Idempotency, Meta};
use crate::conversation::{Conversation, ConversationCommand};
use crate::customer::{Customer, CustomerCommand, CustomerRejection};

impl Executor {
    /// Forgets a customer and their conversations on these pages, which are to be all that the tenant ever had: where there was no
    /// conversation, there is nothing to do. The customer goes last, so that a repeat finishes what was interrupted; and since the
    /// id of a conversation follows from its customer and page, a message that comes in meanwhile cannot start it again.
    ///
    /// # Errors
    /// As [`Executor::execute`]. When it fails, some of the conversations may be forgotten already: repeat it.
    pub async fn forget_customer(
        &self,
        tenant: &TenantId,
        customer: &CustomerId,
        pages: &[PageId],
        meta: &Meta,
        idempotency: Option<&Idempotency>,
    ) -> Result<Executed<Customer>, CommandError<CustomerRejection>> {
        let conversation = |page| StreamRef::conversation(tenant, &ConversationId::of(customer, page));
        let commands = pages.iter().map(|page| (conversation(page), ConversationCommand::Forget)).collect();
        let forgotten = self.execute_bulk::<Conversation>(commands, meta, None, BulkMode::Chunked).await;
        // That there is none is the one rule which forgetting can break, and a bulk passes over that.
        forgotten.map_err(|error| error.with_rejection(|_| CustomerRejection::NotFound))?;
        let stream = StreamRef::customer(tenant, customer);
        self.execute::<Customer>(&stream, CustomerCommand::Forget, meta, idempotency).await
    }
}
