//! The agent desk over two services on one log: one agent gets a customer, everybody sees it once, and a cut loses nothing.

use futures_util::future::join_all;
use kith_tests::socket::Socket;
use kith_tests::world::{self, PASSWORD, Pair};
use kith_tests::{Api, until};
use serde_json::{Value, json};

const AGENTS: usize = 50;

/// A page of the tenant that takes messages in over the generic door; gives its id.
async fn page(owner: &Api) -> String {
    let body = json!({ "source": "telegram", "external_id": "4711", "name": "Front Page" });
    owner.post("/api/pages/", &body).await.expect(201).id()
}

/// A customer writes; gives the customer's id.
async fn writes(api: &Api, page: &str, who: &str, text: &str) -> String {
    let body = json!({ "page_id": page, "source_id": who, "first_name": who, "text": text });
    let taken = api.post("/api/desk/inbound/", &body).await.expect(200).json();
    taken["customer_id"].as_str().expect("an id").to_owned()
}

/// An agent of the owner's tenant, by number, signed in.
async fn agent(owner: &Api, number: usize) -> Api {
    let email = format!("agent-{number}@example.com");
    let body = json!({ "email": email, "name": format!("Agent {number}"), "role": "agent", "password": PASSWORD });
    let _ = owner.post("/api/users/", &body).await.expect(201);
    Api::sign_in(owner.address(), &email, PASSWORD).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_50_agents_over_two_services_one_gets_the_customer_and_all_see_it_once() {
    let pair = Pair::start(None).await;
    let page = page(&pair.owners[0]).await;
    let customer = writes(&pair.owners[0], &page, "Jane", "Hello?").await;
    // The bot works at the second service, which knows from here on that the bot may speak.
    let bot = &pair.owners[1];
    let reply = format!("/api/desk/customers/{customer}/bot_reply/");
    until("the bot answers", || async { (bot.post(&reply, &json!({ "message": "Hi" })).await.status == 200).then_some(()) })
        .await;
    writes(&pair.owners[0], &page, "Jane", "I want to speak to a human").await;
    let mut agents = Vec::new();
    for number in 0..AGENTS {
        agents.push(agent(&pair.owners[0], number).await);
    }
    // The second service knows everybody before they knock.
    let last = agents.last().expect("agents").at(&pair.services[1].address);
    until("the last agent may work at the second service", || async {
        (last.get("/api/desk/queue/").await.status == 200).then_some(())
    })
    .await;
    let sockets = agents.iter().enumerate().map(|(number, agent)| {
        let agent = agent.at(&pair.services[number % 2].address);
        async move { Socket::open(&agent, "/ws/desk/").await }
    });
    let mut sockets = join_all(sockets).await;
    let said = json!({ "type": "assign_agent", "data": { "customer_id": customer, "page_id": page } });
    join_all(sockets.iter_mut().map(|socket| socket.say(&said))).await;

    // Of each agent: the answer, and everything else that was told until the last word that all wait for.
    let after = json!({ "type": "get_stopped_customers", "request_id": "last" });
    let heard = join_all(sockets.iter_mut().map(|socket| async {
        let mut told = Vec::new();
        while !(told.iter().any(is_assignment) && told.iter().any(is_answer)) {
            told.push(socket.told().await);
        }
        socket.say(&after).await;
        while told.last().is_none_or(|frame| frame["request_id"] != "last") {
            told.push(socket.told().await);
        }
        told
    }))
    .await;
    let winners: Vec<_> = heard.iter().flatten().filter(|frame| frame["type"] == "agent_assigned").collect();
    let [winner] = winners.as_slice() else { panic!("{} won", winners.len()) };
    let name = winner["data"]["customer"]["agent_name"].as_str().expect("a name");
    let refused: Vec<_> = heard.iter().flatten().filter(|frame| frame["type"] == "error").collect();
    assert_eq!(refused.len(), AGENTS - 1);
    for error in refused {
        assert_eq!(error["message"], format!("Already assigned to {name}"));
    }
    for told in &heard {
        let broadcasts: Vec<_> = told.iter().filter(|frame| frame.get("index").is_some()).collect();
        let [broadcast] = broadcasts.as_slice() else { panic!("{broadcasts:?}") };
        assert_eq!((&broadcast["data"]["agent_name"], &broadcast["position"]), (&json!(name), &winner["position"]));
    }
    // What the bot prepared before that is refused at the append.
    let late = bot.post(&reply, &json!({ "message": "How can I help?" })).await.expect(409).json();
    assert_eq!(late["code"], "conversation.handled_by_person");
}

fn is_assignment(frame: &Value) -> bool {
    frame["type"] == "agent_assignment_changed"
}

fn is_answer(frame: &Value) -> bool {
    frame["type"] == "agent_assigned" || frame["type"] == "error"
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agent_goes_on_at_the_other_service_where_the_first_was_cut_off() {
    let Pair { services, owners, options, log: _log, dirs: _dirs } = Pair::start(None).await;
    let page = page(&owners[0]).await;
    let mut socket = Socket::open(&owners[0], "/ws/desk/").await;
    writes(&owners[0], &page, "Jane", "Hello?").await;
    let first = socket.next("new_message").await;
    let [one, other] = services;
    one.kill().await;
    // What happens while nobody listens: a customer asks for a person, by the words of the message.
    until("the second service knows the page", || async {
        let body = json!({ "page_id": page, "source_id": "Jane", "message_id": "m-2", "text": "I want to speak to a human" });
        (owners[1].post("/api/desk/inbound/", &body).await.status == 200).then_some(())
    })
    .await;
    let mut socket = Socket::open(&owners[1], &format!("/ws/desk/?after={}&index={}", first["position"], first["index"])).await;
    let told = socket.next("new_message").await;
    assert_eq!(told["data"]["message"]["text"], "I want to speak to a human");
    let told = socket.next("new_message").await;
    assert_eq!((&told["data"]["message"]["sender"], &told["more"]), (&json!("bot"), &json!(true)));
    let told = socket.next("agent_requested").await;
    assert_eq!((&told["data"]["customer_name"], &told["data"]["cause"]), (&json!("Jane"), &json!("detector")));
    let again = kith_tests::Service::start(&options[0]).await;
    writes(&owners[0].at(&again.address), &page, "Jane", "Anybody?").await;
    assert_eq!(socket.next("new_message").await["data"]["message"]["text"], "Anybody?");
    drop((again, other));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_that_was_made_before_a_crash_is_assigned_after_it() {
    let world = kith_tests::World::new().await;
    let page = page(&world.owner).await;
    let _ = world.owner.put("/api/desk/assignment_rule/", &json!({ "rule": "least_busy" })).await.expect(200);
    let customer = writes(&world.owner, &page, "Jane", "I want to speak to a human").await;
    let world = world.kill_and_start().await;
    let _ = world.owner.put("/api/desk/availability/", &json!({ "is_available": true })).await.expect(200);
    let path = format!("/api/dashboard/customers/{customer}");
    let shown = until("the customer has an agent", || async {
        let shown = world.owner.get(&path).await.expect(200).json();
        (shown["is_assigned"] == true).then_some(shown)
    })
    .await;
    assert_eq!(shown["is_assigned_to_me"], true);
    let second = world::user(&world.service, &world.options, &world.tenant, "agent").await;
    assert_eq!(second.get(&path).await.expect(200).json()["is_assigned_to_me"], false);
}
