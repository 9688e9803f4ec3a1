//! Pages, tags, agents and answers that wait, counted the plain way.

use std::collections::{BTreeMap, BTreeSet};

use events::{ConversationEvent, Event, PageEvent, Recorded, Source, TagEvent, UserEvent};
use projections::ReadModels;
use proptest::prelude::*;
use query_api::Scope;
use query_api::desk::{self, AgentRow};

/// What is compared of an agent: name, whether they may sign in, whether they are available, and how many they handle.
type Agent = (String, bool, bool, u64);

#[derive(Default)]
struct People {
    pages: BTreeMap<String, (String, String, bool)>,
    tags: BTreeMap<String, String>,
    agents: BTreeMap<String, Agent>,
    held: BTreeMap<String, String>,
    pending: BTreeMap<String, BTreeSet<String>>,
}

/// Asks for everything of a tenant as it is now, and compares it with the events.
pub async fn agree(models: &ReadModels, scope: &Scope, events: &[Recorded]) -> Result<(), TestCaseError> {
    let counted = People::of(scope, events);
    let pages = desk::pages(models, scope).await.expect("pages");
    let shown = pages.iter().map(|page| (page.id.to_string(), (page.name.clone(), page.external_id.clone(), page.connected)));
    prop_assert_eq!(shown.collect::<BTreeMap<_, _>>(), counted.pages.clone());
    for (id, (_, account, connected)) in &counted.pages {
        let found = desk::page_of_account(models, scope, Source::Messenger, account).await.expect("a page");
        prop_assert_eq!(found.map(|page| page.id.to_string()), connected.then(|| id.clone()));
        let row = desk::page(models, scope, &id.parse().expect("an id")).await.expect("a page");
        prop_assert_eq!(row.as_ref(), pages.iter().find(|page| page.id.as_str() == id));
    }
    let tags = desk::tags(models, scope).await.expect("tags");
    prop_assert!(tags.is_sorted_by_key(|tag| tag.name.to_lowercase()));
    prop_assert_eq!(tags.into_iter().map(|tag| (tag.id.to_string(), tag.name)).collect::<BTreeMap<_, _>>(), counted.tags.clone());
    let agents = desk::agents(models, scope).await.expect("agents");
    let agent = |row: &AgentRow| (row.name.clone(), row.is_active, row.available, row.conversations);
    prop_assert_eq!(
        agents.iter().map(|row| (row.id.to_string(), agent(row))).collect::<BTreeMap<_, _>>(),
        counted.agents.clone()
    );
    let available = counted.agents.iter().filter(|(_, (_, _, available, _))| *available);
    let least = available.min_by_key(|(id, (_, _, _, handled))| (*handled, (*id).clone()));
    prop_assert_eq!(desk::least_busy(&agents).map(|row| row.id.to_string()), least.map(|(id, _)| id.clone()));
    let pending = desk::pending(models, None, 1_000).await.expect("answers");
    prop_assert!(pending.is_sorted_by_key(|waiting| waiting.place));
    let of_tenant = pending.into_iter().filter(|waiting| waiting.tenant == *scope.id());
    let mut shown: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for waiting in of_tenant {
        shown.entry(waiting.conversation.to_string()).or_default().insert(waiting.message.to_string());
    }
    prop_assert_eq!(shown, counted.pending);
    Ok(())
}

impl People {
    fn of(scope: &Scope, events: &[Recorded]) -> Self {
        let mut people = Self::default();
        for recorded in events.iter().filter(|recorded| recorded.envelope.stream.tenant == *scope.id()) {
            people.next(recorded.envelope.stream.id(), &recorded.event);
        }
        for agent in people.held.values() {
            people.agents.entry(agent.clone()).or_default().3 += 1;
        }
        people.pending.retain(|_, messages| !messages.is_empty());
        people
    }

    fn next(&mut self, id: &str, event: &Event) {
        let id = id.to_owned();
        match event {
            Event::Page(PageEvent::Connected(data)) => {
                self.pages.insert(id, (data.name.clone(), data.external_id.clone(), true));
            }
            Event::Page(PageEvent::Renamed(data)) => self.pages.entry(id).or_default().0.clone_from(&data.name),
            Event::Page(PageEvent::Disconnected(_)) => self.pages.entry(id).or_default().2 = false,
            Event::Tag(TagEvent::Created(events::tag::Created { name }) | TagEvent::Renamed(events::tag::Renamed { name })) => {
                self.tags.insert(id, name.clone());
            }
            Event::Tag(TagEvent::Deleted(_)) => drop(self.tags.remove(&id)),
            Event::User(event) => self.user(id, event),
            Event::Conversation(event) => self.conversation(id, event),
            _ => {}
        }
    }

    fn user(&mut self, id: String, event: &UserEvent) {
        let agent = self.agents.entry(id).or_default();
        match event {
            UserEvent::Added(data) => *agent = (data.name.clone(), true, false, 0),
            UserEvent::Renamed(data) => agent.0.clone_from(&data.name),
            UserEvent::Deactivated(_) => (agent.1, agent.2) = (false, false),
            UserEvent::AvailabilitySet(data) => agent.2 = data.available && agent.1,
            _ => {}
        }
    }

    fn conversation(&mut self, id: String, event: &ConversationEvent) {
        match event {
            ConversationEvent::AgentAssigned(data) => drop(self.held.insert(id, data.agent.id.to_string())),
            ConversationEvent::AgentUnassigned(_) => drop(self.held.remove(&id)),
            ConversationEvent::AgentReplied(events::conversation::AgentReplied { message_id, .. })
            | ConversationEvent::BotReplied(events::conversation::BotReplied { message_id, .. }) => {
                self.pending.entry(id).or_default().insert(message_id.to_string());
            }
            ConversationEvent::MessageDelivered(events::conversation::MessageDelivered { message_id, .. })
            | ConversationEvent::MessageFailed(events::conversation::MessageFailed { message_id, .. }) => {
                self.pending.entry(id).or_default().remove(message_id.as_str());
            }
            ConversationEvent::Forgotten(_) => {
                self.held.remove(&id);
                self.pending.remove(&id);
            }
            _ => {}
        }
    }
}
