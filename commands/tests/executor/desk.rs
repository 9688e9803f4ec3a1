//! People who work at the same moment: agents, the bot, and deliveries that are repeated.

use std::collections::BTreeSet;

use commands::conversation::{AgentSend, Assign, BotReply, RequestAgent, Start, Unassign};
use commands::customer::Arrive;
use commands::{
    CommandError, Conversation, ConversationCommand, ConversationRejection, Customer, CustomerCommand, CustomerRejection,
    Executor, Page, PageCommand, PageRejection, Tag, TagCommand, TagRejection,
};
use events::conversation::{Agent, AssignmentCause, RequestCause};
use events::{
    ClaimKey, Contact, ConversationEvent, ConversationId, CustomerId, Event, MessageId, PageId, Position, Source, StreamRef,
    TagId, UserId,
};
use futures_util::future::join_all;

use super::support::{World, meta, registered};

/// What a customer wrote on a page, as the channel tells it.
fn message(customer: &CustomerId, page: &PageId, external_id: &str) -> ConversationCommand {
    let start = Start { customer: customer.clone(), page: page.clone(), source: Source::Messenger, title: "Jane".into() };
    ConversationCommand::Receive(commands::conversation::Receive {
        start,
        message_id: MessageId::generate(),
        external_id: external_id.into(),
        text: "I need help with my order".into(),
        at: chrono::Utc::now(),
    })
}

/// A conversation with one message.
async fn conversation(world: &World, executor: &Executor) -> StreamRef {
    let (customer, page) = (CustomerId::generate(), PageId::generate());
    let stream = StreamRef::conversation(&world.tenant, &ConversationId::of(&customer, &page));
    run(executor, &stream, message(&customer, &page, "mid.1")).await.expect("taken in");
    stream
}

async fn run(
    executor: &Executor,
    stream: &StreamRef,
    command: ConversationCommand,
) -> Result<commands::Executed<Conversation>, CommandError<ConversationRejection>> {
    executor.execute::<Conversation>(stream, command, &meta(), None).await
}

async fn history(executor: &Executor, stream: &StreamRef) -> Vec<ConversationEvent> {
    let commits = executor.log().load(stream, Position::START).await.unwrap();
    let events = commits.into_iter().flat_map(|stored| stored.commit.events);
    events.filter_map(|new| if let Event::Conversation(event) = new.event { Some(event) } else { None }).collect()
}

fn agent(number: usize) -> Agent {
    let id: UserId = format!("user-{number}").parse().unwrap();
    Agent { id, name: format!("Agent {number}"), email: format!("agent{number}@example.com") }
}

fn assign(number: usize) -> ConversationCommand {
    ConversationCommand::Assign(Assign { agent: agent(number), cause: AssignmentCause::Taken })
}

fn bot_reply() -> ConversationCommand {
    let message_id = MessageId::generate();
    ConversationCommand::BotReply(BotReply { message_id, text: "How can I help?".into(), answers: None })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_50_agents_gets_the_customer_over_two_executors_and_the_others_are_told_who() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let stream = conversation(&world, &executors[0]).await;
    run(&executors[0], &stream, ConversationCommand::RequestAgent(RequestAgent::by(RequestCause::Customer))).await.unwrap();
    let attempts = (0..50).map(|number| {
        let (executor, stream) = (executors[number % 2].clone(), stream.clone());
        async move { run(&executor, &stream, assign(number)).await }
    });
    let results = join_all(attempts).await;
    let won: Vec<_> = results.iter().enumerate().filter(|(_, result)| result.is_ok()).map(|(number, _)| number).collect();
    let [winner] = won.as_slice() else { panic!("{won:?} won") };
    let sentences: BTreeSet<_> = results
        .iter()
        .filter_map(|result| match result {
            Err(CommandError::Rejected(rejection)) => Some(rejection.to_string()),
            Ok(_) => None,
            Err(error) => panic!("{error}"),
        })
        .collect();
    assert_eq!(sentences, BTreeSet::from([format!("Already assigned to Agent {winner}")]));
    let assigned = history(&executors[1], &stream).await;
    let assigned = assigned.iter().filter(|event| matches!(event, ConversationEvent::AgentAssigned(_))).count();
    assert_eq!(assigned, 1);
}

#[tokio::test]
async fn a_bot_reply_that_was_prepared_before_a_takeover_is_refused_at_the_append() {
    let world = World::start().await;
    let (desk, bot) = (world.executor().await, world.executor().await);
    let stream = conversation(&world, &desk).await;
    // What the bot's process knows is behind from here on: nobody has taken over there.
    run(&bot, &stream, bot_reply()).await.expect("the bot's turn");
    run(&desk, &stream, assign(1)).await.unwrap();
    let refused = run(&bot, &stream, bot_reply()).await.expect_err("a person handles it");
    assert!(matches!(refused, CommandError::Rejected(ConversationRejection::HandledByPerson)), "{refused}");
    let helped = Unassign { by: commands::conversation::Authority::Agent(agent(1).id), is_helped: true };
    run(&desk, &stream, ConversationCommand::Unassign(helped)).await.unwrap();
    run(&bot, &stream, bot_reply()).await.expect("the bot's turn again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_never_speaks_while_a_person_handles_however_the_two_race() {
    let world = World::start().await;
    let (desk, bot) = (world.executor().await, world.executor().await);
    let stream = conversation(&world, &desk).await;
    let people = async {
        for round in 0..40 {
            let by = commands::conversation::Authority::Agent(agent(round).id);
            run(&desk, &stream, assign(round)).await.expect("taken");
            let (message_id, text) = (MessageId::generate(), "Hello".into());
            let send = AgentSend { agent: agent(round), message_id, text };
            run(&desk, &stream, ConversationCommand::AgentSend(send)).await.expect("sent");
            run(&desk, &stream, ConversationCommand::Unassign(Unassign { by, is_helped: true })).await.expect("helped");
        }
    };
    let machine = async {
        let mut spoke = 0;
        for _ in 0..50 {
            match run(&bot, &stream, bot_reply()).await {
                Ok(_) => spoke += 1,
                Err(CommandError::Rejected(ConversationRejection::HandledByPerson)) => {}
                Err(error) => panic!("{error}"),
            }
        }
        spoke
    };
    let ((), spoke) = tokio::join!(people, machine);
    let (mut is_stopped, mut said) = (false, 0);
    for event in history(&desk, &stream).await {
        let turns = [("conversation.agent_requested", true), ("conversation.stop_cleared", false)];
        let name = event.event_type().name;
        is_stopped = turns.into_iter().find(|(turn, _)| *turn == name).map_or(is_stopped, |(_, is_stopped)| is_stopped);
        if matches!(event, ConversationEvent::BotReplied(_)) {
            assert!(!is_stopped, "the bot spoke while a person handled");
            said += 1;
        }
    }
    assert_eq!(said, spoke);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_delivery_that_comes_16_times_at_once_is_one_message() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let (customer, page) = (CustomerId::generate(), PageId::generate());
    let stream = StreamRef::conversation(&world.tenant, &ConversationId::of(&customer, &page));
    let deliveries = (0..16).map(|n| {
        let (executor, stream) = (executors[n % 2].clone(), stream.clone());
        let command = message(&customer, &page, "mid.1");
        async move { run(&executor, &stream, command).await.expect("taken in").events.len() }
    });
    let events: usize = join_all(deliveries).await.iter().sum();
    assert_eq!(events, 2, "it started, and one message");
    let history = history(&executors[0], &stream).await;
    assert!(matches!(history.as_slice(), [ConversationEvent::Started(_), ConversationEvent::MessageReceived(_)]));
}

fn contact() -> Contact {
    Contact { source: Source::Telegram, source_id: "42".into(), first_name: "Jane".into(), ..Contact::default() }
}

async fn arrive(
    executor: &Executor,
    stream: &StreamRef,
) -> Result<commands::Executed<Customer>, CommandError<CustomerRejection>> {
    executor.execute::<Customer>(stream, CustomerCommand::Arrive(Arrive::new(contact())), &meta(), None).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_writes_twice_at_once_is_one_customer() {
    let world = World::start().await;
    let executors = [world.executor().await, world.executor().await];
    let attempts = (0..16).map(|n| {
        let (executor, stream) = (executors[n % 2].clone(), world.stream());
        async move { arrive(&executor, &stream).await }
    });
    let results = join_all(attempts).await;
    let entered: Vec<_> = results.iter().filter_map(|result| result.as_ref().ok()).collect();
    let taken = |error: &&CommandError<_>| matches!(error, CommandError::Rejected(CustomerRejection::ContactTaken));
    assert_eq!((entered.len(), results.iter().filter_map(|result| result.as_ref().err()).filter(taken).count()), (1, 15));
    let key = ClaimKey::contact(&world.tenant, Source::Telegram, "42");
    for executor in &executors {
        assert_eq!(executor.holder(&key).await.unwrap().as_deref(), Some(entered[0].stream.id()));
    }
    let nobody = ClaimKey::contact(&world.tenant, Source::Instagram, "42");
    assert_eq!(executors[0].holder(&nobody).await.unwrap(), None);
    // Customers without an address are in nobody's way.
    let other = Contact { source_id: "43".into(), ..contact() };
    let command = CustomerCommand::Arrive(Arrive::new(other));
    executors[1].execute::<Customer>(&world.stream(), command, &meta(), None).await.expect("another one");
}

#[tokio::test]
async fn forgetting_a_customer_erases_their_conversations_and_frees_their_contact() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let customer = CustomerId::generate();
    let stream = StreamRef::customer(&world.tenant, &customer);
    arrive(&one, &stream).await.unwrap();
    let pages: Vec<_> = (0..3).map(|_| PageId::generate()).collect();
    let talks: Vec<_> =
        pages.iter().map(|page| StreamRef::conversation(&world.tenant, &ConversationId::of(&customer, page))).collect();
    for (page, talk) in pages.iter().zip(&talks).take(2) {
        run(&one, talk, message(&customer, page, "mid.1")).await.unwrap();
        run(&other, talk, message(&customer, page, "mid.2")).await.unwrap();
    }
    // An earlier attempt came no further than the first conversation.
    run(&other, &talks[0], ConversationCommand::Forget).await.unwrap();
    let forgotten = one.forget_customer(&world.tenant, &customer, &pages, &meta(), None).await.expect("forgotten");
    assert!(forgotten.state.is_forgotten());
    for talk in &talks[..2] {
        assert_eq!(history(&one, talk).await.len(), 1, "only the tombstone is left");
        assert!(other.log().snapshot(talk).await.unwrap().is_none());
    }
    assert!(history(&one, &talks[2]).await.is_empty(), "there was none, and there is none");
    let late = run(&other, &talks[0], message(&customer, &pages[0], "mid.3")).await;
    assert!(matches!(late, Err(CommandError::Rejected(ConversationRejection::Forgotten))));
    let again = other.forget_customer(&world.tenant, &customer, &pages, &meta(), None).await.expect("a repeat is fine");
    assert!(again.events.is_empty());
    arrive(&one, &world.stream()).await.expect("who writes again is somebody new");
    let unknown = one.forget_customer(&world.tenant, &CustomerId::generate(), &pages, &meta(), None).await;
    assert!(matches!(unknown, Err(CommandError::Rejected(CustomerRejection::NotFound))));
}

#[tokio::test]
async fn names_of_tags_and_accounts_of_pages_are_one_in_the_tenant() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let tag = || StreamRef::tag(&world.tenant, &TagId::generate());
    let create = |name: &str| TagCommand::Create(commands::tag::Create { name: name.into() });
    let vip = one.execute::<Tag>(&tag(), create("VIP"), &meta(), None).await.expect("made").stream;
    let taken = other.execute::<Tag>(&tag(), create(" vip "), &meta(), None).await;
    assert!(matches!(taken, Err(CommandError::Rejected(TagRejection::NameTaken))));
    other.execute::<Tag>(&vip, TagCommand::Delete, &meta(), None).await.expect("deleted");
    one.execute::<Tag>(&tag(), create("vip"), &meta(), None).await.expect("free again");

    let page = || StreamRef::page(&world.tenant, &PageId::generate());
    let connect = || {
        let (source, external_id, name) = (Source::Messenger, "1234".to_owned(), "Page".to_owned());
        PageCommand::Connect(commands::page::Connect { source, external_id, name })
    };
    let mine = one.execute::<Page>(&page(), connect(), &meta(), None).await.expect("connected").stream;
    one.execute::<Page>(&mine, PageCommand::Disconnect, &meta(), None).await.expect("disconnected");
    let taken = other.execute::<Page>(&page(), connect(), &meta(), None).await;
    assert!(matches!(taken, Err(CommandError::Rejected(PageRejection::AccountTaken))));
    let key = ClaimKey::page(&world.tenant, Source::Messenger, "1234");
    assert_eq!(other.holder(&key).await.unwrap().as_deref(), Some(mine.id()), "so it is found and connected again");
    other.execute::<Page>(&mine, connect(), &meta(), None).await.expect("connected again");
}

#[tokio::test]
async fn a_customer_without_an_address_gets_one_that_is_free() {
    let world = World::start().await;
    let executor = world.executor().await;
    registered(&executor, &world.stream(), "jane@example.com").await;
    let stream = arrive(&executor, &world.stream()).await.unwrap().stream;
    let set = |email: &str| {
        let email = Some(email.to_owned());
        CustomerCommand::Change(commands::customer::Change { email, ..commands::customer::Change::default() })
    };
    let taken = executor.execute::<Customer>(&stream, set("Jane@Example.com"), &meta(), None).await;
    assert!(matches!(taken, Err(CommandError::Rejected(CustomerRejection::EmailTaken))));
    executor.execute::<Customer>(&stream, set("john@example.com"), &meta(), None).await.expect("free");
}
