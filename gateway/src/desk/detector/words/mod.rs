//! What the words of six languages mean here, one file per language, as people write them: with accents, without, in chat spelling.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod id;

/// What a word says about asking for a person. A word may say several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Concept {
    /// A human being, as such: "human", "real person".
    Human,
    /// A human being, whoever: "someone".
    Someone,
    /// A human being by what they do: "manager".
    Role,
    /// Where such people are: "customer service".
    Desk,
    /// Wanting or needing.
    Want,
    /// Speaking and writing with each other.
    Talk,
    /// Connecting, handing over: people, but also loudspeakers and money.
    Connect,
    /// Being put through to somebody: "connect me", "speak to".
    PutThrough,
    /// Calling and contacting: anybody, by anybody.
    Call,
    /// Being called or contacted oneself: "call me".
    CallMe,
    /// Helping, answering, looking into something.
    Help,
    /// Giving, getting, being there to be had.
    Give,
    /// Asking politely: "could", "please".
    May,
    /// At once.
    Now,
    /// A machine, and what it sends.
    Bot,
    /// Being of no use, and being tired of that.
    Fail,
    /// Ending something.
    Stop,
    /// Not made up: "real", "live", "competent".
    Real,
    /// Being on duty: "there", "online".
    There,
    /// The question for the way or for the one: "how", "where", "who".
    How,
    /// No.
    Not,
    /// No person.
    Nobody,
    /// One thing and not the other.
    Instead,
    /// What is past.
    Over,
    /// What may come, or not.
    Later,
    /// What somebody else said or wrote, or a joke.
    Quoted,
    /// What is settled.
    Settled,
    /// Praise and thanks.
    Praise,
    /// The question what the other one is.
    YouAre,
    /// Who the sender is, or someone on the sender's side.
    IAm,
    /// Working here oneself.
    Become,
    /// Things that have people's names, or stand beside them: codes, hours, hair, tables.
    Thing,
    /// Numbers, and asking for them.
    Count,
    /// Belonging to the other side.
    Your,
    /// The sender.
    Me,
    /// Towards or with somebody.
    With,
    /// What says nothing.
    Filler,
    /// A question mark.
    Question,
}

/// Words and phrases by what they say, between commas; `*` stands for more letters, at the end or at the beginning.
pub type Words = &'static [(Concept, &'static str)];

/// Every language.
pub const ALL: [Words; 6] = [en::WORDS, es::WORDS, de::WORDS, fr::WORDS, id::WORDS, ar::WORDS];
