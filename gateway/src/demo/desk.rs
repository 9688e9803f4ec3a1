//! The demo's desk: pages, tags, and conversations of which some wait for a person. Each step has no effect when it was done before.

use chrono::{DateTime, Duration, Utc};
use commands::conversation::{
    Acknowledgement, AgentSend, Authority, BotReply, Delivered, MarkRead, Rate, Receive, RequestAgent, SetPriority, SetStatus,
    Start, Unassign,
};
use commands::customer::{ChangeContact, Customer, CustomerCommand, PutTag};
use commands::page::{Connect, Page, PageCommand};
use commands::tag::{Create, TagCommand};
use commands::{CommandError, Conversation, ConversationCommand, Executor, PageRejection, Precondition};
use events::conversation::{Agent, Priority, RequestCause, Status};
use events::{Contact, ConversationId, IdError, MessageId, PageId, Role, Source, StreamRef, TagId};
use futures_util::{StreamExt, TryStreamExt, stream};
use gateway::channel::inbound::ACKNOWLEDGEMENT;

use super::people::person;
use super::seed::{AT_ONCE, account, customer_id, meta, tenant_id};
use super::talk::{End, Line, TALKS, Talk};
use super::{DemoError, LOGINS};

/// How many customers have a conversation.
const CONVERSATIONS: u64 = 65;
/// How many customers have tags.
const TAGGED: u64 = 150;

/// The accounts in channels: channel, account, name.
const PAGES: [(Source, &str, &str); 4] = [
    (Source::Messenger, "100000000000001", "Kith Demo Restaurant"),
    (Source::Telegram, "kith_demo_bot", "Kith Demo Bot"),
    (Source::Instagram, "kith.demo", "@kith.demo"),
    (Source::Unknown, "website", "Website chat"),
];

/// The tags.
const TAGS: [&str; 6] = ["VIP", "Regular", "Vegetarian", "Catering", "Complaint", "Birthday club"];

/// Makes everything.
pub async fn make(executor: &Executor, now: DateTime<Utc>) -> Result<(), DemoError> {
    for (number, page) in PAGES.iter().enumerate() {
        make_page(executor, number, page).await?;
    }
    for (number, name) in TAGS.iter().enumerate() {
        let create = TagCommand::Create(Create { name: (*name).to_owned() });
        executor.execute::<commands::Tag>(&StreamRef::tag(&tenant_id()?, &tag_id(number)?), create, &meta(), None).await?;
    }
    let tagged = stream::iter((0..TAGGED).map(|number| put_tags(executor, number)));
    tagged.buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    let talks = stream::iter((0..CONVERSATIONS).map(|number| make_talk(executor, number, now)));
    talks.buffer_unordered(AT_ONCE).try_collect().await
}

async fn make_page(executor: &Executor, number: usize, page: &(Source, &str, &str)) -> Result<(), DemoError> {
    let (source, external_id, name) = *page;
    let connect = Connect { source, external_id: external_id.to_owned(), name: name.to_owned() };
    let stream = StreamRef::page(&tenant_id()?, &page_id(number)?);
    match executor.execute::<Page>(&stream, PageCommand::Connect(connect), &meta(), None).await {
        Ok(_) | Err(CommandError::Rejected(PageRejection::AlreadyExists)) => {}
        Err(error) => return Err(error.into()),
    }
    // Nobody is behind these accounts: answers stay here.
    let pickup = gateway::channel::secrets::PageSecrets { is_pickup: true, ..Default::default() };
    gateway::channel::secrets::keep(executor.log().secrets(), &tenant_id()?, &page_id(number)?, pickup).await?;
    Ok(())
}

async fn put_tags(executor: &Executor, number: u64) -> Result<(), DemoError> {
    let first = usize::try_from(number).unwrap_or_default() % TAGS.len();
    let tags = if number.is_multiple_of(3) { vec![first, (first + 1) % TAGS.len()] } else { vec![first] };
    let mut puts = Vec::new();
    for tag in tags {
        puts.push(CustomerCommand::PutTag(PutTag { tag: tag_id(tag)?, name: TAGS[tag].to_owned() }));
    }
    let stream = StreamRef::customer(&tenant_id()?, &customer_id(number)?);
    executor.execute_all::<Customer>(&stream, &puts, &meta(), None, Precondition::default()).await?;
    Ok(())
}

async fn make_talk(executor: &Executor, number: u64, now: DateTime<Utc>) -> Result<(), DemoError> {
    let stream = StreamRef::customer(&tenant_id()?, &customer_id(number)?);
    let change = CustomerCommand::ChangeContact(ChangeContact { contact: contact(number, source_of(number), now) });
    executor.execute::<Customer>(&stream, change, &meta(), None).await?;
    talk(executor, number, person(number, now).past.profile.name, now).await
}

/// The page that the customer with this number writes to.
fn page_of(number: u64) -> usize {
    let index = usize::try_from(number).unwrap_or_default();
    (index + index / TALKS.len()) % PAGES.len()
}

/// The channel of that page.
pub(super) fn source_of(number: u64) -> Source {
    PAGES[page_of(number)].0
}

/// Makes the conversation of the customer with this number.
pub(super) async fn talk(executor: &Executor, number: u64, title: String, now: DateTime<Utc>) -> Result<(), DemoError> {
    let customer = customer_id(number)?;
    let start = Start { customer: customer.clone(), page: page_id(page_of(number))?, source: source_of(number), title };
    let stream = StreamRef::conversation(&tenant_id()?, &ConversationId::of(&customer, &start.page));
    let talk = &TALKS[usize::try_from(number).unwrap_or_default() % TALKS.len()];
    let commands = script(talk, &start, number, now)?;
    // All of it is one commit, so that it is there whole or not at all.
    match executor.execute_all::<Conversation>(&stream, &commands, &meta(), None, Precondition::version(0)).await {
        Ok(_) | Err(CommandError::VersionMismatch { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// What a channel tells about the customer with this number.
pub(super) fn contact(number: u64, source: Source, now: DateTime<Utc>) -> Contact {
    let name = person(number, now).past.profile.name;
    let (first, last) = name.split_once(' ').unwrap_or((&name, ""));
    Contact {
        source,
        source_id: format!("{}", 7_000_000 + number * 7_919),
        username: format!("{}{number}", first.to_lowercase()),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        profile_picture: String::new(),
    }
}

/// The commands that a conversation is made of. Every answer was delivered.
fn script(talk: &Talk, start: &Start, number: u64, now: DateTime<Utc>) -> Result<Vec<ConversationCommand>, DemoError> {
    let mut commands = Vec::new();
    for (index, line) in talk.lines.iter().enumerate() {
        let message_id: MessageId = format!("demo-{number}-{index}").parse()?;
        let at = now - Duration::minutes(i64::try_from(talk.lines.len() - index).unwrap_or_default());
        let receive = |text: &str| {
            let (start, message_id) = (start.clone(), message_id.clone());
            ConversationCommand::Receive(Receive { start, message_id, external_id: String::new(), text: text.to_owned(), at })
        };
        let delivered = |message_id| ConversationCommand::Delivered(Delivered { message_id, external_id: String::new() });
        match line {
            Line::Customer(text) => commands.push(receive(text)),
            Line::Plea(text) => {
                let word: MessageId = format!("demo-{number}-{index}-word").parse()?;
                commands.extend([receive(text), requested(word.clone()), delivered(word)]);
            }
            Line::Bot(text) => {
                let reply = BotReply { message_id: message_id.clone(), text: (*text).to_owned(), answers: None };
                let read = ConversationCommand::MarkRead(MarkRead { up_to: None });
                commands.extend([ConversationCommand::BotReply(reply), delivered(message_id), read]);
            }
            Line::Agent(text) => {
                let send = AgentSend { agent: agent()?, message_id: message_id.clone(), text: (*text).to_owned() };
                commands.extend([ConversationCommand::AgentSend(send), delivered(message_id)]);
            }
        }
    }
    commands.extend(ending(talk.end)?);
    Ok(commands)
}

fn requested(word: MessageId) -> ConversationCommand {
    ConversationCommand::RequestAgent(RequestAgent {
        cause: RequestCause::Detector,
        detector: Some("local".to_owned()),
        acknowledgement: Some(Acknowledgement { message_id: word, text: ACKNOWLEDGEMENT.to_owned() }),
    })
}

fn ending(end: End) -> Result<Vec<ConversationCommand>, DemoError> {
    Ok(match end {
        End::Open => Vec::new(),
        End::Urgent => vec![ConversationCommand::SetPriority(SetPriority { priority: Priority::Urgent })],
        End::Helped(score, comment) => vec![
            ConversationCommand::Unassign(Unassign { by: Authority::Agent(agent()?.id), is_helped: true }),
            ConversationCommand::Rate(Rate { score, comment: comment.to_owned() }),
        ],
        End::Closed => vec![ConversationCommand::SetStatus(SetStatus { status: Status::Closed, by: Authority::Manager })],
    })
}

/// The demo's agent.
fn agent() -> Result<Agent, DemoError> {
    let (_, id) = account(Role::Agent)?;
    let login = LOGINS.iter().find(|login| login.role == Role::Agent);
    let (name, email) = login.map_or(("", ""), |login| (login.name, login.email));
    Ok(Agent { id, name: name.to_owned(), email: email.to_owned() })
}

fn page_id(number: usize) -> Result<PageId, IdError> {
    format!("demo-page-{}", number + 1).parse()
}

fn tag_id(number: usize) -> Result<TagId, IdError> {
    format!("demo-tag-{}", number + 1).parse()
}
