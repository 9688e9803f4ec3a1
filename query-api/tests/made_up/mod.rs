//! Made-up histories and filters.

use events::customer::LoyaltyTier;
use projections::testing::history::Step;
use proptest::prelude::*;
use query_api::customers::{CustomerFilter, OrderField, Ordering};

/// What is to happen.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_u8, 0..5_u8, any::<u8>(), any::<u16>());
    proptest::collection::vec(step.prop_map(|(tenant, customer, what, number)| Step { tenant, customer, what, number }), 1..40)
}

/// What is to be asked for.
pub fn filters() -> impl Strategy<Value = CustomerFilter> {
    let search = prop_oneof![
        4 => Just(None),
        8 => prop::sample::select(vec![
            "john", "ANN", "jo", "o", "%", "_x", "100% bob", "'", "\"jo\"", "*", "öz", "ünal", "Ü", "0812-1", "@example", "lee ann",
            "example.com c1", "zzz", "joan of arc", ".", "\\", "NEAR", "AND", "-", "a*", "example\u{E0FF}",
        ]).prop_map(|text| Some(text.to_owned())),
        1 => "[a-zA-Z0-9@%_ ]{0,4}".prop_map(Some),
    ];
    let ordering = (prop::sample::select(OrderField::ALL.to_vec()), any::<bool>())
        .prop_map(|(field, descending)| Ordering { field, descending });
    (
        search,
        prop::option::of(any::<bool>()),
        prop::option::of(prop::sample::select(LoyaltyTier::ALL.to_vec())),
        prop::option::of(prop::sample::select(vec!["Bandung", "", "São Paulo", "bandung", "a\0b"]).prop_map(str::to_owned)),
        prop::option::of(prop::sample::select(vec!["West Java", "", "SP"]).prop_map(str::to_owned)),
        ordering,
    )
        .prop_map(|(search, is_active, loyalty_level, city, province, ordering)| CustomerFilter {
            search,
            is_active,
            loyalty_level,
            city,
            province,
            ordering,
        })
}
