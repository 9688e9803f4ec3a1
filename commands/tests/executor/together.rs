//! Several commands on one aggregate: one commit, or nothing.

use commands::user::{Add, ChangeRole, Rename};
use commands::{CommandError, Executed, Executor, Precondition, User, UserCommand, UserRejection};
use events::user::{PasswordChanged, Renamed, RoleChanged};
use events::{Actor, ActorKind, Position, Role, StreamRef, UserEvent, UserId};

use super::support::{World, key, meta};

async fn user(world: &World, executor: &Executor) -> StreamRef {
    let stream = StreamRef::user(&world.tenant, &UserId::generate());
    let add = Add { email: "ana@example.com".into(), name: "Ana".into(), role: Role::Agent };
    executor.execute::<User>(&stream, UserCommand::Add(add), &meta(), None).await.expect("added").stream
}

fn rename(name: &str) -> UserCommand {
    UserCommand::Rename(Rename { name: name.into() })
}

fn promote() -> UserCommand {
    UserCommand::ChangeRole(ChangeRole { role: Role::Admin })
}

async fn change(executor: &Executor, stream: &StreamRef, commands: &[UserCommand]) -> Executed<User> {
    executor.execute_all::<User>(stream, commands, &meta(), None, Precondition::default()).await.expect("carried out")
}

#[tokio::test]
async fn several_commands_are_one_commit() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = user(&world, &executor).await;
    let done = change(&executor, &stream, &[rename("Ana B"), promote(), UserCommand::ChangePassword]).await;
    let events = [
        UserEvent::Renamed(Renamed { name: "Ana B".into() }),
        UserEvent::RoleChanged(RoleChanged { role: Role::Admin }),
        UserEvent::PasswordChanged(PasswordChanged {}),
    ];
    assert_eq!((done.events.as_slice(), done.version), (events.as_slice(), 4));
    let commits = executor.log().load(&stream, Position::START).await.unwrap();
    assert_eq!(commits.iter().map(|stored| stored.commit.events.len()).collect::<Vec<_>>(), [1, 3]);
    // What is so already leads to no event, and stands in nobody's way.
    let done = change(&executor, &stream, &[rename("Ana B"), UserCommand::Deactivate]).await;
    assert_eq!((done.events.len(), done.version), (1, 5));
}

#[tokio::test]
async fn a_broken_rule_refuses_them_all() {
    let world = World::start().await;
    let executor = world.executor().await;
    let stream = user(&world, &executor).await;
    let oneself = Actor { id: stream.id().into(), kind: ActorKind::User, name: "Ana".into() };
    let meta = commands::Meta { actor: oneself, ..meta() };
    let commands = [rename("Ana B"), promote()];
    let refused = executor.execute_all::<User>(&stream, &commands, &meta, None, Precondition::default()).await;
    assert!(matches!(refused, Err(CommandError::Rejected(UserRejection::OwnRole))));
    assert_eq!(executor.load::<User>(&stream).await.unwrap().state.name, "Ana", "nothing is half done");
}

#[tokio::test]
async fn they_have_one_key_and_one_condition() {
    let world = World::start().await;
    let (executor, other) = (world.executor().await, world.executor().await);
    let stream = user(&world, &executor).await;
    let (meta, key, commands) = (meta(), key("k", "body"), [rename("Ana B"), promote()]);
    let change = |executor: &Executor| {
        let (executor, stream, meta, key, commands) = (executor.clone(), &stream, &meta, &key, &commands);
        async move { executor.execute_all::<User>(stream, commands, meta, Some(key), Precondition::version(1)).await }
    };
    let (first, second) = (change(&executor).await.unwrap(), change(&other).await.unwrap());
    assert_eq!((first.replayed, second.replayed), (false, true));
    assert_eq!((first.events, first.state, first.version), (second.events, second.state, second.version));
}

#[tokio::test]
async fn no_commands_change_nothing_and_show_what_the_log_has() {
    let world = World::start().await;
    let (executor, other) = (world.executor().await, world.executor().await);
    let stream = user(&world, &executor).await;
    change(&other, &stream, &[rename("Ana B")]).await;
    let done = change(&executor, &stream, &[]).await;
    assert_eq!((done.state.name.as_str(), done.version, done.events.len()), ("Ana B", 2, 0));
    let old = executor.execute_all::<User>(&stream, &[], &meta(), None, Precondition::version(1)).await;
    assert!(matches!(old, Err(CommandError::VersionMismatch { expected: 1, found: 2 })));
}
