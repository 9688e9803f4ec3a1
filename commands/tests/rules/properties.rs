//! What holds for every history and every command.

use chrono::TimeDelta;
use commands::customer::{
    Arrive, Change, ChangeContact, ComeBack, Import, PutTag, RecordOrder, Register, Revert, TakeTag, UpdatePoints, limits,
};
use commands::testing::{context, noon};
use commands::{Aggregate, Customer, CustomerCommand, CustomerState, EventMeta};
use events::customer::Profile;
use events::{Contact, CustomerEvent, Source, TagId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::sample::{order, profile};

fn profiles() -> impl Strategy<Value = Profile> {
    ("[a-z]{0,4}", "[a-c]{1}@example\\.com|nobody", "|0812345678|12").prop_map(|(name, email, phone)| Profile {
        name,
        email,
        phone,
        ..profile()
    })
}

fn changes() -> impl Strategy<Value = Change> {
    let texts = (option::of("[a-b]{0,2}"), option::of("[a-c]@example\\.com"), option::of("x|y| "));
    (texts, option::of(any::<bool>()), option::of(-10..300_i64)).prop_map(|((name, email, city), is_active, loyalty_points)| {
        Change { name, email, city, is_active, loyalty_points, ..Change::default() }
    })
}

fn contacts() -> impl Strategy<Value = Contact> {
    ("[a-b]?", "[a-b]{0,2}").prop_map(|(source_id, first_name)| Contact {
        source: Source::Telegram,
        source_id,
        first_name,
        ..Contact::default()
    })
}

fn tags() -> impl Strategy<Value = TagId> {
    (0..60_u8).prop_map(|n| format!("tag-{n}").parse().unwrap())
}

fn commands() -> impl Strategy<Value = CustomerCommand> {
    let points = prop_oneof![-200..200_i64, Just(i64::MAX), Just(i64::MIN), Just(1_000_000_000_000)];
    prop_oneof![
        3 => (profiles(), -1..200_i64).prop_map(|(profile, loyalty_points)| {
            CustomerCommand::Register(Register { loyalty_points, ..Register::new(profile) })
        }),
        1 => profiles().prop_map(|profile| CustomerCommand::Import(Import { total_orders: 3, ..Import::new(profile) })),
        2 => contacts().prop_map(|contact| CustomerCommand::Arrive(Arrive::new(contact))),
        3 => changes().prop_map(CustomerCommand::Change),
        1 => profiles().prop_map(|profile| CustomerCommand::Revert(Revert { profile })),
        2 => contacts().prop_map(|contact| CustomerCommand::ChangeContact(ChangeContact { contact })),
        3 => tags().prop_map(|tag| CustomerCommand::PutTag(PutTag { tag, name: "VIP".into() })),
        1 => tags().prop_map(|tag| CustomerCommand::TakeTag(TakeTag { tag })),
        4 => (points, any::<bool>()).prop_map(|(points, strict)| {
            CustomerCommand::UpdatePoints(UpdatePoints { points, reason: "why".into(), strict })
        }),
        2 => ("[0-9]{0,2}", 0..600_i64).prop_map(|(number, ago)| {
            let placed_at = Some(noon() - TimeDelta::seconds(ago));
            CustomerCommand::RecordOrder(RecordOrder { placed_at, ..order(&number, "25000") })
        }),
        1 => Just(CustomerCommand::Activate),
        1 => Just(CustomerCommand::Deactivate),
        1 => Just(CustomerCommand::Delete),
        2 => Just(CustomerCommand::Restore),
        2 => any::<bool>().prop_map(|without_email| {
            CustomerCommand::ComeBack(ComeBack { channel: Source::Telegram, without_email })
        }),
        1 => Just(CustomerCommand::Forget),
    ]
}

/// The commands of which each one counts.
fn counts_each_time(command: &CustomerCommand) -> bool {
    match command {
        CustomerCommand::UpdatePoints(_) | CustomerCommand::RecordOrder(_) => true,
        CustomerCommand::Register(_)
        | CustomerCommand::Import(_)
        | CustomerCommand::Arrive(_)
        | CustomerCommand::Change(_)
        | CustomerCommand::Revert(_)
        | CustomerCommand::ChangeContact(_)
        | CustomerCommand::PutTag(_)
        | CustomerCommand::TakeTag(_)
        | CustomerCommand::Activate
        | CustomerCommand::Deactivate
        | CustomerCommand::Delete
        | CustomerCommand::Restore
        | CustomerCommand::ComeBack(_)
        | CustomerCommand::Forget => false,
    }
}

/// The balance as the ledger has it: the opening balance and what was applied since.
fn ledger(events: &[CustomerEvent]) -> i64 {
    events.iter().fold(0, |sum, event| match event {
        CustomerEvent::Registered(registered) => registered.loyalty_points,
        CustomerEvent::Imported(imported) => imported.loyalty_points,
        CustomerEvent::PointsUpdated(updated) => {
            assert_eq!(updated.balance, sum + updated.applied);
            updated.balance
        }
        CustomerEvent::Arrived(_) | CustomerEvent::Forgotten(_) => 0,
        CustomerEvent::ProfileChanged(_)
        | CustomerEvent::ContactChanged(_)
        | CustomerEvent::Tagged(_)
        | CustomerEvent::Untagged(_)
        | CustomerEvent::OrderRecorded(_)
        | CustomerEvent::Activated(_)
        | CustomerEvent::Deactivated(_)
        | CustomerEvent::Deleted(_)
        | CustomerEvent::Restored(_) => sum,
    })
}

proptest! {
    #[test]
    fn histories_hold_together(commands in vec(commands(), 1..40)) {
        let context = context::<Customer>();
        let meta = EventMeta { recorded_at: context.now };
        let (mut history, mut state) = (Vec::new(), CustomerState::default());
        for command in commands {
            let Ok(events) = Customer::decide(&state, &command, &context) else { continue };
            history.extend(events.iter().cloned());
            state = events.iter().fold(state, |state, event| Customer::evolve(state, event, &meta));
            // What is reported is what folding the whole history gives.
            let folded = history.iter().fold(CustomerState::default(), |state, event| Customer::evolve(state, event, &meta));
            prop_assert_eq!(&folded, &state);
            // The balance is never negative and is what the ledger says.
            prop_assert!(state.loyalty_points >= 0);
            prop_assert!(state.tags.len() <= limits::TAGS);
            prop_assert_eq!(state.loyalty_points, ledger(&history));
            // A command that was accepted has nothing left to do.
            if !counts_each_time(&command) {
                prop_assert_eq!(Customer::decide(&state, &command, &context), Ok(Vec::new()));
            }
        }
    }

    #[test]
    fn a_snapshot_gives_the_state_back(commands in vec(commands(), 1..20)) {
        let context = context::<Customer>();
        let mut state = CustomerState::default();
        for command in commands {
            let events = Customer::decide(&state, &command, &context).unwrap_or_default();
            let meta = EventMeta { recorded_at: context.now };
            state = events.iter().fold(state, |state, event| Customer::evolve(state, event, &meta));
        }
        let bytes = rmp_serde::to_vec_named(&state).unwrap();
        prop_assert_eq!(rmp_serde::from_slice::<CustomerState>(&bytes).unwrap(), state);
    }

    #[test]
    fn no_input_panics(name in "\\PC{0,20}|\\x00", email in "\\PC{0,30}", phone in "\\PC{0,30}", points in any::<i64>()) {
        let profile = Profile { name, email, phone, ..profile() };
        let command = CustomerCommand::Register(Register { loyalty_points: points, ..Register::new(profile) });
        let _ = Customer::decide(&CustomerState::default(), &command, &context::<Customer>());
    }
}
