//! What events do to the stretches of a conversation. Pure.

use std::collections::BTreeMap;

use events::conversation::{AgentAssigned, AgentUnassigned, Rated};
use events::{ConversationEvent, UserId};

use super::spell::{Kind, Outcome, Point, Spell};
use crate::customer_history::Moment;

/// The stretches of a conversation that last, and those that a batch touches.
#[derive(Debug, Default)]
pub struct Spells {
    /// At most one of a kind lasts.
    open: BTreeMap<Kind, Spell>,
    /// What is to be written, by kind and start.
    touched: BTreeMap<(Kind, Moment), Spell>,
}

impl Spells {
    /// Those that last, as they stand in the table.
    #[must_use]
    pub fn new(open: Vec<Spell>) -> Self {
        Self { open: open.into_iter().map(|spell| (spell.kind, spell)).collect(), touched: BTreeMap::new() }
    }

    /// What a batch leaves: new ones, and those that it changed.
    #[must_use]
    pub fn into_touched(self) -> Vec<Spell> {
        self.touched.into_values().collect()
    }

    /// Folds an event in. `helper` is who handled the conversation last.
    pub fn apply(&mut self, now: Point, event: &ConversationEvent, helper: Option<&UserId>) {
        match event {
            ConversationEvent::AgentRequested(data) => {
                self.begin(Spell::new(Kind::Request, now, data.cause.name()));
                self.begin(Spell::new(Kind::Wait, now, ""));
            }
            ConversationEvent::AgentAssigned(data) => self.assigned(now, data),
            ConversationEvent::AgentUnassigned(data) => self.unassigned(now, data),
            ConversationEvent::StopCleared(_) => self.cleared(now),
            ConversationEvent::Rated(data) => self.rated(now, data, helper),
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
            | ConversationEvent::Forgotten(_) => {}
        }
    }

    fn assigned(&mut self, now: Point, data: &AgentAssigned) {
        self.end(Kind::Wait, now, "");
        let agent = data.agent.id.to_string();
        self.begin(Spell { agent: agent.clone(), ..Spell::new(Kind::Help, now, data.cause.name()) });
        self.change(Kind::Request, |request| {
            if request.answered.is_none() {
                request.answered = Some(now);
                request.agent.clone_from(&agent);
            }
            request.closer = agent;
        });
    }

    fn unassigned(&mut self, now: Point, data: &AgentUnassigned) {
        self.end(Kind::Help, now, data.cause.name());
        if self.open.contains_key(&Kind::Request) {
            self.begin(Spell::new(Kind::Wait, now, ""));
        }
    }

    /// Whoever handled it up to here was unassigned in the same commit: then the wait began in it.
    fn cleared(&mut self, now: Point) {
        let was_handled = self.open.get(&Kind::Wait).is_some_and(|wait| wait.started.moment == now.moment);
        let outcome = if was_handled { Outcome::Helped } else { Outcome::Abandoned };
        self.end(Kind::Wait, now, "");
        self.end(Kind::Request, now, outcome.name());
    }

    fn rated(&mut self, now: Point, data: &Rated, helper: Option<&UserId>) {
        let agent = helper.map(ToString::to_string).unwrap_or_default();
        let rating = Spell { ended: Some(now), agent, score: data.score, ..Spell::new(Kind::Rating, now, "") };
        self.touched.insert((Kind::Rating, now.moment), rating);
    }

    fn begin(&mut self, spell: Spell) {
        self.touched.insert((spell.kind, spell.started.moment), spell.clone());
        self.open.insert(spell.kind, spell);
    }

    /// Ends the one of this kind that lasts. One that began in the same commit never was.
    fn end(&mut self, kind: Kind, now: Point, outcome: &str) {
        let Some(spell) = self.open.remove(&kind) else { return };
        let key = (kind, spell.started.moment);
        if spell.started.moment == now.moment {
            self.touched.remove(&key);
        } else {
            self.touched.insert(key, Spell { ended: Some(now), outcome: outcome.to_owned(), ..spell });
        }
    }

    fn change(&mut self, kind: Kind, change: impl FnOnce(&mut Spell)) {
        if let Some(spell) = self.open.get_mut(&kind) {
            change(spell);
            self.touched.insert((kind, spell.started.moment), spell.clone());
        }
    }
}
