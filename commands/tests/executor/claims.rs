//! Unique names: who holds them, and when they are free again.

use commands::customer::{Change, RecordOrder};
use commands::{CommandError, Customer, CustomerCommand, CustomerRejection, Executor};
use events::{Currency, StreamRef};

use super::support::{World, meta, register};

async fn run(executor: &Executor, stream: &StreamRef, command: CustomerCommand) -> Result<usize, CustomerRejection> {
    match executor.execute::<Customer>(stream, command, &meta(), None).await {
        Ok(executed) => Ok(executed.events.len()),
        Err(CommandError::Rejected(rejection)) => Err(rejection),
        Err(error) => panic!("{error}"),
    }
}

fn email(to: &str) -> CustomerCommand {
    CustomerCommand::Change(Change { email: Some(to.into()), ..Change::default() })
}

#[tokio::test]
async fn an_email_is_free_again_when_its_holder_takes_another() {
    let world = World::start().await;
    let executor = world.executor().await;
    let (jane, joe) = (world.customer(&executor, "jane@example.com").await, world.customer(&executor, "joe@example.com").await);
    assert_eq!(run(&executor, &joe, email("JANE@example.com")).await, Err(CustomerRejection::EmailTaken));
    assert_eq!(run(&executor, &jane, email("jane.smith@example.com")).await, Ok(1));
    assert_eq!(run(&executor, &joe, email("JANE@example.com")).await, Ok(1));
    assert_eq!(run(&executor, &jane, email("jane@example.com")).await, Err(CustomerRejection::EmailTaken));
    assert_eq!(run(&executor, &joe, email("Jane@Example.com")).await, Ok(1), "its own address in other letters");
}

#[tokio::test]
async fn delete_frees_the_email_and_restore_takes_it_back() {
    let world = World::start().await;
    let (one, other) = (world.executor().await, world.executor().await);
    let jane = world.customer(&one, "jane@example.com").await;
    assert_eq!(run(&one, &jane, CustomerCommand::Delete).await, Ok(1));
    let successor = world.stream();
    assert_eq!(run(&other, &successor, register("jane@example.com")).await, Ok(1));
    assert_eq!(run(&one, &jane, CustomerCommand::Restore).await, Err(CustomerRejection::EmailTaken));
    assert_eq!(run(&other, &successor, CustomerCommand::Delete).await, Ok(1));
    assert_eq!(run(&one, &jane, CustomerCommand::Restore).await, Ok(1));
    assert_eq!(run(&other, &successor, CustomerCommand::Restore).await, Err(CustomerRejection::EmailTaken));
}

#[tokio::test]
async fn an_email_is_taken_within_a_tenant_only() {
    let (world, executor) = {
        let world = World::start().await;
        let executor = world.executor().await;
        (world, executor)
    };
    world.customer(&executor, "jane@example.com").await;
    let elsewhere = World { tenant: events::TenantId::generate(), server: world.server };
    elsewhere.customer(&executor, "jane@example.com").await;
}

#[tokio::test]
async fn an_order_number_is_taken_once_in_a_tenant() {
    let world = World::start().await;
    let executor = world.executor().await;
    let (jane, joe) = (world.customer(&executor, "jane@example.com").await, world.customer(&executor, "joe@example.com").await);
    let order = |number: &str| {
        CustomerCommand::RecordOrder(RecordOrder {
            number: number.into(),
            amount: "10.00".parse().unwrap(),
            currency: Currency::default(),
            placed_at: None,
            tenant_currency: Currency::default(),
            earning_rule: None,
        })
    };
    assert_eq!(run(&executor, &jane, order("A-1")).await, Ok(1));
    assert_eq!(run(&executor, &jane, order("A-1")).await, Err(CustomerRejection::OrderNumberTaken));
    assert_eq!(run(&executor, &joe, order("A-1")).await, Err(CustomerRejection::OrderNumberTaken));
    assert_eq!(run(&executor, &joe, order("")).await, Ok(1));
    assert_eq!(run(&executor, &joe, order("")).await, Ok(1), "orders without a number are each their own");
}
