//! What the events of a desk add up to, counted the plain way.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use events::conversation::{ConversationEvent, Priority, Status};
use events::{ConversationId, CustomerEvent, Event, MessageId, PageId, Recorded, TenantId};
use query_api::desk::{Assigned, ConversationFilter, ConversationOrder, ConversationRow};

/// What is compared of a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct Talk {
    pub id: ConversationId,
    pub customer_name: String,
    pub page: PageId,
    pub title: String,
    pub status: Status,
    pub stopped: Option<i64>,
    pub agent: Option<String>,
    pub priority: Priority,
    pub unread: u64,
    pub messages: u64,
    pub rating: Option<u8>,
    pub version: u64,
}

impl Talk {
    /// What is compared of a row.
    pub fn of(row: &ConversationRow) -> Self {
        Self {
            id: row.id.clone(),
            customer_name: row.customer_name.clone(),
            page: row.page.clone(),
            title: row.title.clone(),
            status: row.status,
            stopped: row.stopped_at.map(|at| at.timestamp_micros()),
            agent: row.agent().map(|agent| agent.id.to_string()),
            priority: row.priority,
            unread: row.unread,
            messages: row.message_count,
            rating: row.rating.as_ref().map(|rating| rating.score),
            version: row.version,
        }
    }
}

#[derive(Debug)]
struct Known {
    talk: Talk,
    customer: String,
    began: u64,
    active: u64,
    messages: Vec<(MessageId, String)>,
}

/// Everything that was counted.
#[derive(Debug, Default)]
pub struct Recount {
    talks: BTreeMap<(TenantId, String), Known>,
    names: BTreeMap<(TenantId, String), String>,
}

impl Recount {
    /// Counts these events.
    pub fn of(events: &[Recorded]) -> Self {
        let mut recount = Self::default();
        for recorded in events {
            let key = (recorded.envelope.stream.tenant.clone(), recorded.envelope.stream.id().to_owned());
            match &recorded.event {
                Event::Customer(event) => recount.customer(key, event),
                Event::Conversation(event) => recount.conversation(key, recorded, event),
                _ => {}
            }
        }
        recount
    }

    fn customer(&mut self, key: (TenantId, String), event: &CustomerEvent) {
        match event {
            CustomerEvent::Arrived(data) => drop(self.names.insert(key, data.profile.name.clone())),
            CustomerEvent::ProfileChanged(data) => drop(data.name.clone().map(|name| self.names.insert(key, name))),
            CustomerEvent::Forgotten(_) => drop(self.names.remove(&key)),
            _ => {}
        }
    }

    fn conversation(&mut self, key: (TenantId, String), recorded: &Recorded, event: &ConversationEvent) {
        if let ConversationEvent::Started(data) = event {
            let talk = Talk {
                id: key.1.parse().expect("an id"),
                customer_name: String::new(),
                page: data.page.clone(),
                title: data.title.clone(),
                status: Status::Active,
                stopped: None,
                agent: None,
                priority: Priority::Normal,
                unread: 0,
                messages: 0,
                rating: None,
                version: recorded.version,
            };
            let (began, customer) = (recorded.position.0, data.customer.to_string());
            self.talks.insert(key, Known { talk, customer, began, active: began, messages: Vec::new() });
        } else if let ConversationEvent::Forgotten(_) = event {
            self.talks.remove(&key);
        } else {
            self.talks.get_mut(&key).expect("it started").next(recorded, event);
        }
    }

    /// The conversations that a filter lets through, in its order.
    pub fn list(&self, tenant: &TenantId, filter: &ConversationFilter) -> Vec<Talk> {
        let of_tenant = self.talks.iter().filter(|((of, _), _)| of == tenant).map(|(_, known)| known);
        let mut found: Vec<&Known> = of_tenant.filter(|known| self.fits(tenant, known, filter)).collect();
        match filter.order {
            ConversationOrder::NewestActivity => found.sort_by_key(|known| Reverse((known.active, known.began))),
            ConversationOrder::LongestWaiting => {
                found.sort_by_key(|known| (Reverse(known.talk.priority), known.talk.stopped, known.began));
            }
        }
        let named = |known: &Known| Talk { customer_name: self.name(tenant, known), ..known.talk.clone() };
        found.into_iter().map(named).collect()
    }

    fn name(&self, tenant: &TenantId, known: &Known) -> String {
        self.names.get(&(tenant.clone(), known.customer.clone())).cloned().unwrap_or_default()
    }

    fn fits(&self, tenant: &TenantId, known: &Known, filter: &ConversationFilter) -> bool {
        let (talk, name) = (&known.talk, self.name(tenant, known).to_lowercase());
        let assigned = match &filter.assigned {
            Assigned::Anyone => true,
            Assigned::Nobody => talk.agent.is_none(),
            Assigned::Somebody => talk.agent.is_some(),
            Assigned::To(agent) => talk.agent.as_deref() == Some(agent.as_str()),
        };
        assigned
            && filter.page.as_ref().is_none_or(|page| *page == talk.page)
            && filter.stopped.is_none_or(|stopped| stopped == talk.stopped.is_some())
            && filter.status.is_none_or(|status| status == talk.status)
            && filter.priority.is_none_or(|priority| priority == talk.priority)
            && (filter.order == ConversationOrder::NewestActivity || talk.stopped.is_some())
            && filter.search.to_lowercase().split_whitespace().all(|word| name.contains(word))
    }

    /// The messages of a conversation, newest first.
    pub fn messages(&self, tenant: &TenantId, id: &ConversationId) -> Vec<(MessageId, String)> {
        let known = self.talks.get(&(tenant.clone(), id.to_string()));
        known.map(|known| known.messages.iter().rev().cloned().collect()).unwrap_or_default()
    }
}

impl Known {
    fn next(&mut self, recorded: &Recorded, event: &ConversationEvent) {
        let talk = &mut self.talk;
        talk.version = recorded.version;
        let mut write = |id: &MessageId, text: &str| {
            talk.messages += 1;
            self.active = recorded.position.0;
            self.messages.push((id.clone(), text.replace('\0', "\u{FFFD}")));
        };
        match event {
            ConversationEvent::MessageReceived(data) => {
                write(&data.message_id, &data.text);
                talk.unread += 1;
            }
            ConversationEvent::AgentReplied(data) => write(&data.message_id, &data.text),
            ConversationEvent::BotReplied(data) => write(&data.message_id, &data.text),
            ConversationEvent::AgentRequested(_) => talk.stopped = Some(recorded.envelope.recorded_at.timestamp_micros()),
            ConversationEvent::StopCleared(_) => talk.stopped = None,
            ConversationEvent::AgentAssigned(data) => talk.agent = Some(data.agent.id.to_string()),
            ConversationEvent::AgentUnassigned(_) => talk.agent = None,
            ConversationEvent::Read(data) => talk.unread = data.unread.into(),
            ConversationEvent::StatusChanged(data) => talk.status = data.status,
            ConversationEvent::Retitled(data) => talk.title.clone_from(&data.title),
            ConversationEvent::PrioritySet(data) => talk.priority = data.priority,
            ConversationEvent::Rated(data) => talk.rating = Some(data.score),
            _ => {}
        }
    }
}
